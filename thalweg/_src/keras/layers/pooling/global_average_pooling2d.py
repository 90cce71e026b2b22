"""`GlobalAveragePooling2D`: the mean of a whole image, channel by channel."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.pooling.base import GlobalPooling


class GlobalAveragePooling2D(GlobalPooling):
    """The mean of a whole image, channel by channel.

    Args:
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, height, width)``; the default layout when None.
        keepdims: Whether the spatial dimensions stay, with a size of 1.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Images of shape ``(batch, height, width, channels)``.

    Returns:
        Tensor of shape ``(batch, channels)``; the mean of integers is in the compute dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.GlobalAveragePooling2D()(tf.ones((1, 5, 4, 3))).shape
        TensorShape([1, 3])

    Source: `keras.layers.GlobalAveragePooling2D`.
    """

    rank = 2
    averages = True

    def __init__(
        self,
        data_format: str | None = None,
        keepdims: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format, keepdims, **kwargs)
