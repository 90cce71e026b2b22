"""Schedule-free AdamW: averaging in place of a schedule for the learning rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.keras.optimizers.arguments import common
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.keras.optimizers.correction import present_step
from thalweg._src.keras.optimizers.state import copy_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.clipping import minimum
from thalweg._src.ops.exponential import sqrt
from thalweg._src.variables.variable import Variable


class ScheduleFreeAdamW(Optimizer):
    """AdamW steps of a hidden sequence; the weights are the mean of all its points.

    The hidden point ``z`` moves by ``-learning_rate * g / (sqrt(v) + epsilon)`` with ``v`` the corrected
    mean square, and in step ``t`` the weights become ``(1 - 1 / t) * w + z / t``.

    Args:
        learning_rate: Step size or schedule.
        beta_1: Kept in the config. The paper takes gradients between ``z`` and the mean, at this share of
            the mean; Keras takes them at the mean itself, whatever `beta_1` is, and so does this.
        beta_2: How much of the mean square is kept each step.
        epsilon: Keeps the quotient finite.
        warmup_steps: Steps in which the learning rate grows linearly to its full size.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.

    Source: Defazio et al. 2024, "The road less scheduled"; `keras.optimizers.ScheduleFreeAdamW`.
    """

    def __init__(
        self,
        learning_rate: Any = 0.0025,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        warmup_steps: int = 0,
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
        self.warmup_steps = warmup_steps

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the hidden points, which begin at the weights, and the mean squares."""
        super().build(var_list)
        self._momentums: list[Any] = []
        self._velocities: list[Any] = []
        for variable in var_list:
            momentum, velocity = self.add_optimizer_variables(
                [variable], ["momentum", "velocity"], [copy_of(variable), "zeros"]
            )
            self._momentums += momentum
            self._velocities += velocity

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        point, square = self.slot(self._momentums, variable), self.slot(self._velocities, variable)
        step = present_step(self.iterations, gradient.dtype)
        if self.warmup_steps > 0:
            learning_rate = learning_rate * cast(
                minimum(step / self.warmup_steps, 1), gradient.dtype
            )
        v = square + (gradient * gradient - square) * (1 - self.beta_2)
        root = sqrt(v / cast(1 - self.beta_2**step, gradient.dtype))
        z = point - learning_rate * gradient / (root + self.epsilon)
        square.assign(v)
        point.assign(z)
        variable.assign(variable + (z - variable) * cast(1 / step, gradient.dtype))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return super().get_config() | {
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "warmup_steps": self.warmup_steps,
        }
