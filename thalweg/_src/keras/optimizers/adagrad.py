"""Adagrad: gradients divided by the root of the sum of all their squares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.keras import initializers
from thalweg._src.keras.optimizers.arguments import common
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.ops.exponential import sqrt
from thalweg._src.variables.variable import Variable


class Adagrad(Optimizer):
    """``s += g²`` and ``w -= learning_rate * g / sqrt(s + epsilon)``.

    Args:
        learning_rate: Step size or schedule.
        initial_accumulator_value: Sum of squares at the start.
        epsilon: Keeps the quotient finite.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.

    Source: Duchi et al. 2011, "Adaptive subgradient methods for online learning".
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        initial_accumulator_value: float = 0.1,
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
        self.initial_accumulator_value = initial_accumulator_value
        self.epsilon = epsilon

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the sums of squares."""
        super().build(var_list)
        self._accumulators = self.add_optimizer_variables(
            var_list, "accumulator", initializers.Constant(self.initial_accumulator_value)
        )

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        accumulator = self.slot(self._accumulators, variable)
        total = accumulator + gradient * gradient
        accumulator.assign(total)
        variable.assign_sub(learning_rate * gradient / sqrt(total + self.epsilon))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return super().get_config() | {
            "initial_accumulator_value": self.initial_accumulator_value,
            "epsilon": self.epsilon,
        }
