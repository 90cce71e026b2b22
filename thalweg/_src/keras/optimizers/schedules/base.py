"""`LearningRateSchedule`: a learning rate as a function of the number of steps."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.base.serialization import Serializable
from thalweg._src.ops.casting import cast


class LearningRateSchedule(Serializable):
    """Function of the number of steps that gives a learning rate.

    A subclass defines ``__call__(step)`` with ops, so that it is compiled with the step, and
    ``get_config()``.

    Source: `keras.optimizers.schedules.LearningRateSchedule`. Rates are floats here also where they were
    given as integers, for which Keras computes in integers or in float64.
    """

    keras_module = "keras.optimizers.schedules"

    def __call__(self, step: Any) -> Any:
        """Learning rate after `step` steps; for subclasses."""
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a subclass to define __call__."
        )

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal schedule; for subclasses."""
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a subclass to define get_config."
        )

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Schedule made from `get_config()`'s result."""
        return cls(**config)


def positive_steps(where: str, name: str, value: Any) -> None:
    """Raises unless a number of steps is positive."""
    if value <= 0:
        raise ValueError(f"[{where}] expected a positive {name}, got {value}.")


def number(value: Any) -> Any:
    """Tensor of a number or tensor in the default floating dtype."""
    return cast(value, floatx())
