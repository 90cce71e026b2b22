"""Learning rates that follow a cosine, once or with restarts."""

from __future__ import annotations

import math
from typing import Any

from thalweg._src.keras.optimizers.schedules.base import (
    LearningRateSchedule,
    number,
    positive_steps,
)
from thalweg._src.ops.clipping import minimum
from thalweg._src.ops.exponential import log
from thalweg._src.ops.rounding import floor
from thalweg._src.ops.selection import where
from thalweg._src.ops.trigonometric import cos


class CosineDecay(LearningRateSchedule):
    """A straight warm-up, then half a cosine from the rate reached down to `alpha` times it.

    Args:
        initial_learning_rate: Rate at the start.
        decay_steps: Steps of the cosine, after the warm-up.
        alpha: Part of the rate that is left at the end.
        name: Name.
        warmup_target: Rate at the end of the warm-up; None for no warm-up.
        warmup_steps: Steps of the warm-up.

    Source: Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts".
    """

    def __init__(
        self,
        initial_learning_rate: float,
        decay_steps: int,
        alpha: float = 0.0,
        name: str = "CosineDecay",
        warmup_target: float | None = None,
        warmup_steps: int = 0,
    ) -> None:
        positive_steps("CosineDecay", "decay_steps", decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.alpha = alpha
        self.name = name
        self.warmup_target = warmup_target
        self.warmup_steps = warmup_steps

    def __call__(self, step: Any) -> Any:
        """Learning rate after `step` steps."""
        now, span = number(step), float(self.decay_steps)
        if self.warmup_target is None:
            return self._decayed(minimum(now, span), span, self.initial_learning_rate)
        warm, target = float(self.warmup_steps), float(self.warmup_target)
        now = minimum(now, span + warm)
        height = target - self.initial_learning_rate
        # No warm-up steps: the line is not used, and must not divide by 0.
        line = height * (now / (warm or 1.0)) + self.initial_learning_rate
        return where(now < warm, line, self._decayed(now - warm, span, target))

    def _decayed(self, step: Any, span: float, start: float) -> Any:
        wave = 0.5 * (1.0 + cos(math.pi * (step / span)))
        return start * ((1 - self.alpha) * wave + self.alpha)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal schedule."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "decay_steps": self.decay_steps,
            "alpha": self.alpha,
            "name": self.name,
            "warmup_target": self.warmup_target,
            "warmup_steps": self.warmup_steps,
        }


class CosineDecayRestarts(LearningRateSchedule):
    """Half cosines one after the other, each `t_mul` times as long and `m_mul` times as high.

    Args:
        initial_learning_rate: Rate at the start.
        first_decay_steps: Steps of the first cosine.
        t_mul: Factor of the lengths.
        m_mul: Factor of the heights.
        alpha: Part of the rate that is left at the end of each.
        name: Name.

    Source: Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts".
    """

    def __init__(
        self,
        initial_learning_rate: float,
        first_decay_steps: int,
        t_mul: float = 2.0,
        m_mul: float = 1.0,
        alpha: float = 0.0,
        name: str = "SGDRDecay",
    ) -> None:
        positive_steps("CosineDecayRestarts", "first_decay_steps", first_decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = first_decay_steps
        self.t_mul = t_mul
        self.m_mul = m_mul
        self.alpha = alpha
        self.name = name

    def __call__(self, step: Any) -> Any:
        """Learning rate after `step` steps."""
        share = number(step) / float(self.first_decay_steps)
        if self.t_mul == 1.0:
            restarts = floor(share)
            share = share - restarts
        else:
            # Lengths form a geometric series; its inverse gives the number of restarts so far.
            ratio = float(self.t_mul)
            restarts = floor(log(1.0 - share * (1.0 - ratio)) / math.log(ratio))
            length = number(ratio) ** restarts
            share = (share - (1.0 - length) / (1.0 - ratio)) / length
        height = number(self.m_mul) ** restarts
        wave = 0.5 * height * (1.0 + cos(math.pi * share))
        return self.initial_learning_rate * ((1 - self.alpha) * wave + self.alpha)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal schedule."""
        return {
            "initial_learning_rate": self.initial_learning_rate,
            "first_decay_steps": self.first_decay_steps,
            "t_mul": self.t_mul,
            "m_mul": self.m_mul,
            "alpha": self.alpha,
            "name": self.name,
        }
