"""Ragged ranges, row splits from segment ids and back, rows filled where they are empty."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor, from_host, infer_dtype
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.casting import cast
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.gather import gather
from thalweg._src.ops.joining import concat
from thalweg._src.ops.ragged.factories import splits_dtype
from thalweg._src.ops.ragged.partition import (
    RowPartition,
    as_public,
    from_rowids,
    index_array,
    module_of,
)
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.ops.selection import where
from thalweg._src.ops.support import known_value


def range(
    starts: Any,
    limits: Any = None,
    deltas: Any = 1,
    dtype: Any = None,
    name: str | None = None,
    row_splits_dtype: Any = dtypes.int64,
) -> RaggedTensor:
    """Ragged tensor of ranges: row i is ``range(starts[i], limits[i], deltas[i])``.

    Args:
        starts: Numbers of shape ``(nrows,)``, or one for all rows; the limits where `limits` is None.
        limits: Numbers of shape ``(nrows,)``, or one for all rows.
        deltas: Steps of shape ``(nrows,)``, or one for all rows; not 0.
        dtype: Dtype of the values; None for that of the arguments.
        name: Has no effect.
        row_splits_dtype: int32 or int64.

    Returns:
        Ragged tensor of shape ``(nrows, None)``.

    Raises:
        InvalidArgumentError: A step is 0, or lengths differ.

    Example:
        >>> import thalweg as tf
        >>> tf.ragged.range([3, 5, 2])
        <tf.RaggedTensor [[0, 1, 2], [0, 1, 2, 3, 4], [0, 1]]>

    Source: `tf.ragged.range`.
    """
    where = "ragged.range"
    if limits is None:
        starts, limits = 0, starts
    given = (starts, limits, deltas)
    if dtype is None:
        kinds = [infer_dtype(value) for value in given]
        ranked = (dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64)
        wanted = max(kinds, key=lambda kind: ranked.index(kind) if kind in ranked else -1)
    else:
        wanted = dtypes.as_dtype(dtype)
    first, last, step = (known_value(where, "its limits", cast(v, wanted)) for v in given)
    lengths = {len(np.atleast_1d(v)) for v in (first, last, step) if v.ndim}
    if len(lengths) > 1 or any(v.ndim > 1 for v in (first, last, step)):
        raise InvalidArgumentError(
            f"[{where}] starts, limits, and deltas must have the same shape, or be scalars; got shapes "
            f"{first.shape}, {last.shape} and {step.shape}."
        )
    if not step.all():
        raise InvalidArgumentError(f"[{where}] Requires delta != 0, got {step.tolist()}.")
    count = lengths.pop() if lengths else 1
    first, last, step = (np.broadcast_to(v, (count,)) for v in (first, last, step))
    sizes = np.maximum(0, np.ceil((last.astype(np.float64) - first) / step)).astype(
        splits_dtype(where, row_splits_dtype)
    )
    part = RowPartition.of_lengths(sizes)
    rows = part.rowids
    values = first[rows] + part.offsets.astype(first.dtype) * step[rows]
    return RaggedTensor._of(from_host(values.astype(wanted.numpy_dtype)), part)


def row_splits_to_segment_ids(splits: Any, name: str | None = None, out_type: Any = None) -> Tensor:
    """The row of each value: ``[0, 3, 3, 5]`` gives ``[0, 0, 0, 2, 2]``.

    Args:
        splits: Row splits, int32 or int64 of shape ``(nrows + 1,)``.
        name: Has no effect.
        out_type: int32 or int64; the dtype of `splits` when None.

    Returns:
        Integers of shape ``(nvals,)``.

    Raises:
        ValueError: There is no split at all.

    Source: `tf.ragged.row_splits_to_segment_ids`.
    """
    where = "ragged.row_splits_to_segment_ids"
    array = index_array(where, "splits", splits)
    if not array.shape[0]:
        raise ShapeError(f"[{where}] Invalid row_splits: expected one or more, got none.")
    nvals = int(known_value(where, "splits", Tensor(array))[-1])
    found = as_public(RowPartition(array, nvals).rowids)
    return found if out_type is None else cast(found, out_type)


def segment_ids_to_row_splits(
    segment_ids: Any, num_segments: Any = None, out_type: Any = None, name: str | None = None
) -> Tensor:
    """Row splits of sorted segment ids: ``[0, 0, 0, 2, 2]`` gives ``[0, 3, 3, 5]``.

    Args:
        segment_ids: int32 or int64 of shape ``(nvals,)``, never decreasing.
        num_segments: Number of rows; the last id + 1 when None.
        out_type: int32 or int64; the dtype of `segment_ids` when None.
        name: Has no effect.

    Returns:
        Integers of shape ``(nrows + 1,)``.

    Source: `tf.ragged.segment_ids_to_row_splits`.
    """
    where = "ragged.segment_ids_to_row_splits"
    array = index_array(where, "segment_ids", segment_ids)
    rows = None
    if num_segments is not None:
        rows = int(known_value(where, "num_segments", num_segments))
    found = as_public(from_rowids(where, array, rows, int(array.shape[0]), True).splits)
    return found if out_type is None else cast(found, out_type)


class FilledRows(NamedTuple):
    """Rows without empty ones.

    Attributes:
        output_value_rowids: Row of each value.
        output_values: The values.
        empty_row_indicator: For each row whether it was empty.
        reverse_index_map: For each value that was there its place now.
    """

    output_value_rowids: Any
    output_values: Any
    empty_row_indicator: Any
    reverse_index_map: Any


def ragged_fill_empty_rows(
    value_rowids: Any, values: Any, nrows: Any, default_value: Any, name: str | None = None
) -> FilledRows:
    """Rows with one default value in each that was empty.

    Args:
        value_rowids: int64 of shape ``(nvals,)``: the row of each value.
        values: Tensor of shape ``(nvals,)``.
        nrows: Number of rows.
        default_value: Scalar.
        name: Has no effect.

    Returns:
        Row ids, values, where rows were empty, and the new place of each value.

    Raises:
        InvalidArgumentError: A row id is not below `nrows`.

    Source: `tf.ragged_fill_empty_rows`.
    """
    what = "ragged_fill_empty_rows"
    values = convert_to_tensor(values)
    rowids = known_value(what, "value_rowids", value_rowids).astype(np.int64)
    count = int(known_value(what, "nrows", nrows))
    if rowids.size and not 0 <= rowids.min() <= rowids.max() < count:
        raise InvalidArgumentError(
            f"[{what}] expected row ids from 0 to {count - 1}, got {rowids.tolist()[:20]}."
        )
    empty, order, rows = filled_rows(rowids, count)
    filler = convert_to_tensor(default_value, values.dtype)
    found = gather(concat([values, filler[None]], 0), Tensor(order))
    places = np.argsort(order, kind="stable")[: rowids.size]
    return FilledRows(from_host(rows), found, from_host(empty), from_host(places))


def filled_rows(rowids: np.ndarray[Any, Any], nrows: int) -> tuple[Any, Any, Any]:
    """Which rows have no value; then, with one for each of those, the place of each value (the number of
    values for a new one) and its row, sorted by row."""
    lengths = np.bincount(rowids, minlength=nrows)
    empty = lengths == 0
    added = np.flatnonzero(empty)
    rows = np.concatenate([rowids, added])
    places = np.concatenate([np.arange(rowids.size), np.full(added.size, rowids.size)])
    order = np.argsort(rows, kind="stable")
    return empty, places[order], rows[order].astype(np.int64)


class FilledRowsGradient(NamedTuple):
    """Gradients of `ragged_fill_empty_rows`.

    Attributes:
        d_values: Of its values.
        d_default_value: Of its default value.
    """

    d_values: Any
    d_default_value: Any


def ragged_fill_empty_rows_grad(
    reverse_index_map: Any, grad_values: Any, name: str | None = None
) -> FilledRowsGradient:
    """Gradients of the values and the default value of `ragged_fill_empty_rows`.

    Args:
        reverse_index_map: int64 of shape ``(nvals,)``: see `ragged_fill_empty_rows`.
        grad_values: Gradient of its values.
        name: Has no effect.

    Returns:
        Gradients of shape ``(nvals,)`` and of a scalar.

    Source: `tf.ragged_fill_empty_rows_grad`.
    """
    grads = convert_to_tensor(grad_values)
    places = index_array("ragged_fill_empty_rows_grad", "reverse_index_map", reverse_index_map)
    count = int(grads.shape[0])
    xp = module_of(places)
    # What belongs to no value came of the default value.
    known = xp.bincount(places, **({"minlength": count} if xp is np else {"length": count})) > 0
    others = where(Tensor(~known), grads, zeros_like(grads))
    return FilledRowsGradient(gather(grads, Tensor(places)), reduce_sum(others))
