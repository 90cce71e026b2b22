"""Losses of logits and counts, one value for each example or element."""

from __future__ import annotations

import math
from typing import Any

from jax import custom_jvp, lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import host_value
from thalweg._src.ops.casting import cast
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.nn.softmax import shifted, total
from thalweg._src.ops.support import FLOAT, INTEGER, axis_of, needs


def _both(where: str, labels: Any, logits: Any) -> None:
    """Refuses a call without labels or logits.

    Raises:
        InvalidArgumentError: One of them is None.
    """
    if labels is None or logits is None:
        raise InvalidArgumentError(
            f"[{where}] expected both labels and logits, got None for one of them."
        )


def _summed_to(x: Any, shape: Any) -> Any:
    """`x` summed over the dimensions along which `shape` was broadcast."""
    extra = x.ndim - len(shape)
    axes = (
        *range(extra),
        *(i + extra for i, n in enumerate(shape) if n == 1 != x.shape[i + extra]),
    )
    return jnp.sum(x, axes, dtype=x.dtype).reshape(shape) if axes else x


def _cross_entropy_forward(labels: Any, logits: Any, *, axis: int) -> Any:
    needs("softmax_cross_entropy_with_logits", FLOAT, logits)
    axis = axis_of("softmax_cross_entropy_with_logits", axis, logits.ndim)
    z = logits.astype(wide(logits))
    y = labels.astype(z.dtype)
    moved = shifted(z, axis)
    powers = jnp.exp(moved)
    sums = total(powers, axis)
    surprise = jnp.log(sums) - moved
    loss = jnp.sum(y * surprise, axis, dtype=z.dtype)
    return loss.astype(logits.dtype), (y, powers / sums, surprise, labels, logits)


def _cross_entropy_backward(residuals: Any, g: Any, *, axis: int) -> Any:
    y, probabilities, surprise, labels, logits = residuals
    axis = axis_of("softmax_cross_entropy_with_logits", axis, logits.ndim)
    g = jnp.expand_dims(g.astype(y.dtype), axis)
    by_logits = _summed_to(g * (probabilities - y), logits.shape)
    by_labels = _summed_to(g * surprise, labels.shape)
    return by_labels.astype(labels.dtype), by_logits.astype(logits.dtype)


@op(
    "softmax_cross_entropy",
    gradient=(_cross_entropy_forward, _cross_entropy_backward),
    hint="labels and logits must have one shape, classes along the axis.",
)
def _softmax_cross_entropy(labels: Any, logits: Any, *, axis: int) -> Any:
    """Cross entropy between labels and the softmax of logits."""
    return _cross_entropy_forward(labels, logits, axis=axis)[0]


def softmax_cross_entropy_with_logits(
    labels: Any, logits: Any, axis: int = -1, name: str | None = None
) -> Any:
    """Cross entropy between probabilities and the softmax of logits, for each example.

    Args:
        labels: Probabilities ``(..., classes)`` that add up to 1; cast to the dtype of `logits`.
        logits: Floating tensor of the same shape: scores before the softmax.
        axis: Axis of the classes.
        name: Name of the node in a model's graph.

    Returns:
        Tensor without `axis`, values 0 or above (in nats).

    Raises:
        ValueError: Shapes do not fit, or `logits` is no floating tensor.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.softmax_cross_entropy_with_logits([[0.0, 1.0]], [[0.0, 0.0]]).numpy().round(4).tolist()
        [0.6930999755859375]

    Source: `tf.nn.softmax_cross_entropy_with_logits`. As there, the gradient is ``softmax - labels``, right
    for labels that add up to 1; forward mode differentiates the formula itself.
    """
    _both("softmax_cross_entropy_with_logits", labels, logits)
    logits = tensor_of(logits)
    labels = cast(labels, logits.dtype)
    if not isinstance(axis, int):
        axis = int(axis)
    return _softmax_cross_entropy(labels, logits, axis=axis, name=name)


def _sparse_forward(labels: Any, logits: Any) -> Any:
    where = "sparse_softmax_cross_entropy_with_logits"
    needs(where, FLOAT, logits)
    needs(where, INTEGER, labels)
    if not logits.ndim or labels.shape != logits.shape[:-1]:
        raise ShapeError(
            f"[{where}] expected labels of the shape of logits without the classes, got labels of shape "
            f"{tuple(labels.shape)} and logits of shape {tuple(logits.shape)}; for one-hot labels use "
            "softmax_cross_entropy_with_logits."
        )
    z = logits.astype(wide(logits))
    moved = shifted(z, -1)
    powers = jnp.exp(moved)
    sums = total(powers, -1)
    known = (labels >= 0) & (labels < logits.shape[-1])
    at = jnp.where(known, labels, 0)[..., None]
    picked = jnp.take_along_axis(moved, at, -1, mode="clip")
    loss = jnp.where(known, (jnp.log(sums) - picked)[..., 0], jnp.nan)
    return loss.astype(logits.dtype), (labels, powers / sums, logits)


def _sparse_backward(residuals: Any, g: Any) -> Any:
    labels, probabilities, logits = residuals
    classes = logits.shape[-1]
    numbers = lax.broadcasted_iota(labels.dtype, logits.shape, logits.ndim - 1)
    chosen = (numbers == labels[..., None]).astype(probabilities.dtype)
    known = (labels >= 0) & (labels < classes)
    g = jnp.where(known, g.astype(probabilities.dtype), jnp.nan)
    return None, (g[..., None] * (probabilities - chosen)).astype(logits.dtype)


@op(
    "sparse_softmax_cross_entropy",
    matched=(),
    gradient=(_sparse_forward, _sparse_backward),
    input_dtypes={"labels": dtypes.int32},
)
def _sparse_softmax_cross_entropy(labels: Any, logits: Any) -> Any:
    """Cross entropy between class numbers and the softmax of logits."""
    return _sparse_forward(labels, logits)[0]


def sparse_softmax_cross_entropy_with_logits(
    labels: Any, logits: Any, name: str | None = None
) -> Any:
    """Cross entropy between class numbers and the softmax of logits, for each example.

    Args:
        labels: Integers from 0 to ``classes - 1``, of shape ``(...)``.
        logits: Floating tensor ``(..., classes)``: scores before the softmax.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the shape of `labels` and the dtype of `logits`, values 0 or above (in nats).

    Raises:
        InvalidArgumentError: Shapes do not fit, or a label is out of range. In a compiled program, and
            on an accelerator, the loss and gradient of such an example are NaN instead.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.sparse_softmax_cross_entropy_with_logits([1], [[0.0, 0.0]]).numpy().round(4).tolist()
        [0.6930999755859375]

    Source: `tf.nn.sparse_softmax_cross_entropy_with_logits`. Any integer dtype is taken for labels.
    """
    where = "sparse_softmax_cross_entropy_with_logits"
    logits = tensor_of(logits)
    shape = logits.shape
    if len(shape) and shape[-1] is not None:
        check_labels(where, labels, int(shape[-1]))
    return _sparse_softmax_cross_entropy(labels, logits, name=name)


def check_labels(where: str, labels: Any, classes: int) -> None:
    """Refuses class numbers outside [0, classes) where their values are known."""
    value = host_value(labels)
    if value is None or not value.size or value.dtype.kind not in "iu":
        return
    lowest, highest = int(value.min()), int(value.max())
    if lowest < 0 or highest >= classes:
        wrong = lowest if lowest < 0 else highest
        raise InvalidArgumentError(
            f"[{where}] expected labels from 0 to {classes - 1} for logits of {classes} classes, got a "
            f"label of {wrong}; make the last layer wider, or number the labels from 0."
        )


@custom_jvp
def _log_of_one_plus_exp(x: Any) -> Any:
    """``log(1 + exp(x))``, exact to the last digits also where it is small."""
    return jnp.maximum(x, 0) + jnp.log1p(jnp.exp(-jnp.abs(x)))


@_log_of_one_plus_exp.defjvp
def _(primals: Any, tangents: Any) -> Any:
    (x,), (dx,) = primals, tangents
    return _log_of_one_plus_exp(x), dx * lax.logistic(x)


@custom_jvp
def _sigmoid_loss(y: Any, x: Any) -> Any:
    """Cross entropy of probability `y` and ``sigmoid(x)``; small values keep their digits."""
    return jnp.maximum(x, 0) - x * y + jnp.log1p(jnp.exp(-jnp.abs(x)))


@_sigmoid_loss.defjvp
def _(primals: Any, tangents: Any) -> Any:
    (y, x), (dy, dx) = primals, tangents
    return _sigmoid_loss(y, x), dx * (lax.logistic(x) - y) - dy * x


def _same_shape(where: str, labels: Any, logits: Any) -> None:
    if labels.shape != logits.shape:
        raise ShapeError(
            f"[{where}] expected labels and logits of one shape, got {tuple(labels.shape)} and "
            f"{tuple(logits.shape)}; reshape one of them."
        )


@op("sigmoid_cross_entropy")
def _sigmoid_cross_entropy(labels: Any, logits: Any) -> Any:
    """Cross entropy between labels and the sigmoid of logits."""
    needs("sigmoid_cross_entropy_with_logits", FLOAT, logits)
    _same_shape("sigmoid_cross_entropy_with_logits", labels, logits)
    return _sigmoid_loss(labels, logits)


def sigmoid_cross_entropy_with_logits(
    labels: Any = None, logits: Any = None, name: str | None = None
) -> Any:
    """Cross entropy between probabilities and the sigmoid of logits, element by element.

    Args:
        labels: Probabilities from 0 to 1, of the dtype of `logits`.
        logits: Floating tensor of the same shape: scores before the sigmoid.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape, values 0 or above (in nats).

    Raises:
        ValueError: The shapes differ, or `logits` is no floating tensor.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.sigmoid_cross_entropy_with_logits([1.0], [0.0]).numpy().round(4).tolist()
        [0.6930999755859375]

    Source: `tf.nn.sigmoid_cross_entropy_with_logits`.
    """
    _both("sigmoid_cross_entropy_with_logits", labels, logits)
    return _sigmoid_cross_entropy(labels, logits, name=name)


@op("weighted_cross_entropy")
def _weighted_cross_entropy(labels: Any, logits: Any, pos_weight: Any) -> Any:
    """Sigmoid cross entropy with a weight on positive labels."""
    needs("weighted_cross_entropy_with_logits", FLOAT, logits)
    _same_shape("weighted_cross_entropy_with_logits", labels, logits)
    weight = 1 + (pos_weight - 1) * labels
    return (1 - labels) * logits + weight * _log_of_one_plus_exp(-logits)


def weighted_cross_entropy_with_logits(
    labels: Any, logits: Any, pos_weight: Any, name: str | None = None
) -> Any:
    """`sigmoid_cross_entropy_with_logits` in which the part of positive labels counts `pos_weight` times.

    Args:
        labels: Probabilities from 0 to 1, of the dtype of `logits`.
        logits: Floating tensor of the same shape: scores before the sigmoid.
        pos_weight: Number or tensor that broadcasts; above 1 for more recall, below 1 for more precision.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape, values 0 or above (in nats).

    Raises:
        ValueError: The shapes differ, or `logits` is no floating tensor.

    Example:
        >>> import thalweg as tf
        >>> loss = tf.nn.weighted_cross_entropy_with_logits([1.0], [0.0], 2.0)
        >>> round(float(loss[0]), 4)
        1.3863

    Source: `tf.nn.weighted_cross_entropy_with_logits`. The gradient is exact at a logit of 0 too, where
    TensorFlow gives twice the slope or none.
    """
    _both("weighted_cross_entropy_with_logits", labels, logits)
    return _weighted_cross_entropy(labels, logits, pos_weight, name=name)


@op("log_poisson_loss")
def log_poisson_loss(targets: Any, log_input: Any, compute_full_loss: bool = False) -> Any:
    """Negative log-likelihood of counts under Poisson laws of mean ``exp(log_input)``.

    Args:
        targets: Counts, floating.
        log_input: Logarithm of the mean, of the same shape and dtype.
        compute_full_loss: Add Stirling's approximation of ``log(targets!)`` where targets are above 1;
            it does not depend on the prediction.

    Returns:
        Tensor ``exp(log_input) - log_input * targets`` of the same shape (in nats).

    Raises:
        ValueError: The shapes differ, or the dtypes are not floating.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.log_poisson_loss([2.0], [0.0]).numpy().tolist()
        [1.0]

    Source: `tf.nn.log_poisson_loss`.
    """
    needs("log_poisson_loss", FLOAT, targets)
    _same_shape("log_poisson_loss", targets, log_input)
    loss = jnp.exp(log_input) - log_input * targets
    if not compute_full_loss:
        return loss
    large = ~((targets >= 0) & (targets <= 1))
    safe = jnp.where(large, targets, jnp.ones_like(targets))
    stirling = safe * jnp.log(safe) - safe + 0.5 * jnp.log(2 * math.pi * safe)
    return loss + jnp.where(large, stirling, jnp.zeros_like(stirling))
