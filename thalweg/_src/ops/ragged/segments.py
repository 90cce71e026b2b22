"""Ragged rows that share a segment number; running sums and softmax along ragged dimensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax import numpy as jnp

from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops import cumulative, segment
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.elementwise import subtract, truediv
from thalweg._src.ops.exponential import exp
from thalweg._src.ops.gather import gather
from thalweg._src.ops.nn import softmax as dense_softmax
from thalweg._src.ops.ragged.masking import same_rows
from thalweg._src.ops.ragged.partition import index_array, is_known, module_of
from thalweg._src.ops.ragged.reduction import laid_out
from thalweg._src.ops.ragged.rows import is_ragged, nested, take
from thalweg._src.ops.support import axis_of, known_value


def unsorted(kind: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Rule of a reduction of rows that share a segment number, in which rows keep their raggedness.

    Args:
        kind: Such as ``"sum"``.
        function: The same for dense tensors.
    """
    where = f"unsorted_segment_{kind}"

    def reduce(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Any:
        numbers = segment_ids if is_ragged(segment_ids) else convert_to_tensor(segment_ids)
        values, flat = same_rows(
            where, data if is_ragged(data) else convert_to_tensor(data), numbers
        )
        if not is_ragged(values):
            return function(values, flat, num_segments)
        count = int_of(where, "num_segments", freeze(num_segments))
        ids = known_value(where, "segment_ids", flat, "use tf.math.segment_sum on dense tensors")
        if (ids < 0).any():
            values, ids = take(values, np.flatnonzero(ids >= 0), where), ids[ids >= 0]
        parts = values._partitions()
        layout = laid_out(where, parts, index_array(where, "segment_ids", ids), count, ())
        rows = function(values.flat_values, Tensor(layout.places), layout.rows)
        return nested(values, rows, layout.parts)

    return reduce


unsorted_segment_sum = unsorted("sum", segment.unsorted_segment_sum)
unsorted_segment_prod = unsorted("prod", segment.unsorted_segment_prod)
unsorted_segment_max = unsorted("max", segment.unsorted_segment_max)
unsorted_segment_min = unsorted("min", segment.unsorted_segment_min)
unsorted_segment_mean = unsorted("mean", segment.unsorted_segment_mean)
unsorted_segment_sqrt_n = unsorted("sqrt_n", segment.unsorted_segment_sqrt_n)


def _places_along(where: str, ragged: Any, axis: int) -> tuple[Any, int]:
    """For each value the number of the row along an axis that it lies in, and their count."""
    parts = ragged._partitions()
    first = np.zeros(parts[0].nrows, parts[0].dtype) if axis == 0 else None
    layout = laid_out(where, parts, first, 1 if axis == 0 else parts[0].nrows, (axis,))
    return layout.places, layout.rows


def softmax(logits: Any, *, axis: Any = -1) -> Any:
    """Probabilities along one dimension."""
    at = axis_of("softmax", axis, len(logits.shape))
    depth = logits.ragged_rank
    if at > depth:
        return logits.with_flat_values(dense_softmax.softmax(logits._flat, at - depth))
    flat = logits.flat_values
    places, count = _places_along("softmax", logits, at)
    rows = Tensor(places)
    peak = gather(segment.unsorted_segment_max(flat, rows, count), rows)
    powers = exp(subtract(flat, peak))
    total = gather(segment.unsorted_segment_sum(powers, rows, count), rows)
    return logits.with_flat_values(truediv(powers, total))


def _running_host(x: Any, first: Any) -> Any:
    """Running sums of each segment: those of all values less what came before the segment."""
    wide = x.astype(np.float64) if x.dtype.kind == "f" else x
    total = np.cumsum(wide, axis=0, dtype=wide.dtype)
    starts = np.flatnonzero(first)
    before = total[starts] - wide[starts]
    lengths = np.diff(np.append(starts, len(x)))
    return (total - np.repeat(before, lengths, axis=0)).astype(x.dtype)


@op("segment_cumsum", inputs=("x", "first"), matched=(), host=_running_host)
def _running(x: Any, first: Any) -> Any:
    """Running sums of values ``(n, ...)`` that begin anew where `first` is True."""

    def joined(left: Any, right: Any) -> Any:
        (a, _), (b, begins) = left, right
        return jnp.where(begins, b, a + b), left[1] | begins

    begins = first.reshape(first.shape + (1,) * (x.ndim - 1))
    sums, _ = jax.lax.associative_scan(joined, (x, jnp.broadcast_to(begins, x.shape)))
    return sums


def cumsum(x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False) -> Any:
    """Running sums along one dimension."""
    at = axis_of("cumsum", freeze(axis), len(x.shape))
    flat, depth = x.flat_values, x.ragged_rank
    if at > depth:
        sums = cumulative.cumsum(flat, at - depth, exclusive=exclusive, reverse=reverse)
        return x.with_flat_values(sums)
    places, _ = _places_along("cumsum", x, at)
    xp = module_of(places)
    order = xp.argsort(places, stable=True)
    order = order[::-1] if reverse else order
    rows = places[order]
    first = xp.concatenate([xp.ones(1, bool), rows[1:] != rows[:-1]])[: rows.shape[0]]
    values = gather(flat, Tensor(order))
    if exclusive:
        moved = gather(values, Tensor(xp.maximum(xp.arange(rows.shape[0]) - 1, 0)))
        values = moved * _as_numbers(~first, values)
    back = xp.argsort(order)
    return x.with_flat_values(gather(_running(values, Tensor(first)), Tensor(back)))


def _as_numbers(mask: Any, like: Any) -> Tensor:
    """A mask of rows as ones and zeros that multiply values."""
    wide = mask.reshape(mask.shape + (1,) * (len(like.shape) - 1))
    array = wide.astype(like.dtype.numpy_dtype)
    return Tensor(array if is_known(array) else jnp.asarray(array))
