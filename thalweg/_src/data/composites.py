"""Ragged and sparse elements: rows of ragged tensors as a column, batches of both, their specs.

A ragged tensor serves as the column of its rows. All is NumPy on the host; nothing is compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.composite import Composite
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.core.tensor import HostTensor, Tensor
from thalweg._src.ops.ragged.partition import RowPartition, ranges
from thalweg._src.ops.ragged.spec import RaggedTensorSpec
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.sparse.spec import SparseTensorSpec
from thalweg._src.ops.sparse.tensor import SparseTensor


def batched_spec(spec: Any, size: int | None, where: str) -> Any:
    """Spec of a batch of elements.

    Raises:
        TypeError: Such elements cannot be in batches.
    """
    if isinstance(spec, TensorSpec):
        return TensorSpec([size, *spec.shape], spec.dtype) if spec.shape.rank is not None else spec
    if isinstance(spec, RaggedTensorSpec):
        rank = spec.ragged_rank + 1
        return RaggedTensorSpec([size, *spec.shape], spec.dtype, rank, spec.row_splits_dtype)
    if isinstance(spec, SparseTensorSpec):
        return SparseTensorSpec([size, *spec.shape], spec.dtype)
    raise TypeError(
        f"[{where}] expected elements that are tensors, ragged or sparse ones, got {spec}; for windows use "
        "flat_map."
    )


def row_spec(spec: Any) -> Any:
    """Spec of a row of values of a spec."""
    if isinstance(spec, RaggedTensorSpec):
        rank = max(spec.ragged_rank - 1, 0)
        return RaggedTensorSpec(spec.shape[1:], spec.dtype, rank, spec.row_splits_dtype)
    kind = SparseTensorSpec if isinstance(spec, SparseTensorSpec) else TensorSpec
    return kind(spec.shape[1:] if spec.shape.rank is not None else None, spec.dtype)


def ragged_spec(spec: Any, splits_dtype: Any) -> Any:
    """Spec of elements of different sizes as ragged ones; others stay as they are."""
    if not isinstance(spec, TensorSpec) or spec.shape.rank is None:
        return spec
    unknown = [axis for axis, size in enumerate(spec.shape) if size is None]
    return RaggedTensorSpec(spec.shape, spec.dtype, unknown[-1], splits_dtype) if unknown else spec


def dense_spec(spec: Any) -> Any:
    """Spec of a row of a ragged tensor that is a plain tensor, as one of a tensor; others as they are."""
    if isinstance(spec, RaggedTensorSpec) and not spec.ragged_rank:
        return TensorSpec(spec.shape, spec.dtype)
    return spec


# --- rows of a ragged tensor


def ragged_part(column: RaggedTensor, start: int, stop: int) -> RaggedTensor:
    """The rows from `start` to before `stop`."""
    made = column._partition
    splits = made.splits[start : stop + 1]
    first, last = int(splits[0]), int(splits[-1])
    values = _between(column._values, first, last)
    return RaggedTensor._of(values, RowPartition(splits - splits[0], last - first, made.uniform))


def ragged_row(column: RaggedTensor, index: int) -> Any:
    """Leaf value of one row: an array, or a ragged tensor."""
    first, last = column._partition.splits[index : index + 2].tolist()
    return leaf_of(_between(column._values, first, last))


def ragged_taken(column: RaggedTensor, indices: np.ndarray[Any, Any]) -> RaggedTensor:
    """The rows at `indices`."""
    made = column._partition
    lengths = made.lengths[indices]
    places = ranges(made.starts[indices], lengths)
    if isinstance(column._values, RaggedTensor):
        values: Any = ragged_taken(column._values, places)
    else:
        values = _tensor(leaf_of(column._values).take(places, 0))
    return RaggedTensor._of(values, _partition(lengths, made.uniform))


def ragged_joined(parts: Sequence[RaggedTensor]) -> RaggedTensor:
    """All rows of ragged tensors of one kind, one after the other."""
    made = [part._partition for part in parts]
    values = [part._values for part in parts]
    if isinstance(values[0], RaggedTensor):
        inner: Any = ragged_joined(values)
    else:
        inner = _tensor(np.concatenate([leaf_of(v) for v in values]))
    (uniform, *others) = {m.uniform for m in made}
    lengths = np.concatenate([m.lengths for m in made])
    return RaggedTensor._of(inner, _partition(lengths, None if others else uniform))


def leaf_of(value: Any) -> Any:
    """Host array of a tensor or array; a ragged or sparse tensor as it is."""
    if type(value) is HostTensor:
        return value.host
    if isinstance(value, Composite):
        return value
    return np.asarray(value.array if isinstance(value, Tensor) else value)


def _tensor(array: np.ndarray[Any, Any]) -> Tensor:
    array.flags.writeable = False
    return HostTensor(array)


def _between(values: Any, start: int, stop: int) -> Any:
    if isinstance(values, RaggedTensor):
        return ragged_part(values, start, stop)
    return _tensor(leaf_of(values)[start:stop])


def _partition(lengths: np.ndarray[Any, Any], uniform: int | None) -> RowPartition:
    if uniform is not None:
        return RowPartition.of_uniform(uniform, len(lengths), lengths.dtype)
    return RowPartition.of_lengths(lengths)


# --- batches


def ragged_batch(column: Any, spec: RaggedTensorSpec) -> RaggedTensor:
    """Ragged tensor of elements.

    Args:
        column: Column of arrays or ragged tensors.
        spec: Spec of the batch.
    """
    if isinstance(column, RaggedTensor):
        return column
    dtype = spec.row_splits_dtype.numpy_dtype
    rows = [_ragged_of(leaf_of(value), spec.ragged_rank - 1, dtype) for value in column]
    lengths = np.array([_length(row) for row in rows], dtype)
    if isinstance(rows[0], RaggedTensor):
        inner: Any = ragged_joined(rows)
    else:
        inner = _tensor(np.concatenate(rows))
    return RaggedTensor._of(inner, _partition(lengths, spec.shape[1]))


def _ragged_of(value: Any, rank: int, dtype: Any) -> Any:
    """An array as a ragged tensor of a ragged rank, if it is none."""
    if isinstance(value, RaggedTensor) or not rank:
        return value
    shape = value.shape
    inner: Any = _tensor(value.reshape(-1, *shape[rank + 1 :]))
    for axis in range(rank, 0, -1):
        lengths = np.full(int(np.prod(shape[:axis])), shape[axis], dtype)
        inner = RaggedTensor._of(inner, RowPartition.of_lengths(lengths, int(lengths.sum())))
    return inner


def _length(value: Any) -> int:
    return value._partition.nrows if isinstance(value, RaggedTensor) else len(value)


def sparse_batch(values: Sequence[Any], shape: Sequence[int | None] | None, where: str) -> SparseTensor:
    """Sparse tensor of elements, which may differ in size.

    Args:
        values: Sparse tensors or arrays.
        shape: Sizes of an element; those that are None, or all, are the largest that come.
        where: Name for messages.

    Raises:
        InvalidArgumentError: An element is larger.
    """
    rows = [_coordinates(value) for value in values]
    sizes = np.max([size for *_, size in rows], axis=0)
    if shape is not None:
        given = np.array([-1 if s is None else s for s in shape], np.int64)
        if len(given) != len(sizes) or ((given >= 0) & (sizes > given)).any():
            raise InvalidArgumentError(
                f"[{where}] expected elements that fit into {list(shape)}, got one of shape "
                f"{sizes.tolist()}: it is larger than the row shape; give a larger one, or None."
            )
        sizes = np.where(given < 0, sizes, given)
    numbers = np.repeat(np.arange(len(rows)), [len(places) for places, *_ in rows])
    places = np.column_stack([numbers, np.concatenate([places for places, *_ in rows])])
    found = _tensor(np.concatenate([found for _, found, _ in rows]))
    return SparseTensor(places, found, np.array([len(rows), *sizes.tolist()], np.int64))


def _coordinates(value: Any) -> tuple[Any, Any, Any]:
    """Places, elements and sizes."""
    if isinstance(value, SparseTensor):
        return value._indices, leaf_of(value._values), value._shape
    array = np.asarray(leaf_of(value))
    places = np.indices(array.shape, np.int64).reshape(array.ndim, -1).T
    return places, array.reshape(-1), np.array(array.shape, np.int64)


def sparse_rows(value: SparseTensor) -> list[SparseTensor]:
    """The rows of a sparse tensor."""
    places, found = value._indices, leaf_of(value._values)
    order = np.argsort(places[:, 0], kind="stable")
    places, found = places[order], found[order]
    (count, *sizes) = value._shape.tolist()
    bounds = np.searchsorted(places[:, 0], np.arange(count + 1)).tolist()
    shape = np.array(sizes, np.int64)
    return [
        SparseTensor(places[first:last, 1:], _tensor(found[first:last]), shape)
        for first, last in zip(bounds, bounds[1:])
    ]
