"""Metrics of decisions at thresholds: counts, precision, recall, and one at a bound of the other."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.metrics.base import Metric
from thalweg._src.keras.metrics.confusion import LOWEST, Counts, count_confusions, parsed_thresholds
from thalweg._src.ops import creation, guarded
from thalweg._src.ops.reduction import reduce_max
from thalweg._src.ops.selection import where


class _Count(Metric):
    """One of the four counts; the subclass says which."""

    _counted: str

    def __init__(self, thresholds: Any = None, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(dtype=dtype, name=name)
        self.init_thresholds = thresholds
        self.thresholds = parsed_thresholds(type(self).__name__, thresholds, 0.5)
        self.accumulator = self._add_count((len(self.thresholds),), "accumulator")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes in one batch.

        Args:
            y_true: Labels 0 and 1 of any shape.
            y_pred: Predictions in [0, 1] of the same shape.
            sample_weight: Weights of the first dimensions, or None.
        """
        counts = count_confusions(y_true, y_pred, self.thresholds, self._count_dtype, sample_weight)
        self.accumulator.assign_add(getattr(counts, self._counted))

    def result(self) -> Any:
        """The count, or one for each threshold."""
        value: Any = self.accumulator.value
        return value[0] if len(self.thresholds) == 1 else value

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        return super().get_config() | {"thresholds": self.init_thresholds}


class TruePositives(_Count):
    """Weighted number of positive labels with positive decisions.

    Args:
        thresholds: Predictions above it are positive: a number in [0, 1], or a list for several
            results; 0.5 when None.
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.TruePositives`.
    """

    _counted = "true_positives"


class FalsePositives(_Count):
    """Weighted number of negative labels with positive decisions.

    Args:
        thresholds: Predictions above it are positive: a number in [0, 1], or a list for several
            results; 0.5 when None.
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.FalsePositives`.
    """

    _counted = "false_positives"


class TrueNegatives(_Count):
    """Weighted number of negative labels with negative decisions.

    Args:
        thresholds: Predictions above it are positive: a number in [0, 1], or a list for several
            results; 0.5 when None.
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.TrueNegatives`.
    """

    _counted = "true_negatives"


class FalseNegatives(_Count):
    """Weighted number of positive labels with negative decisions.

    Args:
        thresholds: Predictions above it are positive: a number in [0, 1], or a list for several
            results; 0.5 when None.
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.FalseNegatives`.
    """

    _counted = "false_negatives"


class _Quotient(Metric):
    """True positives divided by themselves and one kind of error; the subclass says which."""

    _errors: str

    def __init__(
        self,
        thresholds: Any = None,
        top_k: int | None = None,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(dtype=dtype, name=name)
        self.init_thresholds = thresholds
        self.top_k = top_k
        self.class_id = class_id
        default = 0.5 if top_k is None else LOWEST
        self.thresholds = parsed_thresholds(type(self).__name__, thresholds, default)
        shape = (len(self.thresholds),)
        self.true_positives = self._add_count(shape, "true_positives")
        setattr(self, self._errors, self._add_count(shape, self._errors))

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes in one batch.

        Args:
            y_true: Labels 0 and 1 of shape ``(batch, ...)``.
            y_pred: Predictions in [0, 1] of the same shape.
            sample_weight: Weights of the first dimensions, or None.
        """
        counts = count_confusions(
            y_true,
            y_pred,
            self.thresholds,
            self._count_dtype,
            sample_weight,
            self.top_k,
            self.class_id,
        )
        self.true_positives.assign_add(counts.true_positives)
        getattr(self, self._errors).assign_add(getattr(counts, self._errors))

    def result(self) -> Any:
        """The quotient, or one for each threshold; 0 where nothing was counted."""
        hits = self.true_positives.value
        value = guarded.divide_no_nan(hits, hits + getattr(self, self._errors))
        return value[0] if len(self.thresholds) == 1 else value

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        own = {"thresholds": self.init_thresholds, "top_k": self.top_k, "class_id": self.class_id}
        return super().get_config() | own


class Precision(_Quotient):
    """Part of the positive decisions that are right.

    Args:
        thresholds: Predictions above it are positive: a number in [0, 1], or a list for several
            results; 0.5 when None.
        top_k: Count the `k` largest predictions of a row as positive, or None.
        class_id: Count only this column of the predictions, or None.
        name: Name.
        dtype: See `Metric`.

    Example:
        >>> import thalweg as tf
        >>> m = tf.keras.metrics.Precision()
        >>> m.update_state([0, 1, 1, 1], [1.0, 0.0, 1.0, 1.0])
        >>> round(float(m.result()), 4)
        0.6667

    Source: `keras.metrics.Precision`.
    """

    _errors = "false_positives"


class Recall(_Quotient):
    """Part of the positive labels that are found.

    Args:
        thresholds: Predictions above it are positive: a number in [0, 1], or a list for several
            results; 0.5 when None.
        top_k: Count the `k` largest predictions of a row as positive, or None.
        class_id: Count only this column of the predictions, or None.
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.Recall`.
    """

    _errors = "false_negatives"


class _Best(Metric):
    """Largest value of one quotient over all thresholds where another is at least `value`."""

    def __init__(
        self,
        value: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(dtype=dtype, name=name)
        kind = type(self).__name__
        if not 0 <= value <= 1:
            raise ValueError(f"[{kind}] expected a bound in [0, 1], got {value}.")
        if num_thresholds <= 0:
            raise ValueError(
                f"[{kind}] expected num_thresholds of 1 or more, got {num_thresholds}."
            )
        self.value = value
        self.num_thresholds = num_thresholds
        self.class_id = class_id
        parts = num_thresholds - 1
        self.thresholds = [0.5] if not parts else [i / parts for i in range(num_thresholds)]
        shape = (num_thresholds,)
        self.true_positives = self._add_count(shape, "true_positives")
        self.false_positives = self._add_count(shape, "false_positives")
        self.true_negatives = self._add_count(shape, "true_negatives")
        self.false_negatives = self._add_count(shape, "false_negatives")

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes in one batch.

        Args:
            y_true: Labels 0 and 1 of any shape.
            y_pred: Predictions in [0, 1] of the same shape.
            sample_weight: Weights of the first dimensions, or None.
        """
        counts = count_confusions(
            y_true,
            y_pred,
            self.thresholds,
            self._count_dtype,
            sample_weight,
            class_id=self.class_id,
        )
        for field in Counts._fields:
            getattr(self, field).assign_add(getattr(counts, field))

    def _quotient(self, counted: str, errors: str) -> Any:
        part = getattr(self, counted).value
        return guarded.divide_no_nan(part, part + getattr(self, errors))

    def _best(self, bounded: Any, wanted: Any) -> Any:
        return reduce_max(where(bounded >= self.value, wanted, creation.zeros_like(wanted)))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        own = {"num_thresholds": self.num_thresholds, "class_id": self.class_id}
        return super().get_config() | own | {self._bound: self.value}

    _bound: str


class SensitivityAtSpecificity(_Best):
    """Largest sensitivity over all thresholds where the specificity is at least a bound.

    Args:
        specificity: The bound on the specificity (part of the negative labels that are found), in [0, 1].
        num_thresholds: Number of thresholds, evenly in [0, 1].
        class_id: Count only this column of the predictions, or None.
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.SensitivityAtSpecificity`.
    """

    _bound = "specificity"

    def __init__(
        self,
        specificity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(specificity, num_thresholds, class_id, name, dtype)
        self.specificity = specificity

    def result(self) -> Any:
        """The sensitivity; 0 where the bound is never reached."""
        bounded = self._quotient("true_negatives", "false_positives")
        return self._best(bounded, self._quotient("true_positives", "false_negatives"))


class SpecificityAtSensitivity(_Best):
    """Largest specificity over all thresholds where the sensitivity is at least a bound.

    Args:
        sensitivity: The bound on the sensitivity (part of the positive labels that are found), in [0, 1].
        num_thresholds: Number of thresholds, evenly in [0, 1].
        class_id: Count only this column of the predictions, or None.
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.SpecificityAtSensitivity`.
    """

    _bound = "sensitivity"

    def __init__(
        self,
        sensitivity: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(sensitivity, num_thresholds, class_id, name, dtype)
        self.sensitivity = sensitivity

    def result(self) -> Any:
        """The specificity; 0 where the bound is never reached."""
        bounded = self._quotient("true_positives", "false_negatives")
        return self._best(bounded, self._quotient("true_negatives", "false_positives"))


class PrecisionAtRecall(_Best):
    """Largest precision over all thresholds where the recall is at least a bound.

    Args:
        recall: The bound on the recall (part of the positive labels that are found), in [0, 1].
        num_thresholds: Number of thresholds, evenly in [0, 1].
        class_id: Count only this column of the predictions, or None.
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.PrecisionAtRecall`.
    """

    _bound = "recall"

    def __init__(
        self,
        recall: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(recall, num_thresholds, class_id, name, dtype)
        self.recall = recall

    def result(self) -> Any:
        """The precision; 0 where the bound is never reached."""
        bounded = self._quotient("true_positives", "false_negatives")
        return self._best(bounded, self._quotient("true_positives", "false_positives"))


class RecallAtPrecision(_Best):
    """Largest recall over all thresholds where the precision is at least a bound.

    Args:
        precision: The bound on the precision (part of the positive decisions that are right), in [0, 1].
        num_thresholds: Number of thresholds, evenly in [0, 1].
        class_id: Count only this column of the predictions, or None.
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.RecallAtPrecision`.
    """

    _bound = "precision"

    def __init__(
        self,
        precision: float,
        num_thresholds: int = 200,
        class_id: int | None = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(precision, num_thresholds, class_id, name, dtype)
        self.precision = precision

    def result(self) -> Any:
        """The recall; 0 where the bound is never reached."""
        bounded = self._quotient("true_positives", "false_positives")
        return self._best(bounded, self._quotient("true_positives", "false_negatives"))
