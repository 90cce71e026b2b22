"""Means and variances over axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from jax import lax
from jax import numpy as jnp

from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.ops.elementwise import add, multiply, squared_difference, subtract, truediv
from thalweg._src.ops.nn.column_sums import column_sum
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.ops.support import FLOAT, REAL, axes_of, kind_of, needs


class Moments(NamedTuple):
    """Mean and variance.

    Attributes:
        mean: Mean over the axes.
        variance: Mean squared distance from the mean.
    """

    mean: Any
    variance: Any


def sum_over(function: Callable[..., Any], arrays: Any, vectors: Any, axes: tuple[int, ...]) -> Any:
    """Sum of an elementwise function over axes, which stay with size 1; vectors have such shapes."""
    shape = arrays[0].shape
    if axes == tuple(range(len(shape) - 1)) and len(shape) > 1:
        flat = [v.reshape(-1) for v in vectors]
        return column_sum(function, arrays, flat).reshape((1,) * len(axes) + shape[-1:])
    terms = function(*(a.astype(wide(a)) for a in arrays), *vectors)
    return jnp.sum(terms, axes, dtype=terms.dtype, keepdims=True)


def count_of(x: Any, axes: tuple[int, ...]) -> int:
    """Number of values along axes."""
    count = 1
    for axis in axes:
        count *= x.shape[axis]
    return count


def moments_over(x: Any, axes: tuple[int, ...]) -> tuple[Any, Any]:
    """Mean and variance over axes that stay with size 1, in float32 or wider."""
    count = jnp.asarray(count_of(x, axes), wide(x))
    mean = sum_over(lambda a: a, [x], [], axes) / count
    return mean, sum_over(lambda a, m: lax.square(a - m), [x], [mean], axes) / count


def _without(x: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    return x if keepdims else lax.squeeze(x, axes)


def _integer_moments(x: Any, axes: tuple[int, ...]) -> tuple[Any, Any]:
    """Moments of integers, each quotient cut to an integer as TensorFlow does."""
    count = count_of(x, axes)

    def mean_of(values: Any) -> Any:
        total = jnp.sum(values, axes, dtype=x.dtype, keepdims=True)
        return lax.div(total, lax.full_like(total, count))

    mean = mean_of(x)
    return mean, mean_of(lax.square(x - mean))


def _moments_forward(x: Any, *, axes: Any, keepdims: bool) -> Any:
    needs("moments", REAL, x)
    over = axes_of("moments", axes, x.ndim)
    over = tuple(range(x.ndim)) if over is None else over
    mean, variance = (moments_over if kind_of(x) == "float" else _integer_moments)(x, over)
    results = tuple(_without(m.astype(x.dtype), over, keepdims) for m in (mean, variance))
    return results, (x, mean)


def _moments_backward(residuals: Any, cotangents: Any, *, axes: Any, keepdims: bool) -> Any:
    x, mean = residuals
    over = axes_of("moments", axes, x.ndim)
    over = tuple(range(x.ndim)) if over is None else over
    g_mean, g_variance = (g.astype(mean.dtype).reshape(mean.shape) for g in cotangents)
    count = jnp.asarray(count_of(x, over), mean.dtype)
    dx = g_mean / count + (x.astype(mean.dtype) - mean) * (g_variance * 2 / count)
    return (dx.astype(x.dtype),)


@op("moments", gradient=(_moments_forward, _moments_backward), result=Moments)
def _moments_op(x: Any, *, axes: Any, keepdims: bool) -> Any:
    """Mean and variance over axes."""
    return _moments_forward(x, axes=axes, keepdims=keepdims)[0]


def moments(
    x: Any, axes: Any, shift: Any = None, keepdims: bool = False, name: str | None = None
) -> Any:
    """Mean and variance of `x` over axes.

    Args:
        x: Tensor of a real dtype, such as ``(batch, height, width, channels)``.
        axes: Axes to take the mean over, such as ``[0, 1, 2]`` for one pair a channel.
        shift: Not used; kept for programs that give it.
        keepdims: Keep the axes with size 1.
        name: Name of the node in a model's graph.

    Returns:
        ``(mean, variance)`` in the dtype of `x`, computed in float32 or wider. The variance divides by
        the number of values, not by one less. Integers give integers, cut towards 0.

    Raises:
        ValueError: An axis does not exist.

    Example:
        >>> import thalweg as tf
        >>> mean, variance = tf.nn.moments(tf.constant([1.0, 3.0]), axes=[0])
        >>> float(mean), float(variance)
        (2.0, 1.0)

    Source: `tf.nn.moments`. The second derivative is exact; TensorFlow holds the mean fixed there.
    """
    del shift
    return _moments_op(x, axes=axes, keepdims=bool(keepdims), name=name)


class SufficientStatistics(NamedTuple):
    """What means and variances are made from.

    Attributes:
        counts: Number of values.
        mean_ss: Sum of the values, shifted.
        variance_ss: Sum of their squares, shifted.
        shift: The shift, or None.
    """

    counts: Any
    mean_ss: Any
    variance_ss: Any
    shift: Any


def sufficient_statistics(
    x: Any, axes: Any, shift: Any = None, keepdims: bool = False, name: str | None = None
) -> Any:
    """Count, sum and sum of squares over axes, from which `normalize_moments` makes moments.

    Args:
        x: Floating tensor.
        axes: Axes to sum over.
        shift: Number or tensor near the mean, taken off first; None for no shift.
        keepdims: Keep the axes with size 1.
        name: Name of the node in a model's graph.

    Returns:
        ``(counts, mean_ss, variance_ss, shift)``.

    Example:
        >>> import thalweg as tf
        >>> counts, total, squares, _ = tf.nn.sufficient_statistics(tf.constant([1.0, 3.0]), [0])
        >>> float(counts), float(total), float(squares)
        (2.0, 4.0, 10.0)

    Source: `tf.nn.sufficient_statistics`.
    """
    x = x if isinstance(x, KerasTensor) else convert_to_tensor(x)
    counts = _axiscount_of(x, axes=axes)
    if shift is None:
        moved, squares = x, multiply(x, x)
    else:
        shift = convert_to_tensor(shift, x.dtype) if not isinstance(shift, KerasTensor) else shift
        moved, squares = subtract(x, shift), squared_difference(x, shift)
    first = reduce_sum(moved, axes, keepdims=keepdims)
    second = reduce_sum(squares, axes, keepdims=keepdims, name=name)
    return SufficientStatistics(counts, first, second, shift)


@op("axis_count")
def _axiscount_of(x: Any, *, axes: Any) -> Any:
    """Number of values along axes, in the dtype of `x`."""
    over = axes_of("sufficient_statistics", axes, x.ndim)
    return jnp.asarray(count_of(x, tuple(range(x.ndim)) if over is None else over), x.dtype)


def normalize_moments(
    counts: Any, mean_ss: Any, variance_ss: Any, shift: Any, name: str | None = None
) -> Any:
    """Mean and variance made from `sufficient_statistics`.

    Args:
        counts: Number of values.
        mean_ss: Sum of the values, shifted.
        variance_ss: Sum of their squares, shifted.
        shift: The shift that was used, or None.
        name: Name of the node in a model's graph.

    Returns:
        ``(mean, variance)``.

    Example:
        >>> import thalweg as tf
        >>> mean, variance = tf.nn.normalize_moments(2.0, 4.0, 10.0, None)
        >>> float(mean), float(variance)
        (2.0, 1.0)

    Source: `tf.nn.normalize_moments`.
    """
    moved = truediv(mean_ss, counts)
    mean = moved if shift is None else add(moved, shift)
    variance = subtract(truediv(variance_ss, counts), multiply(moved, moved), name=name)
    return Moments(mean, variance)


def weighted_moments(
    x: Any, axes: Any, frequency_weights: Any, keepdims: bool = False, name: str | None = None
) -> Any:
    """Mean and variance of `x` over axes, each value counted as often as its weight says.

    Args:
        x: Floating tensor.
        axes: Axes to take the mean over.
        frequency_weights: Weights of 0 or more that broadcast to `x`.
        keepdims: Keep the axes with size 1.
        name: Name of the node in a model's graph.

    Returns:
        ``(mean, variance)``; NaN where all weights are 0.

    Example:
        >>> import thalweg as tf
        >>> mean, _ = tf.nn.weighted_moments(tf.constant([1.0, 3.0]), [0], tf.constant([3.0, 1.0]))
        >>> float(mean)
        1.5

    Source: `tf.nn.weighted_moments`.
    """
    return _weighted_moments(x, frequency_weights, axes=axes, keepdims=bool(keepdims), name=name)


@op("weighted_moments", matched=(0,), result=Moments)
def _weighted_moments(x: Any, frequency_weights: Any, *, axes: Any, keepdims: bool) -> Any:
    """Weighted mean and variance over axes."""
    needs("weighted_moments", FLOAT, x)
    over = axes_of("weighted_moments", axes, x.ndim)
    over = tuple(range(x.ndim)) if over is None else over
    values = x.astype(wide(x))
    weights = jnp.broadcast_to(frequency_weights.astype(values.dtype), x.shape)
    total = jnp.sum(weights, over, dtype=values.dtype, keepdims=True)
    mean = jnp.sum(weights * values, over, dtype=values.dtype, keepdims=True) / total
    squares = weights * lax.square(values - mean)
    variance = jnp.sum(squares, over, dtype=values.dtype, keepdims=True) / total
    return tuple(_without(m.astype(x.dtype), over, keepdims) for m in (mean, variance))
