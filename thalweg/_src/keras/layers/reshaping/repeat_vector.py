"""`RepeatVector`: each vector several times, as steps of a sequence."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.layers.reshaping.base import MovingLayer
from thalweg._src.keras.ops.geometry import Sizes, positive
from thalweg._src.ops.shaping import expand_dims
from thalweg._src.ops.tiling import repeat


class RepeatVector(MovingLayer):
    """Each vector several times, as the steps of a sequence.

    Args:
        n: How often.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of shape ``(batch, features)``.

    Returns:
        Tensor of shape ``(batch, n, features)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.RepeatVector(3)(tf.ones((2, 4))).shape
        TensorShape([2, 3, 4])

    Source: `keras.layers.RepeatVector`.
    """

    def __init__(self, n: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n = positive("RepeatVector", "n", n)

    def call(self, inputs: Any) -> Any:
        """The inputs, repeated."""
        self.compute_output_shape(inputs.shape)  # refuses another rank
        return repeat(expand_dims(inputs, 1), self.n, 1)

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        if len(input_shape) != 2:
            raise ShapeError(
                f"[{self._where}] expected inputs of shape (batch, features), got {tuple(input_shape)}; use "
                "Flatten before it."
            )
        return (input_shape[0], self.n, input_shape[1])
