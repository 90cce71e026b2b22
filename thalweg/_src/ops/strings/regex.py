"""Regular expressions in RE2's syntax: regex_replace, regex_full_match."""

from __future__ import annotations

import functools
import re
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.opdef import op
from thalweg._src.ops.strings import arrow
from thalweg._src.ops.strings.blocks import (
    STRING,
    array_of,
    need_texts,
    numbers_of,
    one_text,
    texts_of,
)
from thalweg._src.ops.strings.regex_syntax import Translation, translate

_REWRITE = re.compile(rb"\\(.?)", re.DOTALL)


def _compile(source: bytes) -> re.Pattern[bytes]:
    try:
        return re.compile(source)
    except (RecursionError, OverflowError, MemoryError):
        raise InvalidArgumentError(
            "[regex] expected a pattern of fewer groups inside each other; simplify it."
        ) from None


class Expression:
    """A pattern in RE2's syntax, compiled when it is first needed for texts of ASCII or of UTF-8.

    Args:
        pattern: The pattern.
    """

    def __init__(self, pattern: bytes) -> None:
        self.source = pattern
        self.form: Translation = translate(pattern)
        self._compiled: dict[bool, re.Pattern[bytes]] = {}

    def compiled(self, text: bytes) -> re.Pattern[bytes]:
        """The expression for `re`, a shorter one where the text is ASCII."""
        plain = text.isascii()
        found = self._compiled.get(plain)
        if found is None:
            source = translate(self.source, True).pattern if plain else self.form.pattern
            found = self._compiled.setdefault(plain, _compile(source))
        return found

    def replaced(self, text: bytes, rewrite: bytes, once: bool) -> bytes:
        """`text` with its matches, or the first one, replaced by a template of `re`."""
        if once or self.form.least:
            return self.compiled(text).sub(rewrite, text, count=int(once))
        return self._replaced_stepwise(text, rewrite)

    def _replaced_stepwise(self, text: bytes, rewrite: bytes) -> bytes:
        """As RE2 does it: no empty match right behind another match, and on from the next character."""
        search = self.compiled(text).search
        parts: list[bytes] = []
        at, last = 0, -1
        while at <= len(text):
            match = search(text, at)
            if match is None:
                break
            parts.append(text[at : match.start()])
            at = match.end()
            if match.start() == at == last:
                following = at + 1
                while following < len(text) and text[following] & 0xC0 == 0x80:
                    following += 1
                parts.append(text[at:following])
                at = following
            else:
                parts.append(match.expand(rewrite))
                last = at
        return b"".join([*parts, text[at:]])


expression = functools.lru_cache(maxsize=256)(Expression)


def _by_arrow(where: str, found: Expression, texts: list[bytes], able: bool = True) -> bool:
    """Whether Arrow's engine searches, which it must where Python's might not come to an end.

    Raises:
        InvalidArgumentError: It must and is not installed.
    """
    if found.form.risky and not (able and arrow.is_there()):
        raise InvalidArgumentError(
            f"[{where}] expected a pattern without repeats of repeats that share characters, got "
            f"{found.source!r}: Python's engine may take time exponential in the length of a text. Simplify "
            "it, or install Arrow, whose engine does not: pip install thalweg[text]."
        )
    return found.form.risky or (able and arrow.pays(texts))


def _template(where: str, rewrite: bytes, groups: int) -> bytes:
    """RE2's rewrite text as a template of `re`.

    Raises:
        InvalidArgumentError: A backslash is followed by something else than a backslash or the number of
            a group.
    """

    def changed(found: re.Match[bytes]) -> bytes:
        mark = found[1]
        if mark == b"\\":
            return rb"\\"
        if not mark.isdigit() or int(mark) > groups:
            raise InvalidArgumentError(
                f"[{where}] expected a rewrite with \\\\ and \\0 to \\{groups}, the groups of the pattern, "
                f"got {rewrite!r}."
            )
        return rb"\g<" + mark + b">"

    return _REWRITE.sub(changed, rewrite)


@op(
    "regex_replace",
    inputs=("input",),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def regex_replace(input: Any, pattern: Any, rewrite: Any, replace_global: bool = True) -> Any:
    r"""Texts in which the matches of a pattern are replaced.

    Args:
        input: Strings of any shape, read as UTF-8; bytes that are none match nothing but ``\C``.
        pattern: Regular expression in RE2's syntax.
        rewrite: What to put instead; ``\1`` to ``\9`` stand for the groups of the pattern, ``\0`` for the
            match.
        replace_global: Replace all matches; else the first one of each text.

    Returns:
        Strings of the same shape.

    Raises:
        InvalidArgumentError: RE2 has no such pattern, or the rewrite names a group that is not there, or
            the pattern needs Arrow and it is not there.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.regex_replace("Text with <b>tags</b>.", "<[^>]+>", "")
        <tf.Tensor: shape=(), dtype=string, numpy=b'Text with tags.'>

    Source: `tf.strings.regex_replace`. A wrong rewrite is an error (TensorFlow leaves things out
    silently). Without Arrow (extra ``text``) Python's engine does the work. So patterns whose search
    might take time exponential in the length of a text there, such as ``(a*)*b``, need Arrow.
    """
    where = "regex_replace"
    need_texts(where, input)
    found = expression(one_text(where, "pattern", pattern))
    plain = one_text(where, "rewrite", rewrite)
    template = _template(where, plain, found.form.groups)
    texts = texts_of(input)
    if _by_arrow(where, found, texts, replace_global or arrow.has_room(plain)):
        changed = arrow.replaced(texts, found.source, plain, not replace_global)
    else:
        changed = [found.replaced(t, template, not replace_global) for t in texts]
    return array_of(changed, input.shape)


@op(
    "regex_full_match",
    inputs=("input",),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def regex_full_match(input: Any, pattern: Any) -> Any:
    """True for each text that a pattern matches from its beginning to its end.

    Args:
        input: Strings of any shape, read as UTF-8.
        pattern: Regular expression in RE2's syntax.

    Returns:
        Bool tensor of the same shape.

    Raises:
        InvalidArgumentError: RE2 has no such pattern, or it needs Arrow (see `regex_replace`).

    Example:
        >>> import thalweg as tf
        >>> tf.strings.regex_full_match(["TF lib", "lib TF"], ".*lib$")
        <tf.Tensor: shape=(2,), dtype=bool, numpy=array([ True, False])>

    Source: `tf.strings.regex_full_match`.
    """
    where = "regex_full_match"
    need_texts(where, input)
    found = expression(one_text(where, "pattern", pattern))
    texts = texts_of(input)
    if _by_arrow(where, found, texts):
        return arrow.matched(texts, found.source).reshape(input.shape)
    whole = (found.compiled(t).fullmatch(t) is not None for t in texts)
    return numbers_of(whole, np.bool_, input.shape)
