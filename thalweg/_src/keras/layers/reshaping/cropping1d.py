"""`Cropping1D`: sequences without their margins."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.reshaping.base import Cropping


class Cropping1D(Cropping):
    """Cuts margins off both ends of each sequence.

    Args:
        cropping: How much to cut off. An int for both ends, or a pair ``(before, after)``.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Sequences of shape ``(batch, steps, channels)``, of any dtype.

    Returns:
        Tensor of shape ``(batch, steps, channels)`` with smaller sizes.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Cropping1D((1, 2))(tf.ones((1, 6, 3))).shape
        TensorShape([1, 3, 3])

    Source: `keras.layers.Cropping1D`.
    """

    rank = 1

    def __init__(
        self,
        cropping: Any = (1, 1),
        **kwargs: Any,
    ) -> None:
        super().__init__(cropping, data_format="channels_last", **kwargs)
