"""Rounding, with Keras' promotion of dtypes."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.keras.ops.arguments import floating, is_inexact, tensor_of
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.ops import rounding
from thalweg._src.ops.support import FLOAT, REAL, kind_of, needs


@pointwise
def ceil(x: Any) -> Any:
    """Smallest whole number not below `x`, as a float.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers. It has no gradient.

    Source: `numpy.ceil`.
    """
    return rounding.ceil(*floating(x))


@pointwise
def floor(x: Any) -> Any:
    """Largest whole number not above `x`, as a float.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers. It has no gradient.

    Source: `numpy.floor`.
    """
    return rounding.floor(*floating(x))


@op("trunc", differentiable=False)
def _trunc(x: Any) -> Any:
    """Whole part."""
    needs("trunc", FLOAT, x)
    return jnp.trunc(x)


@pointwise
def trunc(x: Any) -> Any:
    """Nearest whole number towards 0.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and dtype. It has no gradient.

    Source: `numpy.trunc`.
    """
    x = tensor_of(x)
    return _trunc(x) if is_inexact(x) else x


@op("round_to", inputs=("x",), differentiable=False)
def _round_to(x: Any, decimals: int) -> Any:
    """Numbers rounded to a number of decimal digits."""
    needs("round", REAL, x)
    if kind_of(x) == "float":
        return jnp.round(x, decimals)
    if decimals >= 0:
        return x
    unit = np.asarray(10**-decimals, x.dtype)
    quotient, rest = jnp.floor_divide(x, unit), jnp.mod(x, unit)
    odd = jnp.mod(quotient, np.asarray(2, x.dtype)) == 1
    up = (rest > unit // 2) | ((rest == unit // 2) & odd)
    return (quotient + up.astype(x.dtype)) * unit


@pointwise
def round(x: Any, decimals: int = 0) -> Any:
    """Nearest number of so many decimal digits, halves going to the even digit.

    Args:
        x: Tensor, array or number.
        decimals: Number of digits after the point; -1 rounds to tens.

    Returns:
        Tensor of the same shape and dtype. It has no gradient.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.round([2.5, 3.5]).numpy().tolist()
        [2.0, 4.0]
        >>> tf.keras.ops.round([14, 15, 25], -1).numpy().tolist()
        [10, 20, 20]

    Source: `numpy.round`.
    """
    x = tensor_of(x)
    return _round_to(x, decimals) if decimals else rounding.round(x)


@pointwise
def nextafter(x1: Any, x2: Any) -> Any:
    """The float next to `x1` in the direction of `x2`.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common floating dtype; ``floatx()`` for integers.

    Source: `numpy.nextafter`.
    """
    return rounding.nextafter(*floating(x1, x2))
