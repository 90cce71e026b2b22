"""Convolutions over one to three dimensions: plain, transposed, depthwise and separable."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted
from thalweg._src.keras.ops.geometry import each, need_windows, op_format, op_padding, spatial_rank
from thalweg._src.ops.nn import convolution, convolution_transpose
from thalweg._src.ops.shaping import reshape


def _need_rank(where: str, what: str, kernel: Any, inputs: Any) -> None:
    if len(kernel.shape) != len(inputs.shape):
        raise ShapeError(
            f"[{where}] expected {what} of rank {len(inputs.shape)} (window, channels, outputs) for "
            f"inputs of shape {tuple(inputs.shape)}, got shape {tuple(kernel.shape)}."
        )


def _convolved(
    where: str,
    inputs: Any,
    kernel: Any,
    strides: Any,
    padding: Any,
    data_format: str | None,
    dilation_rate: Any,
) -> Any:
    rank = spatial_rank(where, inputs)
    _need_rank(where, "a kernel", kernel, inputs)
    layout, pads = op_format(where, data_format, rank), op_padding(where, padding)
    steps = each(where, "strides", strides, rank)
    gaps = each(where, "dilation_rate", dilation_rate, rank)
    need_windows(where, inputs, layout, tuple(kernel.shape)[:rank], steps, gaps, pads)
    return convolution.convolution(inputs, kernel, steps, pads, layout, gaps)


@operation
def conv(
    inputs: Any,
    kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Any:
    """Convolution over one to three dimensions.

    Args:
        inputs: Tensor ``(batch, *sizes, channels)``, or channels second.
        kernel: Tensor ``(*window, channels / groups, outputs)``; fewer channels than those of the inputs
            split them into groups.
        strides: Steps between windows: an int, or one for each dimension.
        padding: ``"valid"`` for whole windows only, ``"same"`` for ``ceil(size / stride)`` windows with
            zeros around.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        dilation_rate: Steps between the elements of a window.

    Returns:
        Tensor ``(batch, *windows, outputs)``.

    Raises:
        ValueError: Shapes or arguments do not fit, or no window fits into the inputs.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.conv(tf.ones((1, 4, 1)), tf.ones((3, 1, 1))).numpy().ravel().tolist()
        [3.0, 3.0]

    Source: `keras.ops.conv`. Strides and dilation may be combined, and all layouts run on CPU.
    """
    inputs, kernel = promoted(inputs, kernel)
    return _convolved("conv", inputs, kernel, strides, padding, data_format, dilation_rate)


def _by_channel(where: str, inputs: Any, kernel: Any, data_format: str | None) -> Any:
    """A depthwise kernel ``(*window, channels, multiplier)`` as that of a grouped convolution."""
    layout = op_format(where, data_format, spatial_rank(where, inputs))
    _need_rank(where, "a kernel", kernel, inputs)
    shape, channels = tuple(kernel.shape), inputs.shape[1 if layout.startswith("NC") else -1]
    if shape[-2] != channels:
        raise ShapeError(
            f"[{where}] expected a kernel (*window, {channels}, multiplier) for inputs of shape "
            f"{tuple(inputs.shape)}, got shape {shape}; check data_format."
        )
    return reshape(kernel, (*shape[:-2], 1, shape[-2] * shape[-1]))


@operation
def depthwise_conv(
    inputs: Any,
    kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Any:
    """Convolution of each channel with kernels of its own.

    Args:
        inputs: Tensor ``(batch, *sizes, channels)``, or channels second.
        kernel: Tensor ``(*window, channels, multiplier)``.
        strides: Steps between windows: an int, or one for each dimension.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        dilation_rate: Steps between the elements of a window.

    Returns:
        Tensor ``(batch, *windows, channels * multiplier)``; the results of a channel lie together.

    Raises:
        ValueError: Shapes or arguments do not fit, or no window fits into the inputs.

    Source: `keras.ops.depthwise_conv`, here over three dimensions too.
    """
    inputs, kernel = promoted(inputs, kernel)
    kernel = _by_channel("depthwise_conv", inputs, kernel, data_format)
    return _convolved(
        "depthwise_conv", inputs, kernel, strides, padding, data_format, dilation_rate
    )


@operation
def separable_conv(
    inputs: Any,
    depthwise_kernel: Any,
    pointwise_kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Any:
    """Depthwise convolution, then a mixture of its channels at each place.

    Args:
        inputs: Tensor ``(batch, *sizes, channels)``, or channels second.
        depthwise_kernel: Tensor ``(*window, channels, multiplier)``.
        pointwise_kernel: Tensor ``(1, ..., channels * multiplier, outputs)``.
        strides: Steps between windows: an int, or one for each dimension.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        dilation_rate: Steps between the elements of a window.

    Returns:
        Tensor ``(batch, *windows, outputs)``.

    Raises:
        ValueError: Shapes or arguments do not fit, or no window fits into the inputs.

    Source: Chollet 2017, "Xception"; `keras.ops.separable_conv`, here over three dimensions too.
    """
    where = "separable_conv"
    inputs, depthwise, pointwise = promoted(inputs, depthwise_kernel, pointwise_kernel)
    depthwise = _by_channel(where, inputs, depthwise, data_format)
    each_ = _convolved(where, inputs, depthwise, strides, padding, data_format, dilation_rate)
    return _convolved(where, each_, pointwise, 1, "valid", data_format, 1)


def _transposed_size(
    size: int, window: int, stride: int, gap: int, padding: str, extra: int | None
) -> int:
    """Size of a transposed convolution's result along one dimension."""
    extent = (window - 1) * gap + 1
    if extra is None:
        return size * stride + (max(extent - stride, 0) if padding == "VALID" else 0)
    around = 0 if padding == "VALID" else 2 * (extent // 2)
    return (size - 1) * stride + extent - around + extra


@operation
def conv_transpose(
    inputs: Any,
    kernel: Any,
    strides: Any = 1,
    padding: str = "valid",
    output_padding: Any = None,
    data_format: str | None = None,
    dilation_rate: Any = 1,
) -> Any:
    """Transposed convolution: each input adds a scaled kernel to the result.

    Args:
        inputs: Tensor ``(batch, *sizes, channels)``, or channels second.
        kernel: Tensor ``(*window, outputs, channels)``.
        strides: Steps between the places at which neighbouring inputs add: an int, or one for each
            dimension.
        padding: ``"valid"`` for results that hold every kernel whole, ``"same"`` for ``size * stride``.
        output_padding: Elements added to one side of the result, fewer than the strides: an int, or one
            for each dimension; None to make the sizes as `padding` says.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        dilation_rate: Steps between the elements of a kernel.

    Returns:
        Tensor ``(batch, *sizes, outputs)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> x, w = tf.ones((1, 2, 1)), tf.ones((2, 1, 1))
        >>> tf.keras.ops.conv_transpose(x, w, strides=2).numpy().ravel().tolist()
        [1.0, 1.0, 1.0, 1.0]

    Source: `keras.ops.conv_transpose`.
    """
    where = "conv_transpose"
    inputs, kernel = promoted(inputs, kernel)
    rank = spatial_rank(where, inputs)
    _need_rank(where, "a kernel", kernel, inputs)
    layout, pads = op_format(where, data_format, rank), op_padding(where, padding)
    steps = each(where, "strides", strides, rank)
    gaps = each(where, "dilation_rate", dilation_rate, rank)
    extra = tuple(output_padding) if isinstance(output_padding, (tuple, list)) else (output_padding,) * rank
    if len(extra) != rank or any(e is not None and not 0 <= e < s for e, s in zip(extra, steps)):
        raise InvalidArgumentError(
            f"[{where}] expected output_padding of 0 or more and below the strides {steps}, got "
            f"{output_padding!r}."
        )
    shape, last = tuple(inputs.shape), not layout.startswith("NC")
    sizes = [
        _transposed_size(n, k, s, g, pads, e)
        for n, k, s, g, e in zip(
            shape[1:-1] if last else shape[2:], tuple(kernel.shape), steps, gaps, extra
        )
    ]
    outputs = int(kernel.shape[-2])
    wanted = (shape[0], *sizes, outputs) if last else (shape[0], outputs, *sizes)
    return convolution_transpose.conv_transpose(inputs, kernel, wanted, steps, pads, layout, gaps)
