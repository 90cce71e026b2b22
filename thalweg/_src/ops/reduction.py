"""Reductions over axes: sums, means, extremes, logic, spread and norms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.support import (
    BOOL,
    FLOAT,
    INEXACT,
    NUMERIC,
    REAL,
    axes_of,
    kind_of,
    needs,
    square_root,
    twin,
)


def _host(where: str, function: Callable[..., Any], kinds: tuple[str, ...]) -> Callable[..., Any]:
    """NumPy twin of a reduction that keeps the dtype."""

    def reduce(input_tensor: Any, axis: Any, keepdims: Any) -> Any:
        axes = axes_of(where, axis, input_tensor.ndim)
        return function(input_tensor, axes, bool(keepdims)).astype(input_tensor.dtype)

    return twin(where, reduce, kinds)


def _sum_host(x: Any, axes: Any, keepdims: bool) -> Any:
    return np.sum(x, axes, dtype=x.dtype, keepdims=keepdims)


def _prod_host(x: Any, axes: Any, keepdims: bool) -> Any:
    return np.prod(x, axes, dtype=x.dtype, keepdims=keepdims)


def _mean_host(x: Any, axes: Any, keepdims: bool) -> Any:
    narrow = kind_of(x) in ("int", "uint") and x.dtype.itemsize < 4
    total = np.sum(x, axes, dtype=np.int32 if narrow else x.dtype, keepdims=keepdims)
    count = x.size // max(total.size, 1)
    if kind_of(x) in ("int", "uint"):
        return np.trunc(total / max(count, 1)).astype(x.dtype)
    return np.true_divide(total, count)


def _extreme_host(function: Any, largest: bool) -> Callable[..., Any]:
    def reduce(x: Any, axes: Any, keepdims: bool) -> Any:
        return function(x, axes, keepdims=keepdims, initial=_weakest(x, largest))

    return reduce


def _weakest(x: Any, largest: bool) -> Any:
    """What the largest (or smallest) of no numbers is: -inf, or the least integer."""
    if kind_of(x) == "float":
        return np.asarray(-np.inf if largest else np.inf, x.dtype)
    dtype = dtypes.BY_NUMPY[x.dtype]
    return np.asarray(dtype.min if largest else dtype.max, x.dtype)


@op("reduce_sum", host=_host("reduce_sum", _sum_host, NUMERIC))
def reduce_sum(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Sum of the elements along `axis`, in the dtype of the input.

    Args:
        input_tensor: Tensor of a numeric dtype.
        axis: Dimension or list of dimensions to sum over; None for all, an empty list for none.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the same dtype; integers wrap around.

    Raises:
        InvalidArgumentError: An axis is out of range or named twice.

    Example:
        >>> import thalweg as tf
        >>> tf.reduce_sum([[1, 2], [3, 4]], axis=0)
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([4, 6], dtype=int32)>

    Source: `tf.math.reduce_sum`.
    """
    needs("reduce_sum", NUMERIC, input_tensor)
    axes = axes_of("reduce_sum", axis, input_tensor.ndim)
    return jnp.sum(input_tensor, axis=axes, keepdims=bool(keepdims), dtype=input_tensor.dtype)


@op("reduce_mean", host=_host("reduce_mean", _mean_host, NUMERIC))
def reduce_mean(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Mean of the elements along `axis`, in the dtype of the input.

    Args:
        input_tensor: Tensor of a numeric dtype.
        axis: Dimension or list of dimensions; None for all, an empty list for none.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the same dtype; the mean of integers is rounded towards 0. The mean of no floats is
        NaN, that of no integers 0.

    Raises:
        InvalidArgumentError: An axis is out of range or named twice.

    Example:
        >>> import thalweg as tf
        >>> tf.reduce_mean([[1.0, 2.0], [3.0, 4.0]], axis=1)
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([1.5, 3.5], dtype=float32)>

    Source: `tf.math.reduce_mean`.
    """
    needs("reduce_mean", NUMERIC, input_tensor)
    return _mean(input_tensor, axes_of("reduce_mean", axis, input_tensor.ndim), bool(keepdims))


def _mean(x: Any, axes: Any, keepdims: bool) -> Any:
    if kind_of(x) not in ("int", "uint"):
        return jnp.mean(x, axis=axes, keepdims=keepdims, dtype=x.dtype)
    # Sums of bytes overflow at once; TensorFlow adds them up in a wider type too.
    wide = np.dtype(np.int32) if x.dtype.itemsize < 4 else x.dtype
    total = jnp.sum(x, axis=axes, keepdims=keepdims, dtype=wide)
    count = max(x.size // max(total.size, 1), 1)
    return lax.div(total, jnp.full_like(total, count)).astype(x.dtype)


@op("reduce_prod", host=_host("reduce_prod", _prod_host, NUMERIC))
def reduce_prod(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Product of the elements along `axis`, in the dtype of the input.

    Args:
        input_tensor: Tensor of a numeric dtype.
        axis: Dimension or list of dimensions; None for all, an empty list for none.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the same dtype. The gradient is right also where elements are 0.

    Example:
        >>> import thalweg as tf
        >>> tf.reduce_prod([2, 3, 4])
        <tf.Tensor: shape=(), dtype=int32, numpy=24>

    Source: `tf.math.reduce_prod`.
    """
    needs("reduce_prod", NUMERIC, input_tensor)
    axes = axes_of("reduce_prod", axis, input_tensor.ndim)
    return jnp.prod(input_tensor, axis=axes, keepdims=bool(keepdims), dtype=input_tensor.dtype)


@op("reduce_max", host=_host("reduce_max", _extreme_host(np.max, True), REAL))
def reduce_max(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Largest element along `axis`; NaN where one is NaN.

    Args:
        input_tensor: Tensor of a real dtype.
        axis: Dimension or list of dimensions; None for all, an empty list for none.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the same dtype; of no elements -inf, or the least integer. The gradient is shared
        evenly among equal largest elements.

    Example:
        >>> import thalweg as tf
        >>> tf.reduce_max([[1.0, 5.0], [3.0, 4.0]], axis=1)
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([5., 4.], dtype=float32)>

    Source: `tf.math.reduce_max`.
    """
    needs("reduce_max", REAL, input_tensor)
    return _extreme("reduce_max", jnp.max, input_tensor, axis, keepdims, True)


@op("reduce_min", host=_host("reduce_min", _extreme_host(np.min, False), REAL))
def reduce_min(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Smallest element along `axis`; NaN where one is NaN.

    Args:
        input_tensor: Tensor of a real dtype.
        axis: Dimension or list of dimensions; None for all, an empty list for none.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the same dtype; of no elements inf, or the greatest integer. The gradient is shared
        evenly among equal smallest elements.

    Source: `tf.math.reduce_min`.
    """
    needs("reduce_min", REAL, input_tensor)
    return _extreme("reduce_min", jnp.min, input_tensor, axis, keepdims, False)


def _extreme(where: str, function: Any, x: Any, axis: Any, keepdims: Any, largest: bool) -> Any:
    axes = axes_of(where, axis, x.ndim)
    # An initial value would take part in the gradient: only an empty reduction is given one.
    initial = _weakest(x, largest) if x.size == 0 else None
    return function(x, axis=axes, keepdims=bool(keepdims), initial=initial)


@op("reduce_all", host=_host("reduce_all", lambda x, a, k: np.all(x, a, keepdims=k), BOOL))
def reduce_all(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """True where all elements along `axis` are True; so for none at all.

    Args:
        input_tensor: Bool tensor.
        axis: Dimension or list of dimensions; None for all, an empty list for none.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Bool tensor.

    Example:
        >>> import thalweg as tf
        >>> tf.reduce_all([[True, True], [True, False]], axis=1)
        <tf.Tensor: shape=(2,), dtype=bool, numpy=array([ True, False])>

    Source: `tf.math.reduce_all`.
    """
    needs("reduce_all", BOOL, input_tensor)
    axes = axes_of("reduce_all", axis, input_tensor.ndim)
    return jnp.all(input_tensor, axis=axes, keepdims=bool(keepdims))


@op("reduce_any", host=_host("reduce_any", lambda x, a, k: np.any(x, a, keepdims=k), BOOL))
def reduce_any(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """True where one or more elements along `axis` are True.

    Args:
        input_tensor: Bool tensor.
        axis: Dimension or list of dimensions; None for all, an empty list for none.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Bool tensor.

    Source: `tf.math.reduce_any`.
    """
    needs("reduce_any", BOOL, input_tensor)
    axes = axes_of("reduce_any", axis, input_tensor.ndim)
    return jnp.any(input_tensor, axis=axes, keepdims=bool(keepdims))


@op("reduce_logsumexp")
def reduce_logsumexp(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """``log(sum(exp(input_tensor)))`` along `axis`, without overflow.

    Args:
        input_tensor: Floating tensor.
        axis: Dimension or list of dimensions; None for all, an empty list for none.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the same dtype; -inf for no elements.

    Example:
        >>> import thalweg as tf
        >>> round(float(tf.reduce_logsumexp([1000.0, 1000.0])), 2)
        1000.69

    Source: `tf.math.reduce_logsumexp`.
    """
    x = input_tensor
    needs("reduce_logsumexp", FLOAT, x)
    axes = axes_of("reduce_logsumexp", axis, x.ndim)
    peak = lax.stop_gradient(_extreme("reduce_logsumexp", jnp.max, x, axes, True, True))
    # An infinite peak would turn x - peak into NaN.
    peak = jnp.where(jnp.isfinite(peak), peak, jnp.zeros_like(peak))
    total = jnp.sum(jnp.exp(x - peak), axis=axes, keepdims=True, dtype=x.dtype)
    out = jnp.log(total) + peak
    return out if keepdims else out.reshape(jnp.sum(x, axis=axes).shape)


def _squared_deviation(where: str, x: Any, axis: Any, keepdims: Any) -> Any:
    """Mean squared distance from the mean; real also for complex numbers."""
    needs(where, INEXACT, x)
    axes = axes_of(where, axis, x.ndim)
    deviation = x - _mean(x, axes, True)
    squares = (
        lax.real(deviation * jnp.conj(deviation))
        if kind_of(x) == "complex"
        else deviation * deviation
    )
    return _mean(squares, axes, bool(keepdims))


@op("reduce_variance", hint="Cast integers with tf.cast(x, tf.float32) first.")
def reduce_variance(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Variance along `axis`: the mean squared distance from the mean, divided by n.

    Args:
        input_tensor: Floating or complex tensor.
        axis: Dimension or list of dimensions; None for all.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the same dtype; real for complex numbers.

    Example:
        >>> import thalweg as tf
        >>> tf.math.reduce_variance([1.0, 3.0])
        <tf.Tensor: shape=(), dtype=float32, numpy=1.0>

    Source: `tf.math.reduce_variance`.
    """
    return _squared_deviation("reduce_variance", input_tensor, axis, keepdims)


@op("reduce_std", hint="Cast integers with tf.cast(x, tf.float32) first.")
def reduce_std(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Standard deviation along `axis`: the root of the variance, divided by n.

    Args:
        input_tensor: Floating or complex tensor.
        axis: Dimension or list of dimensions; None for all.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the same dtype; real for complex numbers. The gradient is NaN where it is 0, unless
        the cotangent is 0.

    Source: `tf.math.reduce_std`.
    """
    return square_root(_squared_deviation("reduce_std", input_tensor, axis, keepdims))


@op("reduce_euclidean_norm")
def reduce_euclidean_norm(input_tensor: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """Euclidean norm along `axis`: the root of the sum of squares.

    Args:
        input_tensor: Tensor of a numeric dtype.
        axis: Dimension or list of dimensions; None for all.
        keepdims: Keep the reduced dimensions with size 1.

    Returns:
        Tensor of the same dtype; for integers the root is rounded towards 0. The gradient is NaN where
        the norm is 0, unless the cotangent is 0.

    Example:
        >>> import thalweg as tf
        >>> tf.math.reduce_euclidean_norm([3.0, 4.0])
        <tf.Tensor: shape=(), dtype=float32, numpy=5.0>

    Source: `tf.math.reduce_euclidean_norm`.
    """
    x = input_tensor
    needs("reduce_euclidean_norm", NUMERIC, x)
    axes = axes_of("reduce_euclidean_norm", axis, x.ndim)
    total = jnp.sum(x * jnp.conj(x), axis=axes, keepdims=bool(keepdims), dtype=x.dtype)
    if kind_of(x) in ("int", "uint"):
        return jnp.sqrt(total.astype(np.float64)).astype(x.dtype)
    return square_root(total)


@op("l2_loss")
def l2_loss(t: Any) -> Any:
    """Half the sum of squares: ``sum(t ** 2) / 2``.

    Args:
        t: Floating tensor.

    Returns:
        Scalar of the same dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.l2_loss([3.0, 4.0])
        <tf.Tensor: shape=(), dtype=float32, numpy=12.5>

    Source: `tf.nn.l2_loss`.
    """
    needs("l2_loss", FLOAT, t)
    return jnp.sum(t * t, dtype=t.dtype) * np.asarray(0.5, t.dtype)
