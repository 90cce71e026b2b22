"""Reductions that pass over NaN: of what is left, with the meaning of the plain ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.ops.reducing import (
    extreme,
    in_float32,
    need_elements,
    position,
    summable,
)
from thalweg._src.ops import comparison, elementwise, exponential, reduction, rounding, shaping
from thalweg._src.ops.casting import cast
from thalweg._src.ops.selection import where
from thalweg._src.ops.support import axis_of


def filled(tensor: Any, value: float) -> Any:
    """A tensor with a value in place of NaN; integers hold none."""
    if not tensor.dtype.is_floating:
        return tensor
    return where(rounding.is_nan(tensor), np.asarray(value, tensor.dtype.numpy_dtype), tensor)


def _count(floats: Any, axis: Any, keepdims: Any) -> Any:
    present = comparison.logical_not(rounding.is_nan(floats))
    return reduction.reduce_sum(cast(present, floats.dtype), axis, keepdims)


def _mean(floats: Any, axis: Any, keepdims: Any) -> Any:
    total = reduction.reduce_sum(filled(floats, 0.0), axis, keepdims)
    return elementwise.truediv(total, _count(floats, axis, keepdims))


def _variance(floats: Any, axis: Any, keepdims: Any) -> Any:
    deviation = filled(elementwise.subtract(floats, _mean(floats, axis, True)), 0.0)
    total = reduction.reduce_sum(elementwise.square(deviation), axis, keepdims)
    return elementwise.truediv(total, _count(floats, axis, keepdims))


def _deviation(floats: Any, axis: Any, keepdims: Any) -> Any:
    return exponential.sqrt(_variance(floats, axis, keepdims))


def _extreme(where_: str, largest: bool, x: Any, axis: Any, keepdims: Any) -> Any:
    tensor = tensor_of(x)
    if not tensor.dtype.is_floating:
        return extreme(where_, largest, tensor, axis, keepdims)
    weakest = -np.inf if largest else np.inf
    found = extreme(where_, largest, filled(tensor, weakest), axis, keepdims)
    nothing = reduction.reduce_all(rounding.is_nan(tensor), axis, keepdims)
    return where(nothing, np.asarray(np.nan, tensor.dtype.numpy_dtype), found)


@op("nan_position", differentiable=False)
def _first(x: Any, *, axis: int, largest: bool) -> Any:
    """Position of the first extreme that is not NaN; -1 where there is none."""
    present = ~jnp.isnan(x)
    values = jnp.where(present, x, jnp.asarray(-np.inf if largest else np.inf, x.dtype))
    best = (jnp.max if largest else jnp.min)(values, axis=axis, keepdims=True)
    count = np.int32(x.shape[axis])
    places = lax.broadcasted_iota(np.int32, x.shape, axis)
    found = jnp.min(jnp.where(present & (values == best), places, count), axis=axis)
    return jnp.where(found == count, np.int32(-1), found)


def _position(where_: str, x: Any, axis: Any, keepdims: Any, largest: bool) -> Any:
    tensor = tensor_of(x)
    if not tensor.dtype.is_floating:
        return position(tensor, axis, keepdims, largest)
    need_elements(where_, tensor, axis)
    rows = shaping.reshape(tensor, [-1]) if axis is None else tensor
    at = 0 if axis is None else axis_of(where_, freeze(axis), tensor.ndim)
    found = _first(rows, axis=at, largest=largest)
    if not keepdims:
        return found
    kept = [1] * tensor.ndim if axis is None else None
    return shaping.expand_dims(found, at) if kept is None else shaping.reshape(found, kept)


@operation
def nansum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Sum along axes, NaN counting as 0.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the dtype of `x`; integers of 32 bits at least.

    Source: `keras.ops.nansum`.
    """
    return reduction.reduce_sum(filled(summable(x), 0.0), axis, keepdims)


@operation
def nanprod(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Product along axes, NaN counting as 1.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the dtype of `x`; integers of 32 bits at least.

    Source: `keras.ops.nanprod`.
    """
    return reduction.reduce_prod(filled(summable(x), 1.0), axis, keepdims)


@operation
def nanmean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Mean along axes of the elements that are not NaN.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Floating tensor; NaN where all elements are.

    Example:
        >>> import thalweg as tf
        >>> float(tf.keras.ops.nanmean([1.0, float("nan"), 3.0]))
        2.0

    Source: `keras.ops.nanmean`.
    """
    return in_float32(_mean, x, axis, keepdims)


@operation
def nanvar(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Variance along axes of the elements that are not NaN.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Floating tensor; NaN where all elements are.

    Source: `keras.ops.nanvar`.
    """
    return in_float32(_variance, x, axis, keepdims)


@operation
def nanstd(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Standard deviation along axes of the elements that are not NaN.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Floating tensor; NaN where all elements are.

    Source: `keras.ops.nanstd`.
    """
    return in_float32(_deviation, x, axis, keepdims)


@operation
def nanmax(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Largest element along axes that is not NaN.

    Args:
        x: Tensor of a real dtype or bool.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the dtype of `x`; NaN where all elements are.

    Raises:
        ShapeError: There are no elements.

    Source: `keras.ops.nanmax`.
    """
    return _extreme("nanmax", True, x, axis, keepdims)


@operation
def nanmin(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Smallest element along axes that is not NaN.

    Args:
        x: Tensor of a real dtype or bool.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the dtype of `x`; NaN where all elements are.

    Raises:
        ShapeError: There are no elements.

    Source: `keras.ops.nanmin`.
    """
    return _extreme("nanmin", False, x, axis, keepdims)


@operation
def nanargmax(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Position of the largest element along an axis that is not NaN.

    Args:
        x: Tensor of a real dtype or bool.
        axis: Axis; None for the position in the flattened tensor.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Int32 tensor; -1 where all elements are NaN.

    Source: `keras.ops.nanargmax`; NumPy gives an error where all elements are NaN.
    """
    return _position("nanargmax", x, axis, keepdims, True)


@operation
def nanargmin(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Position of the smallest element along an axis that is not NaN.

    Args:
        x: Tensor of a real dtype or bool.
        axis: Axis; None for the position in the flattened tensor.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Int32 tensor; -1 where all elements are NaN.

    Source: `keras.ops.nanargmin`; NumPy gives an error where all elements are NaN.
    """
    return _position("nanargmin", x, axis, keepdims, False)
