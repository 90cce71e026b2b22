"""Reductions of ragged tensors over any of their dimensions, in one pass over the flat values.

Every flat value is sent to its place in the result. The result is laid out dimension by dimension: one that
is reduced sends values to the place of their row; one that stays is as long as the longest of the rows that
fall together. A place of None means that nothing has been reduced yet: values and result lie alike, which
also serves inside compiled programs, where the lengths of rows are unknown.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError
from thalweg._src.core.door import freeze
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops import reduction as dense
from thalweg._src.ops.casting import cast
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.elementwise import square, subtract, truediv
from thalweg._src.ops.exponential import exp, log, sqrt
from thalweg._src.ops.gather import gather
from thalweg._src.ops.ragged.partition import RowPartition, module_of, picked
from thalweg._src.ops.ragged.rows import is_ragged, nested
from thalweg._src.ops.ragged.shaping import expand_dims
from thalweg._src.ops.rounding import is_finite
from thalweg._src.ops.segment import (
    unsorted_segment_max,
    unsorted_segment_min,
    unsorted_segment_prod,
    unsorted_segment_sum,
)
from thalweg._src.ops.selection import where
from thalweg._src.ops.strings import joining
from thalweg._src.ops.support import axes_of


@dataclass(frozen=True)
class Layout:
    """Where values go.

    Attributes:
        places: For each value its row in the flat result; None where it stays where it is.
        rows: Number of rows of the flat result.
        parts: Partitions of the result, outermost first.
        whole: Whether nothing is left of the dimensions that are divided: the result has one row, which
            is the result.
    """

    places: Any
    rows: int
    parts: list[RowPartition]
    whole: bool


def laid_out(
    where: str, parts: Sequence[RowPartition], places: Any, count: int, reduced: Sequence[int]
) -> Layout:
    """The layout of a result.

    Args:
        where: Name of the op for messages.
        parts: Partitions of the values, outermost first.
        places: For each row of the outermost dimension its place in the result, or None.
        count: Rows of the result.
        reduced: Dimensions that are reduced; 0 for the outermost, whose rows all go to place 0.
    """
    made: list[RowPartition] = []
    for axis, part in enumerate(parts, 1):
        if axis in reduced:
            places = part.owners if places is None else _of_owners(part, places)
        elif places is None:
            made.append(part)
            count = part.size
        else:
            part.known(where)
            kept = _longest(part, places, count)
            places = kept.starts[places][part.rowids] + part.offsets
            count = kept.nvals
            made.append(kept)
    root = 0 in reduced
    return Layout(places, count, made[1:] if root else made, root and not made)


def _of_owners(part: RowPartition, places: Any) -> Any:
    """Place of the row of each value; behind all places for a value that lies in none."""
    found = picked(places, part.owners)
    if part.room is None or part.room.is_full:
        return found
    return jnp.where(part.owners < part.nrows, found, np.iinfo(part.dtype).max)


def _longest(part: RowPartition, places: Any, count: int) -> RowPartition:
    """Rows as long as the longest of those that fall together."""
    lengths = np.zeros(count, part.dtype)
    np.maximum.at(lengths, places, part.lengths)
    if part.uniform is not None and (lengths == part.uniform).all():
        return RowPartition.of_uniform(part.uniform, count, part.dtype)
    return RowPartition.of_lengths(lengths)


class _Reduction:
    """One reduction: dimensions, layout and the flat values."""

    def __init__(self, where: str, ragged: Any, axis: Any) -> None:
        parts = ragged._partitions()
        rank = len(ragged.shape)
        axes = axes_of(where, freeze(axis), rank)
        self.where = where
        self.axes = range(rank) if axes is None else axes
        self.inner = [a - len(parts) for a in self.axes if a > len(parts)]
        outer = [a for a in self.axes if a <= len(parts)]
        rows = parts[0].nrows
        root = 0 in outer
        first = np.zeros(rows, parts[0].dtype) if root else None
        self.layout = laid_out(where, parts, first, 1 if root else rows, outer)
        self.ragged = ragged
        self.values = ragged._flat

    def segments(self, function: Callable[..., Any], values: Any) -> Any:
        """Values that fall together reduced by a segment function."""
        places, count = self.layout.places, self.layout.rows
        return values if places is None else function(values, Tensor(places), count)

    def spread(self, result: Any) -> Any:
        """For each value what is at its place in the flat result."""
        places = self.layout.places
        return result if places is None else gather(result, Tensor(places))

    def counts(self) -> Any:
        """How many values fall together at each place."""
        places, count = self.layout.places, self.layout.rows
        size = int(np.prod([self.values.shape[a] for a in self.inner], dtype=np.int64))
        if places is None:
            return np.full(count, size, np.int64)
        xp = module_of(places)
        found = xp.bincount(places, **({"length": count} if xp is jnp else {"minlength": count}))
        return found.astype(np.int64) * size

    def mean(self, values: Any) -> Any:
        """Mean of the values, the inner dimensions kept."""
        if self.inner:
            values = dense.reduce_sum(values, self.inner, True)
        total = self.segments(unsorted_segment_sum, values)
        counts = self.counts().reshape((-1,) + (1,) * (len(total.shape) - 1))
        return truediv(total, cast(Tensor(counts), total.dtype))

    def without_inner(self, flat: Any) -> Any:
        """The flat result without inner dimensions that were kept for broadcasting."""
        return dense.reduce_sum(flat, self.inner) if self.inner else flat

    def result(self, flat: Any, keepdims: bool) -> Any:
        """The reduced tensor of its flat values."""
        layout = self.layout
        out = nested(self.ragged, flat[0] if layout.whole else flat, layout.parts)
        for axis in self.axes if keepdims else ():
            out = expand_dims(out, axis)
        return out


def _by_segments(
    where: str, inside: Callable[..., Any], across: Callable[..., Any]
) -> Callable[..., Any]:
    """Rule of a reduction that reduces inner dimensions first, and then what falls together."""

    def reduce(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
        job = _Reduction(where, input_tensor, axis)
        values = inside(job.values, job.inner) if job.inner else job.values
        return job.result(job.segments(across, values), keepdims)

    return reduce


reduce_sum = _by_segments("reduce_sum", dense.reduce_sum, unsorted_segment_sum)
reduce_prod = _by_segments("reduce_prod", dense.reduce_prod, unsorted_segment_prod)
reduce_max = _by_segments("reduce_max", dense.reduce_max, unsorted_segment_max)
reduce_min = _by_segments("reduce_min", dense.reduce_min, unsorted_segment_min)


def _some(values: Any, places: Any, count: int) -> Any:
    return unsorted_segment_sum(cast(values, "int32"), places, count) > 0


def _every(values: Any, places: Any, count: int) -> Any:
    return unsorted_segment_sum(cast(~values, "int32"), places, count) == 0


reduce_any = _by_segments("reduce_any", dense.reduce_any, _some)
reduce_all = _by_segments("reduce_all", dense.reduce_all, _every)


def reduce_mean(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Mean; of no values NaN, of integers a float as TensorFlow's."""
    job = _Reduction("reduce_mean", input_tensor, axis)
    return job.result(job.without_inner(job.mean(job.values)), keepdims)


def reduce_variance(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Mean squared distance from the mean."""
    job = _Reduction("reduce_variance", input_tensor, axis)
    return job.result(job.without_inner(_variance(job)), keepdims)


def reduce_std(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Root of the variance."""
    job = _Reduction("reduce_std", input_tensor, axis)
    return job.result(sqrt(job.without_inner(_variance(job))), keepdims)


def _variance(job: _Reduction) -> Any:
    if not job.values.dtype.is_floating:
        raise DTypeError(
            f"[{job.where}] expected floats, got {job.values.dtype.name}; cast them with tf.cast."
        )
    mean = job.spread(job.mean(job.values))
    return job.mean(square(subtract(job.values, mean)))


def reduce_logsumexp(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """``log(sum(exp(x)))`` without overflow; -inf for no values."""
    job = _Reduction("reduce_logsumexp", input_tensor, axis)
    values = dense.reduce_logsumexp(job.values, job.inner) if job.inner else job.values
    peak = job.segments(unsorted_segment_max, values)
    # An infinite peak would turn x - peak into NaN.
    peak = where(is_finite(peak), peak, zeros_like(peak))
    total = job.segments(unsorted_segment_sum, exp(subtract(values, job.spread(peak))))
    return job.result(log(total) + peak, keepdims)


def reduce_join(inputs: Any, axis: Any = None, keepdims: bool = False, separator: Any = "") -> Any:
    """Texts joined in the order in which they come, along the innermost dimension first."""
    rank = len(inputs.shape)
    axes = axes_of("reduce_join", freeze(axis), rank)
    # Rows without texts leave no trace where all is joined.
    steps = [None] if axes is None else reversed(axes)
    found = inputs
    for step in steps:
        found = _texts_joined(found, step, separator)
    for step in (range(rank) if axes is None else axes) if keepdims else ():
        found = expand_dims(found, step)
    return found


def _texts_joined(texts: Any, axis: int | None, separator: Any) -> Any:
    if not is_ragged(texts):
        return joining.reduce_join(texts, axis, separator=separator)
    job = _Reduction("reduce_join", texts, axis)
    values = job.values
    if job.inner:
        values = joining.reduce_join(values, job.inner, separator=separator)
    glue = functools.partial(joining.unsorted_segment_join, separator=separator)
    return job.result(job.segments(glue, values), False)
