"""`Conv3D`: a dense layer applied to every window of a volume or film."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.convolution.base_conv import BaseConv


class Conv3D(BaseConv):
    """Convolution of volumes: the same small kernel is applied to every window.

    Args:
        filters: Number of outputs for each window.
        kernel_size: Depth, height and width of a window; one int for all.
        strides: Steps between windows, likewise.
        padding: ``"valid"`` for whole windows only, ``"same"`` for ``ceil(size / stride)`` windows
            with zeros around.
        data_format: ``"channels_last"``, or ``"channels_first"`` for inputs
            ``(batch, channels, depth, height, width)``; the default layout when None.
        dilation_rate: Steps between the elements of a window.
        groups: Number of groups into which the channels are split; each has its own filters.
        activation: Name or function; none when None.
        use_bias: Whether there is a bias.
        kernel_initializer: Initializer of the kernel, of shape
            ``(depth, height, width, channels / groups, filters)``.
        bias_initializer: Initializer of the bias, of shape ``(filters,)``.
        kernel_regularizer: Function of the kernel whose result is added to the loss.
        bias_regularizer: Likewise for the bias.
        activity_regularizer: Likewise for the outputs.
        kernel_constraint: Function applied to the kernel after each update.
        bias_constraint: Likewise for the bias.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Volumes of shape ``(batch, depth, height, width, channels)``; integers are cast to
            the compute dtype.

    Returns:
        Tensor of shape ``(batch, planes, rows, columns, filters)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Conv3D(8, 3)(tf.ones((1, 5, 6, 7, 1))).shape
        TensorShape([1, 3, 4, 5, 8])

    Source: `keras.layers.Conv3D`. Strides and dilation may be combined, and all layouts and groups
    run on CPU.
    """

    rank = 3

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = (1, 1, 1),
        groups: int = 1,
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
            data_format,
            dilation_rate,
            groups,
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
