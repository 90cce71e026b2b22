"""`Function`: the calls between symbolic tensors as a function, without the machinery of a model."""

from __future__ import annotations

from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.graph import Graph
from thalweg._src.keras.layers.base.operation import Operation


class Function(Operation):
    """Function of tensors that makes the calls that lead from symbolic inputs to symbolic outputs.

    Args:
        inputs: Symbolic tensor, or a structure of them.
        outputs: The same.
        name: Name; made up when None.

    Example:
        >>> import thalweg as tf
        >>> x = tf.keras.Input((3,))
        >>> double = tf.keras.Function(x, x * 2.0)
        >>> double(tf.ones((1, 3))).numpy().tolist()
        [[2.0, 2.0, 2.0]]

    Source: `keras.Function`.
    """

    def __init__(self, inputs: Any, outputs: Any, name: str | None = None) -> None:
        super().__init__(name=name)
        self._structures = (inputs, outputs)
        self._graph = Graph(nest.flatten(inputs), nest.flatten(outputs), self.name)

    @property
    def inputs(self) -> list[KerasTensor]:
        """Symbolic inputs, in order."""
        return list(self._graph.inputs)

    @property
    def outputs(self) -> list[KerasTensor]:
        """Symbolic outputs, in order."""
        return list(self._graph.outputs)

    @property
    def operations(self) -> list[Any]:
        """Layers and calls of ops, those farthest from the outputs first."""
        return list(self._graph.operations)

    def call(self, inputs: Any) -> Any:
        """Outputs for inputs, in the structure of the symbolic ones."""
        return self._packed(self._graph.run(self._flat(inputs)))

    def compute_output_spec(self, inputs: Any) -> Any:
        """Symbolic outputs for symbolic inputs, without adding to a graph of the user's."""
        values = self._flat(inputs)
        return self._packed(self._graph.redraw(values, lambda op, args, kwargs: op(*args, **kwargs)))

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Shapes of the outputs for shapes of the inputs."""
        single = all(size is None or isinstance(size, int) for size in input_shape)
        shapes = [input_shape] if single else list(input_shape)
        specs = [
            symbol.like(shape)
            for shape, symbol in zip(shapes, self._graph.inputs, strict=True)
        ]
        found = self.compute_output_spec(specs)
        return nest.map_structure(lambda spec: spec.shape, found)

    def _packed(self, outputs: list[Any]) -> Any:
        return nest.pack_sequence_as(self._structures[1], outputs)

    def _flat(self, inputs: Any) -> list[Any]:
        flat = nest.flatten(inputs)
        if len(flat) != len(self._graph.inputs):
            raise InvalidArgumentError(
                f"[{self.name}] expected {len(self._graph.inputs)} inputs, got {len(flat)}."
            )
        return flat
