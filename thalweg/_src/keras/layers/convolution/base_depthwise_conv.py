"""`BaseDepthwiseConv`: each channel is convolved with kernels of its own."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras import constraints, initializers, regularizers
from thalweg._src.keras.layers.convolution.base import ConvolutionLayer
from thalweg._src.keras.ops.geometry import Sizes, positive, spatial_sizes
from thalweg._src.ops.shaping import reshape


class BaseDepthwiseConv(ConvolutionLayer):
    """Base of `DepthwiseConv1D` and `DepthwiseConv2D`; see there for the arguments."""

    def __init__(
        self,
        kernel_size: Any,
        strides: Any,
        padding: str,
        depth_multiplier: int,
        data_format: str | None,
        dilation_rate: Any,
        activation: Any,
        use_bias: bool,
        depthwise_initializer: Any,
        bias_initializer: Any,
        depthwise_regularizer: Any,
        bias_regularizer: Any,
        activity_regularizer: Any,
        depthwise_constraint: Any,
        bias_constraint: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            bias_initializer,
            bias_regularizer,
            activity_regularizer,
            bias_constraint,
            **kwargs,
        )
        self.depth_multiplier = positive(type(self).__name__, "depth_multiplier", depth_multiplier)
        self.depthwise_initializer = initializers.get(depthwise_initializer)
        self.depthwise_regularizer = regularizers.get(depthwise_regularizer)
        self.depthwise_constraint = constraints.get(depthwise_constraint)

    def _add_depthwise_kernel(self, channels: int, name: str) -> Any:
        return self.add_weight(
            (*self.kernel_size, channels, self.depth_multiplier),
            self.depthwise_initializer,
            regularizer=self.depthwise_regularizer,
            constraint=self.depthwise_constraint,
            name=name,
        )

    def _by_channel(self, inputs: Any, kernel: Any) -> Any:
        """Convolution of each channel with its kernels; the results of a channel lie together."""
        inputs = self._checked(inputs, kernel.shape[-2])
        # As a convolution in as many groups as there are channels.
        grouped = reshape(kernel, (*self.kernel_size, 1, kernel.shape[-2] * kernel.shape[-1]))
        return self._convolved(inputs, grouped)

    def build(self, input_shape: Any) -> None:
        """Creates kernel and bias."""
        channels = self._known_channels(input_shape)
        self.kernel = self._add_depthwise_kernel(channels, "kernel")
        self._add_bias(channels * self.depth_multiplier)

    def call(self, inputs: Any) -> Any:
        """Outputs for the inputs."""
        return self._finished(self._by_channel(inputs, self.kernel))

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        _, channels = spatial_sizes(self._where, input_shape, self.rank, self.data_format)
        found = None if channels is None else channels * self.depth_multiplier
        return self._shape_with(input_shape, found)
