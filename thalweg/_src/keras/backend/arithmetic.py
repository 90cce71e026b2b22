"""Arithmetic, products and losses in the conventions of Keras 2: default axes, names of arguments."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.merging.dot import Dot
from thalweg._src.keras.losses import crossentropy, focal
from thalweg._src.keras.ops import comparison, losses, powers, products, running
from thalweg._src.keras.ops.logic import where
from thalweg._src.keras.ops.shaping import expand_dims, moveaxis
from thalweg._src.ops import linalg, ranking
from thalweg._src.ops.elementwise import add, multiply, subtract


def argmax(x: Any, axis: int = -1) -> Any:
    """Positions of the largest elements along an axis, int64.

    Args:
        x: Tensor.
        axis: Axis.

    Source: `tf.keras.backend.argmax`.
    """
    return ranking.argmax(x, axis)


def argmin(x: Any, axis: int = -1) -> Any:
    """Positions of the smallest elements along an axis, int64.

    Args:
        x: Tensor.
        axis: Axis.

    Source: `tf.keras.backend.argmin`.
    """
    return ranking.argmin(x, axis)


def clip(x: Any, min_value: Any, max_value: Any) -> Any:
    """Elements moved into ``[min_value, max_value]``.

    Args:
        x: Tensor.
        min_value: Smallest value; None for any.
        max_value: Largest value; None for any; at least `min_value` else.

    Source: `tf.keras.backend.clip`.
    """
    if max_value is not None and min_value is not None:
        max_value = comparison.maximum(max_value, min_value)
    if min_value is not None:
        x = comparison.maximum(x, min_value)
    return x if max_value is None else comparison.minimum(x, max_value)


def cumsum(x: Any, axis: int = 0) -> Any:
    """Sums of the elements so far, along an axis.

    Args:
        x: Tensor.
        axis: Axis.

    Source: `tf.keras.backend.cumsum`.
    """
    return running.cumsum(x, axis)


def cumprod(x: Any, axis: int = 0) -> Any:
    """Products of the elements so far, along an axis.

    Args:
        x: Tensor.
        axis: Axis.

    Source: `tf.keras.backend.cumprod`.
    """
    return running.cumprod(x, axis)


def pow(x: Any, a: Any) -> Any:
    """``x ** a``, element by element.

    Args:
        x: Tensor.
        a: Exponent.

    Source: `tf.keras.backend.pow`.
    """
    return powers.power(x, a)


def dot(x: Any, y: Any) -> Any:
    """Sums of products over the last axis of `x` and the last but one of `y`.

    Args:
        x: Tensor ``(..., n)``.
        y: Tensor ``(..., n, m)``, or ``(n,)``.

    Returns:
        Tensor of the other axes of `x` and those of `y`.

    Source: `tf.keras.backend.dot`.
    """
    return products.dot(x, y)


def batch_dot(x: Any, y: Any, axes: Any = None) -> Any:
    """Sums of products of the samples of two batches.

    Args:
        x: Tensor ``(batch, ...)``.
        y: Tensor ``(batch, ...)``.
        axes: Axis to sum over, in both tensors, or one for each; the last of `x` and the last but one of
            `y` (its last, where it has two axes) when None.

    Returns:
        Tensor of the batch and the other axes; ``(batch, 1)`` where there are none.

    Source: `tf.keras.backend.batch_dot`.
    """
    if axes is None:
        axes = (len(x.shape) - 1, max(len(y.shape) - 2, 1))
    return Dot(axes, name="batch_dot")([x, y])


def l2_normalize(x: Any, axis: Any = None) -> Any:
    """The tensor over its Euclidean norm along axes.

    Args:
        x: Tensor.
        axis: Axis or axes; all when None.

    Source: `tf.keras.backend.l2_normalize`.
    """
    return linalg.l2_normalize(x, axis)


def relu(x: Any, alpha: Any = 0.0, max_value: Any = None, threshold: Any = 0.0) -> Any:
    """Elements above `threshold`, at most `max_value`; up to it ``alpha * (x - threshold)``.

    Args:
        x: Tensor.
        alpha: Slope below the threshold.
        max_value: Largest result, or None.
        threshold: Where the slope changes.

    Source: `tf.keras.backend.relu`.
    """
    above = x if max_value is None else comparison.minimum(x, max_value)
    below = multiply(subtract(x, threshold), alpha)
    return where(comparison.greater(x, threshold), above, below)


def hard_sigmoid(x: Any) -> Any:
    """``0.2 * x + 0.5``, cut to [0, 1].

    Args:
        x: Tensor.

    Source: `tf.keras.backend.hard_sigmoid`, whose slope differs from that of `keras.ops.hard_sigmoid`.
    """
    return clip(add(multiply(x, 0.2), 0.5), 0.0, 1.0)


def in_top_k(predictions: Any, targets: Any, k: Any) -> Any:
    """Whether each target is among the `k` likeliest classes.

    Args:
        predictions: Scores ``(batch, classes)``.
        targets: Class numbers ``(batch,)``.
        k: Number of classes.

    Source: `tf.keras.backend.in_top_k`.
    """
    return ranking.in_top_k(targets, predictions, k)


def sparse_categorical_crossentropy(
    target: Any,
    output: Any,
    from_logits: bool = False,
    axis: int = -1,
    ignore_class: int | None = None,
) -> Any:
    """Cross-entropy of class numbers.

    Args:
        target: Class numbers ``(batch, ...)``.
        output: Probabilities, or logits, ``(batch, ..., classes)``.
        from_logits: Whether `output` holds logits.
        axis: Axis of the classes.
        ignore_class: Class number whose loss is 0, or None.

    Source: `tf.keras.backend.sparse_categorical_crossentropy`.
    """
    if ignore_class is None:
        return losses.sparse_categorical_crossentropy(target, output, from_logits, axis)
    last = moveaxis(output, axis, -1)
    return crossentropy.sparse_categorical_crossentropy(target, last, from_logits, ignore_class)


def binary_focal_crossentropy(
    target: Any,
    output: Any,
    apply_class_balancing: bool = False,
    alpha: Any = 0.25,
    gamma: Any = 2.0,
    from_logits: bool = False,
) -> Any:
    """Binary cross-entropy of each element, less for those that are predicted well.

    Args:
        target: Labels 0 or 1.
        output: Probabilities, or logits, of the same shape.
        apply_class_balancing: Weight class 1 by `alpha` and class 0 by ``1 - alpha``.
        alpha: Weight of class 1.
        gamma: How strongly well predicted elements are discounted.
        from_logits: Whether `output` holds logits.

    Returns:
        Tensor of the same shape.

    Source: `tf.keras.backend.binary_focal_crossentropy`.
    """
    labels, scores = expand_dims(target, -1), expand_dims(output, -1)
    return focal.binary_focal_crossentropy(
        labels, scores, apply_class_balancing, alpha, gamma, from_logits
    )


def categorical_focal_crossentropy(
    target: Any,
    output: Any,
    alpha: Any = 0.25,
    gamma: Any = 2.0,
    from_logits: bool = False,
    axis: int = -1,
) -> Any:
    """Cross-entropy of one-hot labels, less for those that are predicted well.

    Args:
        target: Labels ``(batch, ..., classes)``.
        output: Probabilities, or logits, of the same shape.
        alpha: Weight of the classes.
        gamma: How strongly well predicted samples are discounted.
        from_logits: Whether `output` holds logits.
        axis: Axis of the classes.

    Source: `tf.keras.backend.categorical_focal_crossentropy`.
    """
    return focal.categorical_focal_crossentropy(
        target, output, alpha, gamma, from_logits, axis=axis
    )
