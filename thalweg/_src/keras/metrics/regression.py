"""Errors of predicted numbers as metrics, and the coefficient of determination."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.losses.base import same_rank
from thalweg._src.keras.losses.cosine import cosine_similarity as cosine_loss
from thalweg._src.keras.losses.regression import (
    log_cosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
)
from thalweg._src.keras.metrics.base import Metric
from thalweg._src.keras.metrics.reductions import Mean, MeanMetricWrapper
from thalweg._src.ops import creation, inspection, shaping
from thalweg._src.ops.casting import cast
from thalweg._src.ops.exponential import sqrt
from thalweg._src.ops.reduction import reduce_mean, reduce_sum
from thalweg._src.ops.rounding import is_inf
from thalweg._src.ops.selection import where


def cosine_similarity(y_true: Any, y_pred: Any, axis: int = -1) -> Any:
    """Cosine of the angle between vectors: 1 for the same direction, -1 for the opposite.

    Args:
        y_true: Vectors along `axis`.
        y_pred: Vectors, likewise.
        axis: Axis of the vectors.

    Source: `keras.metrics.CosineSimilarity`; the loss of this name has the other sign.
    """
    return -cosine_loss(y_true, y_pred, axis)


class MeanSquaredError(MeanMetricWrapper):
    """Mean of squared errors.

    Args:
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.MeanSquaredError`.
    """

    def __init__(self, name: str = "mean_squared_error", dtype: Any = None) -> None:
        super().__init__(mean_squared_error, name, dtype)


class MeanAbsoluteError(MeanMetricWrapper):
    """Mean of absolute errors.

    Args:
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.MeanAbsoluteError`.
    """

    def __init__(self, name: str = "mean_absolute_error", dtype: Any = None) -> None:
        super().__init__(mean_absolute_error, name, dtype)


class MeanAbsolutePercentageError(MeanMetricWrapper):
    """Mean of relative errors, in percent.

    Args:
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.MeanAbsolutePercentageError`.
    """

    def __init__(self, name: str = "mean_absolute_percentage_error", dtype: Any = None) -> None:
        super().__init__(mean_absolute_percentage_error, name, dtype)


class MeanSquaredLogarithmicError(MeanMetricWrapper):
    """Mean of squared differences of logarithms.

    Args:
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.MeanSquaredLogarithmicError`.
    """

    def __init__(self, name: str = "mean_squared_logarithmic_error", dtype: Any = None) -> None:
        super().__init__(mean_squared_logarithmic_error, name, dtype)


class LogCoshError(MeanMetricWrapper):
    """Mean of the logarithm of the hyperbolic cosine of errors.

    Args:
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.LogCoshError`.
    """

    def __init__(self, name: str = "logcosh", dtype: Any = None) -> None:
        super().__init__(log_cosh, name, dtype)


class CosineSimilarity(MeanMetricWrapper):
    """Mean cosine of the angle between vectors.

    Args:
        name: Name.
        dtype: See `Metric`.
        axis: Axis of the vectors.

    Source: `keras.metrics.CosineSimilarity`.
    """

    def __init__(
        self,
        name: str = "cosine_similarity",
        dtype: Any = None,
        axis: int = -1,
    ) -> None:
        super().__init__(cosine_similarity, name, dtype, axis=axis)


class RootMeanSquaredError(Mean):
    """Square root of the mean of squared errors.

    Args:
        name: Name.
        dtype: See `Metric`.

    Example:
        >>> import thalweg as tf
        >>> m = tf.keras.metrics.RootMeanSquaredError()
        >>> m.update_state([0.0, 0.0], [3.0, 3.0])
        >>> float(m.result())
        3.0

    Source: `keras.metrics.RootMeanSquaredError`.
    """

    def __init__(self, name: str = "root_mean_squared_error", dtype: Any = None) -> None:
        super().__init__(name, dtype)

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> None:
        """Takes in one batch.

        Args:
            y_true: Labels of shape ``(batch, ...)``.
            y_pred: Predictions, likewise.
            sample_weight: Weights of shape ``(batch, ...)``, or None.
        """
        y_true, y_pred = same_rank(cast(y_true, self.dtype), cast(y_pred, self.dtype))
        error = y_pred - y_true
        super().update_state(error * error, sample_weight=sample_weight)

    def result(self) -> Any:
        """The root."""
        return sqrt(super().result())


class R2Score(Metric):
    """Coefficient of determination: 1 for exact predictions, 0 for predicting the mean.

    Args:
        class_aggregation: How the scores of several outputs become one: ``"uniform_average"``,
            ``"variance_weighted_average"``, or None for one score each.
        num_regressors: Number of inputs, for the adjusted score; 0 for the plain one.
        name: Name.
        dtype: See `Metric`.

    Source: Wright 1921; `keras.metrics.R2Score`.
    """

    def __init__(
        self,
        class_aggregation: str | None = "uniform_average",
        num_regressors: int = 0,
        name: str = "r2_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(dtype=dtype, name=name)
        known = (None, "uniform_average", "variance_weighted_average")
        if class_aggregation not in known:
            raise ValueError(
                f"[R2Score] expected class_aggregation to be one of {known}, got {class_aggregation!r}."
            )
        if num_regressors < 0:
            raise ValueError(
                f"[R2Score] expected num_regressors of 0 or more, got {num_regressors}."
            )
        self.class_aggregation = class_aggregation
        self.num_regressors = num_regressors
        self.num_samples = self._add_count((), "num_samples")
        self._built = False

    def _build(self, true_shape: tuple[int, ...], pred_shape: tuple[int, ...]) -> None:
        if len(true_shape) != 2 or len(pred_shape) != 2:
            raise ShapeError(
                "[R2Score] expected labels and predictions of shape (batch, outputs), got "
                f"{true_shape} and {pred_shape}."
            )
        shape = (pred_shape[-1],)
        self.squared_sum = self._add_count(shape, "squared_sum")
        self.sum = self._add_count(shape, "sum")
        self.total_mse = self._add_count(shape, "residual")
        self.count = self._add_count(shape, "count")
        self._built = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes in one batch.

        Args:
            y_true: Labels of shape ``(batch, outputs)``.
            y_pred: Predictions, likewise.
            sample_weight: Weights of shape ``(batch,)`` or ``(batch, outputs)``, or None.
        """
        y_true, y_pred = same_rank(cast(y_true, self._count_dtype), cast(y_pred, self._count_dtype))
        if not self._built:
            self._build(tuple(y_true.shape), tuple(y_pred.shape))
        weight = creation.ones_like(y_true)
        if sample_weight is not None:
            given = cast(convert_to_tensor(sample_weight), self._count_dtype)
            given = shaping.expand_dims(given, 1) if len(given.shape) == 1 else given
            weight = weight * given
        error = y_true - y_pred
        self.sum.assign_add(reduce_sum(y_true * weight, axis=0))
        self.squared_sum.assign_add(reduce_sum(y_true * y_true * weight, axis=0))
        self.total_mse.assign_add(reduce_sum(error * error * weight, axis=0))
        self.count.assign_add(reduce_sum(weight, axis=0))
        self.num_samples.assign_add(cast(inspection.size(y_true), self._count_dtype))

    def result(self) -> Any:
        """The score; NaN before the first batch, 0 for labels that do not vary."""
        if not self._built:
            raise AttributeError(
                "[R2Score.result] expected at least one batch, got none: call update_state first."
            )
        observed: Any = self.sum.value
        mean = observed / self.count
        total = self.squared_sum - observed * mean
        scores = 1 - self.total_mse / total
        scores = where(is_inf(scores), creation.zeros_like(scores), scores)
        if self.class_aggregation == "uniform_average":
            scores = reduce_mean(scores)
        elif self.class_aggregation == "variance_weighted_average":
            scores = reduce_sum(total * scores) / reduce_sum(total)
        return self._adjusted(scores) if self.num_regressors else scores

    def _adjusted(self, score: Any) -> Any:
        """Score corrected for the number of inputs; the plain one while there are too few samples."""
        others: Any = convert_to_tensor(self.num_samples) - 1.0
        left = others - float(self.num_regressors)
        enough = left > 0
        divisor = where(enough, left, creation.ones_like(left))
        return where(enough, 1.0 - (1.0 - score) * others / divisor, score)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        own = {"class_aggregation": self.class_aggregation, "num_regressors": self.num_regressors}
        return super().get_config() | own
