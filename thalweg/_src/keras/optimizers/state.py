"""`OptimizerState`: the Variables of an optimizer, which are never trained, and how they are saved."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import ShapeError, UnimplementedError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras import initializers
from thalweg._src.keras.base.variable import KerasVariable, path_scope
from thalweg._src.variables.variable import Variable


class OptimizerState:
    """Variables of an optimizer in the order in which they were added, which is that of saved files."""

    name: str
    built: bool

    def __init__(self) -> None:
        self._state: list[Variable] = []
        self._trained: list[Variable] = []
        self._index: dict[int, int] = {}

    def add_variable(
        self,
        shape: Any,
        initializer: Any = "zeros",
        dtype: Any = None,
        aggregation: str = "none",
        layout: Any = None,
        name: str | None = None,
    ) -> KerasVariable:
        """New piece of state.

        Args:
            shape: Shape.
            initializer: Name, `Initializer` or function of (shape, dtype).
            dtype: Dtype; float32 when None.
            aggregation: How replicas combine it: ``"none"``, ``"mean"``, ``"sum"``,
                ``"only_first_replica"``.
            layout: Must be None: state lies where the program that updates it puts it.
            name: Name.
        """
        if layout is not None:
            raise UnimplementedError(
                f"[{self.name}.add_variable] expected layout=None, got {layout!r}; state is laid out by "
                "the program that updates it, leave the argument out."
            )
        with path_scope(self.name):
            variable = KerasVariable(
                initializers.get(initializer),
                tuple(shape),
                dtype,
                trainable=False,
                aggregation=aggregation,
                name=name,
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
            name=f"{path}_{name or 'slot'}",
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
            List of slots in the order of the weights, with None for weights that are overwritten with
            their gradients; for a list of names a tuple of such lists.

        Raises:
            ValueError: Another number of initializers than of names.
        """
        names = [name] if isinstance(name, str) else list(name)
        each = initializer if isinstance(initializer, (list, tuple)) else [initializer] * len(names)
        if len(each) != len(names):
            raise ValueError(
                f"[{self.name}.add_optimizer_variables] expected an initializer for each of the "
                f"{len(names)} names, got {len(each)}."
            )
        rows = [
            [None] * len(names)
            if overwritten(v)
            else [
                self.add_variable_from_reference(v, n, i) for n, i in zip(names, each, strict=True)
            ]
            for v in trainable_variables
        ]
        slots = tuple([row[i] for row in rows] for i in range(len(names)))
        return slots[0] if isinstance(name, str) else slots

    def _checkpoint_children(self) -> dict[str, Any]:
        """Attributes by their names in checkpoints; what no other attribute leads to, under `_variables`."""
        named = {name.lstrip("_"): value for name, value in vars(self).items() if name != "_state"}
        return {**named, "_variables": self._state}

    @property
    def variables(self) -> list[Variable]:
        """All state: the step count, the learning rate and the slots."""
        return list(self._state)

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

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replaces the values of `variables`; nothing changes when one does not fit.

        Args:
            weights: Arrays in the order of `variables`.

        Raises:
            ValueError: The optimizer is not built, or another number of arrays, or another shape.
        """
        if not self.built:
            raise ValueError(
                f"[{self.name}.set_weights] expected a built optimizer, got one without slots; call "
                "build(trainable_variables) first."
            )
        own = self.variables
        if len(weights) != len(own):
            raise ValueError(
                f"[{self.name}.set_weights] expected {len(own)} arrays, got {len(weights)}; "
                "optimizer.variables shows their order."
            )
        self._take("set_weights", weights)

    def _take(self, where: str, values: Sequence[Any]) -> None:
        own = self.variables
        for variable, value in zip(own, values, strict=True):
            if tuple(np.shape(value)) != tuple(variable.shape):
                raise ShapeError(
                    f"[{self.name}.{where}] expected shape {tuple(variable.shape)} for "
                    f"{variable.name!r}, got {tuple(np.shape(value))}."
                )
        for variable, value in zip(own, values, strict=True):
            variable.assign(np.asarray(value, variable._dtype.numpy_dtype))

    def save_own_variables(self, store: dict[str, Any]) -> None:
        """Puts the values of `variables` into a mapping.

        Args:
            store: Mapping from names (numbers in order) to arrays.
        """
        for index, variable in enumerate(self.variables):
            store[str(index)] = variable.numpy()

    def load_own_variables(self, store: Mapping[str, Any]) -> None:
        """Takes the values of `variables` from a mapping; warns and takes none when their number differs.

        Args:
            store: What `save_own_variables` filled.

        Raises:
            ValueError: Another shape.
        """
        own = self.variables
        if len(store) != len(own):
            warnings.warn(
                f"[{self.name}.load_own_variables] expected {len(own)} arrays, got {len(store)}: the "
                "optimizer's state stays as it is; build it for the weights that it had when it was saved.",
                stacklevel=2,
            )
            return
        self._take("load_own_variables", [np.asarray(store[str(i)]) for i in range(len(own))])


def copy_of(variable: Variable) -> Callable[..., Any]:
    """Initializer of a slot that begins with the weight's value."""
    return lambda shape, dtype=None: convert_to_tensor(variable)


def overwritten(variable: Variable) -> bool:
    """Whether the "gradient" of a weight is its next value, as for the scales of quantised layers."""
    return bool(getattr(variable, "overwrite_with_gradient", False))
