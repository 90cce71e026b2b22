"""Along one axis: running sums and products, differences, integrals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.keras.ops.nan import filled
from thalweg._src.ops import cumulative, shaping
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.support import axis_of


def _running(function: Callable[..., Any], x: Any, axis: Any, dtype: Any) -> Any:
    """Running sum or product along an axis, or of the flattened tensor.

    Args:
        function: `cumulative.cumsum` or `cumulative.cumprod`.
        x: Tensor; bools count as int32.
        axis: Axis; None to flatten.
        dtype: Dtype to compute in; that of `x` when None.
    """
    tensor = tensor_of(x)
    if dtype is not None:
        tensor = cast(tensor, dtype)
    elif tensor.dtype is dtypes.bool:
        tensor = cast(tensor, dtypes.int32)
    if axis is None:
        return function(shaping.reshape(tensor, [-1]), 0)
    return function(tensor, freeze(axis))


@operation
def cumsum(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """Running sum along an axis.

    Args:
        x: Tensor.
        axis: Axis; None for the flattened tensor.
        dtype: Dtype to add up in and to return; that of `x` when None, int32 for bools.

    Returns:
        Tensor.

    Raises:
        InvalidArgumentError: The axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.cumsum([[1, 2], [3, 4]]).numpy().tolist()
        [1, 3, 6, 10]

    Source: `keras.ops.cumsum`.
    """
    return _running(cumulative.cumsum, x, axis, dtype)


@operation
def cumprod(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """Running product along an axis.

    Args:
        x: Tensor.
        axis: Axis; None for the flattened tensor.
        dtype: Dtype to multiply in and to return; that of `x` when None, int32 for bools.

    Returns:
        Tensor.

    Raises:
        InvalidArgumentError: The axis is out of range.

    Source: `keras.ops.cumprod`.
    """
    return _running(cumulative.cumprod, x, axis, dtype)


@operation
def nancumsum(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """Running sum along an axis, NaN counting as 0.

    Args:
        x: Tensor.
        axis: Axis; None for the flattened tensor.
        dtype: Dtype to add up in and to return; that of `x` when None, int32 for bools.

    Returns:
        Tensor.

    Source: `keras.ops.nancumsum`.
    """
    return _running(cumulative.cumsum, filled(tensor_of(x), 0.0), axis, dtype)


@operation
def nancumprod(x: Any, axis: Any = None, dtype: Any = None) -> Any:
    """Running product along an axis, NaN counting as 1.

    Args:
        x: Tensor.
        axis: Axis; None for the flattened tensor.
        dtype: Dtype to multiply in and to return; that of `x` when None, int32 for bools.

    Returns:
        Tensor.

    Source: `keras.ops.nancumprod`.
    """
    return _running(cumulative.cumprod, filled(tensor_of(x), 1.0), axis, dtype)


@op("diff")
def _diff(x: Any, *, n: int, axis: int) -> Any:
    """Differences of neighbours, taken n times."""
    return jnp.diff(x, n, axis)


@operation
def diff(a: Any, n: Any = 1, axis: Any = -1) -> Any:
    """Differences of neighbours along an axis, taken several times.

    Args:
        a: Tensor of rank 1 or more.
        n: How many times, 0 or more.
        axis: Axis.

    Returns:
        Tensor that is shorter by `n` along the axis; of bools, where neighbours differ.

    Raises:
        InvalidArgumentError: `n` is negative or the axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.diff([1, 4, 9, 16], n=2).numpy().tolist()
        [2, 2]

    Source: `keras.ops.diff`.
    """
    tensor = tensor_of(a)
    times = int_of("diff", "n", freeze(n))
    if times < 0:
        raise InvalidArgumentError(f"[diff] expected n of 0 or more, got {times}; use 1.")
    return _diff(tensor, n=times, axis=axis_of("diff", freeze(axis), tensor.ndim))


@op("trapezoid")
def _trapezoid(y: Any, dx: Any, *, axis: int) -> Any:
    """Integral of the lines through points at one distance."""
    return jnp.trapezoid(y, dx=dx, axis=axis)


@op("trapezoid_at")
def _trapezoid_at(y: Any, x: Any, *, axis: int) -> Any:
    """Integral of the lines through points."""
    return jnp.trapezoid(y, x, axis=axis)


@operation
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: Any = -1) -> Any:
    """Integral along an axis by the trapezoidal rule.

    Args:
        y: Values.
        x: Where they lie, of the shape of `y` or of its axis; at a distance of `dx` when None.
        dx: Distance of neighbours, for no `x`.
        axis: Axis.

    Returns:
        Floating tensor without the axis, in the dtype of `y`.

    Raises:
        InvalidArgumentError: The axis is out of range.

    Example:
        >>> import thalweg as tf
        >>> float(tf.keras.ops.trapezoid([1.0, 2.0, 3.0], dx=2.0))
        8.0

    Source: `keras.ops.trapezoid`.
    """
    (values,) = promoted(y, least=float)
    at = axis_of("trapezoid", freeze(axis), values.ndim)
    if x is None:
        return _trapezoid(values, tensor_of(dx, values.dtype), axis=at)
    return _trapezoid_at(values, tensor_of(x, values.dtype), axis=at)
