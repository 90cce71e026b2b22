"""`ConvolutionLayer`: what all convolutions share: windows, layout, bias and activation."""

from __future__ import annotations

from typing import Any, ClassVar

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras import activations, constraints, initializers, regularizers
from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.ops.geometry import (
    Sizes,
    each,
    op_format,
    padding_of,
    spatial_sizes,
    whole_shape,
    window_counts,
)
from thalweg._src.ops.nn.convolution import bias_add, convolution


class ConvolutionLayer(Layer):
    """Base of convolutions over `rank` dimensions; see `Conv2D` for the arguments."""

    #: Number of spatial dimensions.
    rank: ClassVar[int]
    #: Paddings that the layer knows.
    paddings: ClassVar[tuple[str, ...]] = ("valid", "same")
    filters: int

    def __init__(
        self,
        kernel_size: Any,
        strides: Any,
        padding: str,
        data_format: str | None,
        dilation_rate: Any,
        activation: Any,
        use_bias: bool,
        bias_initializer: Any,
        bias_regularizer: Any,
        activity_regularizer: Any,
        bias_constraint: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(activity_regularizer=activity_regularizer, **kwargs)
        where, rank = type(self).__name__, self.rank
        self.kernel_size = each(where, "kernel_size", kernel_size, rank)
        self.strides = each(where, "strides", strides, rank)
        self.padding = padding_of(where, padding, self.paddings)
        self.data_format = data_format_of(data_format, where)
        self.dilation_rate = each(where, "dilation_rate", dilation_rate, rank)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.bias_initializer = initializers.get(bias_initializer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.bias_constraint = constraints.get(bias_constraint)
        self._layout = op_format(where, data_format, rank)

    @property
    def _where(self) -> str:
        return f"{type(self).__name__} {self.name!r}"

    def _known_channels(self, input_shape: Any) -> int:
        """Channels of the inputs, for `build`."""
        _, channels = spatial_sizes(self._where, input_shape, self.rank, self.data_format)
        if channels is None:
            raise ShapeError(
                f"[{self._where}] expected a known number of channels, got shape {tuple(input_shape)} in "
                f"layout {self.data_format}; give it in Input(shape=...)."
            )
        return channels

    def _add_bias(self, count: int) -> None:
        """Creates the bias, if there is one."""
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                (count,),
                self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )

    def _checked(self, inputs: Any, channels: int) -> Any:
        """The inputs in floats, unless they have other channels than when the layer was built."""
        _, found = spatial_sizes(self._where, inputs.shape, self.rank, self.data_format)
        if found != channels:
            raise ShapeError(
                f"[{self._where}] expected inputs of {channels} channels, as when it was built, got shape "
                f"{tuple(inputs.shape)} in layout {self.data_format}."
            )
        self.compute_output_shape(inputs.shape)  # refuses inputs smaller than a window
        return self._floating(inputs)

    def _convolved(self, inputs: Any, kernel: Any) -> Any:
        """Convolution of the inputs with a kernel, as the arguments say."""
        pads: Any = self.padding.upper()
        if self.padding == "causal":
            past = [((k - 1) * d, 0) for k, d in zip(self.kernel_size, self.dilation_rate)]
            pads = whole_shape((0, 0), past, (0, 0), self.data_format)
        return convolution(inputs, kernel, self.strides, pads, self._layout, self.dilation_rate)

    def _finished(self, outputs: Any) -> Any:
        """The outputs with bias and activation."""
        if self.bias is not None:
            outputs = bias_add(outputs, self.bias, self._layout)
        return self.activation(outputs)

    def _shape_with(self, input_shape: Any, channels: int | None) -> Sizes:
        """Shape of the outputs with that many channels."""
        sizes, _ = spatial_sizes(self._where, input_shape, self.rank, self.data_format)
        counts = window_counts(
            self._where, sizes, self.kernel_size, self.strides, self.padding, self.dilation_rate
        )
        return whole_shape(input_shape[0], counts, channels, self.data_format)

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        return self._shape_with(input_shape, self.filters)
