"""`LayerScale`: each feature times a weight, which begins small."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.variable import names
from thalweg._src.keras.initializers.fixed import Constant
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.ops.elementwise import multiply


class LayerScale(Layer):
    """The inputs times one weight for each feature, so that deep residual networks begin as shallow ones.

    Args:
        init_values: Where the weights begin.
        projection_dim: Number of features.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of shape ``(batch, ..., features)``.

    Source: Touvron et al., "Going deeper with image transformers", arXiv:2103.17239. Keras' ConvNeXt
    consists of it, so that files name it; `keras.layers` does not offer it.
    """

    def __init__(self, init_values: float, projection_dim: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.init_values = init_values
        self.projection_dim = projection_dim

    def build(self, input_shape: Any) -> None:
        """Creates the weights."""
        # Keras gives it no name of its own, and numbers such weights.
        name = names.make("variable")
        self.gamma = self.add_weight((self.projection_dim,), Constant(self.init_values), name=name)

    def call(self, inputs: Any) -> Any:
        """The scaled inputs."""
        return multiply(inputs, self.gamma)

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs: that of the inputs."""
        return tuple(input_shape)
