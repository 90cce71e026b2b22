"""`Optimizer`: state per weight, and the update of all weights by their gradients."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from thalweg._src.base.naming import UniqueNames, snake_case
from thalweg._src.core import xla
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.recorders import state
from thalweg._src.function.function import Function
from thalweg._src.keras import initializers
from thalweg._src.keras.base.serialization import Serializable
from thalweg._src.keras.base.variable import KerasVariable, path_scope
from thalweg._src.keras.optimizers import schedules
from thalweg._src.keras.optimizers.clipping import clip
from thalweg._src.ops import elementwise
from thalweg._src.ops.casting import cast
from thalweg._src.variables.variable import Variable

_log = logging.getLogger("thalweg")
names = UniqueNames()


class Optimizer(Serializable):
    """Updates weights by their gradients.

    A subclass creates its state in `build(variables)` with `add_variable_from_reference` and defines
    ``update_step(gradient, variable, learning_rate)``, which assigns.

    Args:
        learning_rate: Step size, a `LearningRateSchedule`, or a function of no arguments.
        weight_decay: Fraction of each weight, times the learning rate, that a step takes off; or None.
        clipnorm: Largest norm of one gradient, or None.
        clipvalue: Largest magnitude of a gradient's element, or None.
        global_clipnorm: Largest norm of all gradients together, or None.
        name: Name; made from the class's when None.

    Source: `keras.optimizers.Optimizer`.
    """

    keras_module = "keras.optimizers"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        name: str | None = None,
    ) -> None:
        self.name = name or names.make(snake_case(type(self).__name__))
        self.built = False
        self.weight_decay = weight_decay
        self.clipnorm, self.clipvalue, self.global_clipnorm = clipnorm, clipvalue, global_clipnorm
        if sum(x is not None for x in (clipnorm, clipvalue, global_clipnorm)) > 1:
            raise ValueError(
                f"[{type(self).__name__}] expected at most one of clipnorm, clipvalue and global_clipnorm, "
                f"got clipnorm={clipnorm}, clipvalue={clipvalue}, global_clipnorm={global_clipnorm}."
            )
        self._state: list[Variable] = []
        self._trained: list[Variable] = []
        self._index: dict[int, int] = {}
        self._undecayed: set[int] = set()
        self._undecayed_names: list[str] = []
        self._compiled: Function | None = None
        self.iterations = self.add_variable((), "zeros", "int64", "iteration")
        self._schedule: Callable[..., Any] | None = None
        if isinstance(learning_rate, Mapping):
            learning_rate = schedules.deserialize(learning_rate)
        if callable(learning_rate) and not isinstance(learning_rate, Variable):
            self._schedule = learning_rate
        else:
            value = float(learning_rate)
            self._learning_rate = self.add_variable(
                (), initializers.Constant(value), "float32", "learning_rate"
            )

    def add_variable(
        self, shape: Any, initializer: Any = "zeros", dtype: Any = None, name: str | None = None
    ) -> KerasVariable:
        """New piece of state, which is never trained."""
        with path_scope(self.name):
            variable = KerasVariable(
                initializers.get(initializer), tuple(shape), dtype, trainable=False, name=name
            )
        self._state.append(variable)
        return variable

    def add_variable_from_reference(
        self, reference_variable: Variable, name: str | None = None, initializer: Any = "zeros"
    ) -> KerasVariable:
        """New piece of state like a weight: a slot.

        Args:
            reference_variable: The weight, whose shape and dtype the slot gets.
            name: Name of the slot, such as ``"momentum"``.
            initializer: Name, `Initializer` or function of (shape, dtype).
        """
        path = getattr(reference_variable, "path", reference_variable.name).replace("/", "_")
        return self.add_variable(
            reference_variable.shape,
            initializer,
            reference_variable.dtype,
            f"{path}_{name or 'slot'}",
        )

    def add_optimizer_variables(
        self, trainable_variables: Sequence[Variable], name: Any, initializer: Any = "zeros"
    ) -> Any:
        """New slots for all weights.

        Args:
            trainable_variables: The weights.
            name: Name of the slot, or a list of names for several.
            initializer: Name, `Initializer` or function of (shape, dtype); or a list, one for each name.

        Returns:
            List of slots in the order of the weights; for a list of names a list of such lists.
        """
        if isinstance(name, str):
            return [
                self.add_variable_from_reference(v, name, initializer) for v in trainable_variables
            ]
        each = initializer if isinstance(initializer, (list, tuple)) else [initializer] * len(name)
        slots = zip(name, each, strict=True)
        return [self.add_optimizer_variables(trainable_variables, n, i) for n, i in slots]

    @property
    def variables(self) -> list[Variable]:
        """All state: the step count, the learning rate and the slots."""
        return list(self._state)

    @property
    def learning_rate(self) -> Any:
        """Step size now: a Variable, or the schedule's value at the present step."""
        if self._schedule is None:
            return self._learning_rate
        if isinstance(self._schedule, schedules.LearningRateSchedule):
            return self._schedule(self.iterations)
        return self._schedule()

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        if callable(value) and not isinstance(value, Variable):
            self._schedule = value
            return
        if self._schedule is not None:
            raise ValueError(
                f"[{self.name}] expected a schedule for learning_rate, got {value!r}: this optimizer was "
                "created with one; make a new optimizer with a number."
            )
        self._learning_rate.assign(value)

    def build(self, variables: Sequence[Variable]) -> None:
        """Creates the slots for `variables`; subclasses call it first."""
        self._trained = list(variables)
        self._index = {id(v): i for i, v in enumerate(self._trained)}
        self._undecayed |= {
            id(v) for v in self._trained if any(n in v.name for n in self._undecayed_names)
        }
        self.built = True

    def slot(self, slots: Sequence[Any], variable: Variable) -> Any:
        """The slot of `variable` in a list that is in the order of the trained weights."""
        return slots[self._index[id(variable)]]

    def _get_variable_index(self, variable: Variable) -> int:
        """Position of `variable` among the trained weights, and of its slots in their lists."""
        return self._index[id(variable)]

    def assign(self, variable: Variable, value: Any) -> None:
        """Replaces the value of a weight or slot; for subclasses."""
        variable.assign(value)

    def assign_add(self, variable: Variable, value: Any) -> None:
        """Adds to the value of a weight or slot; for subclasses."""
        variable.assign_add(value)

    def assign_sub(self, variable: Variable, value: Any) -> None:
        """Subtracts from the value of a weight or slot; for subclasses."""
        variable.assign_sub(value)

    def update_step(self, gradient: Any, variable: Variable, learning_rate: Any) -> None:
        """Updates one weight; for subclasses."""
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a subclass to define update_step."
        )

    def exclude_from_weight_decay(
        self, var_list: Iterable[Variable] | None = None, var_names: Iterable[str] | None = None
    ) -> None:
        """Weights that `weight_decay` leaves alone.

        Args:
            var_list: Variables.
            var_names: Parts of names.
        """
        self._undecayed |= {id(v) for v in var_list or ()}
        self._undecayed_names += list(var_names or ())
        self._undecayed |= {
            id(v) for v in self._trained if any(n in v.name for n in self._undecayed_names)
        }

    def apply_gradients(self, grads_and_vars: Iterable[tuple[Any, Variable]]) -> Variable:
        """Updates weights by their gradients.

        Args:
            grads_and_vars: Pairs of a gradient (or None) and the weight it belongs to.

        Returns:
            The step count.

        Raises:
            ValueError: There are no gradients, or weights that the optimizer was not built for.
        """
        pairs = list(grads_and_vars)
        if not pairs:
            raise ValueError(
                f"[{self.name}.apply_gradients] expected pairs of a gradient and a weight, got none."
            )
        self.apply([g for g, _ in pairs], [v for _, v in pairs])
        return self.iterations

    def apply(
        self, grads: Sequence[Any], trainable_variables: Sequence[Variable] | None = None
    ) -> None:
        """Updates weights by their gradients.

        Args:
            grads: Gradients; None leaves a weight alone.
            trainable_variables: The weights, in the same order; those of `build` when None.

        Raises:
            ValueError: As for `apply_gradients`.
        """
        variables = self._trained if trainable_variables is None else list(trainable_variables)
        if len(grads) != len(variables):
            raise ValueError(
                f"[{self.name}] expected a gradient for each weight, got {len(grads)} gradients and "
                f"{len(variables)} weights."
            )
        if not self.built:
            self.build(variables)
        grads, variables = self._present(grads, variables)
        if state.scopes or xla.tracing():
            self._update(grads, variables)
            return
        # One dispatch for all weights. The program is keyed by which weights take part.
        if self._compiled is None:
            self._compiled = Function(self._update, f"{self.name}_update", autograph=False)
        recorders, state.recorders = state.recorders, []
        try:
            self._compiled([convert_to_tensor(g) for g in grads], variables)
        finally:
            state.recorders = recorders

    def _present(
        self, grads: Sequence[Any], variables: Sequence[Variable]
    ) -> tuple[list[Any], list[Variable]]:
        unknown = [v.name for v in variables if id(v) not in self._index]
        if unknown:
            raise ValueError(
                f"[{self.name}] expected weights that the optimizer was built for, got {unknown}; create a "
                "new optimizer for another set of weights."
            )
        missing = [v.name for g, v in zip(grads, variables, strict=True) if g is None]
        if missing and len(missing) == len(variables):
            raise ValueError(
                f"[{self.name}] expected gradients, got None for every weight: {missing}; the loss does not "
                "depend on them."
            )
        if missing:
            _log.warning(
                "[%s] no gradient for %s: these weights stay as they are.", self.name, missing
            )
        kept = [(g, v) for g, v in zip(grads, variables, strict=True) if g is not None]
        return [g for g, _ in kept], [v for _, v in kept]

    def scale_loss(self, loss: Any) -> Any:
        """Loss to differentiate: the loss itself, or scaled where small gradients would vanish."""
        return loss

    def _update(self, grads: Sequence[Any], variables: Sequence[Variable]) -> None:
        grads = clip(grads, self.clipnorm, self.clipvalue, self.global_clipnorm)
        rate = convert_to_tensor(self.learning_rate)
        for gradient, variable in zip(grads, variables, strict=True):
            dtype = variable._dtype
            step = cast(rate, dtype)
            decay = self._decay_of(variable)
            if decay is not None and id(variable) not in self._undecayed:
                variable.assign_sub(
                    elementwise.multiply(elementwise.multiply(variable, decay), step)
                )
            self.update_step(cast(gradient, dtype), variable, step)
            if variable.constraint is not None:
                variable.assign(variable.constraint(variable))
        self.iterations.assign_add(1)

    def _decay_of(self, variable: Variable) -> float | None:
        """Weight decay of one weight; for subclasses that tell weights apart."""
        del variable
        return self.weight_decay

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal optimizer without its state."""
        rate: Any = self._schedule
        if rate is None:
            rate = float(self._learning_rate.numpy())
        elif isinstance(rate, schedules.LearningRateSchedule):
            rate = schedules.serialize(rate)
        return {
            "name": self.name,
            "learning_rate": rate,
            "weight_decay": self.weight_decay,
            "clipnorm": self.clipnorm,
            "clipvalue": self.clipvalue,
            "global_clipnorm": self.global_clipnorm,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Optimizer made from `get_config()`'s result."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}>"
