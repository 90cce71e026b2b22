"""`MaxPooling2D`: the largest value of each window of an image, channel by channel."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.convolution.arguments import (
    image_shape,
    image_sizes,
    op_format,
    padding_of,
    sizes_of,
    window_counts,
)
from thalweg._src.ops.nn.max_pooling import max_pool2d


class MaxPooling2D(Layer):
    """The largest value of each window of an image, channel by channel.

    Args:
        pool_size: Height and width of a window; one int for both.
        strides: Steps between windows; the window's sizes when None.
        padding: ``"valid"`` for whole windows only, ``"same"`` for ``ceil(size / stride)`` windows, of
            which the outer ones may be smaller.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        name: Name.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Images of shape ``(batch, height, width, channels)``.

    Returns:
        Tensor of shape ``(batch, rows, columns, channels)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.MaxPooling2D(2)(tf.ones((1, 5, 4, 3))).shape
        TensorShape([1, 2, 2, 3])

    Source: `keras.layers.MaxPooling2D`.
    """

    def __init__(
        self,
        pool_size: Any = (2, 2),
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.pool_size = sizes_of("MaxPooling2D", "pool_size", pool_size, 2)
        steps = self.pool_size if strides is None else strides
        self.strides = sizes_of("MaxPooling2D", "strides", steps, 2)
        self.padding = padding_of("MaxPooling2D", padding)
        self.data_format = data_format_of(data_format, "MaxPooling2D")
        self.built = True

    def call(self, inputs: Any) -> Any:
        """Largest value of each window."""
        self.compute_output_shape(inputs.shape)  # refuses images smaller than a window
        return max_pool2d(
            inputs, self.pool_size, self.strides, self.padding.upper(), op_format(self.data_format)
        )

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs for a shape of images."""
        where = f"MaxPooling2D {self.name!r}"
        sizes, channels = image_sizes(where, input_shape, self.data_format)
        counts = window_counts(where, sizes, self.pool_size, self.strides, self.padding)
        return image_shape(input_shape[0], counts, channels, self.data_format)
