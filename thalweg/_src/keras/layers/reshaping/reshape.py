"""`Reshape`: the elements of each sample in another shape."""

from __future__ import annotations

import math
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.layers.reshaping.base import MovingLayer
from thalweg._src.keras.ops.geometry import Sizes
from thalweg._src.ops.shaping import reshape


class Reshape(MovingLayer):
    """The elements of each sample, in the same order, in another shape.

    Args:
        target_shape: Shape without the batch. One size may be -1 (or None): as many as there are.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of shape ``(batch, ...)`` of any dtype.

    Returns:
        Tensor of shape ``(batch, *target_shape)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Reshape((-1, 2))(tf.ones((3, 4, 3))).shape
        TensorShape([3, 6, 2])

    Source: `keras.layers.Reshape`.
    """

    def __init__(self, target_shape: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        sizes = (target_shape,) if isinstance(target_shape, int) else tuple(target_shape)
        self.target_shape = tuple(-1 if size is None else size for size in sizes)
        if (
            not all(isinstance(size, int) and size >= -1 for size in self.target_shape)
            or self.target_shape.count(-1) > 1
        ):
            raise ValueError(
                "[Reshape] expected target_shape as ints of 0 or more, at most one of them -1, got "
                f"{target_shape!r}; leave out the batch."
            )

    def call(self, inputs: Any) -> Any:
        """The inputs in the other shape."""
        return reshape(inputs, list(self.compute_output_shape(inputs.shape)))

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        batch, *sizes = input_shape
        known = math.prod(size for size in self.target_shape if size != -1)
        if None in sizes:
            return (batch, *(None if size == -1 else size for size in self.target_shape))
        count = math.prod(sizes)
        rest = count // known if known else 0
        found = tuple(rest if size == -1 else size for size in self.target_shape)
        if math.prod(found) != count:
            raise ShapeError(
                f"[{self._where}] expected inputs whose {count} elements for each sample fit into "
                f"target_shape {self.target_shape}, got shape {tuple(input_shape)}; use -1 for a size that "
                "follows from the others."
            )
        return (batch, *found)
