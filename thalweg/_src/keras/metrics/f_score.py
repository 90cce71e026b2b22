"""F-scores: harmonic means of precision and recall."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.metrics.base import Metric
from thalweg._src.ops import shaping
from thalweg._src.ops.casting import cast
from thalweg._src.ops.reduction import reduce_max, reduce_mean, reduce_sum


class FBetaScore(Metric):
    """``(1 + beta²) precision recall / (beta² precision + recall)`` for each class, or averaged.

    Args:
        average: None for a score each class, ``"micro"`` (all decisions together), ``"macro"`` (mean
            over classes) or ``"weighted"`` (mean weighted by how often each class occurs).
        beta: Weight of recall.
        threshold: Smallest prediction that counts as a decision for a class; None for the largest.
        name: Name.
        dtype: See `Metric`.

    Source: van Rijsbergen 1979, "Information retrieval"; `keras.metrics.FBetaScore`.
    """

    def __init__(
        self,
        average: str | None = None,
        beta: float = 1.0,
        threshold: float | None = None,
        name: str = "fbeta_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(dtype=dtype, name=name)
        where = type(self).__name__
        if average not in (None, "micro", "macro", "weighted"):
            raise ValueError(
                f"[{where}] expected average to be None, 'micro', 'macro' or 'weighted', got {average!r}."
            )
        if not isinstance(beta, float) or beta <= 0:
            raise ValueError(f"[{where}] expected beta to be a positive float, got {beta!r}.")
        if threshold is not None and not (isinstance(threshold, float) and 0 < threshold <= 1):
            raise ValueError(
                f"[{where}] expected threshold to be a float in (0, 1], got {threshold!r}."
            )
        self.average = average
        self.beta = beta
        self.threshold = threshold
        self._built = False

    def _build(self, true_shape: tuple[int, ...], pred_shape: tuple[int, ...]) -> None:
        if len(true_shape) != 2 or len(pred_shape) != 2:
            raise ShapeError(
                f"[{type(self).__name__}] expected labels and predictions of shape (batch, classes), got "
                f"{true_shape} and {pred_shape}; one-hot encode class numbers."
            )
        shape = () if self.average == "micro" else (pred_shape[-1],)
        self.true_positives = self.add_variable(shape, "zeros", name="true_positives")
        self.false_positives = self.add_variable(shape, "zeros", name="false_positives")
        self.false_negatives = self.add_variable(shape, "zeros", name="false_negatives")
        self.intermediate_weights = self.add_variable(shape, "zeros", name="intermediate_weights")
        self._built = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes in one batch.

        Args:
            y_true: One-hot or multi-hot labels of shape ``(batch, classes)``.
            y_pred: Predictions, likewise.
            sample_weight: Weights of shape ``(batch,)``, or None.
        """
        y_true, y_pred = cast(y_true, self.dtype), cast(y_pred, self.dtype)
        if not self._built:
            self._build(tuple(y_true.shape), tuple(y_pred.shape))
        if self.threshold is None:
            decided = (y_pred >= reduce_max(y_pred, axis=-1, keepdims=True)) & (abs(y_pred) > 1e-9)
        else:
            decided = y_pred > self.threshold
        y_pred = cast(decided, self.dtype)
        weight: Any = 1.0
        if sample_weight is not None:
            weight = shaping.expand_dims(cast(convert_to_tensor(sample_weight), self.dtype), 1)
        axis = None if self.average == "micro" else 0
        self.true_positives.assign_add(reduce_sum(y_pred * y_true * weight, axis=axis))
        self.false_positives.assign_add(reduce_sum(y_pred * (1 - y_true) * weight, axis=axis))
        self.false_negatives.assign_add(reduce_sum((1 - y_pred) * y_true * weight, axis=axis))
        self.intermediate_weights.assign_add(reduce_sum(y_true * weight, axis=axis))

    def result(self) -> Any:
        """The score, or one for each class."""
        if not self._built:
            raise AttributeError(
                f"[{type(self).__name__}.result] expected at least one batch, got none: call update_state "
                "first."
            )
        hits: Any = self.true_positives.value
        small = epsilon()
        precision = hits / (hits + self.false_positives + small)
        recall = hits / (hits + self.false_negatives + small)
        square = self.beta * self.beta
        score = (1 + square) * (precision * recall / (square * precision + recall + small))
        if self.average == "weighted":
            weights = self.intermediate_weights.value
            return reduce_sum(score * (weights / (reduce_sum(weights) + small)))
        return score if self.average is None else reduce_mean(score)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        own = {"average": self.average, "beta": self.beta, "threshold": self.threshold}
        return super().get_config() | own


class F1Score(FBetaScore):
    """Harmonic mean of precision and recall, for each class or averaged.

    Args:
        average: See `FBetaScore`.
        threshold: See `FBetaScore`.
        name: Name.
        dtype: See `Metric`.

    Example:
        >>> import thalweg as tf
        >>> m = tf.keras.metrics.F1Score(threshold=0.5)
        >>> m.update_state([[1.0, 1.0], [1.0, 0.0]], [[0.2, 0.6], [0.6, 0.8]])
        >>> m.result().numpy().round(3).tolist()
        [0.6669999957084656, 0.6669999957084656]

    Source: `keras.metrics.F1Score`.
    """

    def __init__(
        self,
        average: str | None = None,
        threshold: float | None = None,
        name: str = "f1_score",
        dtype: Any = None,
    ) -> None:
        super().__init__(average, 1.0, threshold, name, dtype)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        config = super().get_config()
        del config["beta"]
        return config
