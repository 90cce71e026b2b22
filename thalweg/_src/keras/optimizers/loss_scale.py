"""`LossScaleOptimizer`: losses scaled up as far as gradients stay finite, for float16."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras import initializers
from thalweg._src.keras.base.precision import wide_dtype
from thalweg._src.keras.base.serialization import (
    constructor_parameters,
    deserialize_keras_object,
    plain,
)
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.keras.optimizers.conditional import assign_where
from thalweg._src.keras.optimizers.state import overwritten
from thalweg._src.ops import elementwise
from thalweg._src.ops.casting import cast
from thalweg._src.ops.comparison import equal, logical_and, logical_not
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.reduction import reduce_all
from thalweg._src.ops.rounding import is_finite
from thalweg._src.ops.selection import where
from thalweg._src.variables.variable import Variable


class LossScaleOptimizer(Optimizer):
    """Scales losses before they are differentiated, and gradients back, with a scale that it finds itself.

    A step with a gradient that is not finite is left out and halves the scale; `dynamic_growth_steps`
    finite steps in a row double it. `Model.compile` wraps the optimizers of ``"mixed_float16"`` models.

    Args:
        inner_optimizer: Updates the weights; its `loss_scale_factor` becomes None.
        initial_scale: First scale; too large a one shrinks quickly.
        dynamic_growth_steps: Finite steps in a row after which the scale doubles.
        name: Name.
        **kwargs: Other settings of `Optimizer` belong to `inner_optimizer`; only their defaults are taken,
            which configs of older files hold.

    Raises:
        ValueError: A setting that belongs to `inner_optimizer`, or an unknown one.

    Example:
        >>> import thalweg as tf
        >>> optimizer = tf.keras.optimizers.LossScaleOptimizer(tf.keras.optimizers.SGD(0.1))
        >>> float(optimizer.scale_loss(tf.constant(2.0)))
        65536.0

    Source: Micikevicius et al. 2018, "Mixed precision training"; `keras.optimizers.LossScaleOptimizer`.
    """

    def __init__(
        self,
        inner_optimizer: Optimizer,
        initial_scale: float = 2.0**15,
        dynamic_growth_steps: int = 2000,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        _check_settings(kwargs)
        if not isinstance(inner_optimizer, Optimizer):
            raise InvalidArgumentError(
                "[LossScaleOptimizer] expected an Optimizer as inner_optimizer, got "
                f"{inner_optimizer!r}; keras.optimizers.get() makes one from a name."
            )
        self.inner_optimizer = inner_optimizer
        super().__init__(learning_rate=0.0, name=name)
        # Two scales would undo each other.
        inner_optimizer.loss_scale_factor = None
        inner_optimizer._compiled = None
        self.initial_scale = initial_scale
        self.dynamic_growth_steps = dynamic_growth_steps

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the count of finite steps, the scale, and the inner optimizer's slots."""
        super().build(var_list)
        self.step_counter = self.add_variable((), "zeros", "int64", name="step_counter")
        self.dynamic_scale = self.add_variable(
            (), initializers.Constant(self.initial_scale), "float32", name="dynamic_scale"
        )
        self.inner_optimizer.build(var_list)

    @property
    def variables(self) -> list[Variable]:
        """Own state, then the inner optimizer's."""
        return [*super().variables, *self.inner_optimizer.variables]

    @property
    def iterations(self) -> Any:
        """Number of the inner optimizer's updates: steps that were left out do not count."""
        return self.inner_optimizer.iterations

    @property
    def learning_rate(self) -> Any:
        """Step size of the inner optimizer."""
        return self.inner_optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        self.inner_optimizer.learning_rate = value

    def scale_loss(self, loss: Any) -> Any:
        """Loss to differentiate: times the present scale."""
        scale = self.dynamic_scale if self.built else self.initial_scale
        return elementwise.multiply(loss, cast(scale, getattr(loss, "dtype", "float32")))

    def averages(self) -> list[tuple[Variable, Variable]]:
        """Pairs of a weight and its moving average that the inner optimizer keeps."""
        return self.inner_optimizer.averages()

    def exclude_from_weight_decay(
        self, var_list: Iterable[Variable] | None = None, var_names: Iterable[str] | None = None
    ) -> None:
        """Weights that the inner optimizer's `weight_decay` leaves alone."""
        self.inner_optimizer.exclude_from_weight_decay(var_list, var_names)

    def _update(self, grads: Sequence[Any], variables: Sequence[Variable]) -> None:
        finite = reduce_all(is_finite(grads[0]))
        for gradient in grads[1:]:
            finite = logical_and(finite, reduce_all(is_finite(gradient)))
        unscaled = [
            g if overwritten(v) else self._unscaled(g)
            for g, v in zip(grads, variables, strict=True)
        ]
        assign_where(
            finite,
            lambda: self.inner_optimizer.apply(unscaled, variables),
            [*variables, *self.inner_optimizer.variables],
        )
        count, scale = convert_to_tensor(self.step_counter), convert_to_tensor(self.dynamic_scale)
        full = logical_and(finite, equal(count, self.dynamic_growth_steps - 1))
        counted = logical_and(finite, logical_not(full))
        self.step_counter.assign(where(counted, count + 1, zeros_like(count)))
        self.dynamic_scale.assign(where(full, scale * 2.0, where(finite, scale, scale * 0.5)))

    def _unscaled(self, gradient: Any) -> Any:
        # In float16 a scale from 65536 on would be infinite.
        wide = wide_dtype(gradient.dtype)
        exact = elementwise.truediv(cast(gradient, wide), cast(self.dynamic_scale, wide))
        return cast(exact, gradient.dtype)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return {
            "name": self.name,
            "inner_optimizer": plain(self.inner_optimizer),
            "initial_scale": self.initial_scale,
            "dynamic_growth_steps": self.dynamic_growth_steps,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Optimizer made from `get_config()`'s result."""
        inner = deserialize_keras_object(config["inner_optimizer"], custom_objects)
        return cls(**config | {"inner_optimizer": inner})


def _check_settings(given: dict[str, Any]) -> None:
    settings = dict(given)
    if not settings.pop("dynamic", True):
        raise InvalidArgumentError(
            "[LossScaleOptimizer] expected no dynamic=False; for a fixed scale pass loss_scale_factor to "
            "the inner optimizer."
        )
    defaults = {"ema_momentum": 0.99, "use_ema": False}
    for name, value in settings.items():
        if name == "learning_rate" or name not in constructor_parameters(Optimizer):
            raise InvalidArgumentError(f"[LossScaleOptimizer] unknown argument {name!r}.")
        if value != defaults.get(name):
            raise InvalidArgumentError(
                f"[LossScaleOptimizer] expected no {name}, got {value!r}; pass it to the inner optimizer."
            )
