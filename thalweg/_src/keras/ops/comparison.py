"""Comparisons, and the larger or smaller of two, with Keras' promotion of dtypes."""

from __future__ import annotations

from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.keras.ops import sparse as sparse_rules
from thalweg._src.keras.ops.arguments import is_bool, is_inexact, numbers, promoted, tensor_of
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.keras.ops.sparse import taking_sparse
from thalweg._src.ops import clipping, comparison
from thalweg._src.ops.support import BROADCAST, NUMERIC, REAL, needs


@pointwise
def equal(x1: Any, x2: Any) -> Any:
    """True where ``x1 == x2``; NaN equals nothing.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `numpy.equal`.
    """
    return comparison.equal(*promoted(x1, x2))


@pointwise
def not_equal(x1: Any, x2: Any) -> Any:
    """True where ``x1 != x2``; NaN differs from everything.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `numpy.not_equal`.
    """
    return comparison.not_equal(*promoted(x1, x2))


@pointwise
def less(x1: Any, x2: Any) -> Any:
    """True where ``x1 < x2``; False counts as less than True.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `numpy.less`.
    """
    return comparison.less(*numbers(x1, x2))


@pointwise
def less_equal(x1: Any, x2: Any) -> Any:
    """True where ``x1 <= x2``; False counts as less than True.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `numpy.less_equal`.
    """
    return comparison.less_equal(*numbers(x1, x2))


@pointwise
def greater(x1: Any, x2: Any) -> Any:
    """True where ``x1 > x2``; False counts as less than True.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `numpy.greater`.
    """
    return comparison.greater(*numbers(x1, x2))


@pointwise
def greater_equal(x1: Any, x2: Any) -> Any:
    """True where ``x1 >= x2``; False counts as less than True.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `numpy.greater_equal`.
    """
    return comparison.greater_equal(*numbers(x1, x2))


@pointwise
@taking_sparse(sparse_rules.largest)
def maximum(x1: Any, x2: Any) -> Any:
    """The larger of `x1` and `x2`, element by element; NaN where one is NaN.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype. Where both are equal the gradient goes to `x1`.

    Source: `numpy.maximum`.
    """
    x1, x2 = promoted(x1, x2)
    return comparison.logical_or(x1, x2) if is_bool(x1) else clipping.maximum(x1, x2)


@pointwise
@taking_sparse(sparse_rules.smallest)
def minimum(x1: Any, x2: Any) -> Any:
    """The smaller of `x1` and `x2`, element by element; NaN where one is NaN.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype. Where both are equal the gradient goes to `x1`.

    Source: `numpy.minimum`.
    """
    x1, x2 = promoted(x1, x2)
    return comparison.logical_and(x1, x2) if is_bool(x1) else clipping.minimum(x1, x2)


@op("fmax", hint=BROADCAST)
def _fmax(x: Any, y: Any) -> Any:
    """The larger, numbers going before NaN."""
    needs("fmax", REAL, x, y)
    return jnp.where((x >= y) | (y != y), x, y)


@pointwise
def fmax(x1: Any, x2: Any) -> Any:
    """The larger of `x1` and `x2`, element by element; of a number and NaN the number.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype. Where both are equal the gradient goes to `x1`.

    Source: `numpy.fmax`.
    """
    x1, x2 = promoted(x1, x2)
    return comparison.logical_or(x1, x2) if is_bool(x1) else _fmax(x1, x2)


@op("fmin", hint=BROADCAST)
def _fmin(x: Any, y: Any) -> Any:
    """The smaller, numbers going before NaN."""
    needs("fmin", REAL, x, y)
    return jnp.where((x <= y) | (y != y), x, y)


@pointwise
def fmin(x1: Any, x2: Any) -> Any:
    """The smaller of `x1` and `x2`, element by element; of a number and NaN the number.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype. Where both are equal the gradient goes to `x1`.

    Source: `numpy.fmin`.
    """
    x1, x2 = promoted(x1, x2)
    return comparison.logical_and(x1, x2) if is_bool(x1) else _fmin(x1, x2)


@op("isclose", inputs=("x", "y"), hint=BROADCAST, differentiable=False)
def _isclose(x: Any, y: Any, rtol: float, atol: float, equal_nan: bool) -> Any:
    """True where two numbers are nearly equal."""
    needs("isclose", (*NUMERIC, "bool"), x, y)
    return jnp.isclose(x, y, rtol, atol, equal_nan)


@pointwise
def isclose(
    x1: Any, x2: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> Any:
    """True where ``|x1 - x2| <= atol + rtol * |x2|``.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.
        rtol: Relative tolerance, 0 or more.
        atol: Absolute tolerance, 0 or more.
        equal_nan: Whether NaN is close to NaN.

    Returns:
        Bool tensor of the broadcast shape. Infinities of one sign are close.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.isclose([1.0, 2.0], [1.0000001, 2.1]).numpy().tolist()
        [True, False]

    Source: `numpy.isclose`. In Keras on TensorFlow infinities are close to nothing.
    """
    return _isclose(*promoted(x1, x2), rtol, atol, equal_nan)


@pointwise
def clip(x: Any, x_min: Any, x_max: Any) -> Any:
    """`x` with values below `x_min` and above `x_max` set to these.

    Args:
        x: Tensor, array or number.
        x_min: Smallest value: number, or tensor that broadcasts with `x`.
        x_max: Largest value: number, or tensor that broadcasts with `x`.

    Returns:
        Tensor of the shape and dtype of `x`; int32 for bools. The gradient of clipped values is 0.

    Raises:
        DTypeError: A bound is a Python float and `x` is of an integer dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.clip([-3.0, 0.5, 9.0], 0.0, 1.0).numpy().tolist()
        [0.0, 0.5, 1.0]

    Source: `numpy.clip`. Bounds take the dtype of `x`.
    """
    (x,) = numbers(x)
    low, high = _bound(x, x_min), _bound(x, x_max)
    return clipping.minimum(clipping.maximum(x, low), high)


def _bound(x: Any, value: Any) -> Any:
    if isinstance(value, float) and not is_inexact(x):
        name = dtypes.as_dtype(x.dtype).name
        raise DTypeError(
            f"[clip] expected integer bounds for x of dtype {name}, got {value}; write an int, or cast x "
            "to a float."
        )
    return tensor_of(value, x.dtype)
