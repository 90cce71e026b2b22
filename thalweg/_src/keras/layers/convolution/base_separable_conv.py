"""`BaseSeparableConv`: each channel is convolved by itself, then the channels are mixed."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras import constraints, initializers, regularizers
from thalweg._src.keras.layers.convolution.base_depthwise_conv import BaseDepthwiseConv
from thalweg._src.keras.ops.geometry import Sizes, positive
from thalweg._src.ops.nn.convolution import convolution


class BaseSeparableConv(BaseDepthwiseConv):
    """Base of `SeparableConv1D` and `SeparableConv2D`; see there for the arguments."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any,
        padding: str,
        data_format: str | None,
        dilation_rate: Any,
        depth_multiplier: int,
        activation: Any,
        use_bias: bool,
        depthwise_initializer: Any,
        pointwise_initializer: Any,
        bias_initializer: Any,
        depthwise_regularizer: Any,
        pointwise_regularizer: Any,
        bias_regularizer: Any,
        activity_regularizer: Any,
        depthwise_constraint: Any,
        pointwise_constraint: Any,
        bias_constraint: Any,
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
        self.filters = positive(type(self).__name__, "filters", filters)
        self.pointwise_initializer = initializers.get(pointwise_initializer)
        self.pointwise_regularizer = regularizers.get(pointwise_regularizer)
        self.pointwise_constraint = constraints.get(pointwise_constraint)

    def build(self, input_shape: Any) -> None:
        """Creates both kernels and the bias."""
        channels = self._known_channels(input_shape)
        self.depthwise_kernel = self._add_depthwise_kernel(channels, "depthwise_kernel")
        self.pointwise_kernel = self.add_weight(
            (*(1,) * self.rank, channels * self.depth_multiplier, self.filters),
            self.pointwise_initializer,
            regularizer=self.pointwise_regularizer,
            constraint=self.pointwise_constraint,
            name="pointwise_kernel",
        )
        self._add_bias(self.filters)

    def call(self, inputs: Any) -> Any:
        """Outputs for the inputs."""
        apart = self._by_channel(inputs, self.depthwise_kernel)
        mixed = convolution(apart, self.pointwise_kernel, 1, "VALID", self._layout)
        return self._finished(mixed)

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        return self._shape_with(input_shape, self.filters)
