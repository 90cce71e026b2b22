"""Rows and elements of ragged tensors picked by number, and tensors picked by ragged numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import xla
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.door import freeze
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops import gather as dense
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.indices import indices_of
from thalweg._src.ops.ragged.partition import RowPartition, is_known, picked
from thalweg._src.ops.ragged.rows import is_ragged, levels, nested, take
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.support import axis_of


def gather(
    params: Any,
    indices: Any,
    validate_indices: Any = None,
    axis: Any = None,
    batch_dims: Any = 0,
    name: str | None = None,
) -> Any:
    """Slices of `params` along one axis, where one or both of the tensors are ragged."""
    params = params if is_ragged(params) else convert_to_tensor(params)
    indices = indices if is_ragged(indices) else indices_of("gather", indices, None)
    batch = int_of("gather", "batch_dims", freeze(batch_dims))
    batch = batch + len(indices.shape) if batch < 0 else batch
    along = axis_of("gather", batch if axis is None else freeze(axis), len(params.shape))
    if not 0 <= batch <= min(along, len(indices.shape)):
        raise InvalidArgumentError(
            f"[gather] expected batch_dims from 0 to the axis {along} and to the rank of indices, got "
            f"{batch}."
        )
    if along == 0:
        return _in_form_of(indices, lambda flat: _picked_rows(params, flat))
    if not batch and not is_ragged(indices) and along > params.ragged_rank:
        inner = along - params.ragged_rank
        return params.with_flat_values(dense.gather(params.flat_values, indices, axis=inner))
    return _gather_inside(params, indices, along, batch)


def _gather_inside(params: Any, indices: Any, along: int, batch: int) -> Any:
    """Gathering within rows: each row of `params` along the axis has the indices of its batch cell."""
    like = params if is_ragged(params) else indices
    dtype = like._partition.dtype
    flat, parts = levels(params, max(along, _ragged_rank(params)), dtype)
    outer, part = parts[: along - 1], parts[along - 1]
    values = nested(like, flat, parts[along:])
    wanted, cells = _by_cells(like, indices, batch, dtype)
    fits = not batch or int(wanted.shape[0]) == parts[batch - 1].nrows
    if not fits or not all(a.same_as(b) for a, b in zip(outer, cells, strict=False)):
        raise InvalidArgumentError(
            "[gather] expected params and indices with the same rows in the batch dimensions, got shapes "
            f"{params.shape} and {indices.shape} and rows of different number or length."
        )
    owners = _cell_of_each(part, outer[max(batch - 1, 0) :], batch)
    if owners is not None:
        wanted = take(wanted, owners, "gather")
    rows = _row_of_each(wanted)

    def inside(flat_indices: Any) -> Any:
        starts, limits = picked(part.starts, rows), picked(part.limits, rows)
        return _picked_rows(values, flat_indices, starts, limits)

    return nested(like, _in_form_of(wanted, inside), outer)


def _ragged_rank(value: Any) -> int:
    return value.ragged_rank if is_ragged(value) else 0


def _by_cells(like: Any, indices: Any, batch: int, dtype: Any) -> tuple[Any, list[RowPartition]]:
    """Indices with their batch dimensions merged to one, and how these were divided."""
    if batch:
        flat, parts = levels(indices, max(batch - 1, _ragged_rank(indices)), dtype)
        return nested(like, flat, parts[batch - 1 :]), parts[: batch - 1]
    if is_ragged(indices):
        made = indices._partition
        return like._of(indices, RowPartition.of_uniform(made.nrows, 1, made.dtype)), []
    return reshape(indices, (1, *indices.shape)), []


def _cell_of_each(part: RowPartition, between: list[RowPartition], batch: int) -> Any:
    """For each row along the axis its batch cell; None where the two are the same."""
    if not batch:
        return np.zeros(part.nrows, part.dtype)
    rows: Any = None
    for outer in reversed(between):
        rows = outer.rowids if rows is None else picked(outer.rowids, rows)
    return rows


def _row_of_each(wanted: Any) -> Any:
    """Outermost row of each flat value."""
    if not is_ragged(wanted):
        count, *rest = wanted.shape
        return np.repeat(np.arange(count), math.prod(rest))
    rows: Any = None
    for part in reversed(wanted._partitions()):
        rows = part.rowids if rows is None else picked(part.rowids, rows)
    inner = math.prod(wanted.flat_values.shape[1:])
    return rows if inner == 1 else np.repeat(rows, inner)


def _in_form_of(indices: Any, function: Callable[[Any], Any]) -> Any:
    """What a function makes of a vector of indices, in the form that the indices have."""
    if is_ragged(indices):
        return indices.with_flat_values(_in_form_of(indices._flat, function))
    shape = tuple(indices.shape)
    if not shape:
        return function(reshape(indices, (1,)))[0]
    return (
        function(indices) if len(shape) == 1 else _shaped(function(reshape(indices, (-1,))), shape)
    )


def _shaped(rows: Any, shape: tuple[int, ...]) -> Any:
    """Rows as a tensor of several dimensions: dense, or divided by uniform partitions."""
    if not is_ragged(rows):
        return reshape(rows, (*shape, *rows.shape[1:]))
    dtype = rows._partition.dtype
    sizes = range(1, len(shape))
    return nested(
        rows,
        rows,
        [RowPartition.of_uniform(shape[k], math.prod(shape[:k]), dtype) for k in sizes],
    )


def _picked_rows(values: Any, indices: Any, starts: Any = None, limits: Any = None) -> Any:
    """Rows of values; with `starts` and `limits` of the rows that each index counts in."""
    return take(
        values, _places("gather", _array(indices), int(values.shape[0]), starts, limits), "gather"
    )


def _places(where: str, indices: Any, count: int, starts: Any = None, limits: Any = None) -> Any:
    """Places of values that indices name.

    Args:
        where: Name of the op for messages.
        indices: Array of shape ``(n,)``.
        count: Number of values.
        starts: For each index the place where its row begins; None for a single row of all values.
        limits: For each index the place where its row ends.

    Raises:
        InvalidArgumentError: One is beyond its row, where that is known.
    """
    sizes = np.full(indices.shape, count) if starts is None else limits - starts
    if is_known(indices) and is_known(sizes):
        wrong = np.flatnonzero((indices < 0) | (indices >= sizes))
        if wrong.size:
            at = int(wrong[0])
            raise InvalidArgumentError(
                f"[{where}] expected indices of 0 or more below {int(sizes[at])}, the length of the row, got "
                f"indices[{at}] = {indices[at]}; check them against the lengths of the rows."
            )
    return indices if starts is None else starts + indices


def _array(indices: Any) -> Any:
    """Indices as a NumPy array; traced ones as they are."""
    array = indices.array
    return np.asarray(array) if type(array) is xla.ArrayImpl else array


def gather_nd(
    params: Any,
    indices: Any,
    batch_dims: Any = 0,
    name: str | None = None,
    bad_indices_policy: str = "",
) -> Any:
    """Slices of `params` picked by index vectors, where one or both of the tensors are ragged."""
    if int_of("gather_nd", "batch_dims", freeze(batch_dims)):
        raise InvalidArgumentError(
            f"[gather_nd] expected batch_dims=0 for ragged tensors, got {batch_dims}; use tf.gather with "
            "batch_dims."
        )
    if is_ragged(indices):
        if len(indices.flat_values.shape) == 1:
            raise ShapeError(
                f"[gather_nd] expected index vectors of one length, got indices of shape {indices.shape}; "
                "make their last dimension dense."
            )
        return indices.with_flat_values(gather_nd(params, indices.flat_values))
    if not is_ragged(params):
        return dense.gather_nd(params, indices, bad_indices_policy=bad_indices_policy)
    indices = indices_of("gather_nd", indices, None)
    *shape, depth = indices.shape
    if depth > len(params.shape):
        raise InvalidArgumentError(
            f"[gather_nd] expected index vectors of length {len(params.shape)} at most for shape "
            f"{params.shape}, got {depth}."
        )
    vectors = _array(reshape(indices, (math.prod(shape), depth)))
    return _shaped(_at_vectors(params, vectors, depth), tuple(shape))


def _at_vectors(params: Any, vectors: Any, depth: int) -> Any:
    """The slice of `params` for each index vector."""
    parts = params._partitions()
    if not depth:
        one = RowPartition.of_uniform(parts[0].nrows, 1, parts[0].dtype)
        return take(params._of(params, one), np.zeros(len(vectors), np.int64), "gather_nd")
    places = _places("gather_nd", vectors[:, 0], parts[0].nrows)
    used = min(depth - 1, len(parts))
    for column, part in enumerate(parts[:used], 1):
        starts, limits = picked(part.starts, places), picked(part.limits, places)
        places = _places("gather_nd", vectors[:, column], part.nvals, starts, limits)
    values = nested(params, params.flat_values, parts[used:])
    if depth - 1 == used:
        return take(values, places, "gather_nd")
    xp = np if is_known(places) and is_known(vectors) else xla.jnp
    return dense.gather_nd(values, Tensor(xp.column_stack([places, vectors[:, used + 1 :]])))
