"""Means and variances, and what is normalized by them."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.base.settings import epsilon as default_epsilon
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.ops import clipping, exponential, linalg, shaping
from thalweg._src.ops.nn import moments as statistics
from thalweg._src.ops.nn import normalization
from thalweg._src.ops.nn.layer_normalization import layer_normalize
from thalweg._src.ops.support import axes_of, axis_of


@operation
def moments(x: Any, axes: Any, keepdims: bool = False, synchronized: bool = False) -> Any:
    """Mean and variance over axes.

    Args:
        x: Tensor; integers become floats.
        axes: Axes to take the mean over; None for all.
        keepdims: Keep the axes with size 1.
        synchronized: Has no effect: a program sees the whole batch, however many devices hold it.

    Returns:
        ``(mean, variance)`` in the dtype of `x`, computed in float32 or wider. The variance divides by
        the number of values, not by one less.

    Raises:
        InvalidArgumentError: An axis does not exist.

    Example:
        >>> import thalweg as tf
        >>> mean, variance = tf.keras.ops.moments([1.0, 3.0], axes=0)
        >>> float(mean), float(variance)
        (2.0, 1.0)

    Source: `keras.ops.moments`.
    """
    (x,) = promoted(x, least=float)
    return tuple(statistics.moments(x, axes, keepdims=keepdims))


@operation
def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    axis: int,
    offset: Any = None,
    scale: Any = None,
    epsilon: float = 1e-3,
) -> Any:
    """``(x - mean) / sqrt(variance + epsilon) * scale + offset``.

    Args:
        x: Tensor, such as ``(batch, ..., channels)``; integers become floats.
        mean: Mean of each channel, ``(channels,)``; float32 also where `x` is narrower.
        variance: Variance of each channel, likewise.
        axis: Axis of the channels.
        offset: Added at the end, likewise; None for 0.
        scale: Factor, likewise; None for 1.
        epsilon: Small number that keeps the root away from 0.

    Returns:
        Tensor of the shape and dtype of `x`.

    Raises:
        ShapeError: A vector has another length than the axis.

    Source: Ioffe and Szegedy 2015; `keras.ops.batch_normalization`.
    """
    (x,) = promoted(x, least=float)
    rank = len(x.shape)
    at = axis_of("batch_normalization", axis, rank)
    shape = [1] * rank
    shape[at] = x.shape[at]
    given = [v for v in (mean, variance, offset, scale) if v is not None]
    vectors = iter(promoted(*given, least=x.dtype))
    found = []
    for what, value in zip(("mean", "variance", "offset", "scale"), (mean, variance, offset, scale)):
        vector = None if value is None else next(vectors)
        if vector is not None and tuple(vector.shape) != (x.shape[at],):
            raise ShapeError(
                f"[batch_normalization] expected {what} of shape ({x.shape[at]},), one number for each "
                f"place along axis {axis} of x of shape {tuple(x.shape)}, got {tuple(vector.shape)}."
            )
        found.append(vector if vector is None or at == rank - 1 else shaping.reshape(vector, shape))
    centre, spread, moved, factor = found
    return normalization.batch_normalization(x, centre, spread, moved, factor, epsilon)


@operation
def layer_normalization(
    x: Any,
    gamma: Any = None,
    beta: Any = None,
    axis: Any = -1,
    epsilon: float | None = None,
    **kwargs: Any,
) -> Any:
    """Values less their mean along axes, divided by their standard deviation.

    Args:
        x: Tensor, such as ``(batch, features)``; integers become floats.
        gamma: Factors of the shape that `x` has along the axes; None for 1.
        beta: Offsets, likewise; None for 0.
        axis: Axis, or several.
        epsilon: Small number that keeps the root away from 0; that of the settings when None.
        **kwargs: `rms_scaling`, an older switch: only divide by the standard deviation and multiply by
            `gamma`. Use `rms_normalization`.

    Returns:
        Tensor of the shape and dtype of `x`, computed in float32 or wider.

    Raises:
        ShapeError: A weight has another shape.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.layer_normalization([[1.0, 3.0]]).numpy().round(3).tolist()
        [[-1.0, 1.0]]

    Source: Ba et al. 2016; `keras.ops.layer_normalization`.
    """
    rms_scaling = kwargs.pop("rms_scaling", False)
    if kwargs:
        raise TypeError(f"[layer_normalization] unexpected arguments {sorted(kwargs)}; leave them out.")
    (x,) = promoted(x, least=float)
    small = default_epsilon() if epsilon is None else epsilon
    axes = _axes(axis)
    gamma, beta = (None if w is None else tensor_of(w) for w in (gamma, beta))
    if not rms_scaling:
        return layer_normalize(x, gamma, beta, axes=axes, epsilon=small, centered=True)
    _, variance = statistics.moments(x, axes, keepdims=True)
    scaled = x * exponential.rsqrt(variance + small)
    return scaled if gamma is None else scaled * _along("layer_normalization", gamma, x, axes)


def _axes(axis: Any) -> tuple[int, ...]:
    return tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)


def _along(where: str, weight: Any, x: Any, axes: tuple[int, ...]) -> Any:
    """A weight of the shape that `x` has along axes, or that broadcasts with it, in its dtype."""
    over = axes_of(where, axes, len(x.shape)) or ()
    if tuple(weight.shape) == tuple(x.shape[a] for a in over):
        weight = shaping.reshape(weight, [n if a in over else 1 for a, n in enumerate(x.shape)])
    return tensor_of(weight, x.dtype)


@operation
def rms_normalization(
    x: Any, scale: Any = None, axis: Any = -1, epsilon: float | None = None
) -> Any:
    """Values divided by the root of their mean square along axes.

    Args:
        x: Tensor, such as ``(batch, features)``; integers become floats.
        scale: Factors of the shape that `x` has along the axes, or that broadcast with `x`; None for 1.
        axis: Axis, or several.
        epsilon: Small number that keeps the root away from 0; that of the settings when None.

    Returns:
        Tensor of the shape and dtype of `x`, computed in float32 or wider.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.rms_normalization([[1.0, 7.0]]).numpy().round(3)
        array([[0.2, 1.4]], dtype=float32)

    Source: Zhang and Sennrich 2019; `keras.ops.rms_normalization`.
    """
    (x,) = promoted(x, least=float)
    small = default_epsilon() if epsilon is None else epsilon
    axes = _axes(axis)
    if scale is None:
        return layer_normalize(x, axes=axes, epsilon=small, centered=False)
    factors = tensor_of(scale)
    over = axes_of("rms_normalization", axes, len(x.shape)) or ()
    if tuple(factors.shape) == tuple(x.shape[a] for a in over):
        return layer_normalize(x, factors, axes=axes, epsilon=small, centered=False)
    normalized = layer_normalize(x, axes=axes, epsilon=small, centered=False)
    return normalized * tensor_of(factors, x.dtype)


@operation
def normalize(x: Any, axis: Any = -1, order: int = 2, epsilon: float | None = None) -> Any:
    """Vectors divided by their norm.

    Args:
        x: Tensor; integers become floats.
        axis: Axis of the vectors, or several; None for all.
        order: The norm is the root of this order of the sum of powers: an int of 1 or more.
        epsilon: Smallest norm that is divided by; that of the settings when None.

    Returns:
        Tensor of the same shape; zeros stay.

    Raises:
        InvalidArgumentError: `order` is no int of 1 or more.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.normalize([[3.0, 4.0]]).numpy().round(3)
        array([[0.6, 0.8]], dtype=float32)

    Source: `keras.ops.normalize`.
    """
    if not isinstance(order, int) or isinstance(order, bool) or order < 1:
        raise InvalidArgumentError(
            f"[normalize] expected order as an int of 1 or more, got {order!r}."
        )
    (x,) = promoted(x, least=float)
    small = default_epsilon() if epsilon is None else epsilon
    if order == 2:
        return linalg.l2_normalize(x, axis, epsilon=small**2)
    size = linalg.norm(x, ord=order, axis=axis, keepdims=True)
    return x / clipping.maximum(size, tensor_of(small, x.dtype))
