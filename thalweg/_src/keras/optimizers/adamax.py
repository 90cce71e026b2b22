"""Adamax: Adam with the maximum norm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.keras.optimizers.arguments import common
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.keras.optimizers.correction import present_step
from thalweg._src.ops import clipping
from thalweg._src.ops.casting import cast
from thalweg._src.variables.variable import Variable


class Adamax(Optimizer):
    """Steps by the mean gradient, divided by a decaying maximum of its magnitude.

    Args:
        learning_rate: Step size or schedule.
        beta_1: How much of the mean gradient is kept each step.
        beta_2: How much of the maximum is kept each step.
        epsilon: Keeps the quotient finite.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.

    Source: Kingma and Ba 2014, "Adam: a method for stochastic optimization", section 7.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**common(locals()))
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the mean gradients and the maxima."""
        super().build(var_list)
        self._m, self._u = self.add_optimizer_variables(var_list, ["momentum", "norm"])

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        mean, norm = self.slot(self._m, variable), self.slot(self._u, variable)
        m = mean + (gradient - mean) * (1 - self.beta_1)
        u = clipping.maximum(self.beta_2 * norm, abs(gradient))
        mean.assign(m)
        norm.assign(u)
        step = present_step(self.iterations, gradient.dtype)
        correction = cast(1 - self.beta_1**step, gradient.dtype)
        variable.assign_sub(learning_rate * m / (correction * (u + self.epsilon)))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return super().get_config() | {
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }
