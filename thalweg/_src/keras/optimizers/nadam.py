"""Nadam: Adam with Nesterov's momentum."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from thalweg._src.keras.base.precision import wide_dtype
from thalweg._src.keras.optimizers.arguments import common
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.keras.optimizers.correction import present_step
from thalweg._src.ops.casting import cast
from thalweg._src.ops.creation import ones_like
from thalweg._src.ops.exponential import expm1, sqrt
from thalweg._src.variables.variable import Variable


class Nadam(Optimizer):
    """Adam whose mean gradient looks one step ahead, with momenta that grow towards `beta_1`.

    Args:
        learning_rate: Step size or schedule.
        beta_1: How much of the mean gradient is kept each step.
        beta_2: How much of the mean square is kept each step.
        epsilon: Keeps the quotient finite.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.

    Source: Dozat 2015, "Incorporating Nesterov momentum into Adam".
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
        """Creates the mean gradients and the mean squares."""
        super().build(var_list)
        self._momentums, self._velocities = self.add_optimizer_variables(
            var_list, ["momentum", "velocity"]
        )
        wide = wide_dtype(var_list[0].dtype)
        self._u_product = self.add_variable((), "ones", wide, name="u_product")

    def _step(self, grads: Sequence[Any], variables: Sequence[Variable]) -> None:
        # The product of all momenta so far is shared by all weights.
        product = self._u_product
        step = present_step(self.iterations, product.dtype)
        product.assign(product * self._momentum(step))
        super()._step(grads, variables)

    def _momentum(self, step: Any) -> Any:
        return self.beta_1 * (1.0 - 0.5 * 0.96**step)

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        mean, square = self.slot(self._momentums, variable), self.slot(self._velocities, variable)
        m = mean + (gradient - mean) * (1 - self.beta_1)
        v = square + (gradient * gradient - square) * (1 - self.beta_2)
        mean.assign(m)
        square.assign(v)
        dtype, step = gradient.dtype, present_step(self.iterations, gradient.dtype)
        now, ahead = self._momentum(step), self._momentum(step + 1)
        product = cast(self._u_product, step.dtype)
        of_mean = cast(ahead / (1 - product * ahead), dtype)
        of_gradient = cast((1 - now) / (1 - product), dtype)
        expected = v / cast(_unseen(self.beta_2, step), dtype)
        step_size = learning_rate * (of_mean * m + of_gradient * gradient)
        variable.assign_sub(step_size / (sqrt(expected) + self.epsilon))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return super().get_config() | {
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }


def _unseen(beta: float, step: Any) -> Any:
    """``1 - beta**step`` without cancellation: in float32 ``1 - 0.999**2`` has five right digits."""
    return -expm1(step * math.log(beta)) if beta > 0 else ones_like(step)
