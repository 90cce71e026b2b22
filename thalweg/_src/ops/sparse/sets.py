"""Sets of values in the last dimension: one for each place in the other dimensions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor, from_host
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.ragged.partition import RowPartition
from thalweg._src.ops.sparse.places import (
    check_places,
    known_indices,
    located,
    made,
    numbered,
    shape_of,
    sparse_of,
)
from thalweg._src.ops.sparse.tensor import SparseTensor
from thalweg._src.ops.support import known_value

_KINDS = frozenset(
    {
        dtypes.int8,
        dtypes.int16,
        dtypes.int32,
        dtypes.int64,
        dtypes.uint8,
        dtypes.uint16,
        dtypes.string,
    }
)


class _Rows(NamedTuple):
    """Values, and the row that each belongs to.

    Attributes:
        values: Array ``(n,)``.
        rows: Numbers of rows ``(n,)``.
        shape: Dimensions of the rows.
    """

    values: np.ndarray[Any, Any]
    rows: np.ndarray[Any, Any]
    shape: tuple[int, ...]


def _rows_of(where: str, value: Any, validate: bool) -> _Rows:
    """The values of a tensor of either kind by row."""
    if isinstance(value, SparseTensor):
        shape = shape_of(where, value)
        indices = known_indices(where, value)
        check_places(where, indices, shape, validate)
        values = known_value(where, "values", value.values)
        found = _Rows(values, numbered(indices[:, :-1], shape[:-1]), shape[:-1])
    else:
        array = known_value(where, "values", value)
        count = math.prod(array.shape[:-1])
        width = array.shape[-1] if array.ndim else 1
        found = _Rows(array.reshape(-1), np.repeat(np.arange(count), width), array.shape[:-1])
        shape = array.shape
    if len(shape) < 2:
        raise InvalidArgumentError(f"[{where}] expected rank 2 or more, got shape {list(shape)}.")
    return found


def _checked(where: str, a: Any, b: Any) -> tuple[Any, Any]:
    a, b = (x if isinstance(x, SparseTensor) else convert_to_tensor(x) for x in (a, b))
    if a.dtype is not b.dtype or a.dtype not in _KINDS:
        raise DTypeError(
            f"[{where}] expected integers or strings of one dtype, got {a.dtype.name} and {b.dtype.name}."
        )
    return a, b


def _combined(where: str, function: Callable[..., Any], a: Any, b: Any, validate: bool) -> Any:
    """Result of a function of two sorted sets of numbers, applied to all rows at once."""
    a, b = _checked(where, a, b)
    one, other = _rows_of(where, a, validate), _rows_of(where, b, validate)
    if one.shape != other.shape:
        raise InvalidArgumentError(
            f"[{where}] expected tensors that agree in all dimensions but the last, got shapes {a.shape} and "
            f"{b.shape}: mismatched shapes."
        )
    known, codes = np.unique(np.concatenate([one.values, other.values]), return_inverse=True)
    keys = np.concatenate([one.rows, other.rows]) * max(len(known), 1) + codes.reshape(-1)
    chosen = function(keys[: len(one.values)], keys[len(one.values) :])
    rows, codes = np.divmod(chosen, max(len(known), 1))
    counts = np.bincount(rows, minlength=math.prod(one.shape))
    part = RowPartition.of_lengths(counts.astype(np.int64))
    places = np.concatenate([located(rows, one.shape), part.offsets[:, None]], axis=1)
    return made(places, from_host(known[codes]), (*one.shape, int(counts.max(initial=0))))


def difference(a: Any, b: Any, aminusb: bool = True, validate_indices: bool = True) -> SparseTensor:
    """The values of each row of one tensor that the same row of the other does not hold.

    Args:
        a: Tensor or `SparseTensor` ``(..., values)`` of integers or strings.
        b: The other one, with the same dimensions but the last.
        aminusb: Take `b` away from `a`; else `a` from `b`.
        validate_indices: Whether the places of sparse tensors are checked.

    Returns:
        `SparseTensor` ``(..., most values of a row)``: sorted, each value once.

    Example:
        >>> import thalweg as tf
        >>> tf.sets.difference([[1, 2, 3]], [[2]]).values.numpy().tolist()
        [1, 3]

    Source: `tf.sets.difference`.
    """
    first, second = (a, b) if aminusb else (b, a)
    return _combined("sets.difference", np.setdiff1d, first, second, validate_indices)


def intersection(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """The values that the same row of both tensors holds.

    Args:
        a: Tensor or `SparseTensor` ``(..., values)`` of integers or strings.
        b: The other one, with the same dimensions but the last.
        validate_indices: Whether the places of sparse tensors are checked.

    Returns:
        `SparseTensor` ``(..., most values of a row)``: sorted, each value once.

    Source: `tf.sets.intersection`.
    """
    return _combined("sets.intersection", np.intersect1d, a, b, validate_indices)


def union(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """The values that the same row of one tensor or the other holds.

    Args:
        a: Tensor or `SparseTensor` ``(..., values)`` of integers or strings.
        b: The other one, with the same dimensions but the last.
        validate_indices: Whether the places of sparse tensors are checked.

    Returns:
        `SparseTensor` ``(..., most values of a row)``: sorted, each value once.

    Source: `tf.sets.union`.
    """
    return _combined("sets.union", np.union1d, a, b, validate_indices)


def size(a: Any, validate_indices: bool = True) -> Tensor:
    """Number of different values in each row.

    Args:
        a: `SparseTensor` ``(..., values)`` of integers or strings.
        validate_indices: Whether its places are checked.

    Returns:
        int32 tensor ``(...)``.

    Source: `tf.sets.size`.
    """
    where = "sets.size"
    tensor = sparse_of(where, a)
    if tensor.dtype not in _KINDS:
        raise DTypeError(f"[{where}] expected integers or strings, got {tensor.dtype.name}.")
    found = _rows_of(where, tensor, validate_indices)
    known, codes = np.unique(found.values, return_inverse=True)
    keys = np.unique(found.rows * max(len(known), 1) + codes.reshape(-1))
    counts = np.bincount(keys // max(len(known), 1), minlength=math.prod(found.shape))
    return from_host(counts.astype(np.int32).reshape(found.shape))
