"""Normalization of groups of channels by their own statistics, in each example."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import jax
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn.column_sums import column_sum
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.support import FLOAT, axis_of, needs


def _channel_sums(
    function: Callable[..., Any], arrays: Sequence[Any], vectors: Sequence[Any], axis: int
) -> Any:
    """Sum of an elementwise function over all dimensions but the first and the channels'.

    Args:
        function: Elementwise function of arrays and vectors.
        arrays: Arrays of one shape.
        vectors: Arrays ``(batch, channels)``.
        axis: Dimension of the channels, not the first.

    Returns:
        Array ``(batch, channels)``.
    """
    shape = arrays[0].shape
    if axis == len(shape) - 1:
        flat = [a.reshape(shape[0], math.prod(shape[1:-1]), shape[-1]) for a in arrays]
        each = jax.vmap(lambda some, more: column_sum(function, some, more))
        return each(flat, list(vectors))
    moved = [jnp.moveaxis(a, axis, 1).reshape(shape[0], shape[axis], -1) for a in arrays]
    terms = function(*(a.astype(wide(a)) for a in moved), *(v[..., None] for v in vectors))
    return jnp.sum(terms, -1, dtype=terms.dtype)


def _group_means(sums: Any, x: Any, groups: int) -> Any:
    """Mean over each group, for each of its channels, from sums for each channel."""
    batch, channels = sums.shape
    count = jnp.asarray(max(x.size // max(batch * groups, 1), 1), sums.dtype)
    of_groups = jnp.sum(sums.reshape(batch, groups, -1), -1, dtype=sums.dtype) / count
    return jnp.repeat(of_groups, channels // groups, 1)


def _spread(vector: Any, like: Any, axis: int) -> Any:
    """An array ``(batch, channels)`` or ``(channels,)`` in a shape that broadcasts with `like`."""
    shape = [1] * like.ndim
    shape[axis] = like.shape[axis]
    if vector.ndim == 2:
        shape[0] = vector.shape[0]
    return vector.reshape(shape)


def _forward(
    x: Any, gamma: Any = None, beta: Any = None, *, groups: int, axis: int, epsilon: float
) -> tuple[Any, Any]:
    needs("group_normalize", FLOAT, x)
    at = axis_of("group_normalize", axis, x.ndim)
    if at == 0 or groups < 1 or x.shape[at] % groups:
        raise ShapeError(
            f"[group_normalize] expected channels along an axis after the first, in {groups} groups of one "
            f"size, got axis {axis} of x of shape {tuple(x.shape)}."
        )
    mean = _group_means(_channel_sums(lambda a: a, [x], [], at), x, groups)
    squares = _channel_sums(lambda a, m: lax.square(a - m), [x], [mean], at)
    inverse = lax.rsqrt(_group_means(squares, x, groups) + jnp.asarray(epsilon, mean.dtype))
    gain = inverse if gamma is None else inverse * gamma.astype(inverse.dtype)
    y = (x.astype(mean.dtype) - _spread(mean, x, at)) * _spread(gain, x, at)
    if beta is not None:
        y = y + _spread(beta.astype(y.dtype), x, at)
    return y.astype(x.dtype), (x, mean, inverse, gamma, beta)


def _backward(residuals: Any, g: Any, *, groups: int, axis: int, epsilon: float) -> Any:
    x, mean, inverse, gamma, beta = residuals
    at = axis_of("group_normalize", axis, x.ndim)
    total = _channel_sums(lambda a: a, [g], [], at)
    slope = _channel_sums(lambda a, b, m, i: a * (b - m) * i, [g, x], [mean, inverse], at)
    factor = jnp.ones((1,), mean.dtype) if gamma is None else gamma.astype(mean.dtype)
    mean_inner = _group_means(total * factor, x, groups)
    mean_slope = _group_means(slope * factor, x, groups)
    centered = x.astype(mean.dtype) - _spread(mean, x, at)
    dx = g.astype(mean.dtype) * _spread(jnp.broadcast_to(inverse * factor, mean.shape), x, at)
    dx = dx - centered * _spread(inverse * inverse * mean_slope, x, at)
    dx = dx - _spread(inverse * mean_inner, x, at)
    d_gamma = None if gamma is None else jnp.sum(slope, 0, dtype=slope.dtype).astype(gamma.dtype)
    d_beta = None if beta is None else jnp.sum(total, 0, dtype=total.dtype).astype(beta.dtype)
    return dx.astype(x.dtype), d_gamma, d_beta


@op(
    "group_normalize",
    inputs=("x", "gamma", "beta"),
    matched=(),
    gradient=(_forward, _backward),
)
def group_normalize(
    x: Any, gamma: Any = None, beta: Any = None, *, groups: int, axis: int, epsilon: float
) -> Any:
    """Values normalized by the mean and variance of their example and group of channels.

    Args:
        x: Floating tensor ``(batch, ..., channels)``.
        gamma: Factor for each channel, ``(channels,)``; None for 1.
        beta: Added to each channel, ``(channels,)``; None for 0.
        groups: Number of groups; divides the number of channels.
        axis: Axis of the channels.
        epsilon: Small number that keeps the root away from 0.

    Returns:
        Tensor of the shape and dtype of `x`, computed in float32 or wider.

    Raises:
        ShapeError: `groups` does not divide the channels, or they lie along the first axis.

    Source: Wu and He, "Group normalization" (2018).
    """
    return _forward(x, gamma, beta, groups=groups, axis=axis, epsilon=epsilon)[0]
