"""Trigonometric and hyperbolic functions and their inverses, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.ops.support import BROADCAST, FLOAT, INEXACT, kind_of, needs, twin, with_slope


@op("sin", host=twin("sin", np.sin, INEXACT))
def sin(x: Any) -> Any:
    """Sine of an angle in radians.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.sin([0.0])
        <tf.Tensor: shape=(1,), dtype=float32, numpy=array([0.], dtype=float32)>

    Source: `tf.math.sin`.
    """
    needs("sin", INEXACT, x)
    return lax.sin(x)


@op("cos", host=twin("cos", np.cos, INEXACT))
def cos(x: Any) -> Any:
    """Cosine of an angle in radians.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.cos`.
    """
    needs("cos", INEXACT, x)
    return lax.cos(x)


@op("tan", host=twin("tan", np.tan, INEXACT))
def tan(x: Any) -> Any:
    """Tangent of an angle in radians.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.tan`.
    """
    needs("tan", INEXACT, x)
    return lax.tan(x)


@op("asin", host=twin("asin", np.arcsin, INEXACT))
def asin(x: Any) -> Any:
    """Angle in [-pi/2, pi/2] whose sine is `x`; NaN outside [-1, 1].

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.asin`.
    """
    needs("asin", INEXACT, x)
    return lax.asin(x)


@op("acos", host=twin("acos", np.arccos, INEXACT))
def acos(x: Any) -> Any:
    """Angle in [0, pi] whose cosine is `x`; NaN outside [-1, 1].

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.acos([1.0])
        <tf.Tensor: shape=(1,), dtype=float32, numpy=array([0.], dtype=float32)>

    Source: `tf.math.acos`.
    """
    needs("acos", INEXACT, x)
    return lax.acos(x)


@op("atan", host=twin("atan", np.arctan, INEXACT))
def atan(x: Any) -> Any:
    """Angle in (-pi/2, pi/2) whose tangent is `x`.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.atan`.
    """
    needs("atan", INEXACT, x)
    return lax.atan(x)


@op("sinh", host=twin("sinh", np.sinh, INEXACT))
def sinh(x: Any) -> Any:
    """Hyperbolic sine ``(exp(x) - exp(-x)) / 2``.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.sinh`.
    """
    needs("sinh", INEXACT, x)
    return lax.sinh(x)


@op("cosh", host=twin("cosh", np.cosh, INEXACT))
def cosh(x: Any) -> Any:
    """Hyperbolic cosine ``(exp(x) + exp(-x)) / 2``.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.cosh`.
    """
    needs("cosh", INEXACT, x)
    return lax.cosh(x)


@op("tanh", host=twin("tanh", np.tanh, INEXACT))
def tanh(x: Any) -> Any:
    """Hyperbolic tangent: values in (-1, 1).

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.tanh([0.0, 100.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0., 1.], dtype=float32)>

    Source: `tf.math.tanh`.
    """
    needs("tanh", INEXACT, x)
    return lax.tanh(x)


@op("asinh", host=twin("asinh", np.arcsinh, INEXACT))
def asinh(x: Any) -> Any:
    """Inverse of `sinh`.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.asinh`.
    """
    needs("asinh", INEXACT, x)
    return lax.asinh(x)


# JAX gives a slope below -1 too, where there is no value.
_real_acosh = with_slope(lax.acosh, lambda x: lax.rsqrt(x - 1) * lax.rsqrt(x + 1))


@op("acosh", host=twin("acosh", np.arccosh, INEXACT))
def acosh(x: Any) -> Any:
    """Inverse of `cosh`, 0 or more; NaN below 1.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.acosh`.
    """
    needs("acosh", INEXACT, x)
    return _real_acosh(x) if kind_of(x) == "float" else lax.acosh(x)


@op("atanh", host=twin("atanh", np.arctanh, INEXACT))
def atanh(x: Any) -> Any:
    """Inverse of `tanh`; infinite at -1 and 1, NaN outside.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.atanh`.
    """
    needs("atanh", INEXACT, x)
    return lax.atanh(x)


@op("atan2", host=twin("atan2", np.arctan2, FLOAT), hint=BROADCAST)
def atan2(y: Any, x: Any) -> Any:
    """Angle in [-pi, pi] of the point ``(x, y)``, in radians.

    Args:
        y: Floating tensor.
        x: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.atan2([0.0], [1.0])
        <tf.Tensor: shape=(1,), dtype=float32, numpy=array([0.], dtype=float32)>

    Source: `tf.math.atan2`.
    """
    needs("atan2", FLOAT, y, x)
    return jnp.arctan2(y, x)
