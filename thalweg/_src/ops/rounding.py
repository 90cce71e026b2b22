"""Rounding, neighbours and remainders towards 0, and tests for NaN and infinity."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.ops.support import BROADCAST, FLOAT, REAL, kind_of, needs, refuse_zero, twin


@op("ceil", host=twin("ceil", np.ceil, FLOAT), differentiable=False)
def ceil(x: Any) -> Any:
    """Smallest whole number not below `x`, as a float.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype. Its gradient is 0.

    Example:
        >>> import thalweg as tf
        >>> tf.math.ceil([1.2, -1.2])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([ 2., -1.], dtype=float32)>

    Source: `tf.math.ceil`.
    """
    needs("ceil", FLOAT, x)
    return lax.ceil(x)


@op("floor", host=twin("floor", np.floor, FLOAT), differentiable=False)
def floor(x: Any) -> Any:
    """Largest whole number not above `x`, as a float.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype. Its gradient is 0.

    Source: `tf.math.floor`.
    """
    needs("floor", FLOAT, x)
    return lax.floor(x)


def _round_host(x: Any) -> Any:
    return np.rint(x) if kind_of(x) == "float" else x


@op("round", host=twin("round", _round_host, REAL), differentiable=False)
def round(x: Any) -> Any:
    """Nearest whole number, halves going to the even one.

    Args:
        x: Tensor of a real dtype.

    Returns:
        Tensor of the same shape and dtype. Its gradient is 0.

    Example:
        >>> import thalweg as tf
        >>> tf.round([0.5, 1.5, 2.5])
        <tf.Tensor: shape=(3,), dtype=float32, numpy=array([0., 2., 2.], dtype=float32)>

    Source: `tf.math.round`.
    """
    needs("round", REAL, x)
    if kind_of(x) != "float":
        return x
    return lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN)


@op("rint", host=twin("rint", np.rint, FLOAT), differentiable=False)
def rint(x: Any) -> Any:
    """Nearest whole number, halves going to the even one, for floats only.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype. Its gradient is 0.

    Source: `tf.math.rint`.
    """
    needs("rint", FLOAT, x)
    return lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN)


def _truncatediv_host(x: Any, y: Any) -> Any:
    if kind_of(x) == "float":
        return np.trunc(np.divide(x, y))
    return ((x - np.fmod(x, y)) // y).astype(x.dtype)


@op("truncatediv", host=twin("truncatediv", _truncatediv_host, REAL), hint=BROADCAST)
def _truncatediv(x: Any, y: Any) -> Any:
    """Quotient rounded towards 0."""
    needs("truncatediv", REAL, x, y)
    x, y = jnp.broadcast_arrays(x, y)
    return jnp.trunc(lax.div(x, y)) if kind_of(x) == "float" else lax.div(x, y)


def truncatediv(x: Any, y: Any, name: str | None = None) -> Any:
    """Quotient rounded towards 0, as C divides.

    Args:
        x: Tensor of a real dtype.
        y: Tensor of the same dtype; shapes broadcast.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Raises:
        InvalidArgumentError: `y` is the integer 0, where that is known on the host.

    Example:
        >>> import thalweg as tf
        >>> tf.truncatediv([-7, 7], 2)
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([-3,  3], dtype=int32)>

    Source: `tf.truncatediv`.
    """
    refuse_zero("truncatediv", x, y)
    return _truncatediv(x, y)


@op("truncatemod", host=twin("truncatemod", np.fmod, REAL), hint=BROADCAST)
def _truncatemod(x: Any, y: Any) -> Any:
    """Remainder of the division rounded towards 0."""
    needs("truncatemod", REAL, x, y)
    x, y = jnp.broadcast_arrays(x, y)
    return lax.rem(x, y)


def truncatemod(x: Any, y: Any, name: str | None = None) -> Any:
    """Remainder of the division rounded towards 0; it has the sign of `x`.

    Args:
        x: Tensor of a real dtype.
        y: Tensor of the same dtype; shapes broadcast.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Raises:
        InvalidArgumentError: `y` is the integer 0, where that is known on the host.

    Example:
        >>> import thalweg as tf
        >>> tf.truncatemod([-7, 7], 3)
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([-1,  1], dtype=int32)>

    Source: `tf.truncatemod`.
    """
    refuse_zero("truncatemod", x, y)
    return _truncatemod(x, y)


@op("nextafter", host=twin("nextafter", np.nextafter, FLOAT), hint=BROADCAST)
def nextafter(x1: Any, x2: Any) -> Any:
    """The float next to `x1` in the direction of `x2`.

    Args:
        x1: Floating tensor.
        x2: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype. It follows `x1` with slope 1.

    Example:
        >>> import thalweg as tf
        >>> tf.math.nextafter([1.0], [2.0])
        <tf.Tensor: shape=(1,), dtype=float32, numpy=array([1.0000001], dtype=float32)>

    Source: `tf.math.nextafter`.
    """
    needs("nextafter", FLOAT, x1, x2)
    return _nextafter(*jnp.broadcast_arrays(x1, x2))


_nextafter = jax.custom_jvp(lax.nextafter)


@_nextafter.defjvp
def _nextafter_slope(primals: Any, tangents: Any) -> Any:
    return _nextafter(*primals), tangents[0]


@op("is_nan", host=twin("is_nan", np.isnan, FLOAT))
def is_nan(x: Any) -> Any:
    """True where `x` is NaN.

    Args:
        x: Floating tensor.

    Returns:
        Bool tensor of the same shape.

    Example:
        >>> import thalweg as tf
        >>> tf.math.is_nan([1.0, float("nan")])
        <tf.Tensor: shape=(2,), dtype=bool, numpy=array([False,  True])>

    Source: `tf.math.is_nan`.
    """
    needs("is_nan", FLOAT, x)
    return jnp.isnan(x)


@op("is_inf", host=twin("is_inf", np.isinf, FLOAT))
def is_inf(x: Any) -> Any:
    """True where `x` is infinite, of either sign.

    Args:
        x: Floating tensor.

    Returns:
        Bool tensor of the same shape.

    Source: `tf.math.is_inf`.
    """
    needs("is_inf", FLOAT, x)
    return jnp.isinf(x)


@op("is_finite", host=twin("is_finite", np.isfinite, FLOAT))
def is_finite(x: Any) -> Any:
    """True where `x` is neither NaN nor infinite.

    Args:
        x: Floating tensor.

    Returns:
        Bool tensor of the same shape.

    Source: `tf.math.is_finite`.
    """
    needs("is_finite", FLOAT, x)
    return jnp.isfinite(x)
