"""`Conv2D`: a dense layer applied to every window of an image."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras import activations, constraints, initializers, regularizers
from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.convolution.arguments import (
    image_shape,
    image_sizes,
    op_format,
    padding_of,
    sizes_of,
    window_counts,
)
from thalweg._src.ops.nn.convolution import bias_add, conv2d


class Conv2D(Layer):
    """Convolution of images: the same small kernel is applied to every window.

    Args:
        filters: Number of outputs for each window.
        kernel_size: Height and width of a window; one int for both.
        strides: Steps between windows, likewise.
        padding: ``"valid"`` for whole windows only, ``"same"`` for ``ceil(size / stride)`` windows with
            zeros around.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        dilation_rate: Steps between the elements of a window.
        groups: Number of groups into which the channels are split; each has its own filters.
        activation: Name or function; none when None.
        use_bias: Whether there is a bias.
        kernel_initializer: Initializer of the kernel, of shape
            ``(height, width, channels / groups, filters)``.
        bias_initializer: Initializer of the bias, of shape ``(filters,)``.
        kernel_regularizer: Function of the kernel whose result is added to the loss.
        bias_regularizer: Likewise for the bias.
        activity_regularizer: Likewise for the outputs.
        kernel_constraint: Function applied to the kernel after each update.
        bias_constraint: Likewise for the bias.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Images of shape ``(batch, height, width, channels)``.

    Returns:
        Tensor of shape ``(batch, rows, columns, filters)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Conv2D(8, 3)(tf.ones((2, 28, 28, 1))).shape
        TensorShape([2, 26, 26, 8])

    Source: `keras.layers.Conv2D`. Strides and dilation may be combined.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str | None = None,
        dilation_rate: Any = (1, 1),
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
        super().__init__(activity_regularizer=regularizers.get(activity_regularizer), **kwargs)
        if not isinstance(filters, int) or filters < 1:
            raise ValueError(f"[Conv2D] expected filters as a positive int, got {filters!r}.")
        if not isinstance(groups, int) or groups < 1 or filters % groups:
            raise ValueError(
                f"[Conv2D] expected groups that divide the {filters} filters, got {groups!r}."
            )
        self.filters = filters
        self.kernel_size = sizes_of("Conv2D", "kernel_size", kernel_size, 2)
        self.strides = sizes_of("Conv2D", "strides", strides, 2)
        self.padding = padding_of("Conv2D", padding)
        self.data_format = data_format_of(data_format, "Conv2D")
        self.dilation_rate = sizes_of("Conv2D", "dilation_rate", dilation_rate, 2)
        self.groups = groups
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)

    def build(self, input_shape: Any) -> None:
        """Creates kernel and bias."""
        where = f"Conv2D {self.name!r}"
        _, channels = image_sizes(where, input_shape, self.data_format)
        if channels is None or channels % self.groups:
            raise ShapeError(
                f"[{where}] expected a known number of channels that {self.groups} groups divide, got "
                f"shape {tuple(input_shape)} in layout {self.data_format}."
            )
        self.kernel = self.add_weight(
            (*self.kernel_size, channels // self.groups, self.filters),
            self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            name="kernel",
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                (self.filters,),
                self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                name="bias",
            )

    def call(self, inputs: Any) -> Any:
        """Outputs for the images."""
        where = f"Conv2D {self.name!r}"
        _, channels = image_sizes(where, inputs.shape, self.data_format)
        wanted = self.kernel.shape[2] * self.groups
        if channels != wanted:
            raise ShapeError(
                f"[{where}] expected images of {wanted} channels, as when it was built, got shape "
                f"{tuple(inputs.shape)} in layout {self.data_format}."
            )
        self.compute_output_shape(inputs.shape)  # refuses images smaller than a window
        layout = op_format(self.data_format)
        outputs = conv2d(
            inputs, self.kernel, self.strides, self.padding.upper(), layout, self.dilation_rate
        )
        if self.bias is not None:
            outputs = bias_add(outputs, self.bias, layout)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs for a shape of images."""
        where = f"Conv2D {self.name!r}"
        sizes, _ = image_sizes(where, input_shape, self.data_format)
        counts = window_counts(
            where, sizes, self.kernel_size, self.strides, self.padding, self.dilation_rate
        )
        return image_shape(input_shape[0], counts, self.filters, self.data_format)
