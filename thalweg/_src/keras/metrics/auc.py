"""Area under a curve of decisions at many thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.losses.arguments import floating
from thalweg._src.keras.metrics.base import Metric
from thalweg._src.keras.metrics.confusion import Counts, count_confusions
from thalweg._src.ops import clipping, creation, exponential
from thalweg._src.ops.casting import cast
from thalweg._src.ops.guarded import divide_no_nan
from thalweg._src.ops.reduction import reduce_mean, reduce_sum
from thalweg._src.ops.selection import where


class AUC(Metric):
    """Area under the receiver operating characteristic, or under a precision-recall curve.

    The curve is drawn through `num_thresholds` points, so the area is approximate; thresholds lie evenly
    in [0, 1], with one just outside of each end.

    Args:
        num_thresholds: Number of points, 2 or more.
        curve: ``"ROC"`` (true over false positive rate), ``"PR"`` (precision over recall) or
            ``"PRGAIN"`` (precision gain over recall gain).
        summation_method: ``"interpolation"`` (trapezoids; for PR Davis and Goadrich's form),
            ``"minoring"`` (below the curve) or ``"majoring"`` (above it).
        name: Name.
        dtype: See `Metric`.
        thresholds: Thresholds between the ends, in [0, 1]; in place of `num_thresholds`.
        multi_label: Compute the area for each column and average them.
        num_labels: Number of columns, where the state is to be created at once.
        label_weights: Weight of each column, or None.
        from_logits: Whether predictions are logits; they pass through a sigmoid.

    Example:
        >>> import thalweg as tf
        >>> m = tf.keras.metrics.AUC(num_thresholds=3)
        >>> m.update_state([0, 0, 1, 1], [0.0, 0.5, 0.3, 0.9])
        >>> float(m.result())
        0.75

    Source: Fawcett 2006, "An introduction to ROC analysis"; Davis and Goadrich 2006, "The relationship
    between precision-recall and ROC curves"; Flach and Kull 2015, "Precision-recall-gain curves".
    """

    def __init__(
        self,
        num_thresholds: int = 200,
        curve: str = "ROC",
        summation_method: str = "interpolation",
        name: str | None = None,
        dtype: Any = None,
        thresholds: Sequence[float] | None = None,
        multi_label: bool = False,
        num_labels: int | None = None,
        label_weights: Any = None,
        from_logits: bool = False,
    ) -> None:
        super().__init__(dtype=dtype, name=name)
        self.curve = _one_of("curve", curve, ("ROC", "PR", "PRGAIN"), str.upper)
        methods = ("interpolation", "minoring", "majoring")
        self.summation_method = _one_of("summation_method", summation_method, methods, str.lower)
        self._inner = None if thresholds is None else sorted(float(t) for t in thresholds)
        if self._inner is None and num_thresholds <= 1:
            raise ValueError(f"[AUC] expected num_thresholds of 2 or more, got {num_thresholds}.")
        if self._inner and not 0 <= self._inner[0] <= self._inner[-1] <= 1:
            raise ValueError(f"[AUC] expected thresholds in [0, 1], got {thresholds}.")
        self.num_thresholds = num_thresholds if self._inner is None else len(self._inner) + 2
        self.multi_label = multi_label
        self.num_labels = num_labels
        self.label_weights = None if label_weights is None else list(label_weights)
        self.from_logits = from_logits
        self._built = False
        if num_labels and not multi_label:
            raise ValueError("[AUC] expected num_labels only with multi_label=True; leave it out.")
        if not multi_label:
            self._build(())
        elif num_labels:
            self._build((num_labels,))

    @property
    def thresholds(self) -> list[float]:
        """All thresholds, with those just outside of [0, 1]."""
        parts = self.num_thresholds - 1
        inner = self._inner
        if inner is None:
            inner = [(i + 1) / parts for i in range(self.num_thresholds - 2)]
        return [-epsilon(), *inner, 1.0 + epsilon()]

    def _build(self, columns: tuple[int, ...]) -> None:
        shape = (self.num_thresholds, *columns)
        self.true_positives = self._add_count(shape, "true_positives")
        self.false_positives = self._add_count(shape, "false_positives")
        self.true_negatives = self._add_count(shape, "true_negatives")
        self.false_negatives = self._add_count(shape, "false_negatives")
        self._built = True

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes in one batch.

        Args:
            y_true: Labels 0 and 1 of shape ``(batch, ...)``.
            y_pred: Predictions in [0, 1], or logits, of the same shape.
            sample_weight: Weights of the first dimensions, or None.
        """
        y_pred = floating(convert_to_tensor(y_pred))
        if not self._built:
            if len(y_pred.shape) != 2:
                raise ShapeError(
                    "[AUC] expected predictions of shape (batch, labels) with multi_label=True, got "
                    f"shape {tuple(y_pred.shape)}."
                )
            self._build((int(y_pred.shape[1]),))
        if self.from_logits:
            y_pred = exponential.sigmoid(y_pred)
        counts = count_confusions(
            y_true,
            y_pred,
            self.thresholds,
            self._count_dtype,
            sample_weight,
            multi_label=self.multi_label,
            label_weights=None if self.multi_label else self.label_weights,
        )
        for field in Counts._fields:
            getattr(self, field).assign_add(getattr(counts, field))

    def result(self) -> Any:
        """The area."""
        if not self._built:
            raise AttributeError(
                "[AUC.result] expected at least one batch, got none: call update_state first."
            )
        if self.curve == "PR" and self.summation_method == "interpolation":
            return self.interpolate_pr_auc()
        x, y = self._points()
        left, right = y[:-1], y[1:]
        if self.summation_method == "interpolation":
            heights = (left + right) / 2.0
        elif self.summation_method == "minoring":
            heights = clipping.minimum(left, right)
        else:
            heights = clipping.maximum(left, right)
        return self._over_labels((x[:-1] - x[1:]) * heights)

    def _points(self) -> tuple[Any, Any]:
        """Coordinates of the curve, from the lowest threshold to the highest."""
        hits: Any = self.true_positives.value
        alarms: Any = self.false_positives.value
        missed, rejected = self.false_negatives.value, self.true_negatives.value
        recall = divide_no_nan(hits, hits + missed)
        if self.curve == "ROC":
            return divide_no_nan(alarms, alarms + rejected), recall
        if self.curve == "PR":
            return recall, divide_no_nan(hits, hits + alarms)
        odds = divide_no_nan(hits + missed, alarms + rejected)
        zero, one = creation.zeros_like(hits), creation.ones_like(hits)
        recall_gain = where(hits == 0, zero, 1.0 - odds * divide_no_nan(missed, hits))
        precision_gain = where(hits == 0, one, 1.0 - odds * divide_no_nan(alarms, hits))
        return clipping.maximum(recall_gain, 0.0), precision_gain

    def interpolate_pr_auc(self) -> Any:
        """Area under precision over recall, with counts interpolated between the points.

        Between two points true positives grow linearly with all positives, so precision follows a
        hyperbola, whose area holds a logarithm.
        """
        hits: Any = self.true_positives.value
        missed: Any = self.false_negatives.value
        found = hits + self.false_positives
        gained = hits[:-1] - hits[1:]
        slope = divide_no_nan(gained, clipping.maximum(found[:-1] - found[1:], 0.0))
        start = hits[1:] - slope * found[1:]
        both = (found[:-1] > 0) & (found[1:] > 0)
        ratio = divide_no_nan(found[:-1], clipping.maximum(found[1:], 0.0))
        ratio = where(both, ratio, creation.ones_like(ratio))
        areas = slope * (gained + start * exponential.log(ratio))
        return self._over_labels(divide_no_nan(areas, clipping.maximum(hits[1:] + missed[1:], 0.0)))

    def _over_labels(self, areas: Any) -> Any:
        """Sum over the thresholds, averaged over the columns."""
        if not self.multi_label:
            return reduce_sum(areas)
        each = reduce_sum(areas, axis=0)
        if self.label_weights is None:
            return reduce_mean(each)
        weights = cast(self.label_weights, self._count_dtype)
        return divide_no_nan(reduce_sum(each * weights), reduce_sum(weights))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        return super().get_config() | {
            "num_thresholds": self.num_thresholds,
            "curve": self.curve,
            "summation_method": self.summation_method,
            "thresholds": self._inner,
            "multi_label": self.multi_label,
            "num_labels": self.num_labels,
            "label_weights": self.label_weights,
            "from_logits": self.from_logits,
        }


def _one_of(what: str, given: Any, known: tuple[str, ...], case: Any) -> str:
    chosen = case(str(given))
    if chosen not in known:
        raise ValueError(f"[AUC] expected {what} to be one of {known}, got {given!r}.")
    return chosen
