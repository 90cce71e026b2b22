"""`Rescaling`: scale and shift, such as from bytes to [0, 1]."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.data_layer import DataLayer
from thalweg._src.ops.casting import cast
from thalweg._src.ops.elementwise import add, multiply


class Rescaling(DataLayer):
    """``inputs * scale + offset`` in the compute dtype.

    Args:
        scale: Factor, a number or list for the last dimension.
        offset: Added afterwards, a number or list.
        **kwargs: See `Layer`.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Rescaling(1 / 2, offset=-1)(tf.constant([0.0, 4.0])).numpy().tolist()
        [-1.0, 1.0]

    Source: `keras.layers.Rescaling`.
    """

    def __init__(self, scale: Any, offset: Any = 0.0, **kwargs: Any) -> None:
        super().__init__(**({"autocast": True} | kwargs))
        self.scale = scale
        self.offset = offset
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The rescaled inputs."""
        value = cast(inputs, self.compute_dtype)
        return add(multiply(value, self.scale), self.offset)
