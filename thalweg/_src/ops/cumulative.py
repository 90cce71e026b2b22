"""Running sums, products and logarithms of sums along an axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.ops.support import FLOAT, NUMERIC, axis_of, needs, twin


def _shifted(x: Any, axis: int, reverse: bool, fill: float) -> Any:
    """`x` moved by one along `axis`, `fill` coming in: turns a running sum into an exclusive one."""
    if x.shape[axis] == 0:
        return x
    config = [(0, 0, 0)] * x.ndim
    config[axis] = (-1, 1, 0) if reverse else (1, -1, 0)
    return lax.pad(x, np.asarray(fill, x.dtype), config)


def _shifted_host(x: Any, axis: int, fill: float) -> Any:
    head = np.full_like(np.take(x, [0], axis), fill) if x.shape[axis] else x
    return np.concatenate([head, x], axis).take(range(x.shape[axis]), axis)


def _host(where: str, function: Callable[..., Any], identity: int) -> Callable[..., Any]:
    def run(x: Any, axis: Any, exclusive: bool, reverse: bool) -> Any:
        axis = axis_of(where, axis, x.ndim)
        turned = np.flip(x, axis) if reverse else x
        if exclusive:
            turned = _shifted_host(turned, axis, identity)
        out = function(turned, axis=axis, dtype=x.dtype)
        return np.flip(out, axis) if reverse else out

    return twin(where, run)


@op("cumsum", host=_host("cumsum", np.cumsum, 0))
def cumsum(x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False) -> Any:
    """Running sum along `axis`.

    Args:
        x: Tensor of a numeric dtype.
        axis: Dimension, from -rank to rank - 1.
        exclusive: Leave the element itself out of its sum, so that the first one is 0.
        reverse: Sum from the end.

    Returns:
        Tensor of the same shape and dtype.

    Raises:
        InvalidArgumentError: `axis` is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.cumsum([1, 2, 3])
        <tf.Tensor: shape=(3,), dtype=int32, numpy=array([1, 3, 6], dtype=int32)>
        >>> tf.cumsum([1, 2, 3], exclusive=True, reverse=True)
        <tf.Tensor: shape=(3,), dtype=int32, numpy=array([5, 3, 0], dtype=int32)>

    Source: `tf.math.cumsum`.
    """
    needs("cumsum", NUMERIC, x)
    axis = axis_of("cumsum", axis, x.ndim)
    return lax.cumsum(_shifted(x, axis, reverse, 0) if exclusive else x, axis, bool(reverse))


@op("cumprod", host=_host("cumprod", np.cumprod, 1))
def cumprod(x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False) -> Any:
    """Running product along `axis`.

    Args:
        x: Tensor of a numeric dtype.
        axis: Dimension, from -rank to rank - 1.
        exclusive: Leave the element itself out of its product, so that the first one is 1.
        reverse: Multiply from the end.

    Returns:
        Tensor of the same shape and dtype.

    Raises:
        InvalidArgumentError: `axis` is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.math.cumprod([1, 2, 3])
        <tf.Tensor: shape=(3,), dtype=int32, numpy=array([1, 2, 6], dtype=int32)>

    Source: `tf.math.cumprod`. The gradient is right also where elements are 0; TensorFlow gives 0.
    """
    needs("cumprod", NUMERIC, x)
    axis = axis_of("cumprod", axis, x.ndim)
    return lax.cumprod(_shifted(x, axis, reverse, 1) if exclusive else x, axis, bool(reverse))


@op("cumulative_logsumexp")
def cumulative_logsumexp(
    x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False
) -> Any:
    """``log(cumsum(exp(x)))`` along `axis`, without overflow.

    Args:
        x: Floating tensor.
        axis: Dimension, from -rank to rank - 1.
        exclusive: Leave the element itself out of its sum, so that the first one is -inf.
        reverse: Sum from the end.

    Returns:
        Tensor of the same shape and dtype.

    Raises:
        InvalidArgumentError: `axis` is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.math.cumulative_logsumexp([0.0, 0.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0.       , 0.6931472], dtype=float32)>

    Source: `tf.math.cumulative_logsumexp`.
    """
    needs("cumulative_logsumexp", FLOAT, x)
    axis = axis_of("cumulative_logsumexp", axis, x.ndim)
    if exclusive:
        x = _shifted(x, axis, reverse, -jnp.inf)
    return lax.cumlogsumexp(x, axis, bool(reverse))
