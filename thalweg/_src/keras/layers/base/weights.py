"""`WeightHolder`: the weights and sublayers of a layer, and what can be asked of them."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from thalweg._src.core.recorders import state
from thalweg._src.keras import constraints, initializers, regularizers
from thalweg._src.keras.base.stateless import StatelessScope
from thalweg._src.keras.base.variable import KerasVariable, current_path, path_scope
from thalweg._src.keras.layers.base.context import context
from thalweg._src.keras.layers.base.identity import Identity
from thalweg._src.keras.layers.base.tracking import instances_in, unique, variables_in
from thalweg._src.keras.metrics.base import Metric
from thalweg._src.keras.random.seed_generator import SeedGenerator
from thalweg._src.variables.variable import Variable

# Attributes that are the layer's own bookkeeping, not state that a user set.
_UNTRACKED = frozenset({"_tracked", "_given_arguments", "_losses", "_inbound_nodes", "_own_weights"})


class WeightHolder(Identity):
    """Tracks Variables, metrics and sublayers that are set as attributes."""

    _tracked: dict[str, Any]
    _losses: list[Any]
    #: Round of the latest call, and that in which `_losses` were added; see `CallContext`.
    _round = 0
    _loss_round = 0
    _own_weights: list[Any]
    _trainable: bool

    def _initialise_state(self, trainable: bool) -> None:
        object.__setattr__(self, "_tracked", {})
        object.__setattr__(self, "_losses", [])
        object.__setattr__(self, "_trainable", bool(trainable))
        object.__setattr__(self, "_own_weights", [])

    def __setattr__(self, name: str, value: Any) -> None:
        if "_tracked" not in self.__dict__:
            raise RuntimeError(
                f"[{type(self).__name__}] expected super().__init__() before attributes are set, got "
                f"{name!r} first; call super().__init__() at the start of __init__."
            )
        if name not in _UNTRACKED and _worth_tracking(value):
            self._tracked[name] = value
        else:
            self._tracked.pop(name, None)
        object.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        self._tracked.pop(name, None)
        object.__delattr__(self, name)

    def add_weight(
        self,
        shape: Any = None,
        initializer: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        aggregation: str = "none",
        overwrite_with_gradient: bool = False,
        name: str | None = None,
    ) -> KerasVariable:
        """New weight of the layer.

        Args:
            shape: Sizes; () for a scalar when None.
            initializer: Name, `Initializer` or function of (shape, dtype); Glorot uniform when None
                (zeros for integers and bools).
            dtype: Dtype; the layer's `variable_dtype` when None.
            trainable: Whether optimizers update it.
            autocast: Whether it may be read in the compute dtype.
            regularizer: Function of the weight whose result is added to the loss.
            constraint: Function that optimizers apply after each update.
            aggregation: How replicas combine it.
            overwrite_with_gradient: Optimizers store the gradient in it instead of a step.
            name: Name; ``"variable"`` when None.

        Returns:
            The Variable, which is tracked.

        Source: `keras.layers.Layer.add_weight`.
        """
        dims = tuple(int(d) for d in (shape if shape is not None else ()))
        chosen = dtype or self.variable_dtype
        if initializer is None:
            initializer = "glorot_uniform" if "float" in str(chosen) else "zeros"
        with path_scope(*self._path_parts()):
            weight = KerasVariable(
                initializers.get(initializer),
                shape=dims,
                dtype=chosen,
                trainable=trainable,
                autocast=autocast,
                aggregation=aggregation,
                name=name,
                constraint=constraints.get(constraint),
                regularizer=regularizers.get(regularizer),
            )
        weight.overwrite_with_gradient = overwrite_with_gradient
        self._own_weights.append(weight)
        return weight

    def _path_parts(self) -> list[str]:
        """Names to put before a weight's own; empty when a call or build has put them there already."""
        path = current_path()
        name = self.name
        return [] if path and path[-1] == name else [name]

    @property
    def _sublayers(self) -> list[Any]:
        """Layers among the attributes, in the order in which they were set."""
        return unique(itertools.chain(*(instances_in(v, WeightHolder) for v in self._tracked.values())))

    def _flatten_layers(self, include_self: bool = True) -> list[Any]:
        """This layer and all below it, each once."""
        found: dict[int, Any] = {id(self): self}
        pending = list(self._sublayers)
        while pending:
            layer = pending.pop(0)
            if id(layer) not in found:
                found[id(layer)] = layer
                pending = [*layer._sublayers, *pending]
        layers = list(found.values())
        return layers if include_self else layers[1:]

    def _own_variables(self) -> list[Variable]:
        """Variables of this layer itself: added weights and attributes."""
        attributes = itertools.chain(*(variables_in(v) for v in self._tracked.values()))
        return unique(itertools.chain(self._own_weights, attributes))

    def _stored_variables(self) -> list[Variable]:
        """Variables of this layer itself as saved files order them: freezing one later moves none."""
        own = [(getattr(v, "begins_trainable", v.trainable), v) for v in self._own_variables()]
        return [v for first, v in own if first] + [v for first, v in own if not first]

    @property
    def _seed_states(self) -> list[Variable]:
        """State of the random generators of this layer and those below."""
        own = itertools.chain(*(instances_in(v, SeedGenerator) for v in self._tracked.values()))
        below = itertools.chain(*(layer._seed_states for layer in self._sublayers))
        return unique(itertools.chain((generator.state for generator in own), below))

    @property
    def variables(self) -> list[Variable]:
        """Weights, and the state of random generators; that of metrics is in `metrics_variables`."""
        return unique(itertools.chain(self.weights, self._seed_states))

    @property
    def weights(self) -> list[Variable]:
        """Weights, trainable ones first in each layer, sublayers after the layer's own."""
        below = itertools.chain(*(layer.weights for layer in self._sublayers))
        return unique(itertools.chain(self._stored_variables(), below))

    @property
    def trainable_weights(self) -> list[Variable]:
        """Weights that training updates; none when the layer is frozen."""
        if not self.trainable:
            return []
        own = (v for v in self._own_variables() if v.trainable)
        below = itertools.chain(*(layer.trainable_weights for layer in self._sublayers))
        return unique(itertools.chain(own, below))

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """Weights that training leaves alone."""
        trained = {id(v) for v in self.trainable_weights}
        return [v for v in self.weights if id(v) not in trained]

    @property
    def trainable_variables(self) -> list[Variable]:
        """The same as `trainable_weights`."""
        return self.trainable_weights

    @property
    def non_trainable_variables(self) -> list[Variable]:
        """Variables that training does not update by gradients."""
        trained = {id(v) for v in self.trainable_weights}
        return [v for v in self.variables if id(v) not in trained]

    @property
    def metrics(self) -> list[Metric]:
        """Metrics of this layer and those below."""
        own = itertools.chain(*(instances_in(v, Metric) for v in self._tracked.values()))
        below = itertools.chain(*(layer.metrics for layer in self._sublayers))
        return unique(itertools.chain(own, below))

    @property
    def metrics_variables(self) -> list[Variable]:
        """State of `metrics`."""
        return unique(itertools.chain(*(m.variables for m in self.metrics)))

    @property
    def trainable(self) -> bool:
        """Whether training updates this layer; setting it sets all layers below."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        for layer in self._flatten_layers():
            object.__setattr__(layer, "_trainable", bool(value))

    def get_weights(self) -> list[np.ndarray[Any, Any]]:
        """Values of `weights` as NumPy arrays."""
        return [v.numpy() for v in self.weights]

    def set_weights(self, weights: list[Any]) -> None:
        """Replaces the values of `weights`; nothing changes when one does not fit.

        Args:
            weights: Arrays in the order of `weights`.

        Raises:
            ValueError: Another number of arrays, or another shape.
        """
        own = self.weights
        where = f"{type(self).__name__} {self.name!r} set_weights"
        if len(weights) != len(own):
            raise ValueError(
                f"[{where}] expected {len(own)} arrays, got {len(weights)}; layer.weights shows their order."
            )
        for variable, value in zip(own, weights, strict=True):
            if tuple(np.shape(value)) != tuple(variable.shape):
                raise ValueError(
                    f"[{where}] expected shape {tuple(variable.shape)} for {variable.name!r}, got "
                    f"{tuple(np.shape(value))}."
                )
        for variable, value in zip(own, weights, strict=True):
            variable.assign(value)

    def add_variable(
        self,
        shape: Any,
        initializer: Any,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        regularizer: Any = None,
        constraint: Any = None,
        name: str | None = None,
    ) -> KerasVariable:
        """The same as `add_weight`."""
        return self.add_weight(
            shape,
            initializer,
            dtype,
            trainable,
            autocast,
            regularizer,
            constraint,
            name=name,
        )

    def add_metric(self, *args: Any, **kwargs: Any) -> None:
        """Refuses: values are logged by a `Metric` that is an attribute of the layer.

        Raises:
            NotImplementedError: Always, as in Keras 3.
        """
        del args, kwargs
        raise NotImplementedError(
            f"[{type(self).__name__} {self.name!r} add_metric] expected a Metric as attribute; write "
            "self.spread = keras.metrics.Mean() in __init__ and self.spread.update_state(value) in call."
        )

    def count_params(self) -> int:
        """Number of scalars in all weights.

        Raises:
            ValueError: The layer is not built.
        """
        if not self.built:
            raise ValueError(
                f"[{self.name}] expected a built layer to count weights; call it or build() first."
            )
        sizes: list[Any] = [tuple(v.shape) for v in self.weights]
        return sum(int(math.prod(size)) for size in sizes)

    def add_loss(self, loss: Any) -> None:
        """Adds to the loss of the step that is computed now.

        Args:
            loss: Scalar tensor, or a list of them; call it inside `call`.
        """
        losses = loss if isinstance(loss, (list, tuple)) else [loss]
        if self._loss_round != context.round:
            self._losses.clear()
            self.__dict__["_loss_round"] = context.round
        self._losses.extend(losses)
        for scope in state.scopes:
            if isinstance(scope, StatelessScope):
                for part in losses:
                    scope.add_loss(part)

    @property
    def losses(self) -> list[Any]:
        """Losses added in the last call, and regularisation losses of trainable weights."""
        # What an earlier call added counts no more: no call walks the layers to clear it.
        added = [
            loss
            for layer in self._flatten_layers()
            if layer._loss_round >= max(self._round, layer._round)
            for loss in layer._losses
        ]
        penalties = [
            v.regularizer(v)
            for v in self.trainable_weights
            if isinstance(v, KerasVariable) and v.regularizer is not None
        ]
        return added + penalties


def _worth_tracking(value: Any) -> bool:
    if isinstance(value, (Variable, WeightHolder, Metric, SeedGenerator)):
        return True
    return isinstance(value, (list, tuple, dict))
