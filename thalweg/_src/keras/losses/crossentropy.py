"""Cross-entropies: binary, of distributions over classes, and of class numbers."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.base.notes import masks
from thalweg._src.keras.losses.arguments import alike, floating
from thalweg._src.keras.losses.base import LossFunctionWrapper
from thalweg._src.keras.ops import losses as ops
from thalweg._src.ops import creation, reduction
from thalweg._src.ops.selection import where


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
    return reduction.reduce_mean(ops.binary_crossentropy(y_true, y_pred, from_logits), axis=axis)


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
    return ops.categorical_crossentropy(smoothed(y_true, label_smoothing), y_pred, from_logits, axis)


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
    if ignore_class is None:
        return ops.sparse_categorical_crossentropy(y_true, y_pred, from_logits, axis)
    labels = ops.class_numbers("sparse_categorical_crossentropy", y_true, y_pred)
    valid = labels != ignore_class
    kept = where(valid, labels, creation.zeros_like(labels))
    losses = ops.sparse_categorical_crossentropy(kept, y_pred, from_logits, axis)
    losses = where(valid, losses, creation.zeros_like(losses))
    masks.set(losses, valid)
    return losses


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
