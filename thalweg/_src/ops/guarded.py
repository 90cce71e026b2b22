"""Arithmetic that gives 0 where the plain form gives NaN or infinity, in values and in gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.support import BROADCAST, INEXACT, NUMERIC, kind_of, needs


def _unless(zero: Any, value: Any, safe: int) -> Any:
    """`value`, replaced by `safe` where `zero` holds, so that no NaN enters the gradient."""
    return jnp.where(zero, jnp.asarray(safe, value.dtype), value)


@op("divide_no_nan", hint=BROADCAST)
def divide_no_nan(x: Any, y: Any) -> Any:
    """Quotient ``x / y``, but 0 where `y` is 0.

    Args:
        x: Tensor of a numeric dtype.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape; its dtype is that of `tf.math.truediv`.

    Example:
        >>> import thalweg as tf
        >>> tf.math.divide_no_nan([1.0, 3.0], [0.0, 2.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0. , 1.5], dtype=float32)>

    Source: `tf.math.divide_no_nan`.
    """
    needs("divide_no_nan", NUMERIC, x, y)
    if kind_of(x) in ("int", "uint"):
        wide = np.float32 if dtypes.BY_NUMPY[x.dtype].size <= 2 else np.float64
        x, y = x.astype(wide), y.astype(wide)
    zero = y == 0
    return _unless(zero, x / _unless(zero, y, 1), 0)


@op("multiply_no_nan", hint=BROADCAST)
def multiply_no_nan(x: Any, y: Any) -> Any:
    """Product ``x * y``, but 0 where `y` is 0, also when `x` is NaN or infinite.

    Args:
        x: Floating or complex tensor.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.math.multiply_no_nan([float("inf"), 3.0], [0.0, 2.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0., 6.], dtype=float32)>

    Source: `tf.math.multiply_no_nan`.
    """
    needs("multiply_no_nan", INEXACT, x, y)
    return _unless((y == 0) & ~jnp.isfinite(x), x, 0) * y


@op("reciprocal_no_nan")
def reciprocal_no_nan(x: Any) -> Any:
    """``1 / x``, but 0 where `x` is 0.

    Args:
        x: Floating or complex tensor.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.math.reciprocal_no_nan([2.0, 0.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0.5, 0. ], dtype=float32)>

    Source: `tf.math.reciprocal_no_nan`.
    """
    needs("reciprocal_no_nan", INEXACT, x)
    return _unless(x == 0, 1 / _unless(x == 0, x, 1), 0)


@op("xlogy", hint=BROADCAST)
def xlogy(x: Any, y: Any) -> Any:
    """``x * log(y)``, but 0 where `x` is 0.

    Args:
        x: Floating or complex tensor.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.math.xlogy([0.0, 2.0], [0.0, 1.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0., 0.], dtype=float32)>

    Source: `tf.math.xlogy`.
    """
    needs("xlogy", INEXACT, x, y)
    return x * jnp.log(_unless(x == 0, y, 1))


@op("xlog1py", hint=BROADCAST)
def xlog1py(x: Any, y: Any) -> Any:
    """``x * log(1 + y)``, but 0 where `x` is 0.

    Args:
        x: Floating or complex tensor.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype.

    Source: `tf.math.xlog1py`.
    """
    needs("xlog1py", INEXACT, x, y)
    return x * jnp.log1p(_unless(x == 0, y, 0))


@op("xdivy", hint=BROADCAST)
def xdivy(x: Any, y: Any) -> Any:
    """``x / y``, but 0 where `x` is 0.

    Args:
        x: Floating or complex tensor.
        y: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype. Gradients are 0 where `x` is 0.

    Source: `tf.math.xdivy`.
    """
    needs("xdivy", INEXACT, x, y)
    zero = x == 0
    return _unless(zero, x / _unless(zero, y, 1), 0)
