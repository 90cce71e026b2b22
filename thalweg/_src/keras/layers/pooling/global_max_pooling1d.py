"""`GlobalMaxPooling1D`: the largest value of a whole sequence, channel by channel."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.pooling.base import GlobalPooling


class GlobalMaxPooling1D(GlobalPooling):
    """The largest value of a whole sequence, channel by channel.

    Args:
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, steps)``; the default layout when None.
        keepdims: Whether the dimension of steps stays, with a size of 1.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Sequences of shape ``(batch, steps, channels)``, ragged ones too.

    Returns:
        Tensor of shape ``(batch, channels)``, in the dtype of the inputs.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.GlobalMaxPooling1D()(tf.ones((1, 5, 3))).shape
        TensorShape([1, 3])

    Source: `keras.layers.GlobalMaxPooling1D`.
    """

    rank = 1
    averages = False

    def __init__(
        self,
        data_format: str | None = None,
        keepdims: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format, keepdims, **kwargs)
