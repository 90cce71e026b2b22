"""Reductions over axes: sums, means, extremes, logic, spread, positions, counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.core import dtypes
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops import sparse as sparse_rules
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.keras.ops.reducing import extreme, in_float32, position, summable
from thalweg._src.keras.ops.sparse import taking_sparse
from thalweg._src.ops import counting, elementwise, inspection, reduction


@operation
@taking_sparse(sparse_rules.summed)
def sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Sum of the elements along axes.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the dtype of `x`; integers of 32 bits at least.

    Raises:
        InvalidArgumentError: An axis is out of range or named twice.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.sum([[True, False], [True, True]], axis=0)
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([2, 1], dtype=int32)>

    Source: `keras.ops.sum`.
    """
    return reduction.reduce_sum(summable(x), axis, keepdims)


@operation
def prod(x: Any, axis: Any = None, keepdims: bool = False, dtype: Any = None) -> Any:
    """Product of the elements along axes.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.
        dtype: Dtype to multiply in and to return; integers of 32 bits at least when None.

    Returns:
        Tensor.

    Raises:
        InvalidArgumentError: An axis is out of range or named twice.

    Source: `keras.ops.prod`. Keras on TensorFlow passes over `dtype`.
    """
    return reduction.reduce_prod(summable(x, dtype), axis, keepdims)


@operation
def mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Mean of the elements along axes.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Floating tensor; the mean of no elements is NaN.

    Raises:
        InvalidArgumentError: An axis is out of range or named twice.

    Source: `keras.ops.mean`.
    """
    return in_float32(reduction.reduce_mean, x, axis, keepdims)


@operation
def var(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Variance along axes: the mean squared distance from the mean, divided by n.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Floating tensor; real for complex numbers.

    Raises:
        InvalidArgumentError: An axis is out of range or named twice.

    Source: `keras.ops.var`.
    """
    return in_float32(reduction.reduce_variance, x, axis, keepdims)


@operation
def std(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Standard deviation along axes: the root of the variance, divided by n.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Floating tensor; real for complex numbers.

    Raises:
        InvalidArgumentError: An axis is out of range or named twice.

    Source: `keras.ops.std`.
    """
    return in_float32(reduction.reduce_std, x, axis, keepdims)


# --- Extremes -----------------------------------------------------------------------------------------


@operation
def max(x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None) -> Any:
    """Largest element along axes; NaN where one is NaN.

    Args:
        x: Tensor of a real dtype or bool.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.
        initial: Least value of the result; needed only where there are no elements.

    Returns:
        Tensor of the dtype of `x`.

    Raises:
        ShapeError: There are no elements and no `initial`.

    Source: `keras.ops.max`.
    """
    return extreme("max", True, x, axis, keepdims, initial)


@operation
def min(x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None) -> Any:
    """Smallest element along axes; NaN where one is NaN.

    Args:
        x: Tensor of a real dtype or bool.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.
        initial: Greatest value of the result; needed only where there are no elements.

    Returns:
        Tensor of the dtype of `x`.

    Raises:
        ShapeError: There are no elements and no `initial`.

    Source: `keras.ops.min`.
    """
    return extreme("min", False, x, axis, keepdims, initial)


@operation
def amax(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Largest element along axes; NaN where one is NaN. Another name of `max`.

    Args:
        x: Tensor of a real dtype or bool.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the dtype of `x`.

    Raises:
        ShapeError: There are no elements.

    Source: `keras.ops.amax`.
    """
    return extreme("amax", True, x, axis, keepdims)


@operation
def amin(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Smallest element along axes; NaN where one is NaN. Another name of `min`.

    Args:
        x: Tensor of a real dtype or bool.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the dtype of `x`.

    Raises:
        ShapeError: There are no elements.

    Source: `keras.ops.amin`.
    """
    return extreme("amin", False, x, axis, keepdims)


@operation
def ptp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Range of the values along axes: the largest less the smallest.

    Args:
        x: Tensor of a real dtype.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the dtype of `x`.

    Raises:
        ShapeError: There are no elements.

    Source: `keras.ops.ptp`.
    """
    ends = [extreme("ptp", largest, x, axis, keepdims) for largest in (True, False)]
    return elementwise.subtract(*ends)


@operation
def argmax(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Position of the largest element along an axis, the first one of equals.

    Args:
        x: Tensor of a real dtype or bool.
        axis: Axis; None for the position in the flattened tensor.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Int32 tensor. NaN is passed over.

    Raises:
        InvalidArgumentError: The axis is out of range or has no elements.

    Source: `keras.ops.argmax`.
    """
    return position(x, axis, keepdims, True)


@operation
def argmin(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Position of the smallest element along an axis, the first one of equals.

    Args:
        x: Tensor of a real dtype or bool.
        axis: Axis; None for the position in the flattened tensor.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Int32 tensor. NaN is passed over.

    Raises:
        InvalidArgumentError: The axis is out of range or has no elements.

    Source: `keras.ops.argmin`.
    """
    return position(x, axis, keepdims, False)


# --- Logic and counts ---------------------------------------------------------------------------------


@operation
def all(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """True where all elements along axes are True or not 0; so for none at all.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Bool tensor.

    Source: `keras.ops.all`.
    """
    return reduction.reduce_all(tensor_of(x, dtypes.bool), axis, keepdims)


@operation
def any(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """True where one or more elements along axes are True or not 0.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Bool tensor.

    Source: `keras.ops.any`.
    """
    return reduction.reduce_any(tensor_of(x, dtypes.bool), axis, keepdims)


@operation
def count_nonzero(x: Any, axis: Any = None) -> Any:
    """Number of elements along axes that are not 0.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.

    Returns:
        Int32 tensor.

    Source: `keras.ops.count_nonzero`.
    """
    return counting.count_nonzero(tensor_of(x), axis, dtype=dtypes.int32)


def size(x: Any) -> Any:
    """Number of elements, known on the host also inside compiled programs.

    Args:
        x: Tensor.

    Returns:
        Int32 scalar that can serve in shapes.

    Source: `keras.ops.size`.
    """
    return inspection.size(x)


def ndim(x: Any) -> int:
    """Number of dimensions, as a Python int.

    Args:
        x: Tensor, symbolic ones included.

    Returns:
        Integer.

    Source: `keras.ops.ndim`; of a symbolic tensor too, where Keras gives another symbolic tensor.
    """
    return len(x.shape) if hasattr(x, "shape") else np.ndim(x)
