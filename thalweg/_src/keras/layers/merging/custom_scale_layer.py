"""`CustomScaleLayer`: maps plus a fixed part of their residual."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.ops.elementwise import add, multiply


class CustomScaleLayer(Layer):
    """``inputs[0] + scale * inputs[1]``.

    Args:
        scale: Part of the second input that is added.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Two tensors of one shape.

    Source: Szegedy et al., arXiv:1602.07261, figure 20. Keras' InceptionResNetV2 consists of it, so that
    files name it; `keras.layers` does not offer it.
    """

    def __init__(self, scale: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scale = scale

    def call(self, inputs: Any) -> Any:
        """The sum."""
        return add(inputs[0], multiply(inputs[1], self.scale))

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs: that of the first input."""
        return tuple(input_shape[0])
