"""`ZeroPadding3D`: volumes with zeros around."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.reshaping.base import ZeroPadding


class ZeroPadding3D(ZeroPadding):
    """Adds zeros at the six sides of each volume.

    Args:
        padding: How many. An int for all sides; three ints ``(depth, height, width)``, each for
            both sides; or a pair ``(before, after)`` for each of the three.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, depth, height, width)``; the default layout when None.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Volumes of shape ``(batch, depth, height, width, channels)``, of any dtype.

    Returns:
        Tensor of shape ``(batch, depth, height, width, channels)`` with larger sizes.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.ZeroPadding3D(1)(tf.ones((1, 6, 5, 5, 3))).shape
        TensorShape([1, 8, 7, 7, 3])

    Source: `keras.layers.ZeroPadding3D`.
    """

    rank = 3

    def __init__(
        self,
        padding: Any = ((1, 1), (1, 1), (1, 1)),
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(padding, data_format=data_format, **kwargs)
