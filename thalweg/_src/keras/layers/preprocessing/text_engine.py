"""Texts to tokens and their indices in one go, for the standardizations and splits that come with Keras.

Each row is cleaned and split as bytes: these standardizations touch ASCII letters only, which UTF-8 keeps
apart from all others. Rows are joined for that, so that Python looks at a block of texts once instead of
once a row.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

STANDARDIZATIONS = ("lower_and_strip_punctuation", "lower", "strip_punctuation")
SPLITS = ("whitespace", "character")

_PUNCTUATION = b"!\"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'"
_UPPER = bytes(range(65, 91))
_TO_LOWER = bytes.maketrans(_UPPER, _UPPER.lower())
# White space as `bytes.split` takes it, all as one kind.
_TO_SPACE = bytes.maketrans(b"\t\n\r\x0b\x0c", b"     ")
_TO_LOWER_AND_SPACE = _TO_LOWER.translate(_TO_SPACE)
# Behind each row: a token that no UTF-8 text holds.
END = b"\xff\x00\xff"
_CHARACTER = re.compile(rb"[\x00-\x7f\x80-\xbf]|[\xc0-\xff][\x80-\xbf]*")


class TextEngine:
    """Cleans and splits texts.

    Args:
        standardize: One of `STANDARDIZATIONS`, or None.
        split: One of `SPLITS`.
        ngrams: Lengths of runs of tokens that are tokens instead; None for single ones.
    """

    def __init__(self, standardize: str | None, split: str, ngrams: tuple[int, ...] | None) -> None:
        lowers = standardize in ("lower_and_strip_punctuation", "lower")
        strips = standardize in ("lower_and_strip_punctuation", "strip_punctuation")
        self._table = _TO_LOWER if lowers else None
        self._removed = _PUNCTUATION if strips else b""
        self._by_character = split == "character"
        self._ngrams = ngrams

    def words(self, texts: list[bytes]) -> bytes | None:
        """Cleaned texts in one, whose words spaces part, with `END` behind each text.

        None where tokens are something else than words.
        """
        if self._by_character or self._ngrams:
            return None
        # UTF-8 has no such byte, which is found faster than `END`.
        if any(END[:1] in text and END in text for text in texts):
            return None
        joined = (b" " + END + b" ").join([*texts, b""])
        table = _TO_SPACE if self._table is None else _TO_LOWER_AND_SPACE
        return joined.translate(table, self._removed)

    def tokens(self, texts: list[bytes]) -> list[bytes]:
        """Tokens of all texts, one text after the other, with `END` behind each."""
        words = self.words(texts)
        if words is not None:
            return words.split()
        return [token for text in texts for token in (*self._row(text), END)]

    def clean(self, text: bytes) -> bytes:
        """A text standardized."""
        return text.translate(self._table, self._removed)

    def _row(self, text: bytes) -> list[bytes]:
        cleaned = self.clean(text)
        tokens = _CHARACTER.findall(cleaned) if self._by_character else cleaned.split()
        if self._ngrams is None:
            return [token for token in tokens if token != END]
        return [
            b" ".join(tokens[i : i + length])
            for length in self._ngrams
            for i in range(len(tokens) - length + 1)
        ]


def dense(
    values: np.ndarray[Any, Any], end: int, length: int | None, filler: int, rounded: bool = False
) -> np.ndarray[Any, Any]:
    """Rows of values side by side, cut or filled up to one length.

    Args:
        values: Values of all rows, one row after the other, with `end` behind each row.
        end: The value of `END`.
        length: The length; that of the longest row when None.
        filler: What stands behind the end of a row.
        rounded: Whether the length of the longest row is rounded up to a power of two.
    """
    ends = np.flatnonzero(values == end)
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    counts = ends - starts
    width = int(counts.max(initial=0)) if length is None else length
    if rounded and width:
        width = 1 << (width - 1).bit_length()
    places = starts[:, None] + np.arange(width)
    out: np.ndarray[Any, Any] = np.where(
        places < ends[:, None], values.take(places, mode="clip"), filler
    )
    return out
