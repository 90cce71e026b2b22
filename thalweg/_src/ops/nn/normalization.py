"""Batch normalization and normalization by local responses."""

from __future__ import annotations

from typing import Any, NamedTuple

from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.nn.moments import count_of, moments_over, sum_over
from thalweg._src.ops.support import FLOAT, axis_of, needs


@op(
    "batch_normalization",
    inputs=("x", "mean", "variance", "offset", "scale"),
    matched=(1, 2, 3, 4),
    hint="mean, variance, offset and scale must broadcast to x.",
)
def _batch_normalization(
    x: Any, mean: Any, variance: Any, offset: Any = None, scale: Any = None, *, epsilon: float
) -> Any:
    """Values normalized by given statistics."""
    needs("batch_normalization", FLOAT, x)
    if mean.dtype != x.dtype and mean.dtype != wide(x) and mean.dtype != jnp.float32:
        raise DTypeError(
            f"[batch_normalization] expected mean of dtype {x.dtype} or float32, got {mean.dtype}; "
            "cast it with tf.cast."
        )
    factor = lax.rsqrt(variance + jnp.asarray(epsilon, variance.dtype))
    factor = factor if scale is None else factor * scale
    moved = -mean * factor if offset is None else offset - mean * factor
    return x * factor.astype(x.dtype) + moved.astype(x.dtype)


def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    offset: Any,
    scale: Any,
    variance_epsilon: Any,
    name: str | None = None,
) -> Any:
    """``(x - mean) / sqrt(variance + variance_epsilon) * scale + offset``.

    Args:
        x: Floating tensor, such as ``(batch, height, width, channels)``.
        mean: Mean, of a shape that broadcasts to `x`.
        variance: Variance, likewise.
        offset: Added at the end, likewise; None for 0.
        scale: Factor, likewise; None for 1.
        variance_epsilon: Small number that keeps the root away from 0.
        name: Name of the node in a model's graph.

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
    return _batch_normalization(
        x, mean, variance, offset, scale, epsilon=variance_epsilon, name=name
    )


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
    mean, variance = moments_over(x, over)
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
    count = jnp.asarray(count_of(x, over), mean.dtype)
    total = sum_over(lambda a: a, [g], [], over)
    slope = sum_over(lambda a, b, m, i: a * (b - m) * i, [g, x], [mean, inverse], over)
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
def batch_normalize(
    x: Any, scale: Any = None, offset: Any = None, axis: int = -1, epsilon: float = 1e-3
) -> Any:
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


lrn = local_response_normalization
