"""`ThresholdedReLU`: inputs above a threshold, as a layer of Keras 2."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.activations import threshold
from thalweg._src.keras.layers.activations.arguments import not_negative
from thalweg._src.keras.layers.base.layer import Layer


class ThresholdedReLU(Layer):
    """The inputs where they are above a threshold, else 0.

    Args:
        theta: The threshold, at least 0.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of any shape; integers are cast to the compute dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.ThresholdedReLU(2.0)(tf.constant([-3.0, 2.0, 3.0])).numpy().tolist()
        [0.0, 0.0, 3.0]

    Source: Konda et al., "Zero-bias autoencoders and the benefits of co-adapting features" (2014);
    `tf.keras.layers.ThresholdedReLU` of Keras 2. New programs write `keras.layers.ReLU(threshold=...)`.
    """

    works_on_values = True

    def __init__(self, theta: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.theta = not_negative(f"ThresholdedReLU {self.name!r}", "theta", theta)
        self.supports_masking = True
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The function of the inputs."""
        return threshold(self._floating(inputs), self.theta, 0.0)
