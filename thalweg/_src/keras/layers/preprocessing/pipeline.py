"""`Pipeline`: layers one after another, as one layer."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.serialization import serialize_keras_object
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.base.signature import signature_of
from thalweg._src.keras.layers.core.copying import layer_from


class Pipeline(Layer):
    """Layers one after another: data augmentation, in a `Dataset` or in a model.

    Args:
        layers: The layers, in order.
        name: Name of the layer.

    Call arguments:
        inputs: What the first layer takes, such as images or a dictionary.
        training: Handed to the layers that take it.
        mask: Handed to the layers that take it.

    Example:
        >>> import thalweg as tf
        >>> layers = [tf.keras.layers.Resizing(4, 4), tf.keras.layers.RandomFlip()]
        >>> tf.keras.layers.Pipeline(layers)(tf.ones((2, 8, 8, 3))).shape
        TensorShape([2, 4, 4, 3])

    Source: `keras.layers.Pipeline`.
    """

    def __init__(self, layers: Any, name: str | None = None) -> None:
        super().__init__(name=name, autocast=False)
        self._pipeline_layers = list(layers)

    @property
    def layers(self) -> list[Any]:
        """The layers, in order."""
        return list(self._pipeline_layers)

    def call(self, inputs: Any, training: bool = True, mask: Any = None) -> Any:
        """Outputs of the last layer."""
        for layer in self._pipeline_layers:
            signature = signature_of(type(layer).call)
            given: dict[str, Any] = {"training": training} if signature.takes_training else {}
            if "mask" in signature.names:
                given["mask"] = mask
            inputs = layer(inputs, **given)
        return inputs

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer."""
        layers = [serialize_keras_object(layer) for layer in self._pipeline_layers]
        return {"layers": layers, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Layer made from `get_config()`'s result."""
        return cls(**(config | {"layers": [layer_from(layer) for layer in config["layers"]]}))
