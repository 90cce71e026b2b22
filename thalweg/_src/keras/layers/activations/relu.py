"""`ReLU`: what is above a threshold."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.activations import relu
from thalweg._src.keras.layers.activations.arguments import not_negative
from thalweg._src.keras.layers.base.layer import Layer


class ReLU(Layer):
    """The inputs where they are above a threshold, else 0 or a line.

    Args:
        max_value: Largest output; no limit when None.
        negative_slope: Slope below the threshold: ``negative_slope * (inputs - threshold)``.
        threshold: Where the outputs begin to follow the inputs.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of any shape.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.ReLU(max_value=6.0)(tf.constant([-2.0, 0.5, 9.0])).numpy().tolist()
        [0.0, 0.5, 6.0]

    Source: `keras.layers.ReLU`.
    """

    works_on_values = True

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        **kwargs: Any,
    ) -> None:
        if "alpha" in kwargs:
            negative_slope = kwargs.pop("alpha")
        super().__init__(**kwargs)
        where = f"ReLU {self.name!r}"
        self.max_value = None if max_value is None else not_negative(where, "max_value", max_value)
        self.negative_slope = not_negative(where, "negative_slope", negative_slope)
        self.threshold = not_negative(where, "threshold", threshold)
        self.supports_masking = True
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The function of the inputs."""
        if self.negative_slope or self.threshold or self.max_value is not None:
            inputs = self._floating(inputs)
        return relu(inputs, self.negative_slope, self.max_value, self.threshold)
