"""`AveragePooling3D`: the mean of each window of a volume, channel by channel."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.pooling.base import WindowPooling


class AveragePooling3D(WindowPooling):
    """The mean of each window of a volume, channel by channel.

    Args:
        pool_size: Depth, height and width of a window; one int for all.
        strides: Steps between windows, likewise; the window's size when None.
        padding: ``"valid"`` for whole windows only, ``"same"`` for ``ceil(size / stride)`` windows,
            of which the outer ones may be smaller.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, depth, height, width)``; the default layout when None.
        name: Name.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Volumes of shape ``(batch, depth, height, width, channels)``.

    Returns:
        Tensor of shape ``(batch, planes, rows, columns, channels)``; the mean of integers is in the
        compute dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.AveragePooling3D(2)(tf.ones((1, 5, 4, 4, 3))).shape
        TensorShape([1, 2, 2, 2, 3])

    Source: `keras.layers.AveragePooling3D`. Integers are averaged, too.
    """

    rank = 3
    averages = True

    def __init__(
        self,
        pool_size: Any,
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)
