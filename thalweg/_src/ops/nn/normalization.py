"""Normalization: moments, batch normalization and local responses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.ops.elementwise import add, multiply, squared_difference, subtract, truediv
from thalweg._src.ops.nn.column_sums import column_sum
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.ops.support import FLOAT, axes_of, axis_of, needs


class Moments(NamedTuple):
    """Mean and variance.

    Attributes:
        mean: Mean over the axes.
        variance: Mean squared distance from the mean.
    """

    mean: Any
    variance: Any


def _sum_over(
    function: Callable[..., Any], arrays: Any, vectors: Any, axes: tuple[int, ...]
) -> Any:
    """Sum of an elementwise function over axes, which stay with size 1; vectors have such shapes."""
    shape = arrays[0].shape
    if axes == tuple(range(len(shape) - 1)) and len(shape) > 1:
        flat = [v.reshape(-1) for v in vectors]
        return column_sum(function, arrays, flat).reshape((1,) * len(axes) + shape[-1:])
    terms = function(*(a.astype(wide(a)) for a in arrays), *vectors)
    return jnp.sum(terms, axes, dtype=terms.dtype, keepdims=True)


def _count(x: Any, axes: tuple[int, ...]) -> int:
    count = 1
    for axis in axes:
        count *= x.shape[axis]
    return count


def _moments(x: Any, axes: tuple[int, ...]) -> tuple[Any, Any]:
    """Mean and variance over axes that stay with size 1, in float32 or wider."""
    count = jnp.asarray(_count(x, axes), wide(x))
    mean = _sum_over(lambda a: a, [x], [], axes) / count
    return mean, _sum_over(lambda a, m: lax.square(a - m), [x], [mean], axes) / count


def _without(x: Any, axes: tuple[int, ...], keepdims: bool) -> Any:
    return x if keepdims else lax.squeeze(x, axes)


def _moments_forward(x: Any, *, axes: Any, keepdims: bool) -> Any:
    needs("moments", FLOAT, x)
    over = axes_of("moments", axes, x.ndim)
    over = tuple(range(x.ndim)) if over is None else over
    mean, variance = _moments(x, over)
    results = tuple(_without(m.astype(x.dtype), over, keepdims) for m in (mean, variance))
    return results, (x, mean)


def _moments_backward(residuals: Any, cotangents: Any, *, axes: Any, keepdims: bool) -> Any:
    x, mean = residuals
    over = axes_of("moments", axes, x.ndim)
    over = tuple(range(x.ndim)) if over is None else over
    g_mean, g_variance = (g.astype(mean.dtype).reshape(mean.shape) for g in cotangents)
    count = jnp.asarray(_count(x, over), mean.dtype)
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
        x: Floating tensor, such as ``(batch, height, width, channels)``.
        axes: Axes to take the mean over, such as ``[0, 1, 2]`` for one pair a channel.
        shift: Not used; kept for programs that give it.
        keepdims: Keep the axes with size 1.
        name: Name of the node in a model's graph.

    Returns:
        ``(mean, variance)`` in the dtype of `x`, computed in float32 or wider. The variance divides by
        the number of values, not by one less.

    Raises:
        ValueError: `x` is no floating tensor or an axis does not exist.

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
    counts = _axis_count(x, axes=axes)
    if shift is None:
        moved, squares = x, multiply(x, x)
    else:
        shift = convert_to_tensor(shift, x.dtype) if not isinstance(shift, KerasTensor) else shift
        moved, squares = subtract(x, shift), squared_difference(x, shift)
    first = reduce_sum(moved, axes, keepdims=keepdims)
    second = reduce_sum(squares, axes, keepdims=keepdims, name=name)
    return SufficientStatistics(counts, first, second, shift)


@op("axis_count")
def _axis_count(x: Any, *, axes: Any) -> Any:
    """Number of values along axes, in the dtype of `x`."""
    over = axes_of("sufficient_statistics", axes, x.ndim)
    return jnp.asarray(_count(x, tuple(range(x.ndim)) if over is None else over), x.dtype)


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


@op(
    "batch_normalization",
    inputs=("x", "mean", "variance", "offset", "scale"),
    matched=(1, 2, 3, 4),
    hint="mean, variance, offset and scale must broadcast to x.",
)
def batch_normalization(
    x: Any, mean: Any, variance: Any, offset: Any, scale: Any, variance_epsilon: Any
) -> Any:
    """``(x - mean) / sqrt(variance + variance_epsilon) * scale + offset``.

    Args:
        x: Floating tensor, such as ``(batch, height, width, channels)``.
        mean: Mean, of a shape that broadcasts to `x`.
        variance: Variance, likewise.
        offset: Added at the end, likewise; None for 0.
        scale: Factor, likewise; None for 1.
        variance_epsilon: Small number that keeps the root away from 0.

    Returns:
        Tensor of the shape and dtype of `x`. The statistics may be float32 for a narrower `x`.

    Raises:
        ValueError: Dtypes or shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.batch_normalization([1.0, 3.0], 2.0, 1.0, None, None, 0.0).numpy().tolist()
        [-1.0, 1.0]

    Source: Ioffe and Szegedy, "Batch normalization" (2015); `tf.nn.batch_normalization`.
    """
    needs("batch_normalization", FLOAT, x)
    if mean.dtype != x.dtype and mean.dtype != wide(x) and mean.dtype != jnp.float32:
        raise DTypeError(
            f"[batch_normalization] expected mean of dtype {x.dtype} or float32, got {mean.dtype}; "
            "cast it with tf.cast."
        )
    factor = lax.rsqrt(variance + jnp.asarray(variance_epsilon, variance.dtype))
    factor = factor if scale is None else factor * scale
    moved = -mean * factor if offset is None else offset - mean * factor
    return x * factor.astype(x.dtype) + moved.astype(x.dtype)


class NormalizedBatch(NamedTuple):
    """Result of `batch_normalize`.

    Attributes:
        y: Normalized values.
        mean: Mean of the batch.
        variance: Variance of the batch.
    """

    y: Any
    mean: Any
    variance: Any


def _batch_normalize_forward(
    x: Any, scale: Any, offset: Any, *, axis: int, epsilon: float
) -> tuple[Any, Any]:
    over = _other_axes(x, axis)
    mean, variance = _moments(x, over)
    inverse = lax.rsqrt(variance + jnp.asarray(epsilon, variance.dtype))
    gain = inverse if scale is None else inverse * _along(scale, mean)
    moved = -mean * gain if offset is None else _along(offset, mean) - mean * gain
    y = x.astype(mean.dtype) * gain + moved
    flat = (lax.squeeze(mean, over), lax.squeeze(variance, over))
    return (y.astype(x.dtype), *flat), (x, mean, inverse, scale, offset)


def _batch_normalize_backward(residuals: Any, cotangents: Any, *, axis: int, epsilon: float) -> Any:
    x, mean, inverse, scale, offset = residuals
    over = _other_axes(x, axis)
    g, g_mean, g_variance = cotangents
    count = jnp.asarray(_count(x, over), mean.dtype)
    total = _sum_over(lambda a: a, [g], [], over)
    slope = _sum_over(lambda a, b, m, i: a * (b - m) * i, [g, x], [mean, inverse], over)
    gain = inverse if scale is None else inverse * _along(scale, mean)
    wide_x, wide_g = x.astype(mean.dtype), g.astype(mean.dtype)
    by_variance = 2 * _along(g_variance, mean) / count
    dx = gain * (wide_g - total / count) + (wide_x - mean) * (
        by_variance - gain * inverse * slope / count
    )
    dx = dx + _along(g_mean, mean) / count
    d_scale = None if scale is None else slope.reshape(-1).astype(scale.dtype)
    d_offset = None if offset is None else total.reshape(-1).astype(offset.dtype)
    return dx.astype(x.dtype), d_scale, d_offset


def _other_axes(x: Any, axis: int) -> tuple[int, ...]:
    kept = axis_of("batch_normalize", axis, x.ndim)
    return tuple(a for a in range(x.ndim) if a != kept)


def _along(vector: Any, like: Any) -> Any:
    return vector.astype(like.dtype).reshape(like.shape)


@op(
    "batch_normalize",
    inputs=("x", "scale", "offset"),
    matched=(1, 2),
    gradient=(_batch_normalize_forward, _batch_normalize_backward),
    result=NormalizedBatch,
)
def batch_normalize(x: Any, scale: Any, offset: Any, axis: int = -1, epsilon: float = 1e-3) -> Any:
    """Values normalized by the mean and variance of their batch, and these two.

    One op with a closed gradient: training reads its input three times instead of once a step of the
    chain. Layers of batch normalization stand on it.

    Args:
        x: Floating tensor of rank 2 or more.
        scale: Factor for each channel, ``(channels,)``; None for 1.
        offset: Added to each channel, ``(channels,)``; None for 0.
        axis: Axis of the channels.
        epsilon: Small number that keeps the root away from 0.

    Returns:
        ``(y, mean, variance)``: `y` like `x`, the others ``(channels,)`` in float32 or wider.

    Source: Ioffe and Szegedy, "Batch normalization" (2015), algorithm 1.
    """
    needs("batch_normalize", FLOAT, x)
    return _batch_normalize_forward(x, scale, offset, axis=axis, epsilon=epsilon)[0]


def batch_norm_with_global_normalization(
    input: Any,
    mean: Any,
    variance: Any,
    beta: Any,
    gamma: Any,
    variance_epsilon: float,
    scale_after_normalization: bool,
    name: str | None = None,
) -> Any:
    """`batch_normalization` under its older name and order of arguments.

    Args:
        input: Floating tensor ``(batch, height, width, channels)``.
        mean: Mean ``(channels,)``.
        variance: Variance ``(channels,)``.
        beta: Added at the end, ``(channels,)``.
        gamma: Factor, ``(channels,)``.
        variance_epsilon: Small number that keeps the root away from 0.
        scale_after_normalization: Whether `gamma` is used.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `input`.

    Source: `tf.nn.batch_norm_with_global_normalization`.
    """
    scale = gamma if scale_after_normalization else None
    return batch_normalization(input, mean, variance, beta, scale, variance_epsilon, name=name)


@op("local_response_normalization", inputs=("input",))
def local_response_normalization(
    input: Any, depth_radius: int = 5, bias: float = 1, alpha: float = 1, beta: float = 0.5
) -> Any:
    """Values divided by a power of the squares around them, across channels.

    ``input / (bias + alpha * sum of squares of the channels at most depth_radius away) ** beta``.

    Args:
        input: Floating tensor ``(batch, height, width, channels)``.
        depth_radius: Channels to either side.
        bias: Added to the sum; above 0 keeps it from 0.
        alpha: Factor of the sum.
        beta: Exponent.

    Returns:
        Tensor like `input`.

    Raises:
        ValueError: `input` is no floating tensor of rank 4.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.lrn(tf.ones((1, 1, 1, 2)), 1).numpy().ravel().round(3).tolist()
        [0.5770000219345093, 0.5770000219345093]

    Source: Krizhevsky, Sutskever and Hinton, "ImageNet classification with deep convolutional neural
    networks" (2012), section 3.3; `tf.nn.local_response_normalization`.
    """
    needs("local_response_normalization", FLOAT, input)
    if input.ndim != 4:
        raise ShapeError(
            "[local_response_normalization] expected an input of rank 4 (batch, height, width, channels), "
            f"got shape {tuple(input.shape)}."
        )
    squares = jnp.pad(lax.square(input), ((0, 0),) * 3 + ((depth_radius, depth_radius),))
    channels = input.shape[-1]
    total = sum(
        lax.slice_in_dim(squares, start, start + channels, axis=-1)
        for start in range(2 * depth_radius + 1)
    )
    base = jnp.asarray(bias, input.dtype) + jnp.asarray(alpha, input.dtype) * total
    return input * base ** jnp.asarray(-beta, input.dtype)
