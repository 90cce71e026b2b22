"""Adadelta: steps in the units of the weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.keras.optimizers.arguments import common
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.ops.exponential import sqrt
from thalweg._src.variables.variable import Variable


class Adadelta(Optimizer):
    """Gradients times the root of the mean squared step, divided by that of the mean squared gradient.

    Args:
        learning_rate: Step size or schedule.
        rho: How much of the means is kept each step.
        epsilon: Keeps the quotient finite.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.

    Source: Zeiler 2012, "ADADELTA: an adaptive learning rate method".
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.95,
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
        self.rho = rho
        self.epsilon = epsilon

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the means of squared gradients and squared steps."""
        super().build(var_list)
        self._accumulated_grads, self._accumulated_delta_vars = self.add_optimizer_variables(
            var_list, ["accumulated_grad", "accumulated_delta_var"]
        )

    def update_step(self, grad: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        grads = self.slot(self._accumulated_grads, variable)
        steps = self.slot(self._accumulated_delta_vars, variable)
        square = self.rho * grads + (1 - self.rho) * grad * grad
        step = -sqrt(steps + self.epsilon) * grad / sqrt(square + self.epsilon)
        grads.assign(square)
        steps.assign(self.rho * steps + (1 - self.rho) * step * step)
        variable.assign_add(learning_rate * step)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return super().get_config() | {
            "rho": self.rho,
            "epsilon": self.epsilon,
        }
