"""Learning rates that shrink by a factor, or like one over the time."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.optimizers.schedules.base import (
    LearningRateSchedule,
    number,
    positive_steps,
)
from thalweg._src.ops.rounding import floor


class ExponentialDecay(LearningRateSchedule):
    """``initial_learning_rate * decay_rate ** (step / decay_steps)``.

    Args:
        initial_learning_rate: Rate at the start.
        decay_steps: Steps in which the rate shrinks by the factor.
        decay_rate: The factor.
        staircase: Shrink once every `decay_steps` instead of a little each step.
        name: Name.

    Example:
        >>> import thalweg as tf
        >>> rate = tf.keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.5)
        >>> float(rate(10))
        0.25

    Source: `keras.optimizers.schedules.ExponentialDecay`.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "ExponentialDecay",
    ) -> None:
        positive_steps("ExponentialDecay", "decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def __call__(self, step: Any) -> Any:
        """Learning rate after `step` steps."""
        share = number(step) / float(self.decay_steps)
        share = floor(share) if self.staircase else share
        return self.initial_learning_rate * number(self.decay_rate) ** share

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal schedule."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "decay_rate": self.decay_rate,
            "staircase": self.staircase,
            "name": self.name,
        }


class InverseTimeDecay(LearningRateSchedule):
    """``initial_learning_rate / (1 + decay_rate * step / decay_steps)``.

    Args:
        initial_learning_rate: Rate at the start.
        decay_steps: Unit of time, in steps.
        decay_rate: How much the divisor grows in one unit of time.
        staircase: Grow once every `decay_steps` instead of a little each step.
        name: Name.

    Source: `keras.optimizers.schedules.InverseTimeDecay`.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        decay_rate: float,
        staircase: bool = False,
        name: str = "InverseTimeDecay",
    ) -> None:
        positive_steps("InverseTimeDecay", "decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def __call__(self, step: Any) -> Any:
        """Learning rate after `step` steps."""
        share = number(step) / float(self.decay_steps)
        share = floor(share) if self.staircase else share
        return self.initial_learning_rate / (1.0 + self.decay_rate * share)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal schedule."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "decay_rate": self.decay_rate,
            "staircase": self.staircase,
            "name": self.name,
        }
