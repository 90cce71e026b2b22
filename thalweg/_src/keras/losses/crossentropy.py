"""Cross-entropies: binary, of distributions over classes, and of class numbers."""

from __future__ import annotations

import warnings
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.base.notes import masks, recall_logits
from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.losses.arguments import alike, floating
from thalweg._src.keras.losses.base import LossFunctionWrapper
from thalweg._src.ops import clipping, creation, exponential, reduction, shaping
from thalweg._src.ops.casting import cast
from thalweg._src.ops.nn.losses import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    sparse_softmax_cross_entropy_with_logits,
)
from thalweg._src.ops.selection import where

_TWICE = (
    "[{}] got from_logits=True and the output of a {} activation, which holds probabilities: the loss is "
    "computed from the logits before it. Pass from_logits=False, or drop the activation."
)


def _clipped(probabilities: Any) -> Any:
    """Probabilities in [epsilon, 1 - epsilon], whose logarithms are finite."""
    return clipping.clip_by_value(probabilities, epsilon(), 1.0 - epsilon())


def same_shape(where: str, y_true: Any, y_pred: Any) -> None:
    """Raises unless labels and predictions have one shape; unknown sizes fit any."""
    one, two = tuple(y_true.shape), tuple(y_pred.shape)
    if len(one) != len(two) or any(a != b for a, b in zip(one, two) if None not in (a, b)):
        raise ShapeError(
            f"[{where}] expected y_true and y_pred of one shape, got {one} and {two}; for class numbers "
            "use sparse_categorical_crossentropy."
        )


def elementwise_binary(y_true: Any, y_pred: Any, from_logits: bool) -> Any:
    """Binary cross-entropy of each element, from the logits where they are known."""
    same_shape("binary_crossentropy", y_true, y_pred)
    logits = recall_logits(y_pred)
    if logits is not None and from_logits:
        warnings.warn(_TWICE.format("binary_crossentropy", "sigmoid"), stacklevel=4)
    if logits is None and from_logits:
        logits = y_pred
    if logits is not None:
        return sigmoid_cross_entropy_with_logits(y_true, logits)
    p = _clipped(y_pred)
    return -(y_true * exponential.log(p) + (1 - y_true) * exponential.log(1 - p))


def binary_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """Mean over an axis of ``-y_true log(y_pred) - (1 - y_true) log(1 - y_pred)``.

    Args:
        y_true: Labels in [0, 1], of shape ``(batch, ..., n)``.
        y_pred: Probabilities, or logits, of the same shape.
        from_logits: Whether `y_pred` holds logits.
        label_smoothing: How far labels are moved towards 0.5, in [0, 1].
        axis: Axis of the mean.

    Returns:
        Tensor of shape ``(batch, ...)``. Probabilities are clipped to [1e-7, 1 - 1e-7].

    Example:
        >>> import thalweg as tf
        >>> tf.keras.losses.binary_crossentropy([[1.0]], [[0.0]], from_logits=True).numpy().round(4)
        array([0.6931], dtype=float32)

    Source: `keras.losses.binary_crossentropy`.
    """
    y_true, y_pred = alike(y_true, y_pred)
    if label_smoothing:
        y_true = y_true * (1.0 - label_smoothing) + 0.5 * label_smoothing
    return reduction.reduce_mean(elementwise_binary(y_true, y_pred, from_logits), axis=axis)


def smoothed(y_true: Any, label_smoothing: float) -> Any:
    """Distributions over the classes of the last axis, moved towards the even one."""
    if not label_smoothing:
        return y_true
    classes = y_true.shape[-1]
    if classes is None:
        raise InvalidArgumentError(
            f"[label_smoothing] expected a known number of classes, got shape {tuple(y_true.shape)}."
        )
    return y_true * (1.0 - label_smoothing) + label_smoothing / classes


def _softmax_logits(where: str, y_pred: Any, from_logits: bool, axis: int) -> Any:
    """Logits of the predictions, or None where only probabilities are known."""
    known = recall_logits(y_pred, axis)
    if known is not None:
        if from_logits:
            warnings.warn(_TWICE.format(where, "softmax"), stacklevel=4)
        return known
    return y_pred if from_logits else None


def categorical_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    label_smoothing: float = 0.0,
    axis: int = -1,
) -> Any:
    """``-sum(y_true log(y_pred))`` over the classes.

    Args:
        y_true: Distributions over classes, such as one-hot rows, of shape ``(batch, ..., classes)``.
        y_pred: Probabilities, or logits, of the same shape.
        from_logits: Whether `y_pred` holds logits.
        label_smoothing: How far labels are moved towards the even distribution, in [0, 1].
        axis: Axis of the classes.

    Returns:
        Tensor of shape ``(batch, ...)``. Probabilities are scaled to sum 1 and clipped to
        [1e-7, 1 - 1e-7].

    Example:
        >>> import thalweg as tf
        >>> y = tf.constant([[0.0, 1.0]])
        >>> tf.keras.losses.categorical_crossentropy(y, tf.constant([[0.5, 0.5]])).numpy().round(4)
        array([0.6931], dtype=float32)

    Source: `keras.losses.categorical_crossentropy`.
    """
    y_true, y_pred = alike(y_true, y_pred)
    same_shape("categorical_crossentropy", y_true, y_pred)
    y_true = smoothed(y_true, label_smoothing)
    logits = _softmax_logits("categorical_crossentropy", y_pred, from_logits, axis)
    if logits is not None:
        return softmax_cross_entropy_with_logits(y_true, logits, axis)
    total = reduction.reduce_sum(y_pred, axis=axis, keepdims=True)
    return -reduction.reduce_sum(y_true * exponential.log(_clipped(y_pred / total)), axis=axis)


def sparse_categorical_crossentropy(
    y_true: Any,
    y_pred: Any,
    from_logits: bool = False,
    ignore_class: int | None = None,
    axis: int = -1,
) -> Any:
    """``-log(y_pred[y_true])``: cross-entropy of class numbers.

    Args:
        y_true: Class numbers of shape ``(batch, ...)`` or ``(batch, ..., 1)``, of any real dtype.
        y_pred: Probabilities, or logits, of shape ``(batch, ..., classes)``.
        from_logits: Whether `y_pred` holds logits.
        ignore_class: Class number of samples that do not count, such as -1; or None.
        axis: Axis of the classes; only the last is supported.

    Returns:
        Tensor of shape ``(batch, ...)``.

    Raises:
        InvalidArgumentError: A class number outside ``[0, classes)``; in a compiled program its loss is NaN.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.losses.sparse_categorical_crossentropy([1], tf.constant([[0.5, 0.5]])).numpy().round(4)
        array([0.6931], dtype=float32)

    Source: `keras.losses.sparse_categorical_crossentropy`.
    """
    y_pred = floating(y_pred)
    labels = convert_to_tensor(y_true)
    rank = len(y_pred.shape)
    if axis not in (-1, rank - 1):
        raise InvalidArgumentError(
            f"[sparse_categorical_crossentropy] expected the classes in the last axis, got axis={axis}; "
            "transpose the predictions."
        )
    if len(labels.shape) == rank and labels.shape[-1] == 1:
        labels = shaping.squeeze(labels, -1)
    if rank < 1 or len(labels.shape) != rank - 1 or not _fits(labels.shape, y_pred.shape[:-1]):
        raise ShapeError(
            "[sparse_categorical_crossentropy] expected a class number for each row of y_pred, got y_true "
            f"of shape {tuple(labels.shape)} and y_pred of shape {tuple(y_pred.shape)}; one-hot labels go "
            "with categorical_crossentropy."
        )
    if not dtypes.as_dtype(labels.dtype).is_integer:
        labels = cast(labels, "int32")
    logits = _softmax_logits("sparse_categorical_crossentropy", y_pred, from_logits, -1)
    if logits is None:
        logits = exponential.log(_clipped(y_pred))
    if ignore_class is None:
        return sparse_softmax_cross_entropy_with_logits(labels, logits)
    valid = labels != ignore_class
    kept = where(valid, labels, creation.zeros_like(labels))
    losses = sparse_softmax_cross_entropy_with_logits(kept, logits)
    losses = where(valid, losses, creation.zeros_like(losses))
    masks.set(losses, valid)
    return losses


def _fits(one: Any, two: Any) -> bool:
    return all(a == b for a, b in zip(tuple(one), tuple(two)) if None not in (a, b))


class BinaryCrossentropy(LossFunctionWrapper):
    """Binary cross-entropy of probabilities or logits.

    Args:
        from_logits: Whether predictions are logits.
        label_smoothing: How far labels are moved towards 0.5, in [0, 1].
        axis: Axis of the mean.
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Example:
        >>> import thalweg as tf
        >>> loss = tf.keras.losses.BinaryCrossentropy(from_logits=True)
        >>> round(float(loss(tf.constant([[1.0]]), tf.constant([[0.0]]))), 4)
        0.6931

    Source: `keras.losses.BinaryCrossentropy`.
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "binary_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            binary_crossentropy,
            reduction,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class CategoricalCrossentropy(LossFunctionWrapper):
    """Cross-entropy of distributions over classes, such as one-hot labels.

    Args:
        from_logits: Whether predictions are logits.
        label_smoothing: How far labels are moved towards the even distribution, in [0, 1].
        axis: Axis of the classes.
        reduction: See `Loss`.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.CategoricalCrossentropy`.
    """

    def __init__(
        self,
        from_logits: bool = False,
        label_smoothing: float = 0.0,
        axis: int = -1,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            categorical_crossentropy,
            reduction,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class SparseCategoricalCrossentropy(LossFunctionWrapper):
    """Cross-entropy of class numbers.

    Args:
        from_logits: Whether predictions are logits.
        ignore_class: Class number of samples that do not count, or None.
        reduction: See `Loss`.
        axis: Axis of the classes; only the last is supported.
        name: Name.
        dtype: See `Loss`.

    Source: `keras.losses.SparseCategoricalCrossentropy`.
    """

    def __init__(
        self,
        from_logits: bool = False,
        ignore_class: int | None = None,
        reduction: str | None = "sum_over_batch_size",
        axis: int = -1,
        name: str | None = "sparse_categorical_crossentropy",
        dtype: Any = None,
    ) -> None:
        super().__init__(
            sparse_categorical_crossentropy,
            reduction,
            name,
            dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )

    @property
    def from_logits(self) -> bool:
        """Whether predictions are logits."""
        return self.settings["from_logits"]
