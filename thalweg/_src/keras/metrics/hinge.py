"""Hinge losses as metrics."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.losses.hinge import categorical_hinge, hinge, squared_hinge
from thalweg._src.keras.metrics.reductions import MeanMetricWrapper


class Hinge(MeanMetricWrapper):
    """Mean hinge loss; see `keras.losses.hinge`.

    Args:
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.Hinge`.
    """

    def __init__(self, name: str = "hinge", dtype: Any = None) -> None:
        super().__init__(hinge, name, dtype)


class SquaredHinge(MeanMetricWrapper):
    """Mean squared hinge loss; see `keras.losses.squared_hinge`.

    Args:
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.SquaredHinge`.
    """

    def __init__(self, name: str = "squared_hinge", dtype: Any = None) -> None:
        super().__init__(squared_hinge, name, dtype)


class CategoricalHinge(MeanMetricWrapper):
    """Mean categorical hinge loss; see `keras.losses.categorical_hinge`.

    Args:
        name: Name.
        dtype: See `Metric`.

    Source: `keras.metrics.CategoricalHinge`.
    """

    def __init__(self, name: str = "categorical_hinge", dtype: Any = None) -> None:
        super().__init__(categorical_hinge, name, dtype)
