"""`Conv2DTranspose`: from what a `Conv2D` gives back to the sizes that it took."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.convolution.base_conv_transpose import BaseConvTranspose


class Conv2DTranspose(BaseConvTranspose):
    """Transposed convolution of images: each input adds a scaled window to the outputs.

    Args:
        filters: Number of outputs at each place.
        kernel_size: Height and width of a window; one int for both.
        strides: Steps between the places where neighbouring inputs add their window, likewise.
        padding: ``"valid"`` for outputs that hold every window whole, ``"same"`` for
            ``size * stride`` outputs.
        output_padding: Elements added at the end of each dimension, fewer than the stride: an int
            for all or one for each. The sizes are then
            ``(size - 1) * stride + window + output_padding``, less ``2 * (window // 2)`` with
            ``padding="same"``. None makes the sizes as `padding` says.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, height, width)``; the default layout when None.
        dilation_rate: Steps between the elements of a window.
        activation: Name or function; none when None.
        use_bias: Whether there is a bias.
        kernel_initializer: Initializer of the kernel, of shape
            ``(height, width, filters, channels)``.
        bias_initializer: Initializer of the bias, of shape ``(filters,)``.
        kernel_regularizer: Function of the kernel whose result is added to the loss.
        bias_regularizer: Likewise for the bias.
        activity_regularizer: Likewise for the outputs.
        kernel_constraint: Function applied to the kernel after each update.
        bias_constraint: Likewise for the bias.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Images of shape ``(batch, height, width, channels)``; integers are cast to the
            compute dtype.

    Returns:
        Tensor of shape ``(batch, rows, columns, filters)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Conv2DTranspose(8, 3, 2, padding="same")(tf.ones((2, 7, 7, 4))).shape
        TensorShape([2, 14, 14, 8])

    Source: Zeiler et al., "Deconvolutional networks" (2010); `keras.layers.Conv2DTranspose`.
    Strides and dilation may be combined.
    """

    rank = 2

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        output_padding: Any = None,
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
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
