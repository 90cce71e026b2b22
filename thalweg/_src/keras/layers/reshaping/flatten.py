"""`Flatten`: one row for each sample."""

from __future__ import annotations

import math
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.layers.reshaping.base import MovingLayer
from thalweg._src.keras.ops.geometry import Sizes
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.shaping import reshape, transpose


class Flatten(MovingLayer):
    """Lays out each sample as one row.

    Args:
        data_format: ``"channels_first"`` moves channels to the end first, so that both layouts of images
            give the same rows; ``"channels_last"``; the default layout when None.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of shape ``(batch, ...)`` of any dtype.

    Returns:
        Tensor of shape ``(batch, product of the other sizes)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Flatten()(tf.ones((2, 3, 4))).shape
        TensorShape([2, 12])

    Source: `keras.layers.Flatten`.
    """

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = data_format_of(data_format, "Flatten")

    def call(self, inputs: Any) -> Any:
        """Rows for the inputs."""
        if isinstance(inputs, RaggedTensor):
            raise ShapeError(
                f"[{self._where}] expected samples of one size, got ragged ones of shape {inputs.shape}; "
                "pool them first, or fill them up in a Lambda layer with x.to_tensor(shape=[None, n])."
            )
        shape, rank = self.compute_output_shape(inputs.shape), len(inputs.shape)
        if self.data_format == "channels_first" and rank > 2:
            inputs = transpose(inputs, [0, *range(2, rank), 1])
        return reshape(inputs, list(shape))

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        if not len(input_shape):
            raise ShapeError(
                f"[{self._where}] expected inputs of shape (batch, ...), got a scalar; give it a batch."
            )
        batch, *sizes = input_shape
        return (batch, None if None in sizes else math.prod(sizes))
