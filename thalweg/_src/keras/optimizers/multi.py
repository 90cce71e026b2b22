"""`MultiOptimizer`: several optimizers, each for some of the weights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.base.serialization import deserialize_keras_object, plain
from thalweg._src.keras.optimizers.base import Optimizer
from thalweg._src.keras.optimizers.optimizer_map import OptimizerMap
from thalweg._src.variables.variable import Variable


class MultiOptimizer(Optimizer):
    """Hands each weight to an optimizer of its own choice.

    It has no learning rate, which differs from one to the next of its `optimizers`.

    Args:
        optimizer_map: `OptimizerMap`, or a function that returns the optimizer of a weight.
        loss_scale_factor: See `Optimizer`; takes the place of those that the optimizers have.
        name: Name.

    Example:
        >>> import thalweg as tf
        >>> optimizers = tf.keras.optimizers
        >>> optimizer = optimizers.MultiOptimizer(
        ...     optimizers.OptimizerMap(optimizers.SGD(0.5), {"scale": optimizers.SGD(0.1)})
        ... )
        >>> scale, shift = tf.keras.Variable(1.0, name="scale"), tf.keras.Variable(1.0, name="shift")
        >>> optimizer.apply([tf.constant(1.0), tf.constant(1.0)], [scale, shift])
        >>> round(float(scale), 4), round(float(shift), 4)
        (0.9, 0.5)

    Source: `keras.optimizers.MultiOptimizer`. `exclude_from_weight_decay` reaches the optimizers, and
    `loss_scale_factor` can be set later; in Keras both have no effect on them.
    """

    def __init__(
        self,
        optimizer_map: OptimizerMap | Callable[[Variable], Optimizer],
        loss_scale_factor: float | None = None,
        name: str | None = None,
    ) -> None:
        if not callable(optimizer_map):
            raise InvalidArgumentError(
                "[MultiOptimizer] expected an OptimizerMap, or a function that returns the optimizer of a "
                f"weight, got {optimizer_map!r}."
            )
        self._optimizer_map = optimizer_map
        self._optimizers: list[Optimizer] = []
        self._chosen: list[Optimizer] = []
        if isinstance(optimizer_map, OptimizerMap):
            for optimizer in (*optimizer_map.values(), optimizer_map.default_optimizer):
                self._add(optimizer)
        super().__init__(learning_rate=0.0, loss_scale_factor=loss_scale_factor, name=name)

    def _add(self, optimizer: Optimizer) -> None:
        if all(optimizer is not known for known in self._optimizers):
            self._optimizers.append(optimizer)

    @property
    def optimizers(self) -> list[Optimizer]:
        """The optimizers; those that a function chooses are known after `build`."""
        return list(self._optimizers)

    @property
    def loss_scale_factor(self) -> float | None:
        """Number that losses are multiplied and gradients divided by."""
        return self._loss_scale_factor

    @loss_scale_factor.setter
    def loss_scale_factor(self, value: float | None) -> None:
        self._loss_scale_factor = value
        self._compiled = None
        for optimizer in self._optimizers:
            optimizer.loss_scale_factor = value
            optimizer._compiled = None

    @property
    def learning_rate(self) -> Any:
        """Raises: each of `optimizers` has its own."""
        raise AttributeError(
            f"[{self.name}] expected no use of learning_rate: each of optimizer.optimizers has its own."
        )

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        raise AttributeError(
            f"[{self.name}] expected learning_rate={value!r} to be set on one of optimizer.optimizers."
        )

    @property
    def variables(self) -> list[Variable]:
        """Own state, then that of each optimizer."""
        return [*super().variables, *(v for o in self._optimizers for v in o.variables)]

    def build(self, var_list: Sequence[Variable]) -> None:
        """Chooses the optimizer of each weight and builds it."""
        super().build(var_list)
        self._chosen = [self._choose(variable) for variable in var_list]
        self.loss_scale_factor = self._loss_scale_factor
        for optimizer, (_, own) in self._shares([None] * len(self._chosen), self._trained):
            optimizer._undecayed |= self._undecayed
            optimizer._undecayed_names += self._undecayed_names
            optimizer.build(own)
        self.use_ema = any(optimizer.use_ema for optimizer in self._optimizers)

    def _choose(self, variable: Variable) -> Optimizer:
        optimizer = self._optimizer_map(variable)
        if not isinstance(optimizer, Optimizer):
            raise InvalidArgumentError(
                f"[{self.name}] expected an Optimizer for {variable.name!r}, got {optimizer!r}."
            )
        self._add(optimizer)
        return optimizer

    def _shares(
        self, grads: Sequence[Any], variables: Sequence[Variable]
    ) -> list[tuple[Optimizer, tuple[list[Any], list[Variable]]]]:
        """Each optimizer with its share of gradients and weights; those without any are left out."""
        shares: dict[int, tuple[Optimizer, tuple[list[Any], list[Variable]]]] = {}
        for gradient, variable in zip(grads, variables, strict=True):
            optimizer = self.slot(self._chosen, variable)
            _, (own_grads, own) = shares.setdefault(id(optimizer), (optimizer, ([], [])))
            own_grads.append(gradient)
            own.append(variable)
        return list(shares.values())

    def _update(self, grads: Sequence[Any], variables: Sequence[Variable]) -> None:
        for optimizer, (own_grads, own) in self._shares(grads, variables):
            optimizer.apply(own_grads, own)
        self._iterations.assign_add(1)

    def averages(self) -> list[tuple[Variable, Variable]]:
        """Pairs of a weight and its moving average that the optimizers keep."""
        return [pair for optimizer in self._optimizers for pair in optimizer.averages()]

    def exclude_from_weight_decay(
        self, var_list: Iterable[Variable] | None = None, var_names: Iterable[str] | None = None
    ) -> None:
        """Weights that the optimizers' `weight_decay` leaves alone; several calls add up."""
        variables, patterns = list(var_list or ()), list(var_names or ())
        super().exclude_from_weight_decay(variables, patterns)
        for optimizer in self._optimizers if self.built else ():
            optimizer.exclude_from_weight_decay(variables, patterns)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        chosen = self._optimizer_map
        return {
            "optimizer_map": chosen.serialize()
            if isinstance(chosen, OptimizerMap)
            else plain(chosen),
            "loss_scale_factor": self.loss_scale_factor,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Optimizer made from `get_config()`'s result."""
        chosen = deserialize_keras_object(config["optimizer_map"], custom_objects)
        return cls(**config | {"optimizer_map": chosen})
