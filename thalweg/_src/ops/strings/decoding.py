"""Texts in any encoding as code points, and back."""

from __future__ import annotations

import codecs
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.ops.strings.blocks import character_starts, choice, joined, splits_of
from thalweg._src.ops.strings.code_points import LAST

ERRORS = ("strict", "replace", "ignore")
OUTPUTS = ("UTF-8", "UTF-16-BE", "UTF-32-BE")
# What the names mean without a byte-order mark, as in ICU; Python would take the machine's order.
_BIG_ENDIAN = {"utf-16": "utf-16-be", "utf-32": "utf-32-be"}
_MARKS = {
    "utf-16": {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"},
    "utf-32": {codecs.BOM_UTF32_LE: "utf-32-le", codecs.BOM_UTF32_BE: "utf-32-be"},
}
# Codecs of Python that are no encodings of texts, and such as carry a state from one character to the next.
_REFUSED = ("idna", "punycode", "unicode", "raw_unicode", "mbcs", "oem", "utf-7", "hz", "iso2022")


@dataclass(frozen=True)
class Policy:
    """What to do about bytes and code points that stand for nothing.

    Attributes:
        where: Name of the op, for messages.
        errors: ``"strict"`` raises, ``"replace"`` puts `replacement`, ``"ignore"`` leaves them out.
        replacement: Code point.
        control: Treat the control characters 0 to 31 alike (never as errors).
    """

    where: str
    errors: str
    replacement: int
    control: bool = False

    def __post_init__(self) -> None:
        choice(self.where, "errors", self.errors, ERRORS)
        if not 0 <= self.replacement <= LAST:
            raise InvalidArgumentError(
                f"[{self.where}] expected replacement_char as a code point from 0 to {LAST}, got "
                f"{self.replacement}; 65533 is the usual one."
            )


@functools.cache
def codec_of(where: str, encoding: str) -> str:
    """Python's name of an encoding.

    Raises:
        InvalidArgumentError: It is unknown.
    """
    try:
        found = codecs.lookup(encoding)
        if not found._is_text_encoding or found.name.startswith(_REFUSED):
            raise LookupError
    except LookupError:
        raise InvalidArgumentError(
            f"[{where}] expected the name of an encoding, such as 'UTF-8' or 'ISO-8859-1', got "
            f"{encoding!r}."
        ) from None
    return found.name


def decoded(texts: list[bytes], codec: str, policy: Policy) -> tuple[Any, Any, Any]:
    """Code points of all texts.

    Returns:
        Code points int32 ``(points,)``, the places int64 ``(points,)`` of their bytes in their text, and
        row splits int64 ``(texts + 1,)``.

    Raises:
        InvalidArgumentError: Bytes stand for nothing and `policy` is strict.
    """
    found = _decoded_at_once(texts) if codec == "utf-8" else None
    if found is None:
        rows = [list(_decoded_one(t, codec, policy)) for t in texts]
        flat = np.array([pair for row in rows for pair in row], np.int64).reshape(-1, 2)
        found = flat[:, 0].astype(np.int32), flat[:, 1], splits_of(map(len, rows))
    return _without_control(found, policy) if policy.control else found


def _decoded_at_once(texts: list[bytes]) -> tuple[Any, Any, Any] | None:
    """All texts as one, where all of them are right; else None."""
    data, splits = joined(texts)
    starts = character_starts(data)
    # A character must not run from one text into the next.
    begins = splits[:-1][np.diff(splits) > 0]
    if not starts[begins].all():
        return None
    try:
        points = np.frombuffer(data.decode("utf-8").encode("utf-32-le"), "<u4").astype(np.int32)
    except UnicodeDecodeError:
        return None
    places = np.flatnonzero(starts)
    rows = np.searchsorted(places, splits)
    return points, places - np.repeat(splits[:-1], np.diff(rows)), rows


def _decoded_one(text: bytes, codec: str, policy: Policy) -> Iterator[tuple[int, int]]:
    """Code points of one text, with the places of their bytes."""
    at = 0
    for mark, marked in _MARKS.get(codec, {}).items():
        if text.startswith(mark):
            codec, at = marked, len(mark)
            text = text[at:]
    codec, shift, at = _BIG_ENDIAN.get(codec, codec), at, 0
    while at < len(text):
        try:
            good, bad = text[at:], 0
            letters = good.decode(codec)
        except UnicodeDecodeError as error:
            bad = error.end - error.start
            good = text[at : at + error.start]
            letters = good.decode(codec)
        for letter in letters:
            # Where a mark was read, the first character begins with it.
            yield ord(letter), at + shift if at else 0
            at += _width(letter, codec)
        if bad:
            if policy.errors == "strict":
                raise InvalidArgumentError(
                    f"[{policy.where}] expected texts in {codec}, got {text[at : at + bad]!r} at byte "
                    f"{at} of {text[:40]!r}; with errors='replace' or 'ignore' such bytes are passed over."
                )
            if policy.errors == "replace":
                yield policy.replacement, at + shift if at else 0
            at += bad


def _width(letter: str, codec: str) -> int:
    return len(letter.encode(codec))


def _without_control(found: tuple[Any, Any, Any], policy: Policy) -> tuple[Any, Any, Any]:
    points, places, splits = found
    control = points < 32
    if policy.errors != "ignore":
        return np.where(control, np.int32(policy.replacement), points), places, splits
    kept = np.concatenate([np.zeros(1, np.int64), np.cumsum(~control)])
    return points[~control], places[~control], kept[splits]


def encoded(points: Any, splits: Any, output: str, policy: Policy) -> list[bytes]:
    """Texts of rows of code points.

    Raises:
        InvalidArgumentError: A number is no code point, or half of a pair of UTF-16, and `policy` is strict.
    """
    choice(policy.where, "output_encoding", output, OUTPUTS)
    wrong = (points < 0) | (points > LAST) | ((points >= 0xD800) & (points <= 0xDFFF))
    if wrong.any():
        if policy.errors == "strict":
            raise InvalidArgumentError(
                f"[{policy.where}] expected code points from 0 to {LAST} that are no surrogates, got "
                f"{int(points[wrong][0])}; with errors='replace' or 'ignore' such ones are passed over."
            )
        if policy.errors == "replace":
            points = np.where(wrong, _printable(policy.replacement), points)
        else:
            kept = np.concatenate([np.zeros(1, np.int64), np.cumsum(~wrong)])
            points, splits = points[~wrong], kept[splits]
    letters = points.astype("<u4").tobytes().decode("utf-32-le")
    bounds = splits.tolist()
    return [letters[a:b].encode(output) for a, b in zip(bounds, bounds[1:])]


def _printable(point: int) -> int:
    """The replacement itself may be a surrogate, for which U+FFFD stands in."""
    return 0xFFFD if 0xD800 <= point <= 0xDFFF else point
