"""Magnitudes and signs, with Keras' promotion of dtypes."""

from __future__ import annotations

from typing import Any

from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.keras.ops.arguments import floating, floating_or_wide, is_bool, tensor_of
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.ops import elementwise
from thalweg._src.ops.support import BROADCAST, FLOAT, REAL, kind_of, needs


@pointwise
def absolute(x: Any) -> Any:
    """Distance from 0, element by element.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape; real for complex `x`. The gradient at 0 is 0.

    Source: `numpy.absolute`.
    """
    x = tensor_of(x)
    return x if is_bool(x) else elementwise.abs(x)


abs = absolute


@pointwise
def fabs(x: Any) -> Any:
    """Distance from 0 as a float, element by element.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.fabs`.
    """
    return elementwise.abs(*floating(x))


@pointwise
def sign(x: Any) -> Any:
    """-1, 0 or 1 by the sign of `x`; ``x / |x|`` for complex numbers.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and dtype. Its gradient is 0.

    Source: `numpy.sign`.
    """
    return elementwise.sign(tensor_of(x))


@op("signbit", differentiable=False)
def _signbit(x: Any) -> Any:
    """True for numbers with a minus."""
    needs("signbit", (*REAL, "bool"), x)
    if kind_of(x) in ("bool", "uint"):
        return jnp.zeros_like(x, bool)
    return jnp.signbit(x) if kind_of(x) == "float" else x < 0


@pointwise
def signbit(x: Any) -> Any:
    """True where `x` has a minus: below 0, and at the -0.0 of floats.

    Args:
        x: Tensor, array or number.

    Returns:
        Bool tensor of the same shape.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.signbit([-1.0, -0.0, 0.0]).numpy().tolist()
        [True, True, False]

    Source: `numpy.signbit`.
    """
    return _signbit(tensor_of(x))


@op("heaviside", hint=BROADCAST)
def _heaviside(x: Any, y: Any) -> Any:
    """Step of height 1 at 0."""
    needs("heaviside", FLOAT, x, y)
    stepped = jnp.where(x == 0, y, jnp.asarray(x > 0, x.dtype))
    return jnp.where(x != x, x, stepped)


@pointwise
def heaviside(x1: Any, x2: Any) -> Any:
    """Step function: 0 below 0, 1 above, and `x2` at 0.

    Args:
        x1: Tensor, array or number.
        x2: Value at 0: tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common floating dtype; ``floatx()`` for integers, float64 where
        they meet in int64. NaN stays NaN.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.heaviside([-1.0, 0.0, 2.0], 0.5).numpy().tolist()
        [0.0, 0.5, 1.0]

    Source: `numpy.heaviside`. Keras on TensorFlow gives `x2` for NaN.
    """
    return _heaviside(*floating_or_wide(x1, x2))
