"""`MaxPooling1D`: the largest value of each window of a sequence, channel by channel."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.pooling.base import WindowPooling


class MaxPooling1D(WindowPooling):
    """The largest value of each window of a sequence, channel by channel.

    Args:
        pool_size: Size of a window.
        strides: Steps between windows; the window's size when None.
        padding: ``"valid"`` for whole windows only, ``"same"`` for ``ceil(size / stride)`` windows,
            of which the outer ones may be smaller.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, steps)``; the default layout when None.
        name: Name.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Sequences of shape ``(batch, steps, channels)``.

    Returns:
        Tensor of shape ``(batch, windows, channels)``, in the dtype of the inputs.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.MaxPooling1D(2)(tf.ones((1, 5, 3))).shape
        TensorShape([1, 2, 3])

    Source: `keras.layers.MaxPooling1D`. Integers keep their dtype in models, too.
    """

    rank = 1
    averages = False

    def __init__(
        self,
        pool_size: Any = 2,
        strides: Any = None,
        padding: str = "valid",
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(pool_size, strides, padding, data_format, name, **kwargs)
