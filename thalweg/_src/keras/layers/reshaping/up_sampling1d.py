"""`UpSampling1D`: sequences with every element repeated."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.reshaping.base import UpSampling


class UpSampling1D(UpSampling):
    """Enlarges sequences by repeating every step.

    Args:
        size: How often.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Sequences of shape ``(batch, steps, channels)``, of any dtype.

    Returns:
        Tensor of shape ``(batch, steps, channels)`` with sizes `size` times as large.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.UpSampling1D(2)(tf.ones((1, 6, 3))).shape
        TensorShape([1, 12, 3])

    Source: `keras.layers.UpSampling1D`.
    """

    rank = 1

    def __init__(
        self,
        size: int = 2,
        **kwargs: Any,
    ) -> None:
        super().__init__(size, data_format="channels_last", **kwargs)
