"""`Sequential`: layers one after the other."""

from __future__ import annotations

from typing import Any

from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.base.serialization import deserialize_keras_object, plain
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.core.input_layer import InputLayer
from thalweg._src.keras.models.model import Model


class Sequential(Model):
    """Model whose layers run one after the other, each on the outputs of the one before.

    It is built when it is first called, or at once when the shape of its inputs is known: from an
    `Input` as first layer, or from the first layer's `input_shape`.

    Args:
        layers: Layers, or None.
        trainable: Whether the weights are updated in training.
        name: Name.

    Example:
        >>> import thalweg as tf
        >>> model = tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(2)])
        >>> model.output_shape
        (None, 2)

    Source: `keras.Sequential`.
    """

    _stored_names = {"_chain": "layers"}

    def __init__(self, layers: Any = None, trainable: bool = True, name: str | None = None) -> None:
        super().__init__(trainable=trainable, name=name)
        self._chain: list[Layer] = []
        # Symbolic output of each layer of the chain, as far as it is drawn.
        self._drawn: list[Any] = []
        for layer in layers or []:
            self.add(layer, rebuild=False)
        self._draw_if_known()

    def add(self, layer: Any, rebuild: bool = True) -> None:
        """Adds a layer at the end.

        Args:
            layer: Layer, or a tensor made by `Input` as the first one.
            rebuild: Work out the shapes at once where they are known.

        Raises:
            TypeError: `layer` is no layer.
            ValueError: An input that is not first, or a name that occurs twice.
        """
        if isinstance(layer, KerasTensor):
            owner = None if layer.node is None else layer.node.operation
            layer = owner if isinstance(owner, InputLayer) else InputLayer(input_tensor=layer)
        if not isinstance(layer, Layer):
            raise TypeError(
                f"[{self.name}.add] expected a layer, got {type(layer).__name__} {layer!r}; wrap a "
                "function in keras.layers.Lambda."
            )
        if isinstance(layer, InputLayer) and self._chain:
            raise ValueError(f"[{self.name}.add] expected Input as the first layer, got it after others.")
        if any(known.name == layer.name for known in self._chain):
            raise ValueError(
                f"[{self.name}.add] expected layers of different names, got {layer.name!r} twice; pass name=."
            )
        if not self._chain and layer._declared_input_shape is not None:
            self._chain.append(InputLayer(batch_shape=layer._declared_input_shape, dtype=layer.compute_dtype))
        # A new list: attributes are tracked when they are set.
        self._chain = [*self._chain, layer]
        self._programs.clear()
        if rebuild:
            self._draw_if_known()

    def pop(self, rebuild: bool = True) -> Layer:
        """Removes and returns the last layer.

        Args:
            rebuild: Work out the shapes at once where they are known.
        """
        if not self.layers:
            raise ValueError(f"[{self.name}.pop] expected at least one layer, got none.")
        last = self._chain[-1]
        self._chain = self._chain[:-1]
        self._drawn = self._drawn[: len(self._chain)]
        self._programs.clear()
        if not self.layers:
            self.built = False
        if rebuild:
            self._draw_if_known()
        return last

    @property
    def layers(self) -> list[Layer]:
        """The layers, without the input."""
        return [layer for layer in self._chain if not isinstance(layer, InputLayer)]

    def _draw_if_known(self) -> None:
        """Draws the layers that are not drawn yet, where the shape of the inputs is known."""
        if not self._chain or not isinstance(self._chain[0], InputLayer):
            return
        drawn = list(self._drawn) or [self._chain[0].output]
        for layer in self._chain[len(drawn) :]:
            drawn.append(layer(drawn[-1]))
        self._drawn = drawn
        self.built = len(self._chain) > 1

    def build(self, input_shape: Any = None) -> None:
        """Builds all layers.

        Args:
            input_shape: Shape of the inputs with the batch, None where unknown.
        """
        if input_shape is not None and self._chain and not isinstance(self._chain[0], InputLayer):
            if not all(isinstance(size, (int, type(None))) for size in input_shape):
                return  # a structure of tensors: the layers build as they are called
            shape = (None, *tuple(input_shape)[1:])
            self._chain = [InputLayer(batch_shape=shape, dtype=self._first_dtype()), *self._chain]
        self._draw_if_known()

    def _first_dtype(self) -> str:
        return self.layers[0].compute_dtype

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Outputs of the last layer.

        Args:
            inputs: Tensor of shape ``(batch, ...)``.
            training: Whether this is training.
            mask: Mask of the inputs, or None.
        """
        del training  # the layers learn it from the context of the call
        self._note_masks(inputs, mask)
        value = inputs
        for layer in self._chain:
            if not isinstance(layer, InputLayer):
                value = layer(value)
        return value

    @property
    def inputs(self) -> list[KerasTensor]:
        """Symbolic inputs."""
        return [self._known("inputs", 0)]

    @property
    def outputs(self) -> list[KerasTensor]:
        """Symbolic outputs."""
        last = self._known("outputs", -1)
        return list(last) if isinstance(last, (list, tuple)) else [last]

    @property
    def input(self) -> Any:
        """Symbolic input."""
        return self._known("input", 0)

    @property
    def output(self) -> Any:
        """Symbolic output."""
        return self._known("output", -1)

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        """Shape of the inputs."""
        return self._known("input_shape", 0).shape

    @property
    def output_shape(self) -> tuple[int | None, ...]:
        """Shape of the outputs."""
        return self._known("output_shape", -1).shape

    @property
    def input_dtype(self) -> str:
        """Dtype of the inputs."""
        return self._known("input_dtype", 0).dtype if self._drawn else self.compute_dtype

    def _known(self, what: str, position: int) -> Any:
        if not self._drawn:
            raise AttributeError(
                f"[{self.name}.{what}] expected a built model, got one that has seen no input; start with "
                "keras.Input(shape), or call it."
            )
        return self._drawn[position]

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Shape of the outputs for a shape of inputs."""
        shape = input_shape
        for layer in self.layers:
            shape = layer.compute_output_shape(shape)
        return shape

    def compute_output_spec(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Symbolic outputs for symbolic inputs, without adding to a graph."""
        del training, mask
        known = self._drawn[0] if self._drawn else None
        if isinstance(inputs, KerasTensor) and known is not None and inputs.shape == known.shape:
            return self._drawn[-1]
        value = inputs
        for layer in self.layers:
            value = layer.compute_output_spec(value)
        return value

    def get_config(self) -> dict[str, Any]:
        """Name and layers' configs."""
        config = {
            "name": self.name,
            "trainable": self.trainable,
            "dtype": plain(self._dtype_policy),
            "layers": [plain(layer) for layer in self._chain],
        }
        if self._drawn:
            config["build_input_shape"] = self._drawn[0].shape
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Model made from `get_config()`'s result, with fresh weights.

        Args:
            config: The config.
            custom_objects: Classes and functions by name.
        """
        layers = [deserialize_keras_object(part, custom_objects) for part in config["layers"]]
        model = cls(layers, trainable=config.get("trainable", True), name=config.get("name"))
        shape = config.get("build_input_shape")
        if shape is not None and not model.built:
            model.build(tuple(shape))
        return model
