"""Ragged tensors from dense and sparse ones, and back."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorShape
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.gather import gather
from thalweg._src.ops.joining import concat
from thalweg._src.ops.ragged.partition import (
    RowPartition,
    as_public,
    index_array,
    is_known,
    module_of,
    picked,
    ranges,
)
from thalweg._src.ops.ragged.rows import deepened, gathered, nested
from thalweg._src.ops.shaping import broadcast_to, reshape
from thalweg._src.ops.sparse.tensor import SparseTensor
from thalweg._src.ops.support import axis_of, known_value


def from_dense(
    tensor: Any, lengths: Any, padding: Any, ragged_rank: int, dtype: Any
) -> tuple[Any, list[RowPartition]]:
    """Flat values and partitions of a dense tensor; see `RaggedTensor.from_tensor`."""
    where = "RaggedTensor.from_tensor"
    tensor = convert_to_tensor(tensor)
    if lengths is not None and padding is not None:
        raise InvalidArgumentError(
            f"[{where}] Specify argument `lengths` or `padding`, but not both."
        )
    each = list(lengths) if _is_nest(lengths) else None
    rank = len(each) if each is not None else int(ragged_rank)
    if rank < 1:
        raise InvalidArgumentError(
            f"[{where}] Argument `ragged_rank` must be greater than 0. Received {rank}."
        )
    if len(tensor.shape) <= rank:
        raise ShapeError(
            f"[{where}] expected a tensor that must have rank at least {rank + 1} for ragged_rank={rank}, "
            f"got shape {tensor.shape}."
        )
    if lengths is None and padding is None:
        return deepened(tensor, rank, dtype)
    shape = tuple(tensor.shape)
    if each is None:
        outer = math.prod(shape[:rank])
        parts = [
            RowPartition.of_uniform(shape[k], math.prod(shape[:k]), dtype) for k in range(1, rank)
        ]
        if padding is None:
            kept = index_array(where, "lengths", lengths, dtype=dtype)
        else:
            kept = _lengths_before(where, tensor, padding, rank)
        each, rows = [kept], np.arange(outer)
    else:
        parts, rows = [], np.arange(shape[0])
        each = [index_array(where, "lengths", part, dtype=dtype) for part in each]
    for size, kept in zip(shape[rank - len(each) + 1 : rank + 1], each, strict=True):
        if kept.shape[0] != len(rows):
            raise ShapeError(
                f"[{where}] expected a length for each of {len(rows)} rows, got {kept.shape[0]}: shapes are "
                "incompatible."
            )
        kept = np.clip(known_value(where, "lengths", Tensor(kept)), 0, size).astype(dtype)
        parts.append(RowPartition.of_lengths(kept))
        rows = ranges(rows.astype(np.int64) * size, kept)
    flat = reshape(tensor, (math.prod(shape[: rank + 1]), *shape[rank + 1 :]))
    return gathered(flat, rows), parts


def _is_nest(lengths: Any) -> bool:
    """True for a list of vectors, such as the lengths of each dimension."""
    if not isinstance(lengths, (list, tuple)) or not lengths:
        return False
    return isinstance(lengths[0], (list, tuple)) or bool(getattr(lengths[0], "shape", ()))


def _lengths_before(where: str, tensor: Any, padding: Any, rank: int) -> np.ndarray[Any, Any]:
    """Lengths of rows without the padding at their ends."""
    padding = convert_to_tensor(padding, tensor.dtype)
    inner = tuple(tensor.shape[rank + 1 :])
    if tuple(padding.shape) != inner:
        raise ShapeError(
            f"[{where}] expected padding of shape {inner}, that of what the innermost ragged dimension "
            f"holds, got {padding.shape}: shapes are incompatible."
        )
    hint = "give lengths"
    values = known_value(where, "tensor", tensor, hint)
    same = values == known_value(where, "padding", padding, hint)
    shape = (math.prod(values.shape[:rank]), values.shape[rank], math.prod(inner))
    same = same.reshape(shape).all(axis=-1)
    places = np.arange(1, same.shape[1] + 1)
    return np.where(same, 0, places).max(axis=1, initial=0)  # type: ignore[no-any-return]


def from_sparse(tensor: Any, dtype: Any) -> tuple[Any, RowPartition]:
    """Values and partition of a sparse matrix; see `RaggedTensor.from_sparse`."""
    where = "RaggedTensor.from_sparse"
    if not isinstance(tensor, SparseTensor):
        raise TypeError(f"[{where}] expected a SparseTensor, got {type(tensor).__name__}.")
    if len(tensor.shape) != 2:
        raise ShapeError(
            f"[{where}] rank(st_input) must be 2, got a sparse tensor of shape {tensor.shape}."
        )
    nrows = int(known_value(where, "dense_shape", tensor.dense_shape)[0])
    indices = tensor.indices.array
    nvals = int(tensor.values.shape[0])
    if isinstance(indices, xla.Tracer):
        counts = jnp.bincount(indices[:, 0], length=nrows).astype(dtype)
        return tensor.values, RowPartition.of_lengths(counts, nvals)
    rows, columns = np.asarray(indices).T.astype(dtype)
    made = RowPartition.of_lengths(np.bincount(rows, minlength=nrows).astype(dtype))
    if not (np.array_equal(rows, made.rowids) and np.array_equal(columns, made.offsets)):
        raise InvalidArgumentError(
            f"[{where}] SparseTensor is not right-ragged: expected rows without gaps, in order, got "
            f"indices {np.asarray(indices)[:10].tolist()}; sort them with tf.sparse.reorder, or use "
            "tf.sparse.to_dense."
        )
    return tensor.values, made


def bounds(ragged: Any, where: str = "RaggedTensor.bounding_shape") -> list[int]:
    """Largest size of each dimension."""
    parts = ragged._partitions()
    longest = [part.longest(where) for part in parts]
    return [parts[0].nrows, *longest, *ragged._flat.shape[1:]]


def _target(ragged: Any, shape: Any) -> list[int]:
    """Sizes of the dense tensor."""
    where = "RaggedTensor.to_tensor"
    rank = len(ragged.shape)
    if isinstance(shape, Tensor):
        shape = [None if d == -1 else d for d in known_value(where, "shape", shape).tolist()]
    asked = TensorShape(shape)
    dims = [None] * rank if asked.rank is None else list(asked)
    if len(dims) != rank:
        raise InvalidArgumentError(
            f"[{where}] rt_input.shape and shape={asked} are incompatible: expected {rank} sizes, got "
            f"{len(dims)}."
        )
    inner = ragged._flat.shape[1:]
    for mine, wanted in zip(reversed(inner), reversed(dims[1:]), strict=False):
        if wanted not in (None, mine):
            raise InvalidArgumentError(
                f"[{where}] rt_input.shape {ragged.shape} and shape={asked} are incompatible: dense "
                "dimensions keep their size."
            )
    parts = ragged._partitions()
    found = [parts[0].nrows if dims[0] is None else dims[0]]
    for part, size in zip(parts, dims[1:], strict=False):
        hint = "give to_tensor a shape, such as shape=[None, 10]."
        found.append(part.longest(where, hint) if size is None else size)
    return [*found, *inner]  # type: ignore[list-item]


def dense(ragged: Any, default_value: Any, shape: Any) -> Any:
    """Dense tensor of a ragged one; see `RaggedTensor.to_tensor`."""
    flat = ragged._flat
    parts = ragged._partitions()
    sizes = _target(ragged, shape)
    inner = tuple(flat.shape[1:])
    filler = _filler(ragged, default_value, inner)
    # For each place of the result the place of its value, or that of the filler after them all.
    nrows = min(sizes[0], parts[0].nrows)
    places: Any = np.arange(sizes[0])
    valid: Any = places < nrows
    for part, size in zip(parts, sizes[1:], strict=False):
        xp = module_of(part.splits, places)
        if not part.nrows:
            places = np.zeros((*places.shape, size), np.int64)
            valid = np.zeros(places.shape, bool)
            continue
        rows = xp.where(valid, places, 0)
        columns = xp.arange(size, dtype=part.dtype)
        valid = valid[..., None] & (columns < part.lengths[rows][..., None])
        places = part.starts[rows][..., None] + columns
    xp = module_of(places, valid)
    count = int(flat.shape[0])
    chosen = xp.where(valid, places, count)
    return gathered(concat([flat, filler[None]], 0), chosen)


def _filler(ragged: Any, default_value: Any, inner: tuple[int, ...]) -> Any:
    dtype = ragged.dtype
    if default_value is None:
        default_value = b"" if dtype is dtypes.string else np.zeros((), dtype.numpy_dtype)
    value = convert_to_tensor(default_value, dtype)
    rank = len(value.shape)
    fits = rank <= len(inner) and all(
        a in (1, b) for a, b in zip(value.shape[::-1], inner[::-1], strict=False)
    )
    if not fits:
        raise InvalidArgumentError(
            f"[RaggedTensor.to_tensor] default_value.shape={value.shape} and rt_input.flat_values.shape="
            f"{ragged._flat.shape} are incompatible: expected one that broadcasts to {inner}."
        )
    return broadcast_to(value, inner)


def coordinates(ragged: Any) -> Any:
    """Place of each value in each dimension, int64 of shape ``(values, rank)``."""
    flat = ragged.flat_values
    count, *inner = (int(n) for n in flat.shape)
    # From the innermost dimension outwards: which row of the dimension before each value lies in.
    columns: list[Any] = []
    owner: Any = np.arange(count)
    for part in reversed(ragged._partitions()):
        columns.append(picked(part.offsets, owner))
        owner = picked(part.rowids, owner)
    columns.append(owner)
    columns.reverse()
    xp = module_of(*columns)
    indices = xp.stack([xp.asarray(c, np.int64) for c in columns], axis=1)
    if not inner:
        return indices
    grid = np.indices(inner).reshape(len(inner), -1).T.astype(np.int64)
    wide = xp.repeat(indices, math.prod(inner), axis=0)
    return xp.concatenate([wide, xp.tile(grid, (count, 1))], axis=1)


def sparse(ragged: Any) -> SparseTensor:
    """Sparse tensor of a ragged one; see `RaggedTensor.to_sparse`."""
    shape = bounds(ragged, "RaggedTensor.to_sparse")
    values = reshape(ragged.flat_values, (-1,))
    return SparseTensor(as_public(coordinates(ragged)), values, np.asarray(shape, np.int64))


def merged(ragged: Any, outer_axis: int, inner_axis: int) -> Any:
    """The tensor with dimensions joined; see `RaggedTensor.merge_dims`."""
    where, rank = "RaggedTensor.merge_dims", len(ragged.shape)
    outer, inner = axis_of(where, outer_axis, rank), axis_of(where, inner_axis, rank)
    if outer > inner:
        raise InvalidArgumentError(
            f"[{where}] Expected outer_axis ({outer_axis}) to be less than or equal to inner_axis "
            f"({inner_axis})."
        )
    if outer == inner:
        return ragged
    parts = ragged._partitions()
    if outer > len(parts):
        first, last = outer - len(parts), inner - len(parts)
        shape = tuple(ragged._flat.shape)
        shape = (*shape[:first], math.prod(shape[first : last + 1]), *shape[last + 1 :])
        return ragged.with_flat_values(reshape(ragged._flat, shape))
    flat = ragged.flat_values
    flat, more = deepened(flat, max(0, inner - len(parts)), parts[0].dtype)
    parts = [*parts, *more]
    joined = _joined(parts[outer - 1 : inner]) if outer else []
    return nested(ragged, flat, [*parts[: max(outer - 1, 0)], *joined, *parts[inner:]])


def _joined(parts: list[RowPartition]) -> list[RowPartition]:
    """Partitions of neighbouring dimensions as one of both."""
    splits, uniform = parts[0].splits, parts[0].uniform
    for part in parts[1:]:
        if is_known(splits) and not part.is_known:
            splits = jnp.asarray(splits)
        splits = part.splits[splits]
        known = uniform is not None and part.uniform is not None
        uniform = uniform * part.uniform if known else None  # type: ignore[operator]
    return [RowPartition(splits, parts[-1].nvals, uniform)]
