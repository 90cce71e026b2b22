"""Adadelta: steps in the units of the weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.ops.exponential import sqrt
from thalweg._src.variables.variable import Variable


class Adadelta(Optimizer):
    """Gradients times the root of the mean squared step, divided by that of the mean squared gradient.

    Args:
        learning_rate: Step size or schedule.
        rho: How much of the means is kept each step.
        epsilon: Keeps the quotient finite.
        weight_decay: See `Optimizer`.
        clipnorm: See `Optimizer`.
        clipvalue: See `Optimizer`.
        global_clipnorm: See `Optimizer`.
        name: Name.

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
        name: str | None = None,
    ) -> None:
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name)
        self.rho = rho
        self.epsilon = epsilon

    def build(self, variables: Sequence[Variable]) -> None:
        """Creates the means of squared gradients and squared steps."""
        super().build(variables)
        self._accumulated_grads, self._accumulated_delta_vars = self.add_optimizer_variables(
            variables, ["accumulated_grad", "accumulated_delta_var"]
        )

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        grads = self.slot(self._accumulated_grads, variable)
        steps = self.slot(self._accumulated_delta_vars, variable)
        square = self.rho * grads + (1 - self.rho) * gradient * gradient
        step = -sqrt(steps + self.epsilon) * gradient / sqrt(square + self.epsilon)
        grads.assign(square)
        steps.assign(self.rho * steps + (1 - self.rho) * step * step)
        variable.assign_add(learning_rate * step)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return super().get_config() | {
            "rho": self.rho,
            "epsilon": self.epsilon,
        }
