"""`Wrapper`: base of layers that stand around another layer."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.core.copying import layer_from


class Wrapper(Layer):
    """Layer that holds another one and calls it in its own way; subclasses define `call`.

    Args:
        layer: The inner layer.
        **kwargs: See `Layer`.

    Raises:
        ValueError: `layer` is no layer.

    Example:
        >>> import thalweg as tf
        >>> class Twice(tf.keras.layers.Wrapper):
        ...     def call(self, inputs):
        ...         return self.layer(self.layer(inputs))
        >>> Twice(tf.keras.layers.Rescaling(3.0))(tf.ones((1,))).numpy().tolist()
        [9.0]

    Source: `keras.layers.Wrapper`.
    """

    def __init__(self, layer: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(layer, Layer):
            raise InvalidArgumentError(
                f"[{type(self).__name__} {self.name!r}] expected a layer to wrap, got {layer!r} of type "
                f"{type(layer).__name__}; pass one such as keras.layers.Dense(4)."
            )
        self.layer = layer

    def build(self, input_shape: Any = None) -> None:
        """Builds the inner layer."""
        if not self.layer.built:
            self.layer.build(input_shape)

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Layer made from `get_config()`'s result, with fresh weights.

        Args:
            config: The config.
            custom_objects: Classes and functions by name.
        """
        return cls(**(config | {"layer": layer_from(config["layer"], custom_objects)}))
