"""Metrics, found by name."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras import losses
from thalweg._src.keras.base.registry import resolve, table_of
from thalweg._src.keras.base.serialization import enroll, plain
from thalweg._src.keras.losses import crossentropy
from thalweg._src.keras.metrics import (
    accuracy,
    auc,
    correlation,
    f_score,
    hinge,
    iou,
    probabilistic,
    reductions,
    regression,
    thresholds,
)
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
    regression.MeanSquaredError,
    regression.RootMeanSquaredError,
    regression.MeanAbsoluteError,
    regression.MeanAbsolutePercentageError,
    regression.MeanSquaredLogarithmicError,
    regression.CosineSimilarity,
    regression.LogCoshError,
    regression.R2Score,
    probabilistic.BinaryCrossentropy,
    probabilistic.CategoricalCrossentropy,
    probabilistic.SparseCategoricalCrossentropy,
    probabilistic.KLDivergence,
    probabilistic.Poisson,
    correlation.PearsonCorrelation,
    correlation.ConcordanceCorrelation,
    auc.AUC,
    thresholds.FalsePositives,
    thresholds.FalseNegatives,
    thresholds.TruePositives,
    thresholds.TrueNegatives,
    thresholds.Precision,
    thresholds.Recall,
    thresholds.PrecisionAtRecall,
    thresholds.RecallAtPrecision,
    thresholds.SensitivityAtSpecificity,
    thresholds.SpecificityAtSensitivity,
    f_score.F1Score,
    f_score.FBetaScore,
    hinge.Hinge,
    hinge.SquaredHinge,
    hinge.CategoricalHinge,
    iou.IoU,
    iou.BinaryIoU,
    iou.MeanIoU,
    iou.OneHotIoU,
    iou.OneHotMeanIoU,
)
_FUNCTIONS = (
    accuracy.binary_accuracy,
    accuracy.categorical_accuracy,
    accuracy.sparse_categorical_accuracy,
    accuracy.top_k_categorical_accuracy,
    accuracy.sparse_top_k_categorical_accuracy,
    correlation.pearson_correlation,
    correlation.concordance_correlation,
)
# Names of losses serve as metrics; a metric's class wins over a function of its name.
enroll("keras.metrics", *_FUNCTIONS)
_NAMED = losses.FUNCTIONS | table_of(*_FUNCTIONS) | table_of(*_CLASSES)
_TABLE = _NAMED | {alias: _NAMED[function.__name__] for alias, function in losses.ALIASES.items()}


def get(identifier: Any) -> Any:
    """Metric that a name, config or function stands for; None stays None.

    Args:
        identifier: Such as ``"mae"`` or ``"AUC"``.

    Returns:
        `Metric`, or a function of ``(y_true, y_pred)``.

    Raises:
        ValueError: An unknown name; the message suggests the nearest.

    Example:
        >>> import thalweg as tf
        >>> type(tf.keras.metrics.get("auc")).__name__
        'AUC'

    Source: `keras.metrics.get`.
    """
    return None if identifier is None else resolve("metric", identifier, _TABLE)


def serialize(metric: Any) -> Any:
    """Config from which `get` makes an equal metric: a dict for a `Metric`, a name for a function.

    Args:
        metric: `Metric` or function.

    Source: `keras.metrics.serialize`.
    """
    if isinstance(metric, Metric):
        return plain(metric)
    return metric.__name__


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Metric of what `serialize` gave, without its state.

    Args:
        config: Config or name.
        custom_objects: Further classes and functions by name.

    Source: `keras.metrics.deserialize`.
    """
    return resolve("metric", config, _TABLE | (custom_objects or {}))


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
