"""`BaseConv`: convolutions over one to three dimensions."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras import constraints, initializers, regularizers
from thalweg._src.keras.layers.convolution.base import ConvolutionLayer
from thalweg._src.keras.layers.core.adapted_layer import AdaptedLayer
from thalweg._src.keras.ops.geometry import positive


class BaseConv(ConvolutionLayer, AdaptedLayer):
    """Base of `Conv1D`, `Conv2D` and `Conv3D`; see there for the arguments."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any,
        padding: str,
        data_format: str | None,
        dilation_rate: Any,
        groups: int,
        activation: Any,
        use_bias: bool,
        kernel_initializer: Any,
        bias_initializer: Any,
        kernel_regularizer: Any,
        bias_regularizer: Any,
        activity_regularizer: Any,
        kernel_constraint: Any,
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
        where = type(self).__name__
        self.filters = positive(where, "filters", filters)
        self.groups = positive(where, "groups", groups)
        if filters % groups:
            raise ValueError(
                f"[{where}] expected groups that divide the {filters} filters, got {groups!r}."
            )
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)

    @property
    def kernel(self) -> Any:
        """Weights of shape ``(*window, channels / groups, filters)``, with what adaptation adds."""
        return self._merged()

    def build(self, input_shape: Any) -> None:
        """Creates kernel and bias."""
        channels = self._known_channels(input_shape)
        if channels % self.groups:
            raise ShapeError(
                f"[{self._where}] expected a number of channels that {self.groups} groups divide, got "
                f"shape {tuple(input_shape)} in layout {self.data_format}."
            )
        self._kernel = self.add_weight(
            (*self.kernel_size, channels // self.groups, self.filters),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self._add_bias(self.filters)
        self._finish_build()

    def call(self, inputs: Any) -> Any:
        """Outputs for the inputs."""
        kernel = self.kernel
        inputs = self._checked(inputs, kernel.shape[-2] * self.groups)
        return self._finished(self.convolution_op(inputs, kernel))

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        """Convolution alone, without bias and activation; to be overridden by other kinds of it.

        Args:
            inputs: Tensor ``(batch, *sizes, channels)``.
            kernel: Tensor ``(*window, channels / groups, filters)``.

        Returns:
            Tensor ``(batch, *windows, filters)``.

        Example:
            >>> import thalweg as tf
            >>> class StandardizedConv2D(tf.keras.layers.Conv2D):
            ...     def convolution_op(self, inputs, kernel):
            ...         mean, variance = tf.nn.moments(kernel, [0, 1, 2], keepdims=True)
            ...         return super().convolution_op(inputs, (kernel - mean) / tf.sqrt(variance + 1e-10))
            >>> StandardizedConv2D(4, 3)(tf.ones((1, 5, 5, 2))).shape
            TensorShape([1, 3, 3, 4])

        Source: `keras.layers.Conv2D.convolution_op`.
        """
        return self._convolved(inputs, kernel)

    def _arguments_kept_by(self, own: type) -> dict[str, Any]:
        found = super()._arguments_kept_by(own)
        found.pop("quantization_config", None)
        return found
