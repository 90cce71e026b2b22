"""Assertions about what is known of a tensor before it has values: rank, shape, dtype, kind."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.dtypes import DType
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor


def _shape_of(x: Any) -> tuple[int | None, ...]:
    if isinstance(x, KerasTensor):
        return x.shape
    held = as_tensor(x)
    if held is None and hasattr(x, "shape"):
        return tuple(x.shape)
    return tuple((convert_to_tensor(x) if held is None else held).shape)


def _dtype_of(x: Any) -> DType:
    if hasattr(x, "dtype"):
        return dtypes.as_dtype(x.dtype)
    return convert_to_tensor(x).dtype


def _rank(where: str, rank: Any) -> int:
    value = np.asarray(rank.numpy() if isinstance(rank, Tensor) else rank)
    if value.ndim:
        raise ShapeError(f"[{where}] Rank must be a scalar, got {rank!r}.")
    if value.dtype.kind not in "iu":
        raise DTypeError(
            f"[{where}] expected the rank as an integer of type tf.int32, got {rank!r}."
        )
    return int(value)


def _lead(where: str, message: Any) -> str:
    return f"[{where}] {message}. " if message else f"[{where}] "


def assert_rank(x: Any, rank: Any, message: Any = None, name: str | None = None) -> None:
    """Raises unless `x` has `rank` dimensions.

    Args:
        x: Tensor.
        rank: Integer.
        message: Beginning of the error's message.
        name: Unused.

    Raises:
        ValueError: The rank is another one.

    Example:
        >>> import thalweg as tf
        >>> tf.debugging.assert_rank([1, 2], 1)

    Source: `tf.debugging.assert_rank`.
    """
    shape, wanted = _shape_of(x), _rank("assert_rank", rank)
    if len(shape) != wanted:
        raise ShapeError(
            f"{_lead('assert_rank', message)}Tensor must have rank {wanted}. Received rank {len(shape)}, "
            f"shape {shape}"
        )


def assert_rank_at_least(x: Any, rank: Any, message: Any = None, name: str | None = None) -> None:
    """Raises unless `x` has `rank` dimensions or more.

    Args:
        x: Tensor.
        rank: Integer.
        message: Beginning of the error's message.
        name: Unused.

    Raises:
        ValueError: The rank is smaller.

    Source: `tf.debugging.assert_rank_at_least`.
    """
    shape, wanted = _shape_of(x), _rank("assert_rank_at_least", rank)
    if len(shape) < wanted:
        raise ShapeError(
            f"{_lead('assert_rank_at_least', message)}Tensor must have rank at least {wanted}. Received "
            f"rank {len(shape)}, shape {shape}"
        )


def assert_rank_in(x: Any, ranks: Any, message: Any = None, name: str | None = None) -> None:
    """Raises unless the number of dimensions of `x` is one of `ranks`.

    Args:
        x: Tensor.
        ranks: Integers.
        message: Beginning of the error's message.
        name: Unused.

    Raises:
        ValueError: The rank is none of them.

    Source: `tf.debugging.assert_rank_in`.
    """
    shape, wanted = _shape_of(x), tuple(_rank("assert_rank_in", r) for r in ranks)
    if len(shape) not in wanted:
        raise ShapeError(
            f"{_lead('assert_rank_in', message)}Tensor must have rank in {wanted}. Received rank "
            f"{len(shape)}, shape {shape}"
        )


def assert_scalar(tensor: Any, message: Any = None, name: str | None = None) -> None:
    """Raises unless `tensor` has no dimensions.

    Args:
        tensor: Tensor.
        message: Beginning of the error's message.
        name: Unused.

    Raises:
        ValueError: It has.

    Source: `tf.debugging.assert_scalar`.
    """
    shape = _shape_of(tensor)
    if shape:
        raise ShapeError(
            f"{_lead('assert_scalar', message)}Expected scalar shape, saw shape: {shape}."
        )


def assert_type(tensor: Any, tf_type: Any, message: Any = None, name: str | None = None) -> None:
    """Raises unless `tensor` has dtype `tf_type`.

    Args:
        tensor: Tensor.
        tf_type: Dtype or its name.
        message: Beginning of the error's message.
        name: Unused.

    Raises:
        TypeError: It has another dtype.

    Source: `tf.debugging.assert_type`.
    """
    found, wanted = _dtype_of(tensor), dtypes.as_dtype(tf_type)
    if found is not wanted:
        raise DTypeError(
            f"{_lead('assert_type', message)}expected a tensor of type tf.{wanted.name}, got "
            f"tf.{found.name}."
        )


def assert_integer(x: Any, message: Any = None, name: str | None = None) -> None:
    """Raises unless `x` is made of integers.

    Args:
        x: Tensor.
        message: Beginning of the error's message.
        name: Unused.

    Raises:
        TypeError: It has another kind of dtype.

    Source: `tf.debugging.assert_integer`.
    """
    found = _dtype_of(x)
    if not found.is_integer:
        raise DTypeError(
            f"{_lead('assert_integer', message)}expected x to be integer type, got a tensor of dtype "
            f"{found.name}."
        )


def assert_same_float_dtype(tensors: Any = None, dtype: Any = None) -> DType:
    """The one floating dtype that all tensors have.

    Args:
        tensors: List of tensors; None among them is skipped.
        dtype: Expected dtype; that of the first tensor when None, else float32.

    Returns:
        The dtype.

    Raises:
        ValueError: The dtypes differ, or are not floating.

    Source: `tf.debugging.assert_same_float_dtype`.
    """
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    for number, tensor in enumerate(tensors or ()):
        if tensor is None:
            continue
        found = _dtype_of(tensor)
        if wanted is not None and found is not wanted:
            raise DTypeError(
                f"[assert_same_float_dtype] expected tensors[{number}] of the same type {wanted.name}, got "
                f"{found.name}; cast it with tf.cast."
            )
        wanted = found
    wanted = dtypes.float32 if wanted is None else wanted
    if not wanted.is_floating:
        raise DTypeError(
            f"[assert_same_float_dtype] Expected floating point type, got {wanted.name}."
        )
    return wanted


def assert_proper_iterable(values: Any) -> None:
    """Raises unless `values` is a container of things, and neither a tensor, an array nor a string.

    Args:
        values: Anything.

    Raises:
        TypeError: It is not.

    Source: `tf.debugging.assert_proper_iterable`.
    """
    improper = isinstance(values, (KerasTensor, np.ndarray, str, bytes)) or (
        as_tensor(values) is not None
    )
    if improper or not isinstance(values, Iterable):
        kind = "to be iterable" if not improper else "as a list or another proper iterable"
        raise DTypeError(
            f"[assert_proper_iterable] expected values {kind}, got {type(values).__name__}; put it into "
            "a list."
        )


def is_numeric_tensor(tensor: Any) -> bool:
    """True for tensors of integers, floats or complex numbers; False for anything else.

    Args:
        tensor: Anything.

    Returns:
        Python bool.

    Source: `tf.debugging.is_numeric_tensor`.
    """
    if not isinstance(tensor, (Tensor, KerasTensor)):
        return False
    dtype = dtypes.as_dtype(tensor.dtype)
    return dtype.is_integer or dtype.is_floating or dtype.is_complex


# --- assert_shapes ------------------------------------------------------------------------------------


def _entries(where: str, spec: Any) -> tuple[list[Any], bool]:
    """Dimensions of a spec without a leading ..., and whether it had one."""
    if not isinstance(spec, Iterable):
        raise ShapeError(
            f"{where}Specified shape must be an iterable. Received specified shape: {spec!r}; write "
            "(n,) for a vector."
        )
    parts = list(spec)
    is_open = bool(parts) and (parts[0] is Ellipsis or parts[0] in ("...", "*"))
    parts = parts[1:] if is_open else parts
    if any(p is Ellipsis or p in ("...", "*") for p in parts):
        raise ShapeError(
            f"{where}Symbol `...` or `*` for a variable number of unspecified dimensions is only allowed "
            f"as the first entry, got {spec!r}."
        )
    return parts, is_open


def assert_shapes(
    shapes: Any,
    data: Any = None,
    summarize: Any = None,
    message: Any = None,
    name: str | None = None,
) -> None:
    """Raises unless tensors have the given shapes and agree in the sizes that share a name.

    Args:
        shapes: List of pairs (or a dict) of a tensor and its shape: sizes, None or ``"."`` for any
            size, names such as ``"N"`` for sizes that must be equal wherever they occur, and ``...``
            or ``"*"`` in front for any number of dimensions.
        data: Unused.
        summarize: Unused.
        message: Beginning of the error's message.
        name: Unused.

    Raises:
        ValueError: A shape does not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.debugging.assert_shapes([(tf.ones((2, 3)), ("N", 3)), (tf.ones((2,)), ("N",))])

    Source: `tf.debugging.assert_shapes`. Unknown sizes of symbolic tensors fit everything.
    """
    pairs = list(shapes.items()) if isinstance(shapes, Mapping) else list(shapes)
    where = _lead("assert_shapes", message)
    known: dict[Any, tuple[int, str]] = {}
    for number, (tensor, spec) in enumerate(pairs):
        shape = _shape_of(tensor)
        parts, is_open = _entries(where, spec)
        # A scalar fits (), and (1,) or ("N",) as well.
        actual = (1,) if not shape and len(parts) == 1 else shape
        if len(actual) < len(parts) or (len(actual) > len(parts) and not is_open):
            ranks = f"at least {len(parts)}" if is_open else f"{len(parts)}"
            raise ShapeError(
                f"{where}Tensor {number} must have rank {ranks}. Received rank {len(shape)}, shape {shape}"
            )
        offset = len(actual) - len(parts)
        for position, part in enumerate(parts):
            _match(
                where,
                f"tensor {number} dimension {position + offset}",
                part,
                actual[position + offset],
                shape,
                known,
            )


def _match(where: str, place: str, part: Any, size: int | None, shape: Any, known: Any) -> None:
    if part is None or part == "." or size is None:
        return
    if isinstance(part, numbers.Number):
        wanted, source = int(part), "Specified explicitly"  # type: ignore[call-overload]
    elif part in known:
        wanted, source = known[part]
    else:
        known[part] = size, f"Specified by {place}"
        return
    if wanted != size:
        raise ShapeError(
            f"{where}{source}. Expected {place} of size {wanted}. Received size {size}, shape {shape}"
        )
