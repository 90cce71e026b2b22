"""RMSprop: gradients divided by a running root of their mean square."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.keras.optimizers.arguments import common
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.ops.exponential import sqrt
from thalweg._src.variables.variable import Variable


class RMSprop(Optimizer):
    """``s = rho * s + (1 - rho) * g²`` and ``w -= learning_rate * g / sqrt(s + epsilon)``.

    Args:
        learning_rate: Step size or schedule.
        rho: How much of the mean of squares is kept each step.
        momentum: Fraction of the last step that is added to the next, in [0, 1].
        epsilon: Keeps the quotient finite.
        centered: Divide by the variance of the gradient instead of its mean square.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.

    Source: Tieleman and Hinton 2012; `keras.optimizers.RMSprop`.
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-7,
        centered: bool = False,
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
        self.momentum = momentum
        self.epsilon = epsilon
        self.centered = centered

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the means of squares and, where used, momenta and mean gradients."""
        super().build(var_list)
        self._velocities = self.add_optimizer_variables(var_list, "velocity")
        self._momentums: list[Variable] = []
        self._average_gradients: list[Variable] = []
        if self.momentum > 0:
            self._momentums = self.add_optimizer_variables(var_list, "momentum")
        if self.centered:
            self._average_gradients = self.add_optimizer_variables(var_list, "average_gradient")

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        velocity = self.slot(self._velocities, variable)
        fresh = self.rho * velocity + (1 - self.rho) * gradient * gradient
        velocity.assign(fresh)
        scale = fresh + self.epsilon
        if self.centered:
            average = self.slot(self._average_gradients, variable)
            mean = self.rho * average + (1 - self.rho) * gradient
            average.assign(mean)
            scale = fresh - mean * mean + self.epsilon
        step = learning_rate * gradient / sqrt(scale)
        if self.momentum > 0:
            momentum = self.slot(self._momentums, variable)
            step = self.momentum * momentum + step
            momentum.assign(step)
        variable.assign_sub(step)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return super().get_config() | {
            "rho": self.rho,
            "momentum": self.momentum,
            "epsilon": self.epsilon,
            "centered": self.centered,
        }
