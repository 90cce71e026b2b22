"""NaN and infinities: where they are, and numbers in their place."""

from __future__ import annotations

import math
from typing import Any

from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.keras.ops import sparse as sparse_rules
from thalweg._src.keras.ops.arguments import floating, is_inexact, tensor_of
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.keras.ops.sparse import taking_sparse
from thalweg._src.ops import comparison, rounding
from thalweg._src.ops.support import INEXACT, needs


@pointwise
def isnan(x: Any) -> Any:
    """True where `x` is NaN.

    Args:
        x: Tensor, array or number.

    Returns:
        Bool tensor of the same shape.

    Source: `numpy.isnan`.
    """
    return rounding.is_nan(*floating(x))


@pointwise
def isinf(x: Any) -> Any:
    """True where `x` is infinite, of either sign.

    Args:
        x: Tensor, array or number.

    Returns:
        Bool tensor of the same shape.

    Source: `numpy.isinf`.
    """
    return rounding.is_inf(*floating(x))


@pointwise
@taking_sparse(sparse_rules.densely)
def isfinite(x: Any) -> Any:
    """True where `x` is neither NaN nor infinite.

    Args:
        x: Tensor, array or number.

    Returns:
        Bool tensor of the same shape.

    Source: `numpy.isfinite`.
    """
    return rounding.is_finite(*floating(x))


@pointwise
def isposinf(x: Any) -> Any:
    """True where `x` is infinity.

    Args:
        x: Tensor, array or number.

    Returns:
        Bool tensor of the same shape.

    Source: `numpy.isposinf`.
    """
    return comparison.equal(*floating(x), math.inf)


@pointwise
def isneginf(x: Any) -> Any:
    """True where `x` is minus infinity.

    Args:
        x: Tensor, array or number.

    Returns:
        Bool tensor of the same shape.

    Source: `numpy.isneginf`.
    """
    return comparison.equal(*floating(x), -math.inf)


@op("nan_to_num", inputs=("x",))
def _nan_to_num(x: Any, nan: float, posinf: float | None, neginf: float | None) -> Any:
    """Numbers in the place of NaN and infinities."""
    needs("nan_to_num", INEXACT, x)
    return jnp.nan_to_num(x, nan=nan, posinf=posinf, neginf=neginf)


@pointwise
def nan_to_num(
    x: Any, nan: float = 0.0, posinf: float | None = None, neginf: float | None = None
) -> Any:
    """`x` with numbers in the place of NaN and infinities.

    Args:
        x: Tensor, array or number.
        nan: Value for NaN.
        posinf: Value for infinity; None for the largest number of the dtype.
        neginf: Value for minus infinity; None for the smallest number of the dtype.

    Returns:
        Tensor of the same shape and dtype. The gradient of replaced values is 0.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.nan_to_num([1.0, float("nan"), float("inf")], posinf=9.0).numpy().tolist()
        [1.0, 0.0, 9.0]

    Source: `numpy.nan_to_num`.
    """
    x = tensor_of(x)
    return _nan_to_num(x, nan, posinf, neginf) if is_inexact(x) else x
