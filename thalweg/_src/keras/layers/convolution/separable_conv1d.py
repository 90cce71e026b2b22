"""`SeparableConv1D`: each channel is convolved by itself, then the channels are mixed."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.convolution.base_separable_conv import BaseSeparableConv


class SeparableConv1D(BaseSeparableConv):
    """Separable convolution of sequences: each channel by itself, then a mixture of the channels.

    Args:
        filters: Number of outputs for each window.
        kernel_size: Size of a window.
        strides: Steps between windows.
        padding: ``"valid"`` for whole windows only, ``"same"`` for ``ceil(size / stride)`` windows
            with zeros around.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, steps)``; the default layout when None.
        dilation_rate: Steps between the elements of a window.
        depth_multiplier: Number of kernels for each channel in the first step.
        activation: Name or function; none when None.
        use_bias: Whether there is a bias.
        depthwise_initializer: Initializer of the kernel for each channel, of shape
            ``(size, channels, depth_multiplier)``.
        pointwise_initializer: Initializer of the kernel that mixes channels, of shape
            ``(1, channels * depth_multiplier, filters)``.
        bias_initializer: Initializer of the bias, of shape ``(filters,)``.
        depthwise_regularizer: Function of the first kernel whose result is added to the loss.
        pointwise_regularizer: Likewise for the second.
        bias_regularizer: Likewise for the bias.
        activity_regularizer: Likewise for the outputs.
        depthwise_constraint: Function applied to the first kernel after each update.
        pointwise_constraint: Likewise for the second.
        bias_constraint: Likewise for the bias.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Sequences of shape ``(batch, steps, channels)``; integers are cast to the compute
            dtype.

    Returns:
        Tensor of shape ``(batch, windows, filters)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.SeparableConv1D(8, 3)(tf.ones((2, 10, 4))).shape
        TensorShape([2, 8, 8])

    Source: Chollet, "Xception" (2017); `keras.layers.SeparableConv1D`. Strides and dilation may be
    combined.
    """

    rank = 1

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: bool = True,
        depthwise_initializer: Any = "glorot_uniform",
        pointwise_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            depth_multiplier,
            activation,
            use_bias,
            depthwise_initializer,
            pointwise_initializer,
            bias_initializer,
            depthwise_regularizer,
            pointwise_regularizer,
            bias_regularizer,
            activity_regularizer,
            depthwise_constraint,
            pointwise_constraint,
            bias_constraint,
            **kwargs,
        )
