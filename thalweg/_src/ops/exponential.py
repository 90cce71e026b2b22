"""Exponentials, logarithms, roots and the sigmoid family, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.ops.support import (
    FLOAT,
    INEXACT,
    needs,
    square_root,
    twin,
    with_slope_of_result,
)

_CAST = "Cast integers with tf.cast(x, tf.float32) first."
_rsqrt = with_slope_of_result(lax.rsqrt, lambda y: -0.5 * y * y * y)


@op("exp", host=twin("exp", np.exp, INEXACT), hint=_CAST)
def exp(x: Any) -> Any:
    """``e ** x``, element by element.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.exp([0.0, float("-inf")])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([1., 0.], dtype=float32)>

    Source: `tf.math.exp`.
    """
    needs("exp", INEXACT, x)
    return lax.exp(x)


@op("expm1", host=twin("expm1", np.expm1, INEXACT), hint=_CAST)
def expm1(x: Any) -> Any:
    """``e ** x - 1``, exact also near 0.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> float(tf.math.expm1(1e-10)) > 0
        True

    Source: `tf.math.expm1`.
    """
    needs("expm1", INEXACT, x)
    return lax.expm1(x)


@op("log", host=twin("log", np.log, INEXACT), hint=_CAST)
def log(x: Any) -> Any:
    """Natural logarithm: -inf at 0, NaN below (for real `x`).

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.math.log([1.0, 0.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([  0., -inf], dtype=float32)>

    Source: `tf.math.log`.
    """
    needs("log", INEXACT, x)
    return lax.log(x)


@op("log1p", host=twin("log1p", np.log1p, INEXACT), hint=_CAST)
def log1p(x: Any) -> Any:
    """``log(1 + x)``, exact also near 0.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.log1p`.
    """
    needs("log1p", INEXACT, x)
    return lax.log1p(x)


@op("sqrt", host=twin("sqrt", np.sqrt, INEXACT), hint=_CAST)
def sqrt(x: Any) -> Any:
    """Square root; NaN for negative real numbers.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype. The gradient at 0 is infinite, but 0 where the cotangent is 0,
        so that ``tf.where(x > 0, tf.sqrt(x), x)`` has a gradient at 0.

    Example:
        >>> import thalweg as tf
        >>> tf.sqrt([4.0, 9.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([2., 3.], dtype=float32)>

    Source: `tf.math.sqrt`.
    """
    needs("sqrt", INEXACT, x)
    return square_root(x)


@op("rsqrt", host=twin("rsqrt", lambda x: (1 / np.sqrt(x)).astype(x.dtype), INEXACT), hint=_CAST)
def rsqrt(x: Any) -> Any:
    """``1 / sqrt(x)``, element by element.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.rsqrt`.
    """
    needs("rsqrt", INEXACT, x)
    return _rsqrt(x)


@op("sigmoid", hint=_CAST)
def sigmoid(x: Any) -> Any:
    """``1 / (1 + exp(-x))``: values in (0, 1).

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.sigmoid([0.0, 1000.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0.5, 1. ], dtype=float32)>

    Source: `tf.math.sigmoid`.
    """
    needs("sigmoid", INEXACT, x)
    return lax.logistic(x)


@op("softplus", hint=_CAST)
def softplus(features: Any) -> Any:
    """``log(1 + exp(features))`` without overflow: a smooth form of ``max(features, 0)``.

    Args:
        features: Floating tensor.

    Returns:
        Tensor of the same shape and dtype, with values above 0.

    Example:
        >>> import thalweg as tf
        >>> tf.math.softplus([1000.0])
        <tf.Tensor: shape=(1,), dtype=float32, numpy=array([1000.], dtype=float32)>

    Source: `tf.math.softplus`.
    """
    needs("softplus", FLOAT, features)
    return jnp.logaddexp(features, jnp.zeros_like(features))


@op("log_sigmoid", hint=_CAST)
def log_sigmoid(x: Any) -> Any:
    """``log(sigmoid(x))`` without underflow: values below 0.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.math.log_sigmoid([-1000.0])
        <tf.Tensor: shape=(1,), dtype=float32, numpy=array([-1000.], dtype=float32)>

    Source: `tf.math.log_sigmoid`.
    """
    needs("log_sigmoid", FLOAT, x)
    return -jnp.logaddexp(-x, jnp.zeros_like(x))


@op("softsign", hint=_CAST)
def softsign(features: Any) -> Any:
    """``features / (1 + |features|)``: values in (-1, 1).

    Args:
        features: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.softsign`.
    """
    needs("softsign", FLOAT, features)
    return features / (1 + lax.abs(features))
