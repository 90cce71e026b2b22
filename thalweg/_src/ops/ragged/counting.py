"""Values of ragged tensors counted, and turned into vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops import counting, ranges
from thalweg._src.ops.casting import cast
from thalweg._src.ops.ragged.partition import index_array, module_of
from thalweg._src.ops.ragged.rows import is_ragged
from thalweg._src.ops.segment import unsorted_segment_sum
from thalweg._src.ops.shaping import reshape


def bincount(
    arr: Any,
    weights: Any = None,
    minlength: Any = None,
    maxlength: Any = None,
    dtype: Any = dtypes.int32,
    name: str | None = None,
    axis: Any = None,
    binary_output: bool = False,
) -> Any:
    """How often each value occurs, in all rows together or, with ``axis=-1``, in each."""
    flat = arr.flat_values
    values = weights.flat_values if is_ragged(weights) else weights
    if axis in (None, 0):
        return counting.bincount(
            flat, values, minlength, maxlength, dtype, axis=axis, binary_output=binary_output
        )
    if axis != -1 or len(arr.shape) != 2:
        raise InvalidArgumentError(
            f"[bincount] expected axis None or 0, or -1 for ragged tensors of rank 2, got {axis!r} for "
            f"shape {arr.shape}."
        )
    return counts_of_rows(
        arr._partition.rowids,
        arr._partition.nrows,
        flat,
        values,
        counting.bins_of(flat, minlength, maxlength),
        dtypes.as_dtype(dtype),
        binary_output,
    )


def counts_of_rows(
    rows: Any, nrows: int, values: Any, weights: Any, size: int, dtype: Any, binary: bool
) -> Any:
    """Counts, or sums of weights, of the values of each row.

    Args:
        rows: Array ``(n,)``: the row of each value.
        nrows: Number of rows.
        values: Tensor ``(n,)`` of integers; those of `size` and more are left out.
        weights: Tensor ``(n,)``, or None.
        size: Number of bins.
        dtype: Dtype of counts.
        binary: Whether to give 1 where a value occurs.

    Returns:
        Tensor ``(nrows, size)``.
    """
    bins = index_array("bincount", "values", cast(values, "int64"))
    xp = module_of(rows, bins)
    places = Tensor(xp.where((bins >= 0) & (bins < size), rows * size + bins, -1))
    if weights is None:
        ones = Tensor(np.ones(bins.shape, dtype.numpy_dtype))
        found = unsorted_segment_sum(ones, places, nrows * size)
    else:
        found = unsorted_segment_sum(weights, places, nrows * size)
    if binary:
        found = cast(found > 0, dtype)
    return reshape(found, (nrows, size))


def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: Any = None,
    dtype: Any = None,
    name: str | None = None,
) -> Any:
    """Vectors in which one element is on, as a new last dimension."""
    if axis not in (None, -1, len(indices.shape)):
        raise ShapeError(
            f"[one_hot] expected axis -1 for a RaggedTensor, got {axis}; the vectors are its last dimension."
        )
    flat = ranges.one_hot(indices._flat, depth, on_value, off_value, -1, dtype)
    return indices.with_flat_values(flat)
