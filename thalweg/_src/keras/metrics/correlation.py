"""Correlations of predictions with labels."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.losses.arguments import paired
from thalweg._src.keras.metrics.reductions import MeanMetricWrapper
from thalweg._src.ops.reduction import reduce_mean, reduce_std, reduce_variance


def pearson_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """Pearson's correlation along an axis: 1 for a rising line, -1 for a falling one, 0 for no line.

    Args:
        y_true: Labels.
        y_pred: Predictions of the same shape.
        axis: Axis over which they are compared.

    Returns:
        Tensor of the shape without `axis`; NaN where one of both is constant.

    Source: Pearson 1895; `keras.metrics.pearson_correlation`.
    """
    y_true, y_pred = paired(y_true, y_pred)
    one = y_true - reduce_mean(y_true, axis=axis, keepdims=True)
    two = y_pred - reduce_mean(y_pred, axis=axis, keepdims=True)
    one = one / reduce_std(one, axis=axis, keepdims=True)
    two = two / reduce_std(two, axis=axis, keepdims=True)
    return reduce_mean(one * two, axis=axis)


def concordance_correlation(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """Lin's concordance along an axis: 1 where predictions equal labels, less for any other line.

    Args:
        y_true: Labels.
        y_pred: Predictions of the same shape.
        axis: Axis over which they are compared.

    Returns:
        Tensor of the shape without `axis`.

    Source: Lin 1989, "A concordance correlation coefficient to evaluate reproducibility".
    """
    y_true, y_pred = paired(y_true, y_pred)
    one = reduce_mean(y_true, axis=axis, keepdims=True)
    two = reduce_mean(y_pred, axis=axis, keepdims=True)
    spread = reduce_variance(y_true, axis=axis, keepdims=True)
    spread = spread + reduce_variance(y_pred, axis=axis, keepdims=True)
    common = (y_true - two) * (y_pred - two)
    distance = spread + (one - two) * (one - two)
    return reduce_mean(2 * common / (distance + epsilon()), axis=axis)


class PearsonCorrelation(MeanMetricWrapper):
    """Mean of Pearson's correlation over samples.

    Args:
        name: Name.
        dtype: See `Metric`.
        axis: Axis over which labels and predictions are compared.

    Source: `keras.metrics.PearsonCorrelation`.
    """

    def __init__(
        self,
        name: str = "pearson_correlation",
        dtype: Any = None,
        axis: int = -1,
    ) -> None:
        super().__init__(pearson_correlation, name, dtype, axis=axis)


class ConcordanceCorrelation(MeanMetricWrapper):
    """Mean of Lin's concordance over samples.

    Args:
        name: Name.
        dtype: See `Metric`.
        axis: Axis over which labels and predictions are compared.

    Source: `keras.metrics.ConcordanceCorrelation`.
    """

    def __init__(
        self,
        name: str = "concordance_correlation",
        dtype: Any = None,
        axis: int = -1,
    ) -> None:
        super().__init__(concordance_correlation, name, dtype, axis=axis)
