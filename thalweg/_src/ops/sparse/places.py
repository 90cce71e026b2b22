"""Places of the elements of sparse tensors: as numbers in row-major order, sorted, checked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import (
    DataDependentShapeError,
    DTypeError,
    InvalidArgumentError,
)
from thalweg._src.core.convert import from_host
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.gather import gather
from thalweg._src.ops.ragged.partition import is_known, module_of
from thalweg._src.ops.sparse.tensor import SparseTensor


def sparse_of(where: str, value: Any) -> SparseTensor:
    """The sparse tensor that an argument is.

    Raises:
        DTypeError: It is none.
    """
    if not isinstance(value, SparseTensor):
        raise DTypeError(
            f"[{where}] expected a SparseTensor, got {type(value).__name__}; make one with "
            "tf.sparse.from_dense."
        )
    return value


def shape_of(where: str, tensor: SparseTensor) -> tuple[int, ...]:
    """Dense shape, which decides a size.

    Raises:
        DataDependentShapeError: A compiled program computes it.
    """
    if not is_known(tensor._shape):
        raise DataDependentShapeError(
            f"[{where}] the shape of its result depends on dense_shape, which a compiled program computes; "
            "give SparseTensor a shape of plain numbers."
        )
    return tuple(tensor._shape.tolist())


def known_indices(where: str, tensor: SparseTensor) -> np.ndarray[Any, Any]:
    """Places of the elements, which decide a size.

    Raises:
        DataDependentShapeError: They are not known inside a compiled program.
    """
    if not is_known(tensor._indices):
        raise DataDependentShapeError(
            f"[{where}] the number of elements of its result depends on where they lie, which is not known "
            "inside a compiled program that gets the sparse tensor as an argument. Call it outside, or go on "
            "with tf.sparse.to_dense."
        )
    return tensor._indices  # type: ignore[no-any-return]


def numbered(indices: Any, shape: Sequence[int]) -> Any:
    """Places ``(n, rank)`` as numbers in row-major order."""
    xp = module_of(indices)
    strides = [math.prod(shape[k + 1 :]) for k in range(len(shape))]
    return (indices * xp.asarray(strides, np.int64)).sum(axis=1, dtype=np.int64)


def located(numbers: Any, shape: Sequence[int]) -> Any:
    """Numbers in row-major order as places ``(n, rank)``."""
    xp = module_of(numbers)
    columns, rest = [], numbers
    for size in reversed(shape):
        columns.append(rest % max(size, 1))
        rest = rest // max(size, 1)
    stacked = xp.stack(columns[::-1], axis=1) if columns else xp.zeros((len(numbers), 0), np.int64)
    return stacked.astype(np.int64)


def made(indices: Any, values: Any, shape: Any) -> SparseTensor:
    """Sparse tensor of an array of places, values, and sizes."""
    return SparseTensor(Tensor(indices), values, np.asarray(shape, np.int64))


def in_order(indices: Any, values: Any, shape: Sequence[int]) -> SparseTensor:
    """Sparse tensor whose elements are sorted in row-major order."""
    numbers = numbered(indices, shape)
    xp = module_of(numbers)
    if is_known(numbers) and (numbers[1:] >= numbers[:-1]).all():
        return made(indices, values, shape)
    order = xp.argsort(numbers, stable=True)
    return made(indices[order], gather(values, Tensor(order)), shape)


def chosen(tensor: SparseTensor, kept: np.ndarray[Any, Any], where: str) -> tuple[Any, Any]:
    """Places and values of the elements that a mask keeps."""
    places = np.flatnonzero(kept)
    return known_indices(where, tensor)[places], gather(tensor.values, from_host(places))


def check_places(where: str, indices: Any, shape: Sequence[int], ordered: bool) -> None:
    """Refuses places outside the shape and, when `ordered`, such as are out of order or repeated.

    Raises:
        InvalidArgumentError: The first place at fault is named; traced ones are not looked at.
    """
    if not is_known(indices):
        return
    outside = ((indices < 0) | (indices >= np.asarray(shape, np.int64))).any(axis=1)
    if outside.any():
        at = int(np.flatnonzero(outside)[0])
        raise InvalidArgumentError(
            f"[{where}] expected indices within {list(shape)}, got indices[{at}] = {indices[at].tolist()}, "
            "which is out of bounds."
        )
    numbers = numbered(indices, shape)
    if ordered and (numbers[1:] <= numbers[:-1]).any():
        at = int(np.flatnonzero(numbers[1:] <= numbers[:-1])[0]) + 1
        what = "repeated" if numbers[at] == numbers[at - 1] else "out of order"
        raise InvalidArgumentError(
            f"[{where}] expected indices in row-major order, each once, got indices[{at}] = "
            f"{indices[at].tolist()}, which is {what}; sort them with tf.sparse.reorder."
        )
