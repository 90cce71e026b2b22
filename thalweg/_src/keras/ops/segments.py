"""Reductions of rows that share a segment number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops import segment
from thalweg._src.ops.support import known_value

_HINT = "give num_segments"


def _reduced(
    where: str,
    kinds: tuple[Callable[..., Any], Callable[..., Any]],
    data: Any,
    segment_ids: Any,
    num_segments: Any,
    is_sorted: bool,
) -> Any:
    data, ids = tensor_of(data), tensor_of(segment_ids)
    if len(ids.shape) != 1:
        raise ShapeError(
            f"[{where}] expected segment_ids of shape (rows,), got {tuple(ids.shape)}; flatten them, and "
            "the first dimensions of data."
        )
    of_sorted, of_any = kinds
    if num_segments is None:
        known = known_value(where, "segment_ids", ids, _HINT)
        if is_sorted:
            return of_sorted(data, ids)
        num_segments = int(known.max(initial=-1)) + 1
    return of_any(data, ids, num_segments)


@operation
def segment_sum(
    data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False
) -> Any:
    """Sum of the rows of each segment.

    Args:
        data: Tensor ``(rows, ...)``.
        segment_ids: Segment of each row, integers ``(rows,)``; rows with negative ones are left out.
        num_segments: Number of segments; the largest id + 1 when None, which compiled programs and
            symbolic models do not know.
        sorted: Whether the ids never decrease, which is checked when `num_segments` is None.

    Returns:
        Tensor ``(num_segments, ...)``; 0 for a segment without rows.

    Raises:
        InvalidArgumentError: An id is too large, or the ids are not sorted (where they are known).

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.segment_sum([1.0, 2.0, 3.0], [0, 2, 0]).numpy().tolist()
        [4.0, 0.0, 2.0]

    Source: `keras.ops.segment_sum`.
    """
    kinds = (segment.segment_sum, segment.unsorted_segment_sum)
    return _reduced("segment_sum", kinds, data, segment_ids, num_segments, sorted)


@operation
def segment_prod(
    data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False
) -> Any:
    """Product of the rows of each segment.

    Args:
        data: Tensor ``(rows, ...)``.
        segment_ids: See `segment_sum`.
        num_segments: See `segment_sum`.
        sorted: See `segment_sum`.

    Returns:
        Tensor ``(num_segments, ...)``; 1 for a segment without rows.

    Source: `keras.ops.segment_prod`.
    """
    kinds = (segment.segment_prod, segment.unsorted_segment_prod)
    return _reduced("segment_prod", kinds, data, segment_ids, num_segments, sorted)


@operation
def segment_max(
    data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False
) -> Any:
    """Largest value of the rows of each segment.

    Args:
        data: Tensor ``(rows, ...)``.
        segment_ids: See `segment_sum`.
        num_segments: See `segment_sum`.
        sorted: See `segment_sum`.

    Returns:
        Tensor ``(num_segments, ...)``; the lowest value of the dtype for a segment without rows, or 0
        where `sorted` is set and `num_segments` is not. Equal values share the gradient.

    Source: `keras.ops.segment_max`.
    """
    kinds = (segment.segment_max, segment.unsorted_segment_max)
    return _reduced("segment_max", kinds, data, segment_ids, num_segments, sorted)


@operation
def segment_min(
    data: Any, segment_ids: Any, num_segments: int | None = None, sorted: bool = False
) -> Any:
    """Smallest value of the rows of each segment.

    Args:
        data: Tensor ``(rows, ...)``.
        segment_ids: See `segment_sum`.
        num_segments: See `segment_sum`.
        sorted: See `segment_sum`.

    Returns:
        Tensor ``(num_segments, ...)``; the highest value of the dtype for a segment without rows, or 0
        where `sorted` is set and `num_segments` is not. Equal values share the gradient.

    Source: `keras.ops.segment_min`.
    """
    kinds = (segment.segment_min, segment.unsorted_segment_min)
    return _reduced("segment_min", kinds, data, segment_ids, num_segments, sorted)
