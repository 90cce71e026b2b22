"""Comparisons and logic: results are bool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.convert import from_host
from thalweg._src.core.opdef import op
from thalweg._src.ops.support import BOOL, BROADCAST, REAL, needs, twin


@op("less", host=twin("less", np.less, REAL), hint=BROADCAST)
def less(x: Any, y: Any) -> Any:
    """True where ``x < y``.

    Args:
        x: Tensor of a real dtype.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Example:
        >>> import thalweg as tf
        >>> tf.less([1, 5], 3)
        <tf.Tensor: shape=(2,), dtype=bool, numpy=array([ True, False])>

    Source: `tf.math.less`.
    """
    needs("less", REAL, x, y)
    return jnp.less(x, y)


@op("less_equal", host=twin("less_equal", np.less_equal, REAL), hint=BROADCAST)
def less_equal(x: Any, y: Any) -> Any:
    """True where ``x <= y``.

    Args:
        x: Tensor of a real dtype.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `tf.math.less_equal`.
    """
    needs("less_equal", REAL, x, y)
    return jnp.less_equal(x, y)


@op("greater", host=twin("greater", np.greater, REAL), hint=BROADCAST)
def greater(x: Any, y: Any) -> Any:
    """True where ``x > y``.

    Args:
        x: Tensor of a real dtype.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `tf.math.greater`.
    """
    needs("greater", REAL, x, y)
    return jnp.greater(x, y)


@op("greater_equal", host=twin("greater_equal", np.greater_equal, REAL), hint=BROADCAST)
def greater_equal(x: Any, y: Any) -> Any:
    """True where ``x >= y``.

    Args:
        x: Tensor of a real dtype.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `tf.math.greater_equal`.
    """
    needs("greater_equal", REAL, x, y)
    return jnp.greater_equal(x, y)


def _equal_host(x: Any, y: Any) -> Any:
    return np.asarray(np.equal(x, y), np.bool_)


def _not_equal_host(x: Any, y: Any) -> Any:
    return np.asarray(np.not_equal(x, y), np.bool_)


@op("equal", host=_equal_host, hint=BROADCAST)
def equal(x: Any, y: Any) -> Any:
    """True where ``x == y``; NaN equals nothing.

    Args:
        x: Tensor of any dtype, strings included.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Example:
        >>> import thalweg as tf
        >>> tf.equal(["a", "b"], "b")
        <tf.Tensor: shape=(2,), dtype=bool, numpy=array([False,  True])>

    Source: `tf.math.equal`.
    """
    return jnp.equal(x, y)


@op("not_equal", host=_not_equal_host, hint=BROADCAST)
def not_equal(x: Any, y: Any) -> Any:
    """True where ``x != y``; NaN differs from everything.

    Args:
        x: Tensor of any dtype, strings included.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `tf.math.not_equal`.
    """
    return jnp.not_equal(x, y)


def tensor_equals(x: Any, y: Any) -> Any:
    """``x == y``: element by element, False for None and for shapes that do not broadcast.

    Args:
        x: Tensor.
        y: Anything.

    Returns:
        Bool tensor, or False when `y` is None.

    Source: `tf.Tensor.__eq__`.
    """
    return False if y is None else _or_constant(equal, x, y, False)


def tensor_not_equals(x: Any, y: Any) -> Any:
    """``x != y``: element by element, True for None and for shapes that do not broadcast.

    Args:
        x: Tensor.
        y: Anything.

    Returns:
        Bool tensor, or True when `y` is None.

    Source: `tf.Tensor.__ne__`.
    """
    return True if y is None else _or_constant(not_equal, x, y, True)


def _or_constant(function: Callable[[Any, Any], Any], x: Any, y: Any, otherwise: bool) -> Any:
    try:
        return function(x, y)
    except ShapeError:
        return from_host(np.asarray(otherwise))


@op("logical_and", host=twin("logical_and", np.logical_and, BOOL), hint=BROADCAST)
def logical_and(x: Any, y: Any) -> Any:
    """True where both are True.

    Args:
        x: Bool tensor.
        y: Bool tensor; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Example:
        >>> import thalweg as tf
        >>> tf.logical_and(True, [False, True])
        <tf.Tensor: shape=(2,), dtype=bool, numpy=array([False,  True])>

    Source: `tf.math.logical_and`.
    """
    needs("logical_and", BOOL, x, y)
    return jnp.logical_and(x, y)


@op("logical_or", host=twin("logical_or", np.logical_or, BOOL), hint=BROADCAST)
def logical_or(x: Any, y: Any) -> Any:
    """True where one or both are True.

    Args:
        x: Bool tensor.
        y: Bool tensor; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `tf.math.logical_or`.
    """
    needs("logical_or", BOOL, x, y)
    return jnp.logical_or(x, y)


@op("logical_xor", host=twin("logical_xor", np.logical_xor, BOOL), hint=BROADCAST)
def logical_xor(x: Any, y: Any) -> Any:
    """True where exactly one is True.

    Args:
        x: Bool tensor.
        y: Bool tensor; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `tf.math.logical_xor`.
    """
    needs("logical_xor", BOOL, x, y)
    return jnp.logical_xor(x, y)


@op("logical_not", host=twin("logical_not", np.logical_not, BOOL))
def logical_not(x: Any) -> Any:
    """True where `x` is False.

    Args:
        x: Bool tensor.

    Returns:
        Bool tensor of the same shape.

    Source: `tf.math.logical_not`.
    """
    needs("logical_not", BOOL, x)
    return lax.bitwise_not(x)
