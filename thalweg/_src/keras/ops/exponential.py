"""Exponentials and logarithms, with Keras' promotion of dtypes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax
from jax import lax
from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.keras.ops import sparse as sparse_rules
from thalweg._src.keras.ops.arguments import floating, tensor_of
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.keras.ops.sparse import taking_sparse
from thalweg._src.ops import exponential
from thalweg._src.ops.support import BROADCAST, FLOAT, INEXACT, INTEGER, needs


@pointwise
@taking_sparse(sparse_rules.densely)
def exp(x: Any) -> Any:
    """``e ** x``, element by element.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.exp`.
    """
    return exponential.exp(*floating(x))


@op("exp2")
def _exp2(x: Any) -> Any:
    """Power of 2."""
    needs("exp2", INEXACT, x)
    return lax.exp2(x)


@pointwise
@taking_sparse(sparse_rules.densely)
def exp2(x: Any) -> Any:
    """``2 ** x``, element by element.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.exp2`.
    """
    return _exp2(*floating(x))


@pointwise
def expm1(x: Any) -> Any:
    """``e ** x - 1``, exact also near 0.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.expm1`.
    """
    return exponential.expm1(*floating(x))


@pointwise
@taking_sparse(sparse_rules.densely)
def log(x: Any) -> Any:
    """Natural logarithm: -inf at 0, NaN below (for real `x`).

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.log`.
    """
    return exponential.log(*floating(x))


@op("log2")
def _log2(x: Any) -> Any:
    """Logarithm to the base 2."""
    needs("log2", INEXACT, x)
    return jnp.log2(x)


@pointwise
@taking_sparse(sparse_rules.densely)
def log2(x: Any) -> Any:
    """Logarithm to the base 2: -inf at 0, NaN below (for real `x`).

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.log2`.
    """
    return _log2(*floating(x))


@op("log10")
def _log10(x: Any) -> Any:
    """Logarithm to the base 10."""
    needs("log10", INEXACT, x)
    return jnp.log10(x)


@pointwise
@taking_sparse(sparse_rules.densely)
def log10(x: Any) -> Any:
    """Logarithm to the base 10: -inf at 0, NaN below (for real `x`).

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.log10`.
    """
    return _log10(*floating(x))


@pointwise
def log1p(x: Any) -> Any:
    """``log(1 + x)``, exact also near 0; -inf at -1.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `numpy.log1p`.
    """
    return exponential.log1p(*floating(x))


def _with_shares(function: Callable[[Any, Any], Any], scale: float) -> Callable[[Any, Any], Any]:
    """`function` of two arrays, whose slopes are their shares in the sum: ``sigmoid(scale * (x - y))``.

    They are exact also for large numbers, and finite where both are infinite.
    """
    smooth = jax.custom_jvp(function)

    @smooth.defjvp
    def _(primals: Any, tangents: Any) -> Any:
        x, y = primals
        # Equal infinities have no difference; as other equal numbers, each has half of the sum.
        lead = scale * jnp.where(x == y, jnp.zeros_like(x), x - y)
        return smooth(x, y), lax.logistic(lead) * tangents[0] + lax.logistic(-lead) * tangents[1]

    return smooth


_log_of_sum = _with_shares(jnp.logaddexp, 1.0)
_log2_of_sum = _with_shares(jnp.logaddexp2, math.log(2.0))


@op("logaddexp", hint=BROADCAST)
def _logaddexp(x: Any, y: Any) -> Any:
    """Sum of two numbers given by their logarithms to the base e."""
    needs("logaddexp", FLOAT, x, y)
    return _log_of_sum(*jnp.broadcast_arrays(x, y))


@pointwise
def logaddexp(x1: Any, x2: Any) -> Any:
    """``log(exp(x1) + exp(x2))`` without overflow: the sum of numbers given by logarithms to the base e.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common floating dtype; ``floatx()`` for integers.

    Source: `numpy.logaddexp`.
    """
    return _logaddexp(*floating(x1, x2))


@op("logaddexp2", hint=BROADCAST)
def _logaddexp2(x: Any, y: Any) -> Any:
    """Sum of two numbers given by their logarithms to the base 2."""
    needs("logaddexp2", FLOAT, x, y)
    return _log2_of_sum(*jnp.broadcast_arrays(x, y))


@pointwise
def logaddexp2(x1: Any, x2: Any) -> Any:
    """``log2(2 ** x1 + 2 ** x2)`` without overflow: the sum of numbers given by logarithms to the base 2.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common floating dtype; ``floatx()`` for integers.

    Source: `numpy.logaddexp2`.
    """
    return _logaddexp2(*floating(x1, x2))


@op("ldexp", matched=(), hint=BROADCAST)
def _ldexp(x: Any, exponent: Any) -> Any:
    """Product with a power of 2."""
    needs("ldexp", FLOAT, x)
    needs("ldexp", INTEGER, exponent)
    return jnp.ldexp(x, exponent)


@pointwise
def ldexp(x1: Any, x2: Any) -> Any:
    """``x1 * 2 ** x2``, element by element.

    Args:
        x1: Tensor, array or number.
        x2: Integer tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the floating dtype of `x1`; ``floatx()`` for integers.

    Raises:
        DTypeError: `x2` is not of an integer dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.ldexp([0.75, 1.5], [1, -1]).numpy().tolist()
        [1.5, 0.75]

    Source: `numpy.ldexp`.
    """
    return _ldexp(*floating(x1), tensor_of(x2))
