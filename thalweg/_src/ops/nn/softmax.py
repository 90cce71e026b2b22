"""Softmax and its logarithm along one axis."""

from __future__ import annotations

from typing import Any

from jax import lax
from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.ops.support import FLOAT, axis_of, needs

_CAST = "Cast integers with tf.cast(x, tf.float32) first."


def shifted(logits: Any, axis: int) -> Any:
    """Logits less their largest value: the exponential of it cannot overflow."""
    return logits - lax.stop_gradient(jnp.max(logits, axis, keepdims=True))


def total(x: Any, axis: int) -> Any:
    """Sum along one axis, which stays with size 1, in the dtype of `x`."""
    return jnp.sum(x, axis, dtype=x.dtype, keepdims=True)


def _softmax_body(logits: Any, *, axis: int) -> Any:
    """Values that are positive and add up to 1."""
    needs("softmax", FLOAT, logits)
    axis = axis_of("softmax", axis, logits.ndim)
    powers = jnp.exp(shifted(logits, axis)) if logits.shape[axis] else logits
    return powers / total(powers, axis)


def _softmax_forward(logits: Any, *, axis: int) -> Any:
    value = _softmax_body(logits, axis=axis)
    return value, value


def _softmax_backward(value: Any, g: Any, *, axis: int) -> Any:
    product = value * g
    return (product - value * total(product, axis),)


_softmax = op("softmax", gradient=(_softmax_forward, _softmax_backward), hint=_CAST)(_softmax_body)


def softmax(logits: Any, axis: Any = None, name: str | None = None) -> Any:
    """Probabilities ``exp(logits) / sum(exp(logits))`` along one axis, without overflow.

    Args:
        logits: Floating tensor of rank 1 or more, such as ``(batch, classes)``.
        axis: Axis along which the results add up to 1; the last when None.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape and dtype. A row of -inf only, or with +inf, gives NaN.

    Raises:
        ValueError: `logits` is no floating tensor or has no such axis.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.softmax([0.0, 0.0]).numpy().tolist()
        [0.5, 0.5]

    Source: `tf.nn.softmax`. Any rank; TensorFlow's limit on CPU is 5 where the last axis is not taken.
    """
    return _softmax(logits, axis=-1 if axis is None else axis, name=name)


def _log_softmax_body(logits: Any, *, axis: int) -> Any:
    """Logarithms of the softmax."""
    needs("log_softmax", FLOAT, logits)
    axis = axis_of("log_softmax", axis, logits.ndim)
    if not logits.shape[axis]:
        return logits
    moved = shifted(logits, axis)
    return moved - jnp.log(total(jnp.exp(moved), axis))


def _log_softmax_forward(logits: Any, *, axis: int) -> Any:
    value = _log_softmax_body(logits, axis=axis)
    return value, value


def _log_softmax_backward(value: Any, g: Any, *, axis: int) -> Any:
    return (g - jnp.exp(value) * total(g, axis),)


_log_softmax = op(
    "log_softmax", gradient=(_log_softmax_forward, _log_softmax_backward), hint=_CAST
)(_log_softmax_body)


def log_softmax(logits: Any, axis: Any = None, name: str | None = None) -> Any:
    """Logarithm of `softmax`, exact also where the probability is 0 in the dtype.

    Args:
        logits: Floating tensor of rank 1 or more, such as ``(batch, classes)``.
        axis: Axis along which the probabilities add up to 1; the last when None.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape and dtype, values 0 or below.

    Raises:
        ValueError: `logits` is no floating tensor or has no such axis.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.log_softmax([1000.0, 0.0]).numpy().tolist()
        [0.0, -1000.0]

    Source: `tf.nn.log_softmax`.
    """
    return _log_softmax(logits, axis=-1 if axis is None else axis, name=name)
