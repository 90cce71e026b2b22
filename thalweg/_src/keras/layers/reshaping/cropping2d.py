"""`Cropping2D`: images without their margins."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.reshaping.base import Cropping


class Cropping2D(Cropping):
    """Cuts margins off the four sides of each image.

    Args:
        cropping: How much to cut off. An int for all sides; a pair ``(height, width)``, each for
            both sides; or ``((top, bottom), (left, right))``.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, height, width)``; the default layout when None.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Images of shape ``(batch, height, width, channels)``, of any dtype.

    Returns:
        Tensor of shape ``(batch, height, width, channels)`` with smaller sizes.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Cropping2D(1)(tf.ones((1, 6, 5, 3))).shape
        TensorShape([1, 4, 3, 3])

    Source: `keras.layers.Cropping2D`.
    """

    rank = 2

    def __init__(
        self,
        cropping: Any = ((0, 0), (0, 0)),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(cropping, data_format=data_format, **kwargs)
