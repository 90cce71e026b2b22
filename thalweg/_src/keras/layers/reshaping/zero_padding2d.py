"""`ZeroPadding2D`: images with zeros around."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.reshaping.base import ZeroPadding


class ZeroPadding2D(ZeroPadding):
    """Adds zeros at the four sides of each image.

    Args:
        padding: How many. An int for all sides; a pair ``(height, width)``, each for both sides; or
            ``((top, bottom), (left, right))``.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, height, width)``; the default layout when None.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Images of shape ``(batch, height, width, channels)``, of any dtype.

    Returns:
        Tensor of shape ``(batch, height, width, channels)`` with larger sizes.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.ZeroPadding2D(1)(tf.ones((1, 6, 5, 3))).shape
        TensorShape([1, 8, 7, 3])

    Source: `keras.layers.ZeroPadding2D`.
    """

    rank = 2

    def __init__(
        self,
        padding: Any = (1, 1),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(padding, data_format=data_format, **kwargs)
