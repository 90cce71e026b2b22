"""`Conv1DTranspose`: from what a `Conv1D` gives back to the sizes that it took."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.convolution.base_conv_transpose import BaseConvTranspose


class Conv1DTranspose(BaseConvTranspose):
    """Transposed convolution of sequences: each input adds a scaled window to the outputs.

    Args:
        filters: Number of outputs at each place.
        kernel_size: Size of a window.
        strides: Steps between the places where neighbouring inputs add their window.
        padding: ``"valid"`` for outputs that hold every window whole, ``"same"`` for
            ``size * stride`` outputs.
        output_padding: Elements added at the end of each dimension, fewer than the stride. The
            sizes are then ``(size - 1) * stride + window + output_padding``, less
            ``2 * (window // 2)`` with ``padding="same"``. None makes the sizes as `padding` says.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, steps)``; the default layout when None.
        dilation_rate: Steps between the elements of a window.
        activation: Name or function; none when None.
        use_bias: Whether there is a bias.
        kernel_initializer: Initializer of the kernel, of shape ``(size, filters, channels)``.
        bias_initializer: Initializer of the bias, of shape ``(filters,)``.
        kernel_regularizer: Function of the kernel whose result is added to the loss.
        bias_regularizer: Likewise for the bias.
        activity_regularizer: Likewise for the outputs.
        kernel_constraint: Function applied to the kernel after each update.
        bias_constraint: Likewise for the bias.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Sequences of shape ``(batch, steps, channels)``; integers are cast to the compute
            dtype.

    Returns:
        Tensor of shape ``(batch, windows, filters)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Conv1DTranspose(8, 3, strides=2)(tf.ones((2, 5, 4))).shape
        TensorShape([2, 11, 8])

    Source: Zeiler et al., "Deconvolutional networks" (2010); `keras.layers.Conv1DTranspose`.
    Strides and dilation may be combined.
    """

    rank = 1

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = 1,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            output_padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            kernel_initializer,
            bias_initializer,
            kernel_regularizer,
            bias_regularizer,
            activity_regularizer,
            kernel_constraint,
            bias_constraint,
            **kwargs,
        )
