"""Sums and means over everything seen: `Sum`, `Mean`, and means of a function of labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.keras.base.notes import masks
from thalweg._src.keras.losses.arguments import floating
from thalweg._src.keras.losses.base import same_rank
from thalweg._src.keras.metrics.base import Metric
from thalweg._src.ops import guarded, shaping
from thalweg._src.ops.casting import cast
from thalweg._src.ops.reduction import reduce_mean, reduce_sum


def per_sample(
    values: Any, sample_weight: Any, reduce: Callable[..., Any], dtype: str
) -> tuple[Any, Any]:
    """Weighted value of each sample, and the weights that belong to them.

    Args:
        values: Tensor of shape ``(batch, ...)`` or a scalar.
        sample_weight: Weights of the first dimensions of `values`, or None.
        reduce: Takes values to one for each weight: `reduce_mean` or `reduce_sum`.
        dtype: Dtype of both results.

    Returns:
        Values of shape ``(batch,)`` or ``()``, and weights of the same shape or None.
    """
    mask = masks.get(values)
    values = cast(values, dtype)
    if mask is not None:
        kept = cast(mask, dtype)
        if sample_weight is not None:
            kept, sample_weight = same_rank(kept, cast(sample_weight, dtype))
            sample_weight = kept * sample_weight
        else:
            sample_weight = kept
    if sample_weight is not None:
        weight = cast(sample_weight, dtype)
        values, weight = same_rank(values, weight)
        rank = len(weight.shape)
        if len(values.shape) > rank:
            values = reduce(values, axis=list(range(rank, len(values.shape))))
        weight = shaping.broadcast_to(weight, values.shape)
        values = values * weight
        if rank > 1:
            weight = reduce(weight, axis=list(range(1, rank)))
        sample_weight = weight
    if len(values.shape) > 1:
        values = reduce(values, axis=list(range(1, len(values.shape))))
    return values, sample_weight


class Sum(Metric):
    """Sum of all values seen.

    Args:
        name: Name.
        dtype: See `Metric`.

    Example:
        >>> import thalweg as tf
        >>> m = tf.keras.metrics.Sum()
        >>> m.update_state([1.0, 3.0])
        >>> float(m.result())
        4.0

    Source: `keras.metrics.Sum`.
    """

    def __init__(self, name: str = "sum", dtype: Any = None) -> None:
        super().__init__(dtype=dtype, name=name)
        self.total = self.add_variable((), "zeros", name="total")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Adds values.

        Args:
            values: Tensor of any shape.
            sample_weight: Weights that belong to the first dimensions of `values`, or None.
        """
        values, _ = per_sample(floating(values), sample_weight, reduce_sum, self.dtype)
        self.total.assign_add(reduce_sum(values))

    def result(self) -> Any:
        """The sum."""
        return cast(self.total.value, self.dtype)


class Mean(Metric):
    """Weighted mean of all values seen; 0 before the first.

    Args:
        name: Name.
        dtype: See `Metric`.

    Example:
        >>> import thalweg as tf
        >>> m = tf.keras.metrics.Mean()
        >>> m.update_state([1.0, 3.0], sample_weight=[3.0, 1.0])
        >>> float(m.result())
        1.5

    Source: `keras.metrics.Mean`.
    """

    def __init__(self, name: str = "mean", dtype: Any = None) -> None:
        super().__init__(dtype=dtype, name=name)
        self.total = self.add_variable((), "zeros", name="total")
        self.count = self.add_variable((), "zeros", name="count")

    def update_state(self, values: Any, sample_weight: Any = None) -> None:
        """Takes in values.

        Args:
            values: Tensor of any shape; a sample's values count as their mean.
            sample_weight: Weights that belong to the first dimensions of `values`, or None.
        """
        values, weight = per_sample(floating(values), sample_weight, reduce_mean, self.dtype)
        self.total.assign_add(reduce_sum(values))
        if weight is not None:
            self.count.assign_add(reduce_sum(weight))
        else:
            self.count.assign_add(float(values.shape[0]) if len(values.shape) else 1.0)

    def result(self) -> Any:
        """The mean."""
        return guarded.divide_no_nan(self.total.value, self.count.value)


class MeanMetricWrapper(Mean):
    """Mean of a function of labels and predictions.

    Args:
        fn: ``fn(y_true, y_pred, **settings)`` gives a value for each sample.
        name: Name; the function's when None.
        dtype: See `Metric`.
        **kwargs: Settings for `fn`.

    Example:
        >>> import thalweg as tf
        >>> m = tf.keras.metrics.MeanMetricWrapper(lambda t, p: abs(t - p), name="distance")
        >>> m.update_state(tf.constant([1.0]), tf.constant([3.0]))
        >>> float(m.result())
        2.0

    Source: `keras.metrics.MeanMetricWrapper`.
    """

    def __init__(
        self, fn: Callable[..., Any], name: str | None = None, dtype: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(name or str(getattr(fn, "__name__", type(fn).__name__)), dtype)
        self._fn = fn
        self._fn_kwargs = kwargs

    def update_state(  # type: ignore[override]
        self, y_true: Any, y_pred: Any, sample_weight: Any = None
    ) -> None:
        """Takes in one batch.

        Args:
            y_true: Labels of shape ``(batch, ...)``.
            y_pred: Predictions of shape ``(batch, ...)``.
            sample_weight: Weights of shape ``(batch, ...)``, or None.
        """
        values = self._fn(y_true, y_pred, **self._fn_kwargs)
        mask = masks.get(y_pred)
        if mask is not None:
            masks.set(values, mask)
        super().update_state(values, sample_weight=sample_weight)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal metric."""
        function = {"fn": self._fn} if type(self) is MeanMetricWrapper else {}
        return super().get_config() | function | self._fn_kwargs
