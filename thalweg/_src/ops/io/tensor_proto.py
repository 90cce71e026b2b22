"""Tensors as messages (``TensorProto``): serialize_tensor, parse_tensor."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.base.wire import (
    BYTES,
    VARINT,
    MalformedError,
    bytes_field,
    fields,
    integer_field,
    message_field,
    read_varint,
    signed,
    unpacked_varints,
)
from thalweg._src.core import dtypes
from thalweg._src.core.dtypes import DType
from thalweg._src.core.opdef import op
from thalweg._src.ops.strings.blocks import array_of

_CONTENT, _TEXTS = 4, 8
# Fields that list values of fixed size, and the dtype of their parts.
_FIXED = {5: "<f4", 6: "<f8", 9: "<f4", 12: "<f8"}
# Fields that list integers; half-precision floats come as the integers of their bits.
_INTEGERS = (7, 10, 11, 13, 16, 17)
# A message may state one value for all elements, but not ask for memory without bounds.
_MOST_FILLED = 1 << 24

# --- Writing ------------------------------------------------------------------------------------------


def shape_message(shape: Sequence[int]) -> bytes:
    """``TensorShapeProto``."""
    return b"".join(message_field(2, integer_field(1, size)) for size in shape)


def tensor_message(array: np.ndarray[Any, Any]) -> bytes:
    """``TensorProto`` of numbers, or of an object array of bytes and texts."""
    if array.dtype == object:
        kind = dtypes.string
        parts = (p.encode() if isinstance(p, str) else bytes(p) for p in array.reshape(-1).tolist())
        content = b"".join(message_field(_TEXTS, part) for part in parts)
    else:
        kind = dtypes.as_dtype(array.dtype)
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        content = bytes_field(_CONTENT, little.tobytes())
    shape = message_field(2, shape_message(array.shape))
    return integer_field(1, kind.as_datatype_enum) + shape + content


@op("serialize_tensor", inputs=("tensor",), matched=(), on_host=True)
def serialize_tensor(tensor: Any) -> Any:
    """Tensor as bytes, which `parse_tensor` reads.

    Args:
        tensor: Tensor of any dtype and shape.

    Returns:
        Single string: a ``TensorProto`` message.

    Example:
        >>> import thalweg as tf
        >>> message = tf.io.serialize_tensor(tf.constant([1.5, 2.5]))
        >>> tf.io.parse_tensor(message, tf.float32).numpy()
        array([1.5, 2.5], dtype=float32)

    Source: `tf.io.serialize_tensor`.
    """
    return np.array(tensor_message(tensor), object)


# --- Reading ------------------------------------------------------------------------------------------


def _shape_of(data: Any) -> tuple[int, ...]:
    sizes = []
    for number, kind, value in fields(data):
        if number == 2 and kind == BYTES:
            found = [signed(v) for n, k, v in fields(value) if n == 1 and k == VARINT]
            sizes.append(found[-1] if found else 0)
        elif number == 3 and value:
            raise MalformedError("[tensor] expected a shape of known rank.")
    if any(size < 0 for size in sizes):
        raise MalformedError(f"[tensor] expected sizes of 0 or more, got {sizes}.")
    return tuple(sizes)


def _listed(number: int, kind: int, value: Any) -> Any:
    """Values of a field that lists them, packed or one at a time."""
    if number in _FIXED:
        # Also where one comes alone, its bytes are those of a list of one.
        size = np.dtype(_FIXED[number]).itemsize
        if kind == VARINT or len(value) % size:
            raise MalformedError(f"[tensor] expected values of {size} bytes in field {number}.")
        return np.frombuffer(value, _FIXED[number])
    if kind == VARINT:
        return np.array([value], np.uint64).view(np.int64)
    if kind != BYTES:
        raise MalformedError(f"[tensor] expected integers in field {number}.")
    return unpacked_varints(value)


def _numbers(parts: list[Any], dtype: DType) -> Any:
    if not parts:
        return np.zeros(0, dtype.numpy_dtype)
    values = np.concatenate(parts)
    if dtype.is_complex:
        if len(values) % 2:
            raise MalformedError("[tensor] expected pairs of numbers for a complex dtype.")
        return values.view(dtype.numpy_dtype)
    if dtype.is_floating and values.dtype.kind == "i":
        bits: Any = {1: np.uint8, 2: np.uint16}.get(dtype.size)
        if bits is None:
            raise MalformedError(f"[tensor] expected no integers for dtype {dtype.name}.")
        return values.astype(bits).view(dtype.numpy_dtype)
    return values.astype(dtype.numpy_dtype)


def _filled(values: Any, shape: tuple[int, ...]) -> Any:
    """Values in their shape; the last one stands for all that are missing, as in TensorFlow."""
    count = math.prod(shape)
    if len(values) == count:
        return values.reshape(shape)
    if len(values) > count or not len(values) or count > _MOST_FILLED:
        raise MalformedError(f"[tensor] expected values for shape {shape}, got {len(values)}.")
    rest = np.empty(count - len(values), values.dtype)
    rest[:] = values[-1]
    return np.concatenate([values, rest]).reshape(shape)


def _texts_in(content: Any, count: int) -> list[bytes]:
    """Texts as a tensor's content: all their lengths, then all of them."""
    lengths, at = [], 0
    for _ in range(min(count, len(content) + 1)):
        length, at = read_varint(content, at)
        lengths.append(length)
    if at + sum(lengths) != len(content):
        raise MalformedError(f"[tensor] expected {count} texts in {len(content)} bytes.")
    ends = [at, *(at + end for end in itertools.accumulate(lengths))]
    return [bytes(content[a:b]) for a, b in zip(ends, ends[1:])]


def tensor_of(data: Any) -> Any:
    """Array of a ``TensorProto``; an object array of bytes for strings.

    Raises:
        MalformedError: The bytes are no such message.
    """
    enum = 0
    shape: tuple[int, ...] = ()
    content: Any = b""
    texts: list[bytes] = []
    listed: list[Any] = []
    for number, kind, value in fields(data):
        if number == 1 and kind == VARINT:
            enum = value
        elif number == 2 and kind == BYTES:
            shape = _shape_of(value)
        elif number == _CONTENT and kind == BYTES:
            content = value
        elif number == _TEXTS and kind == BYTES:
            texts.append(bytes(value))
        elif number in _FIXED or number in _INTEGERS:
            listed.append(_listed(number, kind, value))
    try:
        dtype = dtypes.as_dtype(enum)
    except TypeError:
        raise MalformedError(f"[tensor] expected the number of a dtype, got {enum}.") from None
    if dtype is dtypes.string:
        if len(content):
            texts = _texts_in(content, math.prod(shape))
        return _filled(array_of(texts), shape)
    if len(content):
        item = dtype.numpy_dtype
        if len(content) != math.prod(shape) * item.itemsize:
            raise MalformedError(
                f"[tensor] expected {math.prod(shape) * item.itemsize} bytes for shape {shape} and dtype "
                f"{dtype.name}, got {len(content)}."
            )
        little = np.frombuffer(content, item.newbyteorder("<"))
        return little.astype(item).reshape(shape)
    if not listed and math.prod(shape) == 0:
        return np.zeros(shape, dtype.numpy_dtype)
    return _filled(_numbers(listed, dtype), shape)


def _parse(serialized: Any, out_type: Any) -> Any:
    if serialized.dtype != object or serialized.shape != ():
        raise DTypeError(
            f"[parse_tensor] expected serialized as a single string, got {serialized.dtype} of shape "
            f"{serialized.shape}; take the messages one by one, for example with tf.map_fn."
        )
    wanted = dtypes.as_dtype(out_type)
    try:
        found = tensor_of(serialized.item())
    except MalformedError as error:
        raise InvalidArgumentError(
            f"[parse_tensor] expected a TensorProto message, got {len(serialized.item())} bytes that are "
            f"none ({error})."
        ) from None
    if dtypes.BY_NUMPY[found.dtype] is not wanted:
        raise DTypeError(
            f"[parse_tensor] expected a tensor of dtype {wanted.name}, got {found.dtype}; state the dtype "
            "that was written."
        )
    return found


@op("parse_tensor", inputs=("serialized",), matched=(), on_host=True, dynamic=True)
def parse_tensor(serialized: Any, out_type: Any) -> Any:
    """Tensor that `serialize_tensor` wrote.

    Args:
        serialized: Single string: a ``TensorProto`` message.
        out_type: Dtype of the tensor.

    Returns:
        Tensor.

    Raises:
        InvalidArgumentError: The bytes are no such message, or hold another dtype.

    Source: `tf.io.parse_tensor`.
    """
    return _parse(serialized, out_type)
