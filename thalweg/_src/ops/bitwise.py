"""Bitwise ops, and the operators ``&``, ``|``, ``^`` and ``~``."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.ops.support import BROADCAST, INTEGER, needs, twin

_BITS = ("bool", "int", "uint")


@op("and", host=twin("and", np.bitwise_and, _BITS), hint=BROADCAST)
def and_(x: Any, y: Any) -> Any:
    """``x & y``: logical for bool, bitwise for integers.

    Args:
        x: Tensor of bool or an integer dtype.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Source: `tf.Tensor.__and__`.
    """
    needs("and", _BITS, x, y)
    return jnp.bitwise_and(x, y)


@op("or", host=twin("or", np.bitwise_or, _BITS), hint=BROADCAST)
def or_(x: Any, y: Any) -> Any:
    """``x | y``: logical for bool, bitwise for integers.

    Args:
        x: Tensor of bool or an integer dtype.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Source: `tf.Tensor.__or__`.
    """
    needs("or", _BITS, x, y)
    return jnp.bitwise_or(x, y)


@op("xor", host=twin("xor", np.bitwise_xor, _BITS), hint=BROADCAST)
def xor_(x: Any, y: Any) -> Any:
    """``x ^ y``: logical for bool, bitwise for integers.

    Args:
        x: Tensor of bool or an integer dtype.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Source: `tf.Tensor.__xor__`.
    """
    needs("xor", _BITS, x, y)
    return jnp.bitwise_xor(x, y)


@op("not", host=twin("not", np.bitwise_not, _BITS))
def not_(x: Any) -> Any:
    """``~x``: logical for bool, bitwise for integers.

    Args:
        x: Tensor of bool or an integer dtype.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.Tensor.__invert__`.
    """
    needs("not", _BITS, x)
    return lax.bitwise_not(x)


@op("bitwise_and", host=twin("bitwise_and", np.bitwise_and, INTEGER), hint=BROADCAST)
def bitwise_and(x: Any, y: Any) -> Any:
    """Bits set in both `x` and `y`.

    Args:
        x: Integer tensor.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.bitwise.bitwise_and(12, 10)
        <tf.Tensor: shape=(), dtype=int32, numpy=8>

    Source: `tf.bitwise.bitwise_and`.
    """
    needs("bitwise_and", INTEGER, x, y)
    return jnp.bitwise_and(x, y)


@op("bitwise_or", host=twin("bitwise_or", np.bitwise_or, INTEGER), hint=BROADCAST)
def bitwise_or(x: Any, y: Any) -> Any:
    """Bits set in `x`, in `y` or in both.

    Args:
        x: Integer tensor.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Source: `tf.bitwise.bitwise_or`.
    """
    needs("bitwise_or", INTEGER, x, y)
    return jnp.bitwise_or(x, y)


@op("bitwise_xor", host=twin("bitwise_xor", np.bitwise_xor, INTEGER), hint=BROADCAST)
def bitwise_xor(x: Any, y: Any) -> Any:
    """Bits set in one of `x` and `y` but not in both.

    Args:
        x: Integer tensor.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Source: `tf.bitwise.bitwise_xor`.
    """
    needs("bitwise_xor", INTEGER, x, y)
    return jnp.bitwise_xor(x, y)


@op("invert", host=twin("invert", np.bitwise_not, INTEGER))
def invert(x: Any) -> Any:
    """All bits of `x` flipped.

    Args:
        x: Integer tensor.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.bitwise.invert(5)
        <tf.Tensor: shape=(), dtype=int32, numpy=-6>

    Source: `tf.bitwise.invert`.
    """
    needs("invert", INTEGER, x)
    return lax.bitwise_not(x)


def _places(y: Any, width: int, numpy: Any) -> Any:
    return numpy.clip(y, 0, width - 1).astype(y.dtype)


def _left_host(x: Any, y: Any) -> Any:
    return np.left_shift(x, _places(y, 8 * x.dtype.itemsize, np))


def _right_host(x: Any, y: Any) -> Any:
    return np.right_shift(x, _places(y, 8 * x.dtype.itemsize, np))


@op("left_shift", host=twin("left_shift", _left_host, INTEGER), hint=BROADCAST)
def left_shift(x: Any, y: Any) -> Any:
    """Bits of `x` moved `y` places to the left, zeros coming in.

    Args:
        x: Integer tensor.
        y: Places, of the same dtype, clipped to [0, bits - 1]; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.bitwise.left_shift([1, 3], 2)
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([ 4, 12], dtype=int32)>

    Source: `tf.bitwise.left_shift`.
    """
    needs("left_shift", INTEGER, x, y)
    return jnp.left_shift(x, _places(y, 8 * x.dtype.itemsize, jnp))


@op("right_shift", host=twin("right_shift", _right_host, INTEGER), hint=BROADCAST)
def right_shift(x: Any, y: Any) -> Any:
    """Bits of `x` moved `y` places to the right; signed numbers keep their sign.

    Args:
        x: Integer tensor.
        y: Places, of the same dtype, clipped to [0, bits - 1]; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.bitwise.right_shift([-8, 8], 1)
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([-4,  4], dtype=int32)>

    Source: `tf.bitwise.right_shift`.
    """
    needs("right_shift", INTEGER, x, y)
    return jnp.right_shift(x, _places(y, 8 * x.dtype.itemsize, jnp))
