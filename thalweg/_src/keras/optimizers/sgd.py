"""Stochastic gradient descent, with momentum."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.keras.optimizers.arguments import common
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.variables.variable import Variable


class SGD(Optimizer):
    """Gradient descent: ``w -= learning_rate * g``, with optional momentum.

    With momentum ``m``: ``v = m * v - learning_rate * g`` and ``w += v``; with Nesterov's form
    ``w += m * v - learning_rate * g``.

    Args:
        learning_rate: Step size or schedule.
        momentum: Fraction of the last step that is kept, in [0, 1].
        nesterov: Use Nesterov's form.
        weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.

    Example:
        >>> import thalweg as tf
        >>> w = tf.Variable(1.0)
        >>> _ = tf.keras.optimizers.SGD(0.1).apply_gradients([(tf.constant(2.0), w)])
        >>> round(float(w), 4)
        0.8

    Source: Sutskever et al. 2013, "On the importance of initialization and momentum in deep learning".
    """

    def __init__(
        self,
        learning_rate: Any = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
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
        if not 0 <= momentum <= 1:
            raise ValueError(f"[SGD] expected momentum in [0, 1], got {momentum}.")
        self.momentum = momentum
        self.nesterov = nesterov

    def build(self, variables: Sequence[Variable]) -> None:
        """Creates a momentum for each weight, where momentum is used."""
        super().build(variables)
        self.momentums: list[Variable] = []
        if self.momentum:
            self.momentums = self.add_optimizer_variables(variables, "momentum")

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        step = gradient * learning_rate
        if not self.momentum:
            variable.assign_sub(step)
            return
        velocity = self.slot(self.momentums, variable)
        new = velocity * self.momentum - step
        velocity.assign(new)
        variable.assign_add(new * self.momentum - step if self.nesterov else new)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        return super().get_config() | {"momentum": self.momentum, "nesterov": self.nesterov}
