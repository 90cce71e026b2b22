"""`GlobalAveragePooling2D`: the mean of a whole image, channel by channel."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.convolution.arguments import image_sizes
from thalweg._src.ops.reduction import reduce_mean


class GlobalAveragePooling2D(Layer):
    """The mean of a whole image, channel by channel.

    Args:
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        keepdims: Keep height and width as sizes of 1.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Images of shape ``(batch, height, width, channels)``.

    Returns:
        Tensor of shape ``(batch, channels)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.GlobalAveragePooling2D()(tf.ones((1, 5, 4, 3))).shape
        TensorShape([1, 3])

    Source: `keras.layers.GlobalAveragePooling2D`.
    """

    def __init__(
        self, data_format: str | None = None, keepdims: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.data_format = data_format_of(data_format, "GlobalAveragePooling2D")
        self.keepdims = keepdims
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The mean of each image."""
        image_sizes(f"GlobalAveragePooling2D {self.name!r}", inputs.shape, self.data_format)
        axes = (1, 2) if self.data_format == "channels_last" else (2, 3)
        return reduce_mean(self._floating(inputs), axis=axes, keepdims=self.keepdims)
