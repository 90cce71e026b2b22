"""`DepthwiseConv1D`: each channel is convolved with kernels of its own."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.convolution.base_depthwise_conv import BaseDepthwiseConv


class DepthwiseConv1D(BaseDepthwiseConv):
    """Depthwise convolution of sequences: each channel has kernels of its own.

    Args:
        kernel_size: Size of a window.
        strides: Steps between windows.
        padding: ``"valid"`` for whole windows only, ``"same"`` for ``ceil(size / stride)`` windows
            with zeros around.
        depth_multiplier: Number of kernels, and so of outputs, for each channel.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, steps)``; the default layout when None.
        dilation_rate: Steps between the elements of a window.
        activation: Name or function; none when None.
        use_bias: Whether there is a bias.
        depthwise_initializer: Initializer of the kernel, of shape
            ``(size, channels, depth_multiplier)``.
        bias_initializer: Initializer of the bias, of shape ``(channels * depth_multiplier,)``.
        depthwise_regularizer: Function of the kernel whose result is added to the loss.
        bias_regularizer: Likewise for the bias.
        activity_regularizer: Likewise for the outputs.
        depthwise_constraint: Function applied to the kernel after each update.
        bias_constraint: Likewise for the bias.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Sequences of shape ``(batch, steps, channels)``; integers are cast to the compute
            dtype.

    Returns:
        Tensor of shape ``(batch, windows, channels * depth_multiplier)``; the outputs of a channel
        lie together.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.DepthwiseConv1D(3, depth_multiplier=2)(tf.ones((2, 10, 4))).shape
        TensorShape([2, 8, 8])

    Source: `keras.layers.DepthwiseConv1D`. Strides and dilation may be combined.
    """

    rank = 1

    def __init__(
        self,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        depth_multiplier: int = 1,
        data_format: str | None = None,
        dilation_rate: Any = 1,
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
