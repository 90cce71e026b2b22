"""Cross-entropies and divergences as metrics."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.losses.crossentropy import (
    binary_crossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from thalweg._src.keras.losses.divergence import kl_divergence, poisson
from thalweg._src.keras.metrics.reductions import MeanMetricWrapper


class KLDivergence(MeanMetricWrapper):
    """Mean Kullback-Leibler divergence of predictions from labels.

    Args:
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.KLDivergence`.
    """

    def __init__(self, name: str = "kl_divergence", dtype: Any = None) -> None:
        super().__init__(kl_divergence, name, dtype)


class Poisson(MeanMetricWrapper):
    """Mean Poisson loss of predicted rates for counts.

    Args:
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.Poisson`.
    """

    def __init__(self, name: str = "poisson", dtype: Any = None) -> None:
        super().__init__(poisson, name, dtype)


class BinaryCrossentropy(MeanMetricWrapper):
    """Mean binary cross-entropy.

    Args:
        name: Name.
        dtype: See `Metric`.
        from_logits: Whether predictions are logits.
        label_smoothing: How far labels are moved towards 0.5, in [0, 1].

    Source: `keras.metrics.BinaryCrossentropy`.
    """

    def __init__(
        self,
        name: str = "binary_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
    ) -> None:
        super().__init__(
            binary_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
        )


class CategoricalCrossentropy(MeanMetricWrapper):
    """Mean cross-entropy of distributions over classes.

    Args:
        name: Name.
        dtype: See `Metric`.
        from_logits: Whether predictions are logits.
        label_smoothing: How far labels are moved towards the even distribution, in [0, 1].
        axis: Axis of the classes.

    Source: `keras.metrics.CategoricalCrossentropy`.
    """

    def __init__(
        self,
        name: str = "categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        label_smoothing: float = 0,
        axis: int = -1,
    ) -> None:
        super().__init__(
            categorical_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            label_smoothing=label_smoothing,
            axis=axis,
        )


class SparseCategoricalCrossentropy(MeanMetricWrapper):
    """Mean cross-entropy of class numbers.

    Args:
        name: Name.
        dtype: See `Metric`.
        from_logits: Whether predictions are logits.
        ignore_class: Class number of samples that do not count, or None.
        axis: Axis of the classes; only the last is supported.

    Source: `keras.metrics.SparseCategoricalCrossentropy`.
    """

    def __init__(
        self,
        name: str = "sparse_categorical_crossentropy",
        dtype: Any = None,
        from_logits: bool = False,
        ignore_class: int | None = None,
        axis: int = -1,
    ) -> None:
        super().__init__(
            sparse_categorical_crossentropy,
            name,
            dtype,
            from_logits=from_logits,
            ignore_class=ignore_class,
            axis=axis,
        )
