"""Letters and blanks: lower, upper, strip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.core.opdef import op
from thalweg._src.ops.strings.blocks import STRING, array_of, choice, need_texts, texts_of

_ENCODINGS = ("", "utf-8")


def _changed(
    where: str,
    array: Any,
    encoding: str,
    of_bytes: Callable[[bytes], bytes],
    of_text: Callable[[str], str],
) -> Any:
    need_texts(where, array)
    if choice(where, "encoding", encoding, _ENCODINGS) == "":
        return array_of([of_bytes(t) for t in texts_of(array)], array.shape)
    # Of ASCII both ways give the same, and bytes need no decoding.
    changed = [
        of_bytes(t) if t.isascii() else of_text(t.decode("utf-8", "replace")).encode()
        for t in texts_of(array)
    ]
    return array_of(changed, array.shape)


@op(
    "string_lower",
    inputs=("input",),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def lower(input: Any, encoding: str = "") -> Any:
    """Texts in small letters.

    Args:
        input: Strings of any shape.
        encoding: ``""`` changes the letters A to Z only; ``"utf-8"`` those of all scripts, where bytes
            that are not UTF-8 become U+FFFD.

    Returns:
        Strings of the same shape.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.lower("Ice")
        <tf.Tensor: shape=(), dtype=string, numpy=b'ice'>

    Source: `tf.strings.lower`; The Unicode Standard, section 3.13 (a final sigma included).
    """
    return _changed("string_lower", input, encoding, bytes.lower, str.lower)


@op(
    "string_upper",
    inputs=("input",),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def upper(input: Any, encoding: str = "") -> Any:
    """Texts in capital letters.

    Args:
        input: Strings of any shape.
        encoding: ``""`` changes the letters a to z only; ``"utf-8"`` those of all scripts, where bytes
            that are not UTF-8 become U+FFFD.

    Returns:
        Strings of the same shape.

    Source: `tf.strings.upper`; The Unicode Standard, section 3.13 (a sharp s becomes SS).
    """
    return _changed("string_upper", input, encoding, bytes.upper, str.upper)


@op(
    "string_strip",
    inputs=("input",),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def strip(input: Any) -> Any:
    """Texts without the blanks of ASCII at either end: space, tab, line and page feeds, returns.

    Args:
        input: Strings of any shape.

    Returns:
        Strings of the same shape.

    Source: `tf.strings.strip`.
    """
    need_texts("string_strip", input)
    return array_of([t.strip() for t in texts_of(input)], input.shape)
