"""Learning rates as functions of the number of steps, and how they are found by name."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.registry import resolve, table_of
from thalweg._src.keras.base.serialization import plain
from thalweg._src.keras.optimizers.schedules import cosine, exponential, piecewise, polynomial
from thalweg._src.keras.optimizers.schedules.base import (
    LearningRateSchedule as LearningRateSchedule,
)

_TABLE = table_of(
    exponential.ExponentialDecay,
    exponential.InverseTimeDecay,
    piecewise.PiecewiseConstantDecay,
    polynomial.PolynomialDecay,
    cosine.CosineDecay,
    cosine.CosineDecayRestarts,
)


def serialize(learning_rate_schedule: LearningRateSchedule) -> Any:
    """Config from which `deserialize` makes an equal schedule.

    Args:
        learning_rate_schedule: The schedule.

    Source: `keras.optimizers.schedules.serialize`.
    """
    return plain(learning_rate_schedule)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Schedule of a config made by `serialize`.

    Args:
        config: The config.
        custom_objects: Further classes by name.

    Source: `keras.optimizers.schedules.deserialize`.
    """
    return resolve("learning rate schedule", config, _TABLE | (custom_objects or {}))
