"""Learning rates that fall like a power of the time that is left."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.optimizers.schedules.base import (
    LearningRateSchedule,
    number,
    positive_steps,
)
from thalweg._src.ops.clipping import maximum, minimum
from thalweg._src.ops.rounding import ceil


class PolynomialDecay(LearningRateSchedule):
    """``(initial - end) * (1 - step / decay_steps) ** power + end``.

    Args:
        initial_learning_rate: Rate at the start.
        decay_steps: Steps over which it decays.
        end_learning_rate: Rate at the end, which is kept.
        power: Power; 1 is a straight line.
        cycle: Stretch `decay_steps` to its next multiple instead of staying at the end.
        name: Name.

    Source: `keras.optimizers.schedules.PolynomialDecay`.
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        end_learning_rate: float = 0.0001,
        power: float = 1.0,
        cycle: bool = False,
        name: str = "PolynomialDecay",
    ) -> None:
        positive_steps("PolynomialDecay", "decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.end_learning_rate = end_learning_rate
        self.power = power
        self.cycle = cycle
        self.name = name

    def __call__(self, step: Any) -> Any:
        """Learning rate after `step` steps."""
        now, span = number(step), float(self.decay_steps)
        if self.cycle:
            share = now / (span * maximum(ceil(now / span), 1.0))
        else:
            share = minimum(now, span) / span
        height = self.initial_learning_rate - self.end_learning_rate
        return height * (1.0 - share) ** float(self.power) + self.end_learning_rate

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal schedule."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "end_learning_rate": self.end_learning_rate,
            "power": self.power,
            "cycle": self.cycle,
            "name": self.name,
        }
