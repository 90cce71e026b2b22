"""`Activation`: a function as a layer."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras import activations
from thalweg._src.keras.layers.base.layer import Layer


class Activation(Layer):
    """Applies an activation function.

    Args:
        activation: Name or function.
        **kwargs: See `Layer`.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Activation("relu")(tf.constant([-1.0, 2.0])).numpy().tolist()
        [0.0, 2.0]

    Source: `keras.layers.Activation`.
    """

    works_on_values = True

    def __init__(self, activation: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True
        self.activation = activations.get(activation)
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The function of the inputs."""
        return self.activation(inputs)
