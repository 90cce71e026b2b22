"""Sums, products, quotients and remainders, with Keras' promotion of dtypes."""

from __future__ import annotations

from typing import Any

from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.keras.ops import sparse as sparse_rules
from thalweg._src.keras.ops.arguments import (
    floating,
    is_bool,
    numbers,
    promoted,
    tensor_of,
)
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.keras.ops.sparse import taking_sparse
from thalweg._src.ops import comparison, elementwise, guarded, rounding
from thalweg._src.ops.support import BROADCAST, INTEGER, needs


@pointwise
@taking_sparse(sparse_rules.sums)
def add(x1: Any, x2: Any) -> Any:
    """Sum ``x1 + x2``, element by element; for bools True where one or both are.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.add([1, 2], 0.5).numpy().tolist()
        [1.5, 2.5]

    Source: `numpy.add`.
    """
    x1, x2 = promoted(x1, x2)
    return comparison.logical_or(x1, x2) if is_bool(x1) else elementwise.add(x1, x2)


@pointwise
@taking_sparse(sparse_rules.differences)
def subtract(x1: Any, x2: Any) -> Any:
    """Difference ``x1 - x2``, element by element.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype.

    Raises:
        DTypeError: Both are bools; `logical_xor` tells where they differ.

    Source: `numpy.subtract`.
    """
    return elementwise.subtract(*promoted(x1, x2))


@pointwise
@taking_sparse(sparse_rules.products)
def multiply(x1: Any, x2: Any) -> Any:
    """Product ``x1 * x2``, element by element; for bools True where both are.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype.

    Source: `numpy.multiply`.
    """
    return elementwise.multiply(*promoted(x1, x2))


@pointwise
@taking_sparse(sparse_rules.quotients)
def divide(x1: Any, x2: Any) -> Any:
    """Quotient ``x1 / x2`` as a float, element by element.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common floating dtype; ``floatx()`` for integers.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.divide(7, 2)
        <tf.Tensor: shape=(), dtype=float32, numpy=3.5>

    Source: `numpy.divide`.
    """
    return elementwise.truediv(*floating(x1, x2))


true_divide = divide


@pointwise
def divide_no_nan(x1: Any, x2: Any) -> Any:
    """Quotient ``x1 / x2``, but 0 where `x2` is 0.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common floating dtype; ``floatx()`` for integers.

    Source: `keras.ops.divide_no_nan`.
    """
    return guarded.divide_no_nan(*floating(x1, x2))


@pointwise
def floor_divide(x1: Any, x2: Any) -> Any:
    """Quotient ``x1 // x2``, rounded towards minus infinity.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype, int32 for bools. It has no gradient.

    Raises:
        InvalidArgumentError: `x2` is the integer 0, where that is known on the host.

    Source: `numpy.floor_divide`.
    """
    return elementwise.floordiv(*numbers(x1, x2))


@pointwise
def mod(x1: Any, x2: Any) -> Any:
    """Remainder ``x1 % x2``, with the sign of `x2`.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype, int32 for bools.

    Raises:
        InvalidArgumentError: `x2` is the integer 0, where that is known on the host.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.mod([-7, 7], 3).numpy().tolist()
        [2, 1]

    Source: `numpy.mod`.
    """
    return elementwise.floormod(*numbers(x1, x2))


@pointwise
def fmod(x1: Any, x2: Any) -> Any:
    """Remainder of the division rounded towards 0, with the sign of `x1`.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype, int32 for bools.

    Raises:
        InvalidArgumentError: `x2` is the integer 0, where that is known on the host.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.fmod([-7, 7], 3).numpy().tolist()
        [-1, 1]

    Source: `numpy.fmod`.
    """
    return rounding.truncatemod(*numbers(x1, x2))


@pointwise
def negative(x: Any) -> Any:
    """``-x``, element by element.

    Args:
        x: Tensor, array or number; unsigned numbers wrap around.

    Returns:
        Tensor of the same shape and dtype.

    Source: `numpy.negative`.
    """
    return elementwise.negative(tensor_of(x))


@pointwise
@taking_sparse(sparse_rules.densely)
def reciprocal(x: Any) -> Any:
    """``1 / x``, element by element.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.reciprocal`, which gives integers for integers.
    """
    return elementwise.reciprocal(*floating(x))


@op("gcd", hint=BROADCAST, differentiable=False)
def _gcd(x: Any, y: Any) -> Any:
    """Greatest common divisor."""
    needs("gcd", INTEGER, x, y)
    return jnp.gcd(x, y)


@pointwise
def gcd(x1: Any, x2: Any) -> Any:
    """Greatest common divisor, 0 or more; 0 where both are 0.

    Args:
        x1: Integer tensor, array or number.
        x2: Integer tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.gcd([12, -8], 18).numpy().tolist()
        [6, 2]

    Source: `numpy.gcd`.
    """
    return _gcd(*promoted(x1, x2))


@op("lcm", hint=BROADCAST, differentiable=False)
def _lcm(x: Any, y: Any) -> Any:
    """Least common multiple."""
    needs("lcm", INTEGER, x, y)
    return jnp.lcm(x, y)


@pointwise
def lcm(x1: Any, x2: Any) -> Any:
    """Least common multiple, 0 or more; 0 where one is 0.

    Args:
        x1: Integer tensor, array or number.
        x2: Integer tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype.

    Source: `numpy.lcm`.
    """
    return _lcm(*promoted(x1, x2))


@pointwise
def copy(x: Any) -> Any:
    """The values of `x` as a tensor of their own.

    Args:
        x: Tensor, Variable, array or number.

    Returns:
        Tensor of the same shape and dtype. Tensors never change, so that a tensor is its own copy; a
        Variable's is not changed by later assignments.

    Source: `numpy.copy`.
    """
    return tensor_of(x)
