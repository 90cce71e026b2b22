"""`AdaptiveMaxPooling3D`: the largest value of each of a given number of windows."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.pooling.base import AdaptivePooling


class AdaptiveMaxPooling3D(AdaptivePooling):
    """The largest value of each of a given number of nearly equal windows, channel by channel.

    Args:
        output_size: Number of windows along each dimension; one int for all.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, depth, height, width)``; the default layout when None.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Volumes of shape ``(batch, depth, height, width, channels)``.

    Returns:
        Tensor of shape ``(batch, planes, rows, columns, channels)`` with as many windows as
        `output_size` says. Window i of n goes from ``i * size / n``, rounded down, to
        ``(i + 1) * size / n``, rounded up.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.AdaptiveMaxPooling3D(2)(tf.ones((1, 5, 4, 4, 3))).shape
        TensorShape([1, 2, 2, 2, 3])

    Source: `keras.layers.AdaptiveMaxPooling3D`.
    """

    rank = 3
    averages = False

    def __init__(
        self,
        output_size: Any,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(output_size, data_format, **kwargs)
