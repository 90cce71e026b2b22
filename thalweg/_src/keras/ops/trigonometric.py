"""Trigonometric and hyperbolic functions, with Keras' promotion of dtypes."""

from __future__ import annotations

import math
from typing import Any

from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.keras.ops import sparse as sparse_rules
from thalweg._src.keras.ops.arguments import floating, floating_or_wide
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.keras.ops.sparse import taking_sparse
from thalweg._src.ops import elementwise, trigonometric
from thalweg._src.ops.support import INEXACT, needs


@pointwise
def sin(x: Any) -> Any:
    """Sine of an angle.

    Args:
        x: Angles in radians: tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.sin`.
    """
    return trigonometric.sin(*floating(x))


@pointwise
@taking_sparse(sparse_rules.densely)
def cos(x: Any) -> Any:
    """Cosine of an angle.

    Args:
        x: Angles in radians: tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.cos`.
    """
    return trigonometric.cos(*floating(x))


@pointwise
def tan(x: Any) -> Any:
    """Tangent of an angle.

    Args:
        x: Angles in radians: tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.tan`.
    """
    return trigonometric.tan(*floating(x))


@pointwise
def arcsin(x: Any) -> Any:
    """Angle in [-pi/2, pi/2] whose sine is `x`; NaN outside [-1, 1].

    Args:
        x: Tensor, array or number.

    Returns:
        Angles in radians: tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.arcsin`.
    """
    return trigonometric.asin(*floating(x))


@pointwise
@taking_sparse(sparse_rules.densely)
def arccos(x: Any) -> Any:
    """Angle in [0, pi] whose cosine is `x`; NaN outside [-1, 1].

    Args:
        x: Tensor, array or number.

    Returns:
        Angles in radians: tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.arccos`.
    """
    return trigonometric.acos(*floating(x))


@pointwise
def arctan(x: Any) -> Any:
    """Angle in [-pi/2, pi/2] whose tangent is `x`.

    Args:
        x: Tensor, array or number.

    Returns:
        Angles in radians: tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.arctan`.
    """
    return trigonometric.atan(*floating(x))


@pointwise
def arctan2(x1: Any, x2: Any) -> Any:
    """Angle in [-pi, pi] of the point ``(x2, x1)``, in radians.

    Args:
        x1: Ordinates: tensor, array or number.
        x2: Abscissas: tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common floating dtype; ``floatx()`` for integers.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.arctan2([0.0, 1.0], [-1.0, 0.0]).numpy()
        array([3.1415927, 1.5707964], dtype=float32)

    Source: `numpy.arctan2`.
    """
    return trigonometric.atan2(*floating(x1, x2))


@pointwise
def sinh(x: Any) -> Any:
    """Hyperbolic sine.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.sinh`.
    """
    return trigonometric.sinh(*floating(x))


@pointwise
@taking_sparse(sparse_rules.densely)
def cosh(x: Any) -> Any:
    """Hyperbolic cosine.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.cosh`.
    """
    return trigonometric.cosh(*floating(x))


@pointwise
def tanh(x: Any) -> Any:
    """Hyperbolic tangent, in [-1, 1].

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.tanh`.
    """
    return trigonometric.tanh(*floating(x))


@pointwise
def arcsinh(x: Any) -> Any:
    """Inverse of `sinh`.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.arcsinh`.
    """
    return trigonometric.asinh(*floating(x))


@pointwise
@taking_sparse(sparse_rules.densely)
def arccosh(x: Any) -> Any:
    """Inverse of `cosh`, 0 or more; NaN below 1.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.arccosh`.
    """
    return trigonometric.acosh(*floating(x))


@pointwise
def arctanh(x: Any) -> Any:
    """Inverse of `tanh`; infinite at -1 and 1, NaN outside.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.arctanh`.
    """
    return trigonometric.atanh(*floating(x))


@pointwise
def deg2rad(x: Any) -> Any:
    """Degrees as radians: ``x * pi / 180``.

    Args:
        x: Angles in degrees: tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers, float64 for int64.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.deg2rad(180.0).numpy().round(4)
        np.float32(3.1416)

    Source: `numpy.deg2rad`.
    """
    return elementwise.multiply(*floating_or_wide(x), math.pi / 180)


@pointwise
def rad2deg(x: Any) -> Any:
    """Radians as degrees: ``x * 180 / pi``.

    Args:
        x: Angles in radians: tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers, float64 for int64.

    Source: `numpy.rad2deg`.
    """
    return elementwise.multiply(*floating_or_wide(x), 180 / math.pi)


@op("sinc")
def _sinc(x: Any) -> Any:
    """Normalised sine cardinal."""
    needs("sinc", INEXACT, x)
    return jnp.sinc(x)


@pointwise
def sinc(x: Any) -> Any:
    """``sin(pi * x) / (pi * x)``, and 1 at 0.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.sinc([0.0, 0.5]).numpy()
        array([1.       , 0.63661975], dtype=float32)

    Source: `numpy.sinc`.
    """
    return _sinc(*floating(x))
