"""`Sequential`: layers one after the other."""

from __future__ import annotations

from typing import Any

from thalweg._src.core.symbolic import KerasTensor
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

    def __init__(self, layers: Any = None, trainable: bool = True, name: str | None = None) -> None:
        super().__init__(trainable=trainable, name=name)
        self._chain: list[Layer] = []
        self._inputs: KerasTensor | None = None
        self._outputs: KerasTensor | None = None
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
            layer = InputLayer.of(layer)
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
        if not self._chain:
            raise ValueError(f"[{self.name}.pop] expected at least one layer, got none.")
        last = self._chain[-1]
        self._chain = self._chain[:-1]
        self._programs.clear()
        if not self._chain:
            self.built = False
        if rebuild:
            self._draw_if_known()
        return last

    @property
    def layers(self) -> list[Layer]:
        """The layers, without the input."""
        return [layer for layer in self._chain if not isinstance(layer, InputLayer)]

    def _draw_if_known(self) -> None:
        if self._chain and isinstance(self._chain[0], InputLayer):
            self._draw_from(self._chain[0].output)

    def _draw_from(self, symbol: KerasTensor) -> None:
        """Builds all layers by drawing them one after the other."""
        self._inputs = value = symbol
        for layer in self.layers:
            value = layer(value)
            layer._output_shape = tuple(value.shape)
        self._outputs = value
        self.built = True

    def build(self, input_shape: Any = None) -> None:
        """Builds all layers.

        Args:
            input_shape: Shape of the inputs with the batch, None where unknown.
        """
        if input_shape is None:
            self._draw_if_known()
            return
        if self._outputs is None:
            shape = (None, *tuple(input_shape)[1:])
            self._draw_from(KerasTensor(shape, self.compute_dtype))

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Outputs of the last layer.

        Args:
            inputs: Tensor of shape ``(batch, ...)``.
            training: Whether this is training.
        """
        value = inputs
        for layer in self.layers:
            value = layer(value, training=training)
        return value

    @property
    def inputs(self) -> list[KerasTensor]:
        """Symbolic inputs."""
        return [self._known("inputs", self._inputs)]

    @property
    def outputs(self) -> list[KerasTensor]:
        """Symbolic outputs."""
        return [self._known("outputs", self._outputs)]

    @property
    def input_shape(self) -> tuple[int | None, ...]:
        """Shape of the inputs."""
        return self._known("input_shape", self._inputs).shape

    @property
    def output_shape(self) -> tuple[int | None, ...]:
        """Shape of the outputs."""
        return self._known("output_shape", self._outputs).shape

    @property
    def input_dtype(self) -> str:
        """Dtype of the inputs."""
        return self._known("input_dtype", self._inputs).dtype

    def _known(self, what: str, symbol: KerasTensor | None) -> KerasTensor:
        if symbol is None:
            raise AttributeError(
                f"[{self.name}.{what}] expected a built model, got one that has seen no input; start with "
                "keras.Input(shape), or call it."
            )
        return symbol

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs for a shape of inputs."""
        value: Any = KerasTensor(tuple(input_shape), self.compute_dtype)
        for layer in self.layers:
            value = layer(value)
        return tuple(value.shape)

    def get_config(self) -> dict[str, Any]:
        """Name and layers' configs."""
        chain = [{"class_name": type(c).__name__, "config": c.get_config()} for c in self._chain]
        return {"name": self.name, "trainable": self.trainable, "layers": chain}
