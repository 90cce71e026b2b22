"""Adam, and Adam with decoupled weight decay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.keras.optimizers.arguments import common
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.keras.optimizers.correction import present_step
from thalweg._src.ops import clipping
from thalweg._src.ops.casting import cast
from thalweg._src.ops.exponential import sqrt
from thalweg._src.variables.variable import Variable


class Adam(Optimizer):
    """Steps by the mean gradient, divided by the root of the mean square; both corrected for their start.

    Args:
        learning_rate: Step size or schedule.
        beta_1: How much of the mean gradient is kept each step.
        beta_2: How much of the mean square is kept each step.
        epsilon: Keeps the quotient finite.
        amsgrad: Divide by the largest mean square so far.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.

    Example:
        >>> import thalweg as tf
        >>> w = tf.Variable(1.0)
        >>> _ = tf.keras.optimizers.Adam(0.1).apply_gradients([(tf.constant(2.0), w)])
        >>> round(float(w), 4)
        0.9

    Source: Kingma and Ba 2014, "Adam: a method for stochastic optimization"; Reddi et al. 2018 for amsgrad.
    The correction is folded into the step size, as in the paper's section 2, so `epsilon` is its
    "epsilon hat".
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
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
        self.amsgrad = amsgrad

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the mean gradients and the mean squares."""
        super().build(var_list)
        self._momentums, self._velocities = self.add_optimizer_variables(
            var_list, ["momentum", "velocity"]
        )
        self._velocity_hats: list[Variable] = []
        if self.amsgrad:
            self._velocity_hats = self.add_optimizer_variables(var_list, "velocity_hat")

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        mean, square = self.slot(self._momentums, variable), self.slot(self._velocities, variable)
        m = mean + (gradient - mean) * (1 - self.beta_1)
        v = square + (gradient * gradient - square) * (1 - self.beta_2)
        mean.assign(m)
        square.assign(v)
        if self.amsgrad:
            largest = self.slot(self._velocity_hats, variable)
            v = clipping.maximum(largest, v)
            largest.assign(v)
        step = present_step(self.iterations, gradient.dtype)
        correction = cast(sqrt(1 - self.beta_2**step) / (1 - self.beta_1**step), gradient.dtype)
        variable.assign_sub(m * (learning_rate * correction) / (sqrt(v) + self.epsilon))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return super().get_config() | {
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
            "amsgrad": self.amsgrad,
        }


class AdamW(Adam):
    """`Adam` with weight decay that the gradient's scale does not touch.

    Args:
        learning_rate: Step size or schedule.
        weight_decay: Fraction of each weight, times the learning rate, that a step takes off.
        beta_1: How much of the mean gradient is kept each step.
        beta_2: How much of the mean square is kept each step.
        epsilon: Keeps the quotient finite.
        amsgrad: Divide by the largest mean square so far.
        clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.

    Source: Loshchilov and Hutter 2019, "Decoupled weight decay regularization".
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-7,
        amsgrad: bool = False,
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
        super().__init__(
            beta_1=beta_1, beta_2=beta_2, epsilon=epsilon, amsgrad=amsgrad, **common(locals())
        )
        if weight_decay is None:
            raise ValueError("[AdamW] expected a weight_decay, got None; use Adam without one.")
