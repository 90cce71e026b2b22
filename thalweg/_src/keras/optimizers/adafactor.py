"""Adafactor: mean squares kept as a row and a column, to save memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.optimizers.arguments import common
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.keras.optimizers.correction import present_step
from thalweg._src.keras.optimizers.state import overwritten
from thalweg._src.ops import clipping, shaping
from thalweg._src.ops.casting import cast
from thalweg._src.ops.exponential import sqrt
from thalweg._src.ops.reduction import reduce_mean
from thalweg._src.variables.variable import Variable


class Adafactor(Optimizer):
    """Gradients divided by the root of a mean square of rank one, in steps in proportion to the weights.

    Args:
        learning_rate: Step size or schedule.
        beta_2_decay: Power of the step count that sets how fast the means forget.
        epsilon_1: Added to squared gradients.
        epsilon_2: Smallest size of weights that steps are in proportion to.
        clip_threshold: Largest root mean square of a step before scaling.
        relative_step: Kept in the config: Keras limits the rate to ``1 / sqrt(step)`` in any case, and so
            does this.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.

    Source: Shazeer and Stern 2018, "Adafactor: adaptive learning rates with sublinear memory cost".
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 1e-3,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
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
        self.beta_2_decay = beta_2_decay
        self.epsilon_1 = epsilon_1
        self.epsilon_2 = epsilon_2
        self.clip_threshold = clip_threshold
        self.relative_step = relative_step

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates row means, column means, and mean squares; matrices use the first two."""
        super().build(var_list)
        self._r: list[Any] = []
        self._c: list[Any] = []
        self._v: list[Any] = []
        for variable in var_list:
            for slots, slot in zip((self._r, self._c, self._v), self._slots(variable), strict=True):
                slots.append(slot)

    def _slots(self, variable: Variable) -> tuple[Any, Any, Any]:
        if overwritten(variable):
            return None, None, None
        shape, dtype = tuple(variable.shape), variable._dtype.name
        row, column = shape[:-1], (*shape[:-2], *shape[-1:])
        if len(shape) < 2:
            # Vectors have no rows and columns; empty slots keep the state in Keras' order.
            row, column, dtype = (), (), "int32"
        return (
            self.add_variable(row, "zeros", dtype, name=f"{variable.name}_row"),
            self.add_variable(column, "zeros", dtype, name=f"{variable.name}_column"),
            self.add_variable_from_reference(variable, "velocity"),
        )

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        step = present_step(self.iterations, gradient.dtype)
        rate = clipping.minimum(learning_rate, cast(1 / sqrt(step), gradient.dtype))
        size = clipping.maximum(_rms(convert_to_tensor(variable)), self.epsilon_2)
        kept = cast(1 - step**self.beta_2_decay, gradient.dtype)
        square = self._mean_square(gradient * gradient + self.epsilon_1, variable, kept)
        update = gradient / sqrt(square)
        update = update / clipping.maximum(_rms(update) / self.clip_threshold, 1.0)
        variable.assign_sub(size * rate * update)

    def _mean_square(self, square: Any, variable: Variable, kept: Any) -> Any:
        """Running mean of squared gradients, of rank one for matrices."""
        velocity = self.slot(self._v, variable)
        if len(variable.shape) < 2:
            value = kept * velocity + (1 - kept) * square
        else:
            row, column = self.slot(self._r, variable), self.slot(self._c, variable)
            r = kept * row + (1 - kept) * reduce_mean(square, axis=-1)
            c = kept * column + (1 - kept) * reduce_mean(square, axis=-2)
            row.assign(r)
            column.assign(c)
            share = r / reduce_mean(r, axis=-1, keepdims=True)
            value = shaping.expand_dims(share, -1) * shaping.expand_dims(c, -2)
        velocity.assign(value)
        return value

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return super().get_config() | {
            "beta_2_decay": self.beta_2_decay,
            "epsilon_1": self.epsilon_1,
            "epsilon_2": self.epsilon_2,
            "clip_threshold": self.clip_threshold,
            "relative_step": self.relative_step,
        }


def _rms(x: Any) -> Any:
    return sqrt(reduce_mean(x * x))
