"""FTRL: follow the regularized leader, for sparse linear models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras import initializers
from thalweg._src.keras.optimizers.arguments import common
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.ops import clipping
from thalweg._src.ops.elementwise import pow
from thalweg._src.variables.variable import Variable


class Ftrl(Optimizer):
    """Weights that minimise all past gradients together with L1 and L2 penalties.

    Args:
        learning_rate: Step size or schedule.
        learning_rate_power: Power with which the step shrinks as squares add up; 0 keeps it.
        initial_accumulator_value: Sum of squares at the start.
        l1_regularization_strength: L1 penalty; weights below it become exactly 0.
        l2_regularization_strength: L2 penalty, which shrinks the weights.
        l2_shrinkage_regularization_strength: L2 penalty that acts through the gradient.
        beta: Added to the root of the sum of squares.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.

    Source: McMahan et al. 2013, "Ad click prediction: a view from the trenches".
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
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
        limits = {
            "initial_accumulator_value": initial_accumulator_value,
            "learning_rate_power": -learning_rate_power,
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
            "l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength,
        }
        for key, value in limits.items():
            if value < 0:
                turned = key == "learning_rate_power"
                raise ValueError(
                    f"[Ftrl] expected no {'positive' if turned else 'negative'} {key}, got "
                    f"{-value if turned else value}."
                )
        self.learning_rate_power = learning_rate_power
        self.initial_accumulator_value = initial_accumulator_value
        self.l1_regularization_strength = l1_regularization_strength
        self.l2_regularization_strength = l2_regularization_strength
        self.l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self.beta = beta

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the sums of squares and the linear terms."""
        super().build(var_list)
        self._accumulators, self._linears = self.add_optimizer_variables(
            var_list,
            ["accumulator", "linear"],
            [initializers.Constant(self.initial_accumulator_value), "zeros"],
        )

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        accumulator, linear = (
            self.slot(self._accumulators, variable),
            self.slot(self._linears, variable),
        )
        power = -self.learning_rate_power
        squares = accumulator + gradient * gradient
        old, new = pow(accumulator, power), pow(squares, power)
        weight = convert_to_tensor(variable)
        shrunk = gradient + 2 * self.l2_shrinkage_regularization_strength * weight
        slope = linear + shrunk - (new - old) / learning_rate * weight
        penalty = self.l2_regularization_strength + self.beta / (2.0 * learning_rate)
        bend = new / learning_rate + 2 * penalty
        strength = self.l1_regularization_strength
        linear.assign(slope)
        accumulator.assign(squares)
        variable.assign((clipping.clip_by_value(slope, -strength, strength) - slope) / bend)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return super().get_config() | {
            "learning_rate_power": self.learning_rate_power,
            "initial_accumulator_value": self.initial_accumulator_value,
            "l1_regularization_strength": self.l1_regularization_strength,
            "l2_regularization_strength": self.l2_regularization_strength,
            "l2_shrinkage_regularization_strength": self.l2_shrinkage_regularization_strength,
            "beta": self.beta,
        }
