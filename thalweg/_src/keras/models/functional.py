"""`Functional`: a model made of the calls between symbolic tensors."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.composite import Composite
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.symbolic import KerasTensor, substitute
from thalweg._src.keras.base.serialization import enroll
from thalweg._src.keras.cloning import graph_config, graph_from_config
from thalweg._src.keras.graph import Graph
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.core.layer_scale import LayerScale
from thalweg._src.keras.layers.merging.custom_scale_layer import CustomScaleLayer
from thalweg._src.keras.models.model import Model
from thalweg._src.ops.casting import cast
from thalweg._src.ops.shaping import expand_dims, squeeze

# Files of published networks name these layers; who reads one need not have loaded the networks.
enroll("keras.src.applications.convnext", LayerScale, written=True)
enroll("keras.src.applications.inception_resnet_v2", CustomScaleLayer, written=True)


class Functional(Model):
    """Model of the calls that lead from symbolic inputs to symbolic outputs.

    Args:
        inputs: Symbolic tensor, or a list, tuple or dict of them.
        outputs: The same.
        name: Name.
        trainable: Whether the weights are updated in training.
        **kwargs: See `Layer`.

    Source: `keras.Model`, called with inputs and outputs.
    """

    keras_module = "keras.src.models.functional"
    _stored_names = {"_graph_layers": "layers"}
    _graph: Graph
    _structures: tuple[Any, Any]

    def __init__(self, inputs: Any, outputs: Any, name: str | None = None, **kwargs: Any) -> None:
        extra = {k: kwargs.pop(k) for k in list(kwargs) if k not in ("trainable", "dtype")}
        if extra:
            raise TypeError(f"[Model] got unknown arguments {sorted(extra)}; inputs, outputs and name exist.")
        Model.__init__(self, name=name, **kwargs)
        for part in (*nest.flatten(inputs), *nest.flatten(outputs)):
            if not isinstance(part, KerasTensor):
                raise ValueError(  # noqa: TRY004 as in Keras
                    f"[{self.name}] expected symbolic tensors as inputs and outputs, got {part!r}; begin "
                    "with keras.Input and call layers or ops on it."
                )
        self._adopt(inputs, outputs)

    def _adopt(self, inputs: Any, outputs: Any) -> None:
        flat = nest.flatten(inputs)
        if len({id(s) for s in flat}) < len(flat):
            raise ValueError(f"[{self.name}] expected different tensors as inputs, got one twice.")
        graph = Graph(flat, nest.flatten(outputs), self.name)
        object.__setattr__(self, "_graph", graph)
        object.__setattr__(self, "_structures", (inputs, outputs))
        self._graph_layers = graph.layers
        self.built = True

    @property
    def graph(self) -> Graph:
        """Nodes of the model."""
        return self._graph

    @property
    def layers(self) -> list[Layer]:
        """Layers of the graph, inputs included, those farthest from the outputs first."""
        return self._graph.layers

    @property
    def operations(self) -> list[Any]:
        """Layers and calls of ops, those farthest from the outputs first."""
        return list(self._graph.operations)

    @property
    def inputs(self) -> list[KerasTensor]:
        """Symbolic inputs, in order."""
        return list(self._graph.inputs)

    @property
    def outputs(self) -> list[KerasTensor]:
        """Symbolic outputs, in order."""
        return list(self._graph.outputs)

    @property
    def input(self) -> Any:
        """Symbolic inputs in the structure in which they were given."""
        return self._structures[0]

    @property
    def output(self) -> Any:
        """Symbolic outputs in the structure in which they were given."""
        return self._structures[1]

    @property
    def input_names(self) -> list[str]:
        """Names of the inputs."""
        return [symbol.name for symbol in self._graph.inputs]

    @property
    def output_names(self) -> list[str]:
        """Name of the layer or op that makes each output."""
        graph = self._graph
        by_input = {id(s): s.name for s in graph.inputs}
        return [by_input.get(id(s)) or graph.names[id(s.node)] for s in graph.outputs]

    @property
    def input_shape(self) -> Any:
        """Shapes of the inputs, in their structure; that of a single one alone."""
        return self._shapes_of(self._structures[0])

    @property
    def output_shape(self) -> Any:
        """Shapes of the outputs, in their structure; that of a single one alone."""
        return self._shapes_of(self._structures[1])

    @staticmethod
    def _shapes_of(symbols: Any) -> Any:
        flat = nest.flatten(symbols)
        return flat[0].shape if len(flat) == 1 else nest.map_structure(lambda s: s.shape, symbols)

    @property
    def input_dtype(self) -> Any:
        """Dtype of the first input."""
        return self._graph.inputs[0].dtype

    def _converted(self, value: Any) -> Any:
        """The value as it is: each input is cast to its own declared dtype."""
        return value

    def build(self, input_shape: Any = None) -> None:
        """Does nothing: the layers of a graph are built."""

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Outputs for inputs, in their structure; a list or tuple of one output gives the output itself.

        Args:
            inputs: Structure of tensors as given to the constructor; a list in the order of the inputs, or
                a dict by their names, do as well.
            training: Whether this is training.
            mask: Masks of the inputs, or None.
        """
        del training  # the layers learn it from the context of the call
        self._note_masks(inputs, mask)
        values = [
            self._fitted(value, index) for index, value in enumerate(self._in_order(inputs))
        ]
        outputs = nest.pack_sequence_as(self._structures[1], self._graph.run(values))
        return outputs[0] if isinstance(outputs, (list, tuple)) and len(outputs) == 1 else outputs

    def _in_order(self, inputs: Any) -> list[Any]:
        """Values of the inputs, in order."""
        wanted, structure = self._graph.inputs, self._structures[0]
        if isinstance(inputs, Mapping):
            names = list(structure) if isinstance(structure, Mapping) else self.input_names
            missing = [n for n in names if n not in inputs and not self._is_optional(n)]
            if missing:
                raise InvalidArgumentError(
                    f"[{self.name}] expected inputs called {names}, got {sorted(inputs)}; "
                    f"{missing[0]!r} is missing."
                )
            if isinstance(structure, Mapping):
                return [inputs.get(name) for name in sorted(structure)]
            return [inputs.get(name) for name in names]
        flat = nest.flatten(inputs)
        if len(flat) != len(wanted):
            raise InvalidArgumentError(
                f"[{self.name}] expected {len(wanted)} inputs {self.input_names}, got {len(flat)} of shapes "
                f"{[tuple(getattr(v, 'shape', ())) for v in flat]}."
            )
        return flat

    def _is_optional(self, name: str) -> bool:
        return any(layer.optional and layer.name == name for layer in self._graph.input_layers)

    def _fitted(self, value: Any, index: int) -> Any:
        """An input in its declared dtype and rank."""
        symbol = self._graph.inputs[index]
        if value is None:
            if self._graph.input_layers[index].optional:
                return None
            raise InvalidArgumentError(
                f"[{self.name}] expected a tensor for input {symbol.name!r}, got None."
            )
        if not isinstance(value, (KerasTensor, Composite)):
            tensor = as_tensor(value)
            value = convert_to_tensor(value) if tensor is None else tensor
        if dtypes.as_dtype(value.dtype).name != symbol.dtype and _castable(value.dtype, symbol.dtype):
            value = cast(value, symbol.dtype)
        shape, wanted = tuple(value.shape), symbol.shape
        if len(shape) == len(wanted) + 1 and shape[-1] == 1:
            value = squeeze(value, -1)
        elif len(shape) + 1 == len(wanted) and wanted[-1] == 1:
            value = expand_dims(value, -1)
        shape = tuple(value.shape)
        fits = len(shape) == len(wanted) and all(
            None in (a, b) or a == b for a, b in zip(shape[1:], wanted[1:], strict=True)
        )
        if not fits:
            raise ShapeError(
                f"[{self.name}] input {index} ({symbol.name!r}) is incompatible with the model: expected "
                f"shape={wanted}, got shape={shape}; reshape the data or draw the model for its shape."
            )
        return value

    def compute_output_spec(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Symbolic outputs for symbolic inputs, without adding to a graph."""
        del training, mask
        values = self._in_order(inputs)
        known = [s.shape for s in self._graph.inputs]
        if [tuple(v.shape) for v in values if isinstance(v, KerasTensor)] == known:
            return self._structures[1]
        found = nest.flatten(super().compute_output_spec(inputs))
        return nest.pack_sequence_as(self._structures[1], found)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Shapes of the outputs for shapes of the inputs."""
        specs = [
            symbol.like(shape)
            for shape, symbol in zip(
                _shapes(input_shape, len(self._graph.inputs)), self._graph.inputs, strict=True
            )
        ]
        found = self._graph.redraw(specs, lambda op, args, kwargs: op(*args, **kwargs))
        return nest.map_structure(
            lambda s: s.shape, nest.pack_sequence_as(self._structures[1], found)
        )

    def get_config(self) -> dict[str, Any]:
        """Layers, calls, inputs and outputs; the constructor's arguments where a subclass has its own."""
        if _has_own_constructor(type(self)):
            return Layer.get_config(self)
        base = {"name": self.name, "trainable": self.trainable}
        return base | graph_config(self._graph, *self._structures)

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Model made from `get_config()`'s result, with fresh weights.

        Args:
            config: The config.
            custom_objects: Classes and functions by name.
        """
        if "input_layers" not in config:
            return cls(**config)
        inputs, outputs = graph_from_config(config, custom_objects)
        return cls(
            inputs=inputs,
            outputs=outputs,
            name=config.get("name"),
            trainable=config.get("trainable", True),
        )


Model._functional = Functional


def _castable(given: Any, wanted: str) -> bool:
    one, two = dtypes.as_dtype(given), dtypes.as_dtype(wanted)
    return one.name != "string" and two.name != "string"


def _shapes(given: Any, count: int) -> list[Any]:
    if count == 1 and all(size is None or isinstance(size, int) for size in given):
        return [tuple(given)]
    parts = list(given.values()) if isinstance(given, Mapping) else list(given)
    return [tuple(part) for part in parts]


def _has_own_constructor(kind: Any) -> bool:
    """True for a subclass of Model whose constructor takes more than inputs and outputs."""
    for base in kind.__mro__:
        if base in (Functional, Model):
            return False
        if "__init__" in base.__dict__:
            names = inspect.signature(base.__init__).parameters
            return "inputs" not in names
    return False


def redrawn(model: Functional, inputs: Any, call: Any) -> Functional:
    """Model of the same calls on other inputs; see `Graph.redraw`."""
    flat = nest.flatten(inputs)
    outputs = model.graph.redraw(flat, call)
    by_id = dict(zip((id(s) for s in model.graph.outputs), outputs, strict=True))
    return Functional(
        inputs, substitute(model.output, lambda s: by_id[id(s)]), name=model.name
    )

