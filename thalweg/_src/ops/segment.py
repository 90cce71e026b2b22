"""Reductions of rows that share a segment number, sorted and unsorted."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.composite import dispatched
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import host_value, int_of, need_integers
from thalweg._src.ops.segment_rows import counts_of, reduce_rows, reduce_rows_host
from thalweg._src.ops.support import INTEGER, NUMERIC, REAL, kind_of, known_value, needs, twin

_KINDS = {"sum": NUMERIC, "prod": NUMERIC, "max": REAL, "min": REAL, "mean": NUMERIC}


def _rows_and_ids(where: str, data: Any, ids: Any, n: int, xp: Any = jnp) -> tuple[Any, Any]:
    """Data with one row for each id, and ids in which negative ones fall on `n`, past the end."""
    needs(where, INTEGER, ids)
    if ids.ndim > data.ndim or data.shape[: ids.ndim] != ids.shape:
        raise ShapeError(
            f"[{where}] expected segment_ids of a shape with which that of data begins, got "
            f"{tuple(ids.shape)} and {tuple(data.shape)}; give one id for each row."
        )
    rows = data.reshape((-1, *data.shape[ids.ndim :])) if ids.ndim != 1 else data
    ids = ids.reshape(-1)
    return rows, xp.where((ids >= 0) & (ids < n), ids, n).astype(np.int32)


@op("segment", matched=())
def _segment(data: Any, segment_ids: Any, *, kind: str, n: int) -> Any:
    """Reduction over sorted segments."""
    where = f"segment_{kind}"
    needs(where, _KINDS[kind], data)
    rows, ids = _rows_and_ids(where, data, segment_ids, n)
    out = reduce_rows(rows, ids, n, kind)
    if kind in ("max", "min"):
        empty = counts_of(rows, ids, n, np.int32) == 0
        out = jnp.where(empty, jnp.zeros_like(out), out)
    return out


def _unsorted_segment_host(data: Any, segment_ids: Any, kind: str, num_segments: int) -> Any:
    where = f"unsorted_segment_{kind}"
    rows, ids = _rows_and_ids(where, data, segment_ids, num_segments, np)
    if kind in ("mean", "sqrt_n") and kind_of(rows) in ("int", "uint"):
        rows = rows.astype(np.float64)
    return reduce_rows_host(rows, ids, num_segments, kind)


@op("unsorted_segment", matched=(), host=twin("unsorted_segment", _unsorted_segment_host))
def _unsorted_segment(data: Any, segment_ids: Any, *, kind: str, num_segments: int) -> Any:
    """Reduction over segments in any order."""
    where = f"unsorted_segment_{kind}"
    needs(where, _KINDS.get(kind, NUMERIC), data)
    rows, ids = _rows_and_ids(where, data, segment_ids, num_segments)
    if kind in ("mean", "sqrt_n") and kind_of(rows) in ("int", "uint"):
        rows = rows.astype(np.float64)
    return reduce_rows(rows, ids, num_segments, kind)


def sorted_count(where: str, segment_ids: Any) -> int:
    """Number of segments: the last id + 1.

    Raises:
        InvalidArgumentError: The ids are negative or decrease.
    """
    ids = known_value(where, "segment_ids", segment_ids, f"use tf.math.unsorted_{where}")
    need_integers(where, "segment_ids", ids)
    if ids.ndim != 1:
        raise ShapeError(
            f"[{where}] expected segment_ids of shape (n,), got {ids.shape}; flatten them."
        )
    if ids.size and (ids[0] < 0 or np.any(ids[1:] < ids[:-1])):
        raise InvalidArgumentError(
            f"[{where}] expected segment_ids that are 0 or more and never decrease, got "
            f"{ids.tolist()[:20]}; sort them, or use tf.math.unsorted_{where}."
        )
    return int(ids[-1]) + 1 if ids.size else 0


def _sorted(kind: str, data: Any, segment_ids: Any) -> Any:
    ids = convert_to_tensor(segment_ids)
    return _segment(data, ids, kind=kind, n=sorted_count(f"segment_{kind}", ids))


def _unsorted(kind: str, data: Any, segment_ids: Any, num_segments: Any) -> Any:
    where = f"unsorted_segment_{kind}"
    ids = convert_to_tensor(segment_ids)
    if not isinstance(num_segments, int):
        num_segments = known_value(where, "num_segments", num_segments).item()
    n = int_of(where, "num_segments", num_segments)
    if n < 0:
        raise InvalidArgumentError(
            f"[{where}] expected num_segments of 0 or more, got {n}; count the segments first."
        )
    values = host_value(ids)
    if values is not None:
        need_integers(where, "segment_ids", values)
    if values is not None and values.size and values.max() >= n:
        raise InvalidArgumentError(
            f"[{where}] expected segment_ids below num_segments={n}, got {values.max()}; raise "
            "num_segments, or give negative ids to rows that shall be left out."
        )
    return _unsorted_segment(data, ids, kind=kind, num_segments=n)


def segment_sum(data: Any, segment_ids: Any, name: str | None = None) -> Any:
    """Sum of the rows of each segment; ids are sorted.

    Args:
        data: Tensor of a numeric dtype of shape ``(n, ...)``.
        segment_ids: Integers of shape ``(n,)``, 0 or more, never decreasing.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(last id + 1, ...)``; 0 for an id that does not occur.

    Raises:
        InvalidArgumentError: The ids decrease or are negative.
        TypeError: Inside a compiled program, where the number of segments is not known.

    Example:
        >>> import thalweg as tf
        >>> tf.math.segment_sum([1, 2, 3], [0, 0, 2])
        <tf.Tensor: shape=(3,), dtype=int32, numpy=array([3, 0, 3], dtype=int32)>

    Source: `tf.math.segment_sum`.
    """
    return _sorted("sum", data, segment_ids)


def segment_mean(data: Any, segment_ids: Any, name: str | None = None) -> Any:
    """Mean of the rows of each segment; ids are sorted.

    Args:
        data: Tensor of a numeric dtype of shape ``(n, ...)``.
        segment_ids: Integers of shape ``(n,)``, 0 or more, never decreasing.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(last id + 1, ...)``; 0 for an id that does not occur. The mean of integers is
        rounded towards 0.

    Raises:
        InvalidArgumentError: The ids decrease or are negative.
        TypeError: Inside a compiled program, where the number of segments is not known.

    Source: `tf.math.segment_mean`.
    """
    return _sorted("mean", data, segment_ids)


def segment_prod(data: Any, segment_ids: Any, name: str | None = None) -> Any:
    """Product of the rows of each segment; ids are sorted.

    Args:
        data: Tensor of a numeric dtype of shape ``(n, ...)``.
        segment_ids: Integers of shape ``(n,)``, 0 or more, never decreasing.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(last id + 1, ...)``; 1 for an id that does not occur.

    Raises:
        InvalidArgumentError: The ids decrease or are negative.
        TypeError: Inside a compiled program, where the number of segments is not known.

    Source: `tf.math.segment_prod`.
    """
    return _sorted("prod", data, segment_ids)


def segment_max(data: Any, segment_ids: Any, name: str | None = None) -> Any:
    """Largest element of the rows of each segment; ids are sorted.

    Args:
        data: Tensor of a real dtype of shape ``(n, ...)``.
        segment_ids: Integers of shape ``(n,)``, 0 or more, never decreasing.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(last id + 1, ...)``; 0 for an id that does not occur. Equal ones share
        the gradient.

    Raises:
        InvalidArgumentError: The ids decrease or are negative.
        TypeError: Inside a compiled program, where the number of segments is not known.

    Source: `tf.math.segment_max`.
    """
    return _sorted("max", data, segment_ids)


def segment_min(data: Any, segment_ids: Any, name: str | None = None) -> Any:
    """Smallest element of the rows of each segment; ids are sorted.

    Args:
        data: Tensor of a real dtype of shape ``(n, ...)``.
        segment_ids: Integers of shape ``(n,)``, 0 or more, never decreasing.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(last id + 1, ...)``; 0 for an id that does not occur. Equal ones share
        the gradient.

    Raises:
        InvalidArgumentError: The ids decrease or are negative.
        TypeError: Inside a compiled program, where the number of segments is not known.

    Source: `tf.math.segment_min`.
    """
    return _sorted("min", data, segment_ids)


@dispatched("unsorted_segment_sum")
def unsorted_segment_sum(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Any:
    """Sum of the rows of each segment; ids come in any order.

    Args:
        data: Tensor of a numeric dtype.
        segment_ids: Integers of a shape with which that of `data` begins; rows with negative ids are
            left out.
        num_segments: Number of segments.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(num_segments, ...)``; 0 for an id that does not occur.

    Raises:
        InvalidArgumentError: An id is not below `num_segments`, where the values are known.

    Example:
        >>> import thalweg as tf
        >>> tf.math.unsorted_segment_sum([1.0, 2.0, 3.0], [1, 0, 1], num_segments=2)
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([2., 4.], dtype=float32)>

    Source: `tf.math.unsorted_segment_sum`. Inside compiled programs rows with ids that are too large
    are left out.
    """
    return _unsorted("sum", data, segment_ids, num_segments)


@dispatched("unsorted_segment_mean")
def unsorted_segment_mean(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Any:
    """Mean of the rows of each segment; ids come in any order.

    Args:
        data: Tensor of a numeric dtype.
        segment_ids: Integers of a shape with which that of `data` begins; rows with negative ids are
            left out.
        num_segments: Number of segments.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(num_segments, ...)``; 0 for an id that does not occur. The
        result is float64 for integers.

    Raises:
        InvalidArgumentError: An id is not below `num_segments`, where the values are known.

    Source: `tf.math.unsorted_segment_mean`. Inside compiled programs rows with ids that are too large
    are left out.
    """
    return _unsorted("mean", data, segment_ids, num_segments)


@dispatched("unsorted_segment_sqrt_n")
def unsorted_segment_sqrt_n(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Any:
    """Sum over the root of the number of the rows of each segment; ids come in any order.

    Args:
        data: Tensor of a numeric dtype.
        segment_ids: Integers of a shape with which that of `data` begins; rows with negative ids are
            left out.
        num_segments: Number of segments.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(num_segments, ...)``; 0 for an id that does not occur. The
        result is float64 for integers.

    Raises:
        InvalidArgumentError: An id is not below `num_segments`, where the values are known.

    Source: `tf.math.unsorted_segment_sqrt_n`. Inside compiled programs rows with ids that are too large
    are left out.
    """
    return _unsorted("sqrt_n", data, segment_ids, num_segments)


@dispatched("unsorted_segment_prod")
def unsorted_segment_prod(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Any:
    """Product of the rows of each segment; ids come in any order.

    Args:
        data: Tensor of a numeric dtype.
        segment_ids: Integers of a shape with which that of `data` begins; rows with negative ids are
            left out.
        num_segments: Number of segments.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(num_segments, ...)``; 1 for an id that does not occur.

    Raises:
        InvalidArgumentError: An id is not below `num_segments`, where the values are known.

    Source: `tf.math.unsorted_segment_prod`. Inside compiled programs rows with ids that are too large
    are left out.
    """
    return _unsorted("prod", data, segment_ids, num_segments)


@dispatched("unsorted_segment_max")
def unsorted_segment_max(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Any:
    """Largest element of the rows of each segment; ids come in any order.

    Args:
        data: Tensor of a real dtype.
        segment_ids: Integers of a shape with which that of `data` begins; rows with negative ids are
            left out.
        num_segments: Number of segments.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(num_segments, ...)``; the dtype's least finite number
        for an id that does not occur. Equal ones share the gradient.

    Raises:
        InvalidArgumentError: An id is not below `num_segments`, where the values are known.

    Source: `tf.math.unsorted_segment_max`. Inside compiled programs rows with ids that are too large
    are left out.
    """
    return _unsorted("max", data, segment_ids, num_segments)


@dispatched("unsorted_segment_min")
def unsorted_segment_min(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Any:
    """Smallest element of the rows of each segment; ids come in any order.

    Args:
        data: Tensor of a real dtype.
        segment_ids: Integers of a shape with which that of `data` begins; rows with negative ids are
            left out.
        num_segments: Number of segments.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(num_segments, ...)``; the dtype's greatest finite number
        for an id that does not occur. Equal ones share the gradient.

    Raises:
        InvalidArgumentError: An id is not below `num_segments`, where the values are known.

    Source: `tf.math.unsorted_segment_min`. Inside compiled programs rows with ids that are too large
    are left out.
    """
    return _unsorted("min", data, segment_ids, num_segments)
