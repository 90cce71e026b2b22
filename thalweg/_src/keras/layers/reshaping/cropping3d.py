"""`Cropping3D`: volumes without their margins."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.reshaping.base import Cropping


class Cropping3D(Cropping):
    """Cuts margins off the six sides of each volume.

    Args:
        cropping: How much to cut off. An int for all sides; three ints ``(depth, height, width)``,
            each for both sides; or a pair ``(before, after)`` for each of the three.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, depth, height, width)``; the default layout when None.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Volumes of shape ``(batch, depth, height, width, channels)``, of any dtype.

    Returns:
        Tensor of shape ``(batch, depth, height, width, channels)`` with smaller sizes.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Cropping3D(1)(tf.ones((1, 6, 5, 5, 3))).shape
        TensorShape([1, 4, 3, 3, 3])

    Source: `keras.layers.Cropping3D`.
    """

    rank = 3

    def __init__(
        self,
        cropping: Any = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(cropping, data_format=data_format, **kwargs)
