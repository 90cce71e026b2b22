"""`UpSampling2D`: images enlarged by whole factors."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import UnimplementedError
from thalweg._src.keras.layers.reshaping.base import UpSampling


class UpSampling2D(UpSampling):
    """Enlarges images by whole factors.

    Args:
        size: Factors of height and width; one int for both.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, height, width)``; the default layout when None.
        interpolation: ``"nearest"``, which repeats rows and columns.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Images of shape ``(batch, height, width, channels)``.

    Returns:
        Tensor of shape ``(batch, height, width, channels)`` with sizes `size` times as large.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.UpSampling2D(2)(tf.ones((1, 6, 5, 3))).shape
        TensorShape([1, 12, 10, 3])

    Source: `keras.layers.UpSampling2D`.
    """

    rank = 2

    def __init__(
        self,
        size: Any = (2, 2),
        data_format: str | None = None,
        interpolation: str = "nearest",
        **kwargs: Any,
    ) -> None:
        super().__init__(size, data_format=data_format, **kwargs)
        self.interpolation = str(interpolation).lower()
        if self.interpolation not in ("nearest",):
            raise UnimplementedError(
                f"[UpSampling2D] expected interpolation 'nearest', got {interpolation!r}: others are not "
                "available yet."
            )
