"""`BaseConvTranspose`: transposed convolutions over one to three dimensions."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras import constraints, initializers, regularizers
from thalweg._src.keras.layers.convolution.base import ConvolutionLayer
from thalweg._src.keras.ops.geometry import (
    Sizes,
    positive,
    spatial_sizes,
    whole_shape,
)
from thalweg._src.ops.nn.convolution_transpose import conv_transpose


class BaseConvTranspose(ConvolutionLayer):
    """Base of `Conv1DTranspose`, `Conv2DTranspose` and `Conv3DTranspose`; see there for the arguments."""

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any,
        padding: str,
        output_padding: Any,
        data_format: str | None,
        dilation_rate: Any,
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
        self.output_padding = self._extra(where, output_padding)
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)

    def _extra(self, where: str, output_padding: Any) -> tuple[int, ...] | None:
        """`output_padding` for each dimension."""
        if output_padding is None:
            return None
        given = (output_padding,) * self.rank if isinstance(output_padding, int) else output_padding
        if (
            not isinstance(given, (list, tuple))
            or len(given) != self.rank
            or not all(isinstance(n, int) and 0 <= n < s for n, s in zip(given, self.strides))
        ):
            raise ValueError(
                f"[{where}] expected output_padding as an int, or {self.rank} of them, of 0 or more and "
                f"below the strides {self.strides}, got {output_padding!r}."
            )
        return tuple(given)

    def build(self, input_shape: Any) -> None:
        """Creates kernel and bias."""
        self.kernel = self.add_weight(
            (*self.kernel_size, self.filters, self._known_channels(input_shape)),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self._add_bias(self.filters)

    def call(self, inputs: Any) -> Any:
        """Outputs for the inputs."""
        inputs = self._checked(inputs, self.kernel.shape[-1])
        sizes, _ = spatial_sizes(self._where, inputs.shape, self.rank, self.data_format)
        pads = [self._pads(axis, size) for axis, size in enumerate(sizes)]
        outputs = conv_transpose(
            inputs,
            self.kernel,
            self.compute_output_shape(inputs.shape),
            self.strides,
            whole_shape((0, 0), pads, (0, 0), self.data_format),
            self._layout,
            self.dilation_rate,
        )
        return self._finished(outputs)

    def _size(self, axis: int, size: Any) -> Any:
        """Size of the outputs along a spatial axis."""
        stride = self.strides[axis]
        extent = (self.kernel_size[axis] - 1) * self.dilation_rate[axis] + 1
        if self.output_padding is None:
            return size * stride + (max(extent - stride, 0) if self.padding == "valid" else 0)
        around = 0 if self.padding == "valid" else 2 * (extent // 2)
        return (size - 1) * stride + extent - around + self.output_padding[axis]

    def _pads(self, axis: int, size: Any) -> tuple[int, int]:
        """What the convolution that is transposed pads along a spatial axis."""
        if self.padding == "valid":
            return 0, 0
        extent = (self.kernel_size[axis] - 1) * self.dilation_rate[axis] + 1
        total = max((size - 1) * self.strides[axis] + extent - self._size(axis, size), 0)
        return total // 2, total - total // 2

    def compute_output_shape(self, input_shape: Any) -> Sizes:
        """Shape of the outputs for a shape of inputs."""
        sizes, _ = spatial_sizes(self._where, input_shape, self.rank, self.data_format)
        found = [None if n is None else self._size(axis, n) for axis, n in enumerate(sizes)]
        if any(n is not None and n < 1 for n in found):
            raise ShapeError(
                f"[{self._where}] expected inputs from which outputs follow, got spatial sizes {sizes}, "
                f"which give {tuple(found)}; use a larger output_padding, or None."
            )
        return whole_shape(input_shape[0], found, self.filters, self.data_format)
