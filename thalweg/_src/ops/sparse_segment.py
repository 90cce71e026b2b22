"""Reductions of gathered rows that share a segment number (`tf.sparse.segment_sum` and relatives)."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, OutOfRangeError, ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import host_value
from thalweg._src.ops.segment import sorted_count
from thalweg._src.ops.segment_rows import reduce_rows
from thalweg._src.ops.support import FLOAT, INTEGER, NUMERIC, known_value, needs


@op("sparse_segment", matched=())
def _sparse_segment(data: Any, indices: Any, segment_ids: Any, *, kind: str, n: int) -> Any:
    """Reduction over sorted segments of gathered rows."""
    where = f"sparse_segment_{kind}"
    needs(where, NUMERIC if kind == "sum" else FLOAT, data)
    needs(where, INTEGER, indices, segment_ids)
    if indices.ndim != 1 or indices.shape != segment_ids.shape:
        raise ShapeError(
            f"[{where}] expected indices and segment_ids of one shape (n,), got "
            f"{tuple(indices.shape)} and {tuple(segment_ids.shape)}; give one id for each index."
        )
    if data.ndim == 0:
        raise ShapeError(f"[{where}] expected data of rank 1 or more, got a scalar.")
    rows = data.at[indices].get(mode="fill", fill_value=0)
    return reduce_rows(rows, jnp.where(segment_ids >= 0, segment_ids, n).astype(np.int32), n, kind)


def _sparse(kind: str, data: Any, indices: Any, segment_ids: Any, num_segments: Any) -> Any:
    where = f"sparse_segment_{kind}"
    ids, at = convert_to_tensor(segment_ids), convert_to_tensor(indices)
    n = sorted_count(where, ids) if num_segments is None else num_segments
    n = n if isinstance(n, int) else known_value(where, "num_segments", n).item()
    values = host_value(ids)
    if values is not None and values.size and values.max() >= n:
        raise InvalidArgumentError(
            f"[{where}] expected segment_ids below num_segments={n}, got {values.max()}; raise it."
        )
    values, size = host_value(at), data.shape[0] if hasattr(data, "shape") else len(data)
    if values is not None and values.size and not 0 <= values.min() <= values.max() < size:
        raise OutOfRangeError(
            f"[{where}] expected indices from 0 to {size - 1}, got values from {values.min()} to "
            f"{values.max()}; check them against the rows of data."
        )
    return _sparse_segment(data, at, ids, kind=kind, n=n)


def segment_sum(
    data: Any,
    indices: Any,
    segment_ids: Any,
    num_segments: Any = None,
    name: str | None = None,
    sparse_gradient: bool = False,
) -> Any:
    """Sum of the rows that `indices` picks, for each segment; ids are sorted.

    Args:
        data: Tensor of a numeric dtype of shape ``(rows, ...)``.
        indices: Rows to take, of shape ``(n,)``.
        segment_ids: Integers of shape ``(n,)``, 0 or more, never decreasing.
        num_segments: Number of segments; None for the last id + 1.
        name: Name of the node in a model's graph.
        sparse_gradient: Without effect: gradients are dense tensors here.

    Returns:
        Tensor of shape ``(num_segments, ...)``; 0 for an id that does not occur.

    Raises:
        OutOfRangeError: An index is no row of `data`, where the values are known.

    Example:
        >>> import thalweg as tf
        >>> tf.sparse.segment_sum([[1.0], [2.0], [3.0]], [0, 2], [0, 0])
        <tf.Tensor: shape=(1, 1), dtype=float32, numpy=array([[4.]], dtype=float32)>

    Source: `tf.sparse.segment_sum`.
    """
    return _sparse("sum", data, indices, segment_ids, num_segments)


def segment_mean(
    data: Any,
    indices: Any,
    segment_ids: Any,
    num_segments: Any = None,
    name: str | None = None,
    sparse_gradient: bool = False,
) -> Any:
    """Mean of the rows that `indices` picks, for each segment; ids are sorted.

    Args:
        data: Tensor of a floating dtype of shape ``(rows, ...)``.
        indices: Rows to take, of shape ``(n,)``.
        segment_ids: Integers of shape ``(n,)``, 0 or more, never decreasing.
        num_segments: Number of segments; None for the last id + 1.
        name: Name of the node in a model's graph.
        sparse_gradient: Without effect: gradients are dense tensors here.

    Returns:
        Tensor of shape ``(num_segments, ...)``; 0 for an id that does not occur.

    Raises:
        OutOfRangeError: An index is no row of `data`, where the values are known.

    Source: `tf.sparse.segment_mean`.
    """
    return _sparse("mean", data, indices, segment_ids, num_segments)


def segment_sqrt_n(
    data: Any,
    indices: Any,
    segment_ids: Any,
    num_segments: Any = None,
    name: str | None = None,
    sparse_gradient: bool = False,
) -> Any:
    """Sum over the root of the number of the rows that `indices` picks, for each segment; ids are sorted.

    Args:
        data: Tensor of a floating dtype of shape ``(rows, ...)``.
        indices: Rows to take, of shape ``(n,)``.
        segment_ids: Integers of shape ``(n,)``, 0 or more, never decreasing.
        num_segments: Number of segments; None for the last id + 1.
        name: Name of the node in a model's graph.
        sparse_gradient: Without effect: gradients are dense tensors here.

    Returns:
        Tensor of shape ``(num_segments, ...)``; 0 for an id that does not occur.

    Raises:
        OutOfRangeError: An index is no row of `data`, where the values are known.

    Source: `tf.sparse.segment_sqrt_n`.
    """
    return _sparse("sqrt_n", data, indices, segment_ids, num_segments)
