"""`ZeroPadding1D`: sequences with zeros around."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.reshaping.base import ZeroPadding


class ZeroPadding1D(ZeroPadding):
    """Adds zeros at both ends of each sequence.

    Args:
        padding: How many. An int for both ends, or a pair ``(before, after)``.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, steps)``; the default layout when None.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Sequences of shape ``(batch, steps, channels)``, of any dtype.

    Returns:
        Tensor of shape ``(batch, steps, channels)`` with larger sizes.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.ZeroPadding1D((1, 2))(tf.ones((1, 6, 3))).shape
        TensorShape([1, 9, 3])

    Source: `keras.layers.ZeroPadding1D`.
    """

    rank = 1

    def __init__(
        self,
        padding: Any = 1,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(padding, data_format=data_format, **kwargs)
