"""Accuracies: how often predictions agree with labels."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.losses.arguments import floating
from thalweg._src.keras.losses.base import same_rank
from thalweg._src.keras.metrics.reductions import MeanMetricWrapper
from thalweg._src.ops import ranking, reduction, shaping
from thalweg._src.ops.casting import cast


def accuracy(y_true: Any, y_pred: Any) -> Any:
    """1 where labels and predictions are equal, else 0.

    Args:
        y_true: Labels of any shape.
        y_pred: Predicted labels of the same shape.

    Returns:
        Floating tensor of that shape.

    Source: `keras.metrics.Accuracy`.
    """
    y_pred = convert_to_tensor(y_pred)
    y_true, y_pred = same_rank(cast(y_true, y_pred.dtype), y_pred)
    return cast(y_true == y_pred, floatx())


def binary_accuracy(y_true: Any, y_pred: Any, threshold: float = 0.5) -> Any:
    """1 where a label equals "the prediction is above `threshold`", else 0.

    Args:
        y_true: Labels 0 and 1, of any shape.
        y_pred: Predictions of the same shape.
        threshold: Border between the two classes.

    Returns:
        Floating tensor of that shape.

    Source: `keras.metrics.binary_accuracy`.
    """
    y_pred = floating(y_pred)
    y_true, y_pred = same_rank(cast(y_true, y_pred.dtype), y_pred)
    return cast(y_true == cast(y_pred > threshold, y_true.dtype), floatx())


def categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """1 where the largest prediction is at the largest label, else 0.

    Args:
        y_true: One-hot labels of shape ``(batch, ..., classes)``.
        y_pred: Predictions of the same shape.

    Returns:
        Floating tensor of shape ``(batch, ...)``.

    Source: `keras.metrics.categorical_accuracy`.
    """
    return _agreement(ranking.argmax(convert_to_tensor(y_true), axis=-1), convert_to_tensor(y_pred))


def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """1 where the largest prediction is at the class number, else 0.

    Args:
        y_true: Class numbers of shape ``(batch, ...)`` or ``(batch, ..., 1)``.
        y_pred: Predictions of shape ``(batch, ..., classes)``.

    Returns:
        Floating tensor of shape ``(batch, ...)``.

    Source: `keras.metrics.sparse_categorical_accuracy`.
    """
    y_pred, y_true = convert_to_tensor(y_pred), convert_to_tensor(y_true)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == 1:
        y_true = shaping.squeeze(y_true, -1)
    return _agreement(y_true, y_pred)


def _agreement(classes: Any, y_pred: Any) -> Any:
    """1 where the largest prediction is at the class."""
    found = ranking.argmax(y_pred, axis=-1)
    if dtypes.as_dtype(classes.dtype).is_floating:
        return cast(classes == cast(found, classes.dtype), floatx())
    return cast(cast(classes, "int64") == found, floatx())


def top_k_categorical_accuracy(y_true: Any, y_pred: Any, k: int = 5) -> Any:
    """1 where the largest label is among the `k` largest predictions, else 0.

    Args:
        y_true: One-hot labels of shape ``(batch, ..., classes)``.
        y_pred: Predictions of the same shape.
        k: How many predictions count.

    Returns:
        Floating tensor of shape ``(batch, ...)``.

    Source: `keras.metrics.top_k_categorical_accuracy`.
    """
    y_pred = floating(y_pred)
    classes = ranking.argmax(convert_to_tensor(y_true), axis=-1)
    return sparse_top_k_categorical_accuracy(classes, y_pred, k)


def sparse_top_k_categorical_accuracy(
    y_true: Any, y_pred: Any, k: int = 5, from_sorted_ids: bool = False
) -> Any:
    """1 where the class number is among the `k` largest predictions, else 0.

    Args:
        y_true: Class numbers of shape ``(batch, ...)`` or ``(batch, ..., 1)``.
        y_pred: Predictions of shape ``(batch, ..., classes)``.
        k: How many predictions count.
        from_sorted_ids: Whether `y_pred` holds class numbers, best first, instead of predictions.

    Returns:
        Floating tensor of shape ``(batch, ...)``.

    Source: `keras.metrics.sparse_top_k_categorical_accuracy`.
    """
    y_pred, y_true = convert_to_tensor(y_pred), convert_to_tensor(y_true)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == 1:
        y_true = shaping.squeeze(y_true, -1)
    shape = tuple(y_true.shape)
    y_true = shaping.reshape(y_true, [-1])
    y_pred = shaping.reshape(y_pred, [-1, y_pred.shape[-1]])
    if from_sorted_ids:
        rows = shaping.expand_dims(cast(y_true, y_pred.dtype), 1) == y_pred[:, :k]
        matches = reduction.reduce_any(rows, axis=1)
    else:
        matches = ranking.in_top_k(cast(y_true, "int32"), cast(y_pred, "float32"), k)
    return shaping.reshape(cast(matches, floatx()), shape)


class Accuracy(MeanMetricWrapper):
    """How often predictions equal labels.

    Args:
        name: Name.
        dtype: See `Metric`.

    Example:
        >>> import thalweg as tf
        >>> m = tf.keras.metrics.Accuracy()
        >>> m.update_state([1, 2, 3, 4], [0, 2, 3, 4])
        >>> float(m.result())
        0.75

    Source: `keras.metrics.Accuracy`.
    """

    def __init__(self, name: str = "accuracy", dtype: Any = None) -> None:
        super().__init__(accuracy, name, dtype)


class BinaryAccuracy(MeanMetricWrapper):
    """How often predictions are on the label's side of a threshold.

    Args:
        name: Name.
        dtype: See `Metric`.
        threshold: Border between the two classes, in (0, 1).

    Source: `keras.metrics.BinaryAccuracy`.
    """

    def __init__(
        self, name: str = "binary_accuracy", dtype: Any = None, threshold: float = 0.5
    ) -> None:
        if threshold is not None and not 0 < threshold < 1:
            raise ValueError(
                f"[BinaryAccuracy] expected a threshold between 0 and 1, got {threshold}; for logits pass "
                "them through a sigmoid first."
            )
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)
        self.threshold = threshold


class CategoricalAccuracy(MeanMetricWrapper):
    """How often the largest prediction is at the one-hot label.

    Args:
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.CategoricalAccuracy`.
    """

    def __init__(self, name: str = "categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(categorical_accuracy, name, dtype)


class SparseCategoricalAccuracy(MeanMetricWrapper):
    """How often the largest prediction is at the class number.

    Args:
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.SparseCategoricalAccuracy`.
    """

    def __init__(self, name: str = "sparse_categorical_accuracy", dtype: Any = None) -> None:
        super().__init__(sparse_categorical_accuracy, name, dtype)


class TopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the one-hot label is among the `k` largest predictions.

    Args:
        k: How many predictions count.
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.TopKCategoricalAccuracy`.
    """

    def __init__(
        self, k: int = 5, name: str = "top_k_categorical_accuracy", dtype: Any = None
    ) -> None:
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)
        self.k = k


class SparseTopKCategoricalAccuracy(MeanMetricWrapper):
    """How often the class number is among the `k` largest predictions.

    Args:
        k: How many predictions count.
        name: Name.
        dtype: See `Metric`.
        from_sorted_ids: See `sparse_top_k_categorical_accuracy`.

    Source: `keras.metrics.SparseTopKCategoricalAccuracy`.
    """

    def __init__(
        self,
        k: int = 5,
        name: str = "sparse_top_k_categorical_accuracy",
        dtype: Any = None,
        from_sorted_ids: bool = False,
    ) -> None:
        super().__init__(
            sparse_top_k_categorical_accuracy, name, dtype, k=k, from_sorted_ids=from_sorted_ids
        )
        self.k = k
        self.from_sorted_ids = from_sorted_ids
