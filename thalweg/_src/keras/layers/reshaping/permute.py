"""`Permute`: the dimensions of each sample in another order."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.layers.reshaping.base import MovingLayer
from thalweg._src.keras.ops.geometry import Sizes
from thalweg._src.ops.shaping import transpose


class Permute(MovingLayer):
    """The dimensions of each sample in another order.

    Args:
        dims: For each dimension of the outputs which one of the inputs it is, counted from 1 behind the
            batch: ``(2, 1)`` exchanges the first two.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of shape ``(batch, ...)`` with as many further dimensions as `dims` names.

    Returns:
        Tensor with its dimensions in the other order.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Permute((2, 1))(tf.ones((2, 3, 4))).shape
        TensorShape([2, 4, 3])

    Source: `keras.layers.Permute`.
    """

    def __init__(self, dims: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        if sorted(self.dims) != list(range(1, len(self.dims) + 1)):
            raise ValueError(
                f"[Permute] expected dims as the numbers from 1 to {len(self.dims)} in some order, got "
                f"{dims!r}; the batch is not counted and stays first."
            )

    def call(self, inputs: Any) -> Any:
        """The inputs with their dimensions in the other order."""
        self.compute_output_shape(inputs.shape)  # refuses another rank
        return transpose(inputs, [0, *self.dims])

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        if len(input_shape) != len(self.dims) + 1:
            raise ShapeError(
                f"[{self._where}] expected inputs with a batch and {len(self.dims)} dimensions, as dims "
                f"{self.dims} name them, got shape {tuple(input_shape)}."
            )
        return (input_shape[0], *(input_shape[dim] for dim in self.dims))
