"""Metrics, found by name."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.registry import resolve, table_of
from thalweg._src.keras.losses import crossentropy, regression
from thalweg._src.keras.metrics import accuracy, reductions
from thalweg._src.keras.metrics.base import Metric
from thalweg._src.keras.metrics.reductions import MeanMetricWrapper as MeanMetricWrapper

_CLASSES = (
    reductions.Mean,
    reductions.Sum,
    reductions.MeanMetricWrapper,
    accuracy.Accuracy,
    accuracy.BinaryAccuracy,
    accuracy.CategoricalAccuracy,
    accuracy.SparseCategoricalAccuracy,
    accuracy.TopKCategoricalAccuracy,
    accuracy.SparseTopKCategoricalAccuracy,
)
_FUNCTIONS = (
    regression.mean_squared_error,
    regression.mean_absolute_error,
    regression.mean_absolute_percentage_error,
    regression.mean_squared_logarithmic_error,
    crossentropy.binary_crossentropy,
    crossentropy.categorical_crossentropy,
    crossentropy.sparse_categorical_crossentropy,
)
_TABLE = table_of(*_FUNCTIONS) | table_of(
    *_CLASSES,
    mse=regression.mean_squared_error,
    MSE=regression.mean_squared_error,
    mae=regression.mean_absolute_error,
    MAE=regression.mean_absolute_error,
    mape=regression.mean_absolute_percentage_error,
    MAPE=regression.mean_absolute_percentage_error,
    msle=regression.mean_squared_logarithmic_error,
    MSLE=regression.mean_squared_logarithmic_error,
    bce=crossentropy.binary_crossentropy,
    BCE=crossentropy.binary_crossentropy,
)


def get(identifier: Any) -> Any:
    """Metric that a name, config or function stands for; None stays None.

    Args:
        identifier: Such as ``"accuracy"``.

    Raises:
        ValueError: An unknown name; the message suggests the nearest.

    Source: `keras.metrics.get`.
    """
    return None if identifier is None else resolve("metric", identifier, _TABLE)


def for_shapes(kind: str, y_true_shape: tuple[int, ...], y_pred_shape: tuple[int, ...]) -> Metric:
    """Metric that ``"accuracy"`` or ``"crossentropy"`` means for labels and predictions.

    Args:
        kind: ``"accuracy"`` or ``"crossentropy"``.
        y_true_shape: Shape of the labels.
        y_pred_shape: Shape of the predictions: a last size of 1 means two classes; labels of a lower
            rank, or with a last size of 1, are class numbers; else labels are one-hot.

    Source: What `keras.Model.compile` does with these two names.
    """
    if not y_pred_shape or y_pred_shape[-1] == 1:
        chosen = 0
    elif len(y_true_shape) < len(y_pred_shape) or y_true_shape[-1] == 1:
        chosen = 1
    else:
        chosen = 2
    if kind == "accuracy":
        classes = (
            accuracy.BinaryAccuracy,
            accuracy.SparseCategoricalAccuracy,
            accuracy.CategoricalAccuracy,
        )
        return classes[chosen]()
    functions = (
        crossentropy.binary_crossentropy,
        crossentropy.sparse_categorical_crossentropy,
        crossentropy.categorical_crossentropy,
    )
    return MeanMetricWrapper(functions[chosen])
