"""Lion: steps of one size in the direction of the momentum's sign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.ops.elementwise import sign
from thalweg._src.variables.variable import Variable


class Lion(Optimizer):
    """Steps by the sign of a mix of the gradient and its running mean.

    Args:
        learning_rate: Step size or schedule.
        beta_1: Share of the mean in the step.
        beta_2: How much of the mean is kept each step.
        weight_decay: See `Optimizer`.
        clipnorm: See `Optimizer`.
        clipvalue: See `Optimizer`.
        global_clipnorm: See `Optimizer`.
        name: Name.

    Source: Chen et al. 2023, "Symbolic discovery of optimization algorithms".
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(learning_rate, weight_decay, clipnorm, clipvalue, global_clipnorm, name)
        if not 0 < beta_1 <= 1:
            raise ValueError(f"[Lion] expected beta_1 in (0, 1], got {beta_1}.")
        self.beta_1 = beta_1
        self.beta_2 = beta_2

    def build(self, variables: Sequence[Variable]) -> None:
        """Creates the mean gradients."""
        super().build(variables)
        self._momentums = self.add_optimizer_variables(variables, "momentum")

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        momentum = self.slot(self._momentums, variable)
        direction = sign(momentum * self.beta_1 + gradient * (1.0 - self.beta_1))
        momentum.assign(momentum * self.beta_2 + gradient * (1.0 - self.beta_2))
        variable.assign_sub(learning_rate * direction)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return super().get_config() | {
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
        }
