"""`UpSampling3D`: volumes with every element repeated."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.reshaping.base import UpSampling


class UpSampling3D(UpSampling):
    """Enlarges volumes by repeating every element.

    Args:
        size: How often along depth, height and width; one int for all.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, depth, height, width)``; the default layout when None.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Volumes of shape ``(batch, depth, height, width, channels)``, of any dtype.

    Returns:
        Tensor of shape ``(batch, depth, height, width, channels)`` with sizes `size` times as
        large.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.UpSampling3D(2)(tf.ones((1, 6, 5, 5, 3))).shape
        TensorShape([1, 12, 10, 10, 3])

    Source: `keras.layers.UpSampling3D`.
    """

    rank = 3

    def __init__(
        self,
        size: Any = (2, 2, 2),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(size, data_format=data_format, **kwargs)
