"""Isotonic regression: the nearest monotone sequence."""

from __future__ import annotations

from typing import Any, NamedTuple

from jax import lax, vmap
from jax import numpy as jnp

from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.casting import cast
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.support import FLOAT, axis_of, needs


class IsotonicRegression(NamedTuple):
    """The nearest monotone sequence.

    Attributes:
        output: Monotone values.
        segments: Number of the run of equal values to which each one belongs, int32.
    """

    output: Any
    segments: Any


def _starts(x: Any) -> Any:
    """Where runs begin in the nearest falling sequence: pool adjacent violators, with a stack of runs.

    The stack holds for each run the sum, the number and the place of its first value.
    """
    n = x.shape[0]
    zeros = jnp.zeros((n + 1,), x.dtype)
    places = jnp.zeros((n + 1,), jnp.int32)

    def violates(stack: Any) -> Any:
        sums, counts, _, top = stack
        below = jnp.maximum(top - 1, 0)
        return (top > 0) & (sums[below] * counts[top] < sums[top] * counts[below])

    def merge(stack: Any) -> Any:
        sums, counts, first, top = stack
        sums = sums.at[top - 1].add(sums[top])
        counts = counts.at[top - 1].add(counts[top])
        return sums, counts, first, top - 1

    def push(stack: Any, seen: Any) -> Any:
        sums, counts, first, top = stack
        place, value = seen
        top = top + 1
        pushed = (
            sums.at[top].set(value),
            counts.at[top].set(1),
            first.at[top].set(place),
            top,
        )
        return lax.while_loop(violates, merge, pushed), None

    start = (zeros, zeros, places, jnp.int32(-1))
    (_, _, first, top), _ = lax.scan(push, start, (jnp.arange(n, dtype=jnp.int32), x))
    used = jnp.arange(n + 1) <= top
    return jnp.zeros((n,), jnp.int32).at[jnp.where(used, first, n)].set(1, mode="drop")


def _of_row(x: Any) -> tuple[Any, Any]:
    segments = jnp.cumsum(_starts(lax.stop_gradient(x)), dtype=jnp.int32) - 1
    sums = jnp.zeros_like(x).at[segments].add(x)
    counts = jnp.zeros_like(x).at[segments].add(1)
    return (sums / jnp.maximum(counts, 1))[segments], segments


@op("isotonic_regression", result=IsotonicRegression)
def _isotonic_regression(inputs: Any, *, decreasing: bool, axis: int) -> Any:
    """Nearest monotone sequence along an axis."""
    needs("isotonic_regression", FLOAT, inputs)
    axis = axis_of("isotonic_regression", axis, inputs.ndim)
    x = jnp.moveaxis(inputs if decreasing else -inputs, axis, -1)
    if not x.size:
        return inputs, jnp.zeros(inputs.shape, jnp.int32)
    found, segments = vmap(_of_row)(x.reshape(-1, x.shape[-1]))
    found = jnp.moveaxis(found.reshape(x.shape), -1, axis)
    return found if decreasing else -found, jnp.moveaxis(segments.reshape(x.shape), -1, axis)


def isotonic_regression(inputs: Any, decreasing: bool = True, axis: int = -1) -> Any:
    """Nearest monotone sequence to `inputs` along an axis, in the sense of least squares.

    Args:
        inputs: Tensor of rank 1 or more; integers become float64.
        decreasing: Falling (never rising) sequences; else rising ones.
        axis: Axis along which sequences run.

    Returns:
        ``(output, segments)``: values like `inputs`, and int32 numbers of the runs of equal values. The
        gradient is shared evenly within a run.

    Raises:
        ValueError: There is no such axis.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.isotonic_regression(tf.constant([3.0, 1.0, 2.0])).output.numpy().tolist()
        [3.0, 1.5, 1.5]

    Source: Barlow et al., "Statistical inference under order restrictions" (1972);
    `tf.nn.isotonic_regression`.
    """
    inputs = tensor_of(inputs)
    if not dtypes.as_dtype(inputs.dtype).is_floating:
        inputs = cast(inputs, dtypes.float64)
    return _isotonic_regression(inputs, decreasing=bool(decreasing), axis=axis)
