"""Lion: steps of one size in the direction of the momentum's sign."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.keras.optimizers.arguments import common
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.ops.elementwise import sign
from thalweg._src.variables.variable import Variable


class Lion(Optimizer):
    """Steps by the sign of a mix of the gradient and its running mean.

    Args:
        learning_rate: Step size or schedule.
        beta_1: Share of the mean in the step.
        beta_2: How much of the mean is kept each step.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.

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
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**common(locals()))
        if not 0 < beta_1 <= 1:
            raise ValueError(f"[Lion] expected beta_1 in (0, 1], got {beta_1}.")
        self.beta_1 = beta_1
        self.beta_2 = beta_2

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the mean gradients."""
        super().build(var_list)
        self._momentums = self.add_optimizer_variables(var_list, "momentum")

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
