"""Muon: momenta of matrices made orthogonal; other weights by AdamW."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.optimizers.arguments import common
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.keras.optimizers.correction import present_step
from thalweg._src.ops.casting import cast
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.exponential import sqrt
from thalweg._src.ops.linalg import matrix_transpose
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.variables.variable import Variable


class Muon(Optimizer):
    """Steps matrices by an orthogonal matrix near their momentum, and all else as `AdamW` does.

    Args:
        learning_rate: Step size or schedule.
        adam_beta_1: How much of the mean gradient AdamW keeps each step.
        adam_beta_2: How much of the mean square AdamW keeps each step.
        adam_weight_decay: Weight decay where AdamW is used.
        epsilon: Keeps AdamW's quotient finite.
        weight_decay: Weight decay of matrices.
        clipnorm, clipvalue, global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency,
            loss_scale_factor, gradient_accumulation_steps, name, **kwargs: See `Optimizer`.
        exclude_layers: Patterns of paths whose matrices AdamW updates.
        exclude_embeddings: Let AdamW update weights with "embedding" in their path.
        muon_a: Coefficient of x in the iteration.
        muon_b: Coefficient of x³.
        muon_c: Coefficient of x⁵.
        adam_lr_ratio: Factor of AdamW's learning rate.
        momentum: How much of the momentum is kept each step.
        ns_steps: Number of iterations.
        nesterov: Look one step ahead.
        rms_rate: Root mean square of a step, in learning rates, for square matrices; None for no scaling.

    Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks".
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        adam_beta_1: float = 0.9,
        adam_beta_2: float = 0.999,
        adam_weight_decay: float | None = 0.004,
        epsilon: float = 1e-7,
        weight_decay: float | None = 0.004,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: float | None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_layers: Sequence[str] | None = None,
        exclude_embeddings: bool = True,
        muon_a: float = 3.4445,
        muon_b: float = -4.775,
        muon_c: float = 2.0315,
        adam_lr_ratio: float = 1,
        momentum: float = 0.95,
        ns_steps: int = 5,
        nesterov: bool = True,
        rms_rate: float | None = 0.2,
        **kwargs: Any,
    ) -> None:
        super().__init__(**common(locals()))
        self.adam_beta_1, self.adam_beta_2 = adam_beta_1, adam_beta_2
        self.adam_weight_decay = adam_weight_decay
        self.epsilon = epsilon
        self.exclude_layers = list(exclude_layers or [])
        self.exclude_embeddings = exclude_embeddings
        self.muon_a, self.muon_b, self.muon_c = muon_a, muon_b, muon_c
        self.adam_lr_ratio = adam_lr_ratio
        self.momentum = momentum
        self.ns_steps = ns_steps
        self.nesterov = nesterov
        self.rms_rate = rms_rate

    def _by_adam(self, variable: Variable) -> bool:
        path = getattr(variable, "path", variable.name)
        if len(variable.shape) != 2 or (self.exclude_embeddings and "embedding" in path.lower()):
            return True
        return any(re.search(pattern, path) for pattern in self.exclude_layers)

    def _decay_of(self, variable: Variable) -> float | None:
        return self.adam_weight_decay if self._by_adam(variable) else self.weight_decay

    def build(self, var_list: Sequence[Variable]) -> None:
        """Creates the momenta, and the mean squares where AdamW is used."""
        super().build(var_list)
        self.momentums: list[Variable] = []
        self.adam_velocities: list[Any] = []
        for variable in var_list:
            by_adam = self._by_adam(variable)
            slots = ["momentum", "velocity"] if by_adam else ["momentum"]
            momentum, *velocity = self.add_optimizer_variables([variable], slots)
            self.momentums += momentum
            self.adam_velocities += velocity[0] if by_adam else [None]

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight."""
        momentum = self.slot(self.momentums, variable)
        velocity = self.slot(self.adam_velocities, variable)
        if velocity is not None:
            self._adam(gradient, variable, learning_rate * self.adam_lr_ratio, momentum, velocity)
            return
        m = gradient + self.momentum * momentum
        momentum.assign(m)
        ahead = gradient + self.momentum * m if self.nesterov else m
        step = self.lr_adjust(self.zeropower_via_newtonschulz5(ahead, self.ns_steps))
        variable.assign_sub(learning_rate * step)

    def _adam(self, gradient: Any, variable: Variable, rate: Any, mean: Any, square: Any) -> None:
        m = mean + (gradient - mean) * (1 - self.adam_beta_1)
        v = square + (gradient * gradient - square) * (1 - self.adam_beta_2)
        mean.assign(m)
        square.assign(v)
        step = present_step(self.iterations, gradient.dtype)
        correction = sqrt(1 - self.adam_beta_2**step) / (1 - self.adam_beta_1**step)
        alpha = rate * cast(correction, gradient.dtype)
        variable.assign_sub(m * alpha / (sqrt(v) + self.epsilon))

    def transpose_last_axis(self, X: Any) -> Any:
        """Matrices with rows for columns.

        Args:
            X: Tensor of shape ``(..., rows, columns)``.
        """
        return matrix_transpose(X)

    def lr_adjust(self, x: Any) -> Any:
        """Steps of one root mean square for matrices of all sizes: times `rms_rate` and ``sqrt(size)``.

        Args:
            x: Orthogonal steps; the larger of the first two sizes counts.
        """
        if self.rms_rate is None:
            return x
        return x * (math.sqrt(max(int(size) for size in x.shape[:2])) * self.rms_rate)

    def zeropower_via_newtonschulz5(self, x: Any, steps: int) -> Any:
        """Matrices with the singular vectors of `x` and singular values near 1.

        Newton-Schulz iterations of a polynomial of fifth degree in the singular values.

        Args:
            x: Tensor of shape ``(..., rows, columns)``.
            steps: Number of iterations.

        Raises:
            ValueError: `x` is no matrix.
        """
        if len(x.shape) < 2:
            raise ShapeError(
                f"[Muon] expected matrices, got shape {tuple(x.shape)}; AdamW updates all other weights."
            )
        tall = x.shape[-2] > x.shape[-1]
        x = matrix_transpose(x) if tall else x
        x = x / (sqrt(reduce_sum(x * x, axis=(-2, -1), keepdims=True)) + 1e-7)
        for _ in range(steps):
            square = matmul(x, x, transpose_b=True)
            x = self.muon_a * x + matmul(
                self.muon_b * square + self.muon_c * matmul(square, square), x
            )
        return matrix_transpose(x) if tall else x

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        names = (
            "adam_beta_1", "adam_beta_2", "adam_weight_decay", "epsilon", "exclude_layers",
            "exclude_embeddings", "muon_a", "muon_b", "muon_c", "adam_lr_ratio", "momentum", "ns_steps",
            "nesterov", "rms_rate",
        )  # fmt: skip
        return super().get_config() | {name: getattr(self, name) for name in names}
