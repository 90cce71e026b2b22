"""Powers and roots, with Keras' promotion of dtypes."""

from __future__ import annotations

from typing import Any

import jax
from jax import lax
from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.keras.ops.arguments import floating, floating_or_wide, numbers, promoted
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.ops import elementwise, exponential
from thalweg._src.ops.support import BROADCAST, FLOAT, needs, with_slope_of_result


@pointwise
def power(x1: Any, x2: Any) -> Any:
    """Power ``x1 ** x2``, element by element.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype. The gradient for `x2` is 0 where `x1` is not
        positive.

    Raises:
        InvalidArgumentError: A negative exponent for integers, where that is known on the host.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.power([2, 3], 0.5).dtype.name
        'float32'

    Source: `numpy.power`.
    """
    base, exponent = promoted(x1, x2)
    # A plain 2 is told to `pow`, which has a faster way for squares.
    return elementwise.pow(base, 2 if type(x2) is int and x2 == 2 else exponent)


@pointwise
def square(x: Any) -> Any:
    """Square ``x * x``, element by element.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and dtype; int32 for bools.

    Source: `numpy.square`.
    """
    return elementwise.square(*numbers(x))


@pointwise
def sqrt(x: Any) -> Any:
    """Square root; NaN below 0.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.sqrt`.
    """
    return exponential.sqrt(*floating(x))


@pointwise
def rsqrt(x: Any) -> Any:
    """``1 / sqrt(x)``, element by element.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `keras.ops.rsqrt`.
    """
    return exponential.rsqrt(*floating(x))


@op("cbrt")
def _cbrt(x: Any) -> Any:
    """Cube root."""
    needs("cbrt", FLOAT, x)
    return _cube_root(x)


_cube_root = with_slope_of_result(lax.cbrt, lambda root: 1 / (3 * root * root))


@pointwise
def cbrt(x: Any) -> Any:
    """Cube root, negative below 0.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers, float64 for int64.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.cbrt([-8.0, 27.0]).numpy().round(5).tolist()
        [-2.0, 3.0]

    Source: `numpy.cbrt`.
    """
    return _cbrt(*floating_or_wide(x))


@jax.custom_jvp
def _length(x: Any, y: Any) -> Any:
    infinite = jnp.isinf(x) | jnp.isinf(y)
    return jnp.where(infinite, jnp.full_like(x, jnp.inf), jnp.hypot(x, y))


@_length.defjvp
def _length_slope(primals: Any, tangents: Any) -> Any:
    x, y = primals
    length = _length(x, y)
    # One keeps 0 / 0 out of the slope at the origin, which is 0.
    safe = jnp.where(length == 0, jnp.ones_like(length), length)
    return length, x / safe * tangents[0] + y / safe * tangents[1]


@op("hypot", hint=BROADCAST)
def _hypot(x: Any, y: Any) -> Any:
    """Length of the vector (x, y)."""
    needs("hypot", FLOAT, x, y)
    return _length(*jnp.broadcast_arrays(x, y))


@pointwise
def hypot(x1: Any, x2: Any) -> Any:
    """``sqrt(x1 ** 2 + x2 ** 2)`` without overflow of the squares: the length of ``(x1, x2)``.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common floating dtype; ``floatx()`` for integers, float64 where
        they meet in int64. The gradient at the origin is 0.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.hypot(3.0, 4.0)
        <tf.Tensor: shape=(), dtype=float32, numpy=5.0>

    Source: `numpy.hypot`: infinity where one is infinite, also beside NaN (Keras on TensorFlow gives NaN).
    """
    return _hypot(*floating_or_wide(x1, x2))
