"""`LeakyReLU`: positive inputs, and a little of the others."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.activations import leaky_relu
from thalweg._src.keras.layers.activations.arguments import not_negative
from thalweg._src.keras.layers.base.layer import Layer


class LeakyReLU(Layer):
    """The inputs where they are positive, else a small part of them, so that a gradient comes through.

    Args:
        negative_slope: Slope for negative inputs; ``alpha``, its name in Keras 2, is taken too.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of any shape; integers are cast to the compute dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.LeakyReLU(0.5)(tf.constant([-2.0, 3.0])).numpy().tolist()
        [-1.0, 3.0]

    Source: Maas et al., "Rectifier nonlinearities improve neural network acoustic models" (2013);
    `keras.layers.LeakyReLU`.
    """

    works_on_values = True

    def __init__(self, negative_slope: float = 0.3, **kwargs: Any) -> None:
        if "alpha" in kwargs:
            negative_slope = kwargs.pop("alpha")
        super().__init__(**kwargs)
        where = f"LeakyReLU {self.name!r}"
        self.negative_slope = not_negative(where, "negative_slope", negative_slope)
        self.supports_masking = True
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The function of the inputs."""
        return leaky_relu(self._floating(inputs), self.negative_slope)
