"""Graphs of drawn models: their order, their layers, and running and redrawing them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.core.symbolic import (
    KerasTensor,
    Node,
    results_of,
    substitute,
    walk,
)
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.core.input_layer import InputLayer


class Graph:
    """Nodes between inputs and outputs of a model, in the order in which they run.

    Args:
        inputs: Symbolic inputs, in order.
        outputs: Symbolic outputs, in order.
        name: Name of the model, for messages.
    """

    def __init__(self, inputs: list[KerasTensor], outputs: list[KerasTensor], name: str) -> None:
        self.inputs, self.outputs = inputs, outputs
        try:
            # Inputs and nodes, each after what it needs.
            self._walked = list(walk(outputs, {id(symbol) for symbol in inputs}))
        except ValueError as error:
            raise ValueError(f"[{name}] {error}") from None
        self.nodes = [item for item in self._walked if isinstance(item, Node)]
        self.input_layers = [_input_layer(symbol) for symbol in inputs]
        self.names = self._named(name)
        self.operations = self._by_depth()
        self._plan = self._planned()

    @property
    def layers(self) -> list[Layer]:
        """Layers, those farthest from the outputs first, as Keras orders them."""
        return [item for item in self.operations if isinstance(item, Layer)]

    def _named(self, model: str) -> dict[int, str]:
        """Name of each node; that of an op is made unique, that of a layer must be."""
        taken: dict[str, Any] = {layer.name: layer for layer in self.input_layers}
        names: dict[int, str] = {}
        for node in self.nodes:
            owner = node.operation
            if isinstance(owner, Layer):
                if taken.setdefault(owner.name, owner) is not owner:
                    raise ValueError(
                        f"[{model}] The name {owner.name!r} is used 2 times in the model. All operation "
                        "names should be unique; pass name= to one of the layers."
                    )
                names[id(node)] = owner.name
        for node in self.nodes:
            if id(node) not in names:
                base = free = node.name
                count = 0
                while free in taken:
                    count += 1
                    free = f"{base}_{count}"
                taken[free] = node
                names[id(node)] = free
        return names

    def places(self) -> dict[int, tuple[str, int, int]]:
        """Where each symbolic tensor comes from, by its identity.

        Returns:
            Name of the layer or op, number of its call in the model, number of the output in the call.
        """
        found = {
            id(symbol): (layer.name, 0, 0)
            for symbol, layer in zip(self.inputs, self.input_layers, strict=True)
        }
        counts: dict[str, int] = {}
        for node in self.nodes:
            name = self.names[id(node)]
            index = counts.get(name, 0)
            counts[name] = index + 1
            for position, symbol in enumerate(node.outputs):
                found[id(symbol)] = (name, index, position)
        return found

    def calls(self, owner: Any) -> list[Node]:
        """Calls of a layer of `operations` in the model, in order; an op's node is its only call."""
        return [node for node in self.nodes if self._owner(node) is owner]

    def _by_depth(self) -> list[Any]:
        """Layers and op nodes, farthest from the outputs first; at equal distance in order of running."""
        depths: dict[int, int] = {}
        of_symbol: dict[int, int] = {}
        for node in reversed(self.nodes):
            key = id(self._owner(node))
            mine = max((of_symbol.get(id(out), 0) for out in node.outputs), default=0)
            depths[key] = max(depths.get(key, 0), mine)
            for parent in node.parents:
                of_symbol[id(parent)] = max(of_symbol.get(id(parent), 0), depths[key] + 1)
        inputs = {id(s): layer for s, layer in zip(self.inputs, self.input_layers, strict=True)}
        for symbol, layer in inputs.items():
            depths[id(layer)] = of_symbol.get(symbol, 0)
        met = [self._owner(i) if isinstance(i, Node) else inputs[id(i)] for i in self._walked]
        owners = {id(owner): owner for owner in [*met, *self.input_layers]}
        return sorted(owners.values(), key=lambda owner: -depths[id(owner)])

    @staticmethod
    def _owner(node: Node) -> Any:
        return node.operation if isinstance(node.operation, Layer) else node

    def _planned(self) -> list[tuple[Any, Any, dict[str, Any], list[int]]]:
        """Calls to make: operation, arguments, keywords and slots of the results.

        The commonest arguments, one tensor, are the tensor's slot itself.
        """
        slots = {id(symbol): index for index, symbol in enumerate(self.inputs)}
        plan = []
        for node in self.nodes:
            arguments: Any = node.args
            if len(node.args) == 1 and isinstance(node.args[0], KerasTensor) and not node.kwargs:
                arguments = slots[id(node.args[0])]
            places = []
            for symbol in node.outputs:
                slots[id(symbol)] = len(slots)
                places.append(slots[id(symbol)])
            plan.append((node.operation, arguments, node.kwargs, places))
        self._slots = slots
        return plan

    def run(self, values: list[Any]) -> list[Any]:
        """Values of the outputs.

        Args:
            values: Value of each input.
        """
        held: list[Any] = [*values, *([None] * (len(self._slots) - len(values)))]
        slots = self._slots

        def value_of(symbol: KerasTensor) -> Any:
            return held[slots[id(symbol)]]

        for operation, arguments, keywords, places in self._plan:
            if type(arguments) is int:
                result = operation(held[arguments])
            else:
                result = operation(
                    *substitute(arguments, value_of), **substitute(keywords, value_of)
                )
            if len(places) == 1 and not isinstance(result, (list, tuple, dict)):
                held[places[0]] = result
            else:
                for place, part in zip(places, results_of(result), strict=True):
                    held[place] = part
        return [held[slots[id(symbol)]] for symbol in self.outputs]

    def redraw(
        self, inputs: list[Any], call: Callable[[Any, tuple[Any, ...], dict[str, Any]], Any]
    ) -> list[Any]:
        """Outputs of the same calls on other inputs.

        Args:
            inputs: Symbolic tensors in place of this graph's inputs.
            call: Function of (operation, args, kwargs) that makes each call.
        """
        values = {id(old): new for old, new in zip(self.inputs, inputs, strict=True)}
        for node in self.nodes:
            args = substitute(node.args, lambda s: values[id(s)])
            kwargs = substitute(node.kwargs, lambda s: values[id(s)])
            result = call(node.operation, args, kwargs)
            for symbol, part in zip(node.outputs, results_of(result), strict=True):
                values[id(symbol)] = part
        return [values[id(symbol)] for symbol in self.outputs]


def _input_layer(symbol: KerasTensor) -> InputLayer:
    """The layer that made an input; one that stands for it where a layer's output serves as input."""
    owner = None if symbol.node is None else symbol.node.operation
    return owner if isinstance(owner, InputLayer) else InputLayer(input_tensor=symbol)
