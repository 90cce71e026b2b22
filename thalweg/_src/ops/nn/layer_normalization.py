"""Normalization of each example by its own statistics: layer and root-mean-square normalization."""

from __future__ import annotations

from typing import Any

from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.nn.moments import count_of, moments_over, sum_over
from thalweg._src.ops.support import FLOAT, axes_of, needs


def _mean(x: Any, axes: tuple[int, ...]) -> Any:
    return sum_over(lambda a: a, [x], [], axes) / jnp.asarray(count_of(x, axes), wide(x))


def _weight(where: str, vector: Any, x: Any, axes: tuple[int, ...]) -> Any:
    """A weight with one value for each place along the axes, in a shape that broadcasts with `x`."""
    sizes = tuple(x.shape[a] for a in axes)
    if tuple(vector.shape) != sizes:
        raise ShapeError(
            f"[{where}] expected weights of shape {sizes}, the sizes of axes {axes} of x of shape "
            f"{tuple(x.shape)}, got {tuple(vector.shape)}; build them for these axes."
        )
    shape = [n if a in axes else 1 for a, n in enumerate(x.shape)]
    return vector.astype(wide(x)).reshape(shape)


def _forward(
    x: Any, gamma: Any = None, beta: Any = None, *, axes: Any, epsilon: float, centered: bool
) -> tuple[Any, Any]:
    where = "layer_normalization" if centered else "rms_normalization"
    needs(where, FLOAT, x)
    over = axes_of(where, axes, x.ndim) or ()
    small = jnp.asarray(epsilon, wide(x))
    if centered:
        mean, square = moments_over(x, over)
        moved = x.astype(mean.dtype) - mean
    else:
        mean, moved = None, x.astype(wide(x))
        square = _mean(lax.square(moved), over)
    inverse = lax.rsqrt(square + small)
    y = moved * inverse
    if gamma is not None:
        y = y * _weight(where, gamma, x, over)
    if beta is not None:
        y = y + _weight(where, beta, x, over)
    return y.astype(x.dtype), (x, mean, inverse, gamma, beta)


def _backward(residuals: Any, g: Any, *, axes: Any, epsilon: float, centered: bool) -> Any:
    x, mean, inverse, gamma, beta = residuals
    where = "layer_normalization"
    over = axes_of(where, axes, x.ndim) or ()
    rest = tuple(a for a in range(x.ndim) if a not in over)
    wide_g, moved = g.astype(inverse.dtype), x.astype(inverse.dtype)
    normalized = (moved - mean if centered else moved) * inverse
    inner = wide_g if gamma is None else wide_g * _weight(where, gamma, x, over)
    dx = inner - normalized * _mean(inner * normalized, over)
    if centered:
        dx = dx - _mean(inner, over)
    d_gamma = d_beta = None
    if gamma is not None:
        d_gamma = sum_over(lambda a: a, [wide_g * normalized], [], rest)
        d_gamma = d_gamma.reshape(gamma.shape).astype(gamma.dtype)
    if beta is not None:
        d_beta = sum_over(lambda a: a, [wide_g], [], rest).reshape(beta.shape).astype(beta.dtype)
    return (dx * inverse).astype(x.dtype), d_gamma, d_beta


@op(
    "layer_normalize",
    inputs=("x", "gamma", "beta"),
    matched=(),
    gradient=(_forward, _backward),
)
def layer_normalize(
    x: Any, gamma: Any = None, beta: Any = None, *, axes: Any, epsilon: float, centered: bool
) -> Any:
    """Values divided by their own scale along axes, times `gamma`, plus `beta`.

    Args:
        x: Floating tensor, such as ``(batch, features)``.
        gamma: Factors of the shape that `x` has along `axes`; None for 1.
        beta: Offsets, likewise; None for 0.
        axes: Axes along which statistics are taken.
        epsilon: Small number that keeps the root away from 0.
        centered: True to take off the mean and divide by the standard deviation; False to divide by the
            root of the mean square.

    Returns:
        Tensor of the shape and dtype of `x`, computed in float32 or wider.

    Raises:
        ShapeError: A weight has another shape.

    Source: Ba et al., "Layer normalization" (2016); Zhang and Sennrich, "Root mean square layer
    normalization" (2019).
    """
    return _forward(x, gamma, beta, axes=axes, epsilon=epsilon, centered=centered)[0]
