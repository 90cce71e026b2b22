"""Length of texts and parts of them, counted in bytes or in UTF-8 characters."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.strings.blocks import (
    STRING,
    UNITS,
    array_of,
    character_starts,
    choice,
    joined,
    need_texts,
    numbers_of,
    texts_of,
)


@op(
    "string_length",
    inputs=("input",),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
)
def length(input: Any, unit: str = "BYTE") -> Any:
    """Length of each text.

    Args:
        input: Strings of any shape.
        unit: What to count: ``"BYTE"``, or ``"UTF8_CHAR"`` for characters. Of bytes that are not UTF-8 all
            count but those from 0x80 to 0xBF, which only continue a character.

    Returns:
        int32 tensor of the same shape.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.length(["été", ""], unit="UTF8_CHAR")
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([3, 0], dtype=int32)>

    Source: `tf.strings.length`.
    """
    need_texts("string_length", input)
    texts = texts_of(input)
    if choice("string_length", "unit", unit, UNITS) == "BYTE":
        return numbers_of(map(len, texts), np.int32, input.shape)
    return np.diff(_characters(texts)[1]).astype(np.int32).reshape(input.shape)


def _characters(texts: list[bytes]) -> tuple[Any, Any, Any]:
    """Where the characters of all texts begin; the splits of characters and those of bytes."""
    data, splits = joined(texts)
    starts = character_starts(data)
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(starts)])
    return np.append(np.flatnonzero(starts), len(data)), before[splits], splits


def _spans(where: str, pos: Any, count: Any, sizes: Any) -> tuple[Any, Any]:
    """First unit of each part and the one after its last, both within the text.

    Raises:
        InvalidArgumentError: A position lies outside its text.
    """
    outside = (pos > sizes) | (pos < -sizes)
    if outside.any():
        at = int(np.argmax(outside))
        raise InvalidArgumentError(
            f"[{where}] expected positions within each text, got {pos[at]} for the text at flat index "
            f"{at}, which has {sizes[at]} units; choose one from {-sizes[at]} to {sizes[at]}."
        )
    first = np.where(pos < 0, pos + sizes, pos)
    # A huge count must not overflow: what is left of the text bounds it.
    left = sizes - first
    return first, first + np.where(count < 0, left, np.minimum(count, left))


def _need_positions(pos: Any, count: Any) -> None:
    kinds = [dtypes.BY_NUMPY[a.dtype] for a in (pos, count)]
    if kinds[0] not in (dtypes.int32, dtypes.int64) or kinds[0] is not kinds[1]:
        raise DTypeError(
            f"[substr] expected pos and len both int32 or both int64, got {kinds[0].name} and "
            f"{kinds[1].name}; cast them with tf.cast."
        )
    if pos.shape != count.shape:
        raise ShapeError(
            f"[substr] expected pos and len of one shape, got {pos.shape} and {count.shape}; broadcast "
            "one of them with tf.broadcast_to."
        )


def _part_form(input: Any, pos: Any, len: Any, unit: str) -> Any:
    need_texts("substr", input)
    _need_positions(pos, len)
    return np.full(np.broadcast_shapes(input.shape, pos.shape), b"", object)


@op(
    "substr",
    inputs=("input", "pos", "len"),
    input_dtypes={"input": STRING},
    matched=(),
    on_host=True,
    pointwise=True,
    form=_part_form,
)
def substr(input: Any, pos: Any, len: Any, unit: str = "BYTE") -> Any:
    """Part of each text.

    Args:
        input: Strings of any shape.
        pos: Where the part begins, int32 or int64; negative numbers count from the end.
        len: Units of the part, of the shape and dtype of `pos`. What goes beyond the end is left out; a
            negative number takes all that is left. Shapes of strings and positions broadcast.
        unit: What to count: ``"BYTE"``, or ``"UTF8_CHAR"`` for characters.

    Returns:
        Strings of the broadcast shape.

    Raises:
        InvalidArgumentError: A position lies outside its text.

    Example:
        >>> import thalweg as tf
        >>> tf.strings.substr(["hello", "world"], -3, 2)
        <tf.Tensor: shape=(2,), dtype=string, numpy=array([b'll', b'rl'], dtype=object)>

    Source: `tf.strings.substr`. A negative length takes the rest in both units (TensorFlow: in bytes
    only), and all ranks broadcast (TensorFlow: up to 2).
    """
    need_texts("substr", input)
    _need_positions(pos, len)
    choice("substr", "unit", unit, UNITS)
    input, pos, count = np.broadcast_arrays(input, pos, len)
    texts = texts_of(input)
    pos, count = (a.reshape(-1).astype(np.int64) for a in (pos, count))
    if unit == "BYTE":
        sizes = np.fromiter(map(bytes.__len__, texts), np.int64)
        first, last = _spans("substr", pos, count, sizes)
    else:
        starts, characters, splits = _characters(texts)
        first, last = _spans("substr", pos, count, np.diff(characters))
        first, last = (
            np.minimum(starts[characters[:-1] + place], splits[1:]) - splits[:-1]
            for place in (first, last)
        )
    parts = [t[a:b] for t, a, b in zip(texts, first.tolist(), last.tolist())]
    return array_of(parts, input.shape)
