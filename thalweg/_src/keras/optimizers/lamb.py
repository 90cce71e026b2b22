"""LAMB: Adam with steps in proportion to the weights, for large batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.optimizers.arguments import common
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.keras.optimizers.correction import present_step
from thalweg._src.ops.casting import cast
from thalweg._src.ops.creation import ones_like
from thalweg._src.ops.exponential import sqrt
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.ops.selection import where
from thalweg._src.variables.variable import Variable


class Lamb(Optimizer):
    """`Adam` steps scaled, weight by weight, to the norm of the weight.

    Args:
        learning_rate: Step size or schedule.
        beta_1: How much of the mean gradient is kept each step.
        beta_2: How much of the mean square is kept each step.
        epsilon: Keeps the quotient finite.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.

    Source: You et al. 2020, "Large batch optimization for deep learning: training BERT in 76 minutes".
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

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        mean, square = self.slot(self._momentums, variable), self.slot(self._velocities, variable)
        m = mean + (gradient - mean) * (1 - self.beta_1)
        v = square + (gradient * gradient - square) * (1 - self.beta_2)
        mean.assign(m)
        square.assign(v)
        step = present_step(self.iterations, gradient.dtype)
        m = m / cast(1 - self.beta_1**step, m.dtype)
        v = v / cast(1 - self.beta_2**step, v.dtype)
        update = m / (sqrt(v) + self.epsilon)
        size, length = _norm(convert_to_tensor(variable)), _norm(update)
        one = ones_like(size)
        # A zero norm divides by 1, and its quotient is not used.
        ratio = where((size > 0) & (length > 0), size / where(length > 0, length, one), one)
        variable.assign_sub(ratio * learning_rate * update)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return super().get_config() | {
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }


def _norm(x: Any) -> Any:
    return sqrt(reduce_sum(x * x))
