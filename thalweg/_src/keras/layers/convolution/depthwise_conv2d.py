"""`DepthwiseConv2D`: each channel is convolved with kernels of its own."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.convolution.base_depthwise_conv import BaseDepthwiseConv


class DepthwiseConv2D(BaseDepthwiseConv):
    """Depthwise convolution of images: each channel has kernels of its own.

    Args:
        kernel_size: Height and width of a window; one int for both.
        strides: Steps between windows, likewise.
        padding: ``"valid"`` for whole windows only, ``"same"`` for ``ceil(size / stride)`` windows
            with zeros around.
        depth_multiplier: Number of kernels, and so of outputs, for each channel.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, height, width)``; the default layout when None.
        dilation_rate: Steps between the elements of a window.
        activation: Name or function; none when None.
        use_bias: Whether there is a bias.
        depthwise_initializer: Initializer of the kernel, of shape
            ``(height, width, channels, depth_multiplier)``.
        bias_initializer: Initializer of the bias, of shape ``(channels * depth_multiplier,)``.
        depthwise_regularizer: Function of the kernel whose result is added to the loss.
        bias_regularizer: Likewise for the bias.
        activity_regularizer: Likewise for the outputs.
        depthwise_constraint: Function applied to the kernel after each update.
        bias_constraint: Likewise for the bias.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Images of shape ``(batch, height, width, channels)``; integers are cast to the
            compute dtype.

    Returns:
        Tensor of shape ``(batch, rows, columns, channels * depth_multiplier)``; the outputs of a
        channel lie together.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.DepthwiseConv2D(3, padding="same")(tf.ones((2, 8, 8, 4))).shape
        TensorShape([2, 8, 8, 4])

    Source: `keras.layers.DepthwiseConv2D`. Strides may differ between dimensions and be combined
    with dilation.
    """

    rank = 2

    def __init__(
        self,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            kernel_size,
            strides,
            padding,
            depth_multiplier,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            depthwise_initializer,
            bias_initializer,
            depthwise_regularizer,
            bias_regularizer,
            activity_regularizer,
            depthwise_constraint,
            bias_constraint,
            **kwargs,
        )
