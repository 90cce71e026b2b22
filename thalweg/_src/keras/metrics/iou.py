"""Intersection over union of predicted and true regions, from a confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.metrics.base import Metric
from thalweg._src.ops import band, counting, creation, gather, ranking, shaping
from thalweg._src.ops.casting import cast
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.ops.selection import where


class _Overlap(Metric):
    """Confusion matrix of all classes; base of the metrics below."""

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(dtype=dtype or "int64", name=name)
        self.num_classes = num_classes
        self.ignore_class = ignore_class
        self.sparse_y_true = sparse_y_true
        self.sparse_y_pred = sparse_y_pred
        self.axis = axis
        self.total_cm = self.add_variable(
            (num_classes, num_classes), "zeros", name="total_confusion_matrix"
        )

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes in one batch.

        Args:
            y_true: Class numbers of any shape, or one-hot labels where the metric says so.
            y_pred: Predicted class numbers of the same shape, or probabilities where it says so.
            sample_weight: Weights of the same shape, or None; cast to the metric's dtype.
        """
        labels = self._classes(y_true, self.sparse_y_true)
        predictions = self._classes(y_pred, self.sparse_y_pred)
        inside = (labels >= 0) & (labels < self.num_classes)
        inside = inside & (predictions >= 0) & (predictions < self.num_classes)
        if self.ignore_class is not None:
            inside = inside & (labels != self.ignore_class)
        nothing = creation.zeros_like(labels)
        weight = cast(inside, self.dtype)
        if sample_weight is not None:
            given = cast(convert_to_tensor(sample_weight), self.dtype)
            given = shaping.reshape(given, [-1]) if len(given.shape) else given
            weight = weight * given
        matrix = counting.confusion_matrix(
            where(inside, labels, nothing),
            where(inside, predictions, nothing),
            self.num_classes,
            weights=weight,
            dtype=self.dtype,
        )
        self.total_cm.assign_add(matrix)

    def _classes(self, value: Any, sparse: bool) -> Any:
        """Class numbers in one row."""
        tensor = convert_to_tensor(value)
        tensor = tensor if sparse else ranking.argmax(tensor, axis=self.axis)
        return shaping.reshape(cast(cast(tensor, self.dtype), "int64"), [-1])

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        return super().get_config() | {
            "num_classes": self.num_classes,
            "ignore_class": self.ignore_class,
            "sparse_y_true": self.sparse_y_true,
            "sparse_y_pred": self.sparse_y_pred,
            "axis": self.axis,
        }


class IoU(_Overlap):
    """Intersection over union, averaged over some classes.

    Args:
        num_classes: Number of classes.
        target_class_ids: Classes that count.
        name: Name.
        dtype: Dtype of the confusion matrix; int64 when None.
        ignore_class: Class number of samples that do not count, or None.
        sparse_y_true: Whether labels are class numbers, not one-hot.
        sparse_y_pred: Whether predictions are class numbers, not probabilities.
        axis: Axis of the classes in one-hot labels and probabilities.

    Example:
        >>> import thalweg as tf
        >>> m = tf.keras.metrics.IoU(num_classes=2, target_class_ids=[0])
        >>> m.update_state([0, 0, 1, 1], [0, 1, 0, 1])
        >>> round(float(m.result()), 4)
        0.3333

    Source: Jaccard 1901; `keras.metrics.IoU`.
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, name, dtype, ignore_class, sparse_y_true, sparse_y_pred, axis)
        self.target_class_ids = list(target_class_ids)
        if not all(0 <= c < num_classes for c in self.target_class_ids):
            raise ValueError(
                f"[{type(self).__name__}] expected target_class_ids from 0 to {num_classes - 1}, got "
                f"{self.target_class_ids}."
            )

    def result(self) -> Any:
        """The average; classes that never occurred do not count."""
        matrix = self.total_cm.value
        hits = band.diag_part(matrix)
        union = reduce_sum(matrix, axis=0) + reduce_sum(matrix, axis=1) - hits
        chosen = self.target_class_ids
        hits = cast(gather.gather(hits, chosen), "float32")
        union = cast(gather.gather(union, chosen), "float32")
        present = union > 1e-9
        quotients = where(present, hits / (union + epsilon()), creation.zeros_like(union))
        return reduce_sum(quotients) / (reduce_sum(cast(present, "float32")) + epsilon())

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        return super().get_config() | {"target_class_ids": self.target_class_ids}


class BinaryIoU(IoU):
    """Intersection over union of the two sides of a threshold.

    Args:
        target_class_ids: Which of the sides 0 and 1 count.
        threshold: Predictions from here on are side 1.
        name: Name.
        dtype: Dtype of the confusion matrix; int64 when None.

    Source: `keras.metrics.BinaryIoU`.
    """

    def __init__(
        self,
        target_class_ids: Sequence[int] = (0, 1),
        threshold: float = 0.5,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(2, target_class_ids, name, dtype)
        self.threshold = threshold

    def update_state(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Takes in one batch.

        Args:
            y_true: Labels 0 and 1 of any shape.
            y_pred: Predictions in [0, 1] of the same shape.
            sample_weight: Weights of the same shape, or None.
        """
        decided = cast(cast(y_pred, "float32") >= self.threshold, self.dtype)
        super().update_state(y_true, decided, sample_weight)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        return {
            "name": self.name,
            "dtype": self._dtype_policy.name,
            "target_class_ids": self.target_class_ids,
            "threshold": self.threshold,
        }


class MeanIoU(IoU):
    """Intersection over union, averaged over all classes.

    Args:
        num_classes: Number of classes.
        name: Name.
        dtype: Dtype of the confusion matrix; int64 when None.
        ignore_class: Class number of samples that do not count, or None.
        sparse_y_true: Whether labels are class numbers, not one-hot.
        sparse_y_pred: Whether predictions are class numbers, not probabilities.
        axis: Axis of the classes in one-hot labels and probabilities.

    Source: `keras.metrics.MeanIoU`.
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_true: bool = True,
        sparse_y_pred: bool = True,
        axis: int = -1,
    ) -> None:
        super().__init__(
            num_classes,
            range(num_classes),
            name,
            dtype,
            ignore_class,
            sparse_y_true,
            sparse_y_pred,
            axis,
        )

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        config = super().get_config()
        del config["target_class_ids"]
        return config


class OneHotIoU(IoU):
    """Intersection over union of one-hot labels, averaged over some classes.

    Args:
        num_classes: Number of classes.
        target_class_ids: Classes that count.
        name: Name.
        dtype: Dtype of the confusion matrix; int64 when None.
        ignore_class: Class number of samples that do not count, or None.
        sparse_y_pred: Whether predictions are class numbers, not probabilities.
        axis: Axis of the classes.

    Source: `keras.metrics.OneHotIoU`.
    """

    def __init__(
        self,
        num_classes: int,
        target_class_ids: Sequence[int],
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(
            num_classes, target_class_ids, name, dtype, ignore_class, False, sparse_y_pred, axis
        )

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        config = super().get_config()
        del config["sparse_y_true"]
        return config


class OneHotMeanIoU(MeanIoU):
    """Intersection over union of one-hot labels, averaged over all classes.

    Args:
        num_classes: Number of classes.
        name: Name.
        dtype: Dtype of the confusion matrix; int64 when None.
        ignore_class: Class number of samples that do not count, or None.
        sparse_y_pred: Whether predictions are class numbers, not probabilities.
        axis: Axis of the classes.

    Source: `keras.metrics.OneHotMeanIoU`.
    """

    def __init__(
        self,
        num_classes: int,
        name: str | None = None,
        dtype: Any = None,
        ignore_class: int | None = None,
        sparse_y_pred: bool = False,
        axis: int = -1,
    ) -> None:
        super().__init__(num_classes, name, dtype, ignore_class, False, sparse_y_pred, axis)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        config = super().get_config()
        del config["sparse_y_true"]
        return config
