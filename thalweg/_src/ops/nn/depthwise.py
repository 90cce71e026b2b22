"""Depthwise and separable convolutions: each channel has filters of its own."""

from __future__ import annotations

from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn import depthwise_kernels as kernels
from thalweg._src.ops.nn.convolution import conv2d
from thalweg._src.ops.nn.windows import Window, channels_last, check_padding, spatial, window
from thalweg._src.ops.support import FLOAT, needs


class _Geometry:
    """Arguments of a depthwise convolution, checked against its shapes."""

    def __init__(
        self,
        x_shape: Any,
        w_shape: Any,
        *,
        strides: Any,
        padding: Any,
        dilations: Any,
        data_format: Any,
        where: str,
    ) -> None:
        if len(x_shape) != 4 or len(w_shape) != 4:
            raise ShapeError(
                f"[{where}] expected an input of rank 4 and filters (height, width, in, multiplier), got "
                f"shapes {tuple(x_shape)} and {tuple(w_shape)}."
            )
        self.last = channels_last(where, data_format, 2)
        channels = x_shape[-1 if self.last else 1]
        if w_shape[2] != channels:
            raise ShapeError(
                f"[{where}] expected filters (height, width, in, multiplier) with in = {channels}, the "
                f"input's channels, got {tuple(w_shape)}; check data_format."
            )
        self.sizes = tuple(x_shape[1:-1] if self.last else x_shape[2:])
        self.window: Window = window(
            w_shape[:2],
            spatial(where, "strides", strides, 2, self.last),
            spatial(where, "dilations", dilations, 2, self.last),
            check_padding(where, padding, 2, self.last),
            self.sizes,
        )

    def enter(self, x: Any) -> Any:
        return x if self.last else jnp.moveaxis(x, 1, -1)

    def leave(self, y: Any) -> Any:
        return y if self.last else jnp.moveaxis(y, -1, 1)


def _body(input: Any, filter: Any, **settings: Any) -> Any:
    needs(settings["where"], FLOAT, input)
    g = _Geometry(input.shape, filter.shape, **settings)
    return g.leave(kernels.forward(g.enter(input), filter, g.window))


def _forward(input: Any, filter: Any, **settings: Any) -> Any:
    return _body(input, filter, **settings), (input, filter)


def _backward(residuals: Any, cotangent: Any, **settings: Any) -> Any:
    x, w = residuals
    g = _Geometry(x.shape, w.shape, **settings)
    seen, back = g.enter(x), g.enter(cotangent)
    dx = kernels.input_gradient(back, w, g.window, g.sizes)
    return g.leave(dx), kernels.kernel_gradient(seen, back, g.window)


@op("depthwise_convolution", inputs=("input", "filter"), gradient=(_forward, _backward))
def _depthwise(
    input: Any,
    filter: Any,
    *,
    strides: Any,
    padding: Any,
    dilations: Any,
    data_format: Any,
    where: str,
) -> Any:
    """Convolution of each channel with filters of its own."""
    return _body(
        input,
        filter,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where=where,
    )


def depthwise_conv2d(
    input: Any,
    filter: Any,
    strides: Any,
    padding: Any,
    data_format: Any = None,
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Convolution of each channel with filters of its own.

    Args:
        input: Floating tensor ``(batch, height, width, in)``.
        filter: Tensor ``(window height, window width, in, multiplier)`` of the same dtype.
        strides: Steps between windows: a list of 4, or an int or 2.
        padding: ``"VALID"``, ``"SAME"`` or a pair for each dimension.
        data_format: ``"NHWC"`` (None) or ``"NCHW"``.
        dilations: Steps between the elements of a window.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, rows, columns, in * multiplier)``; the results of one channel lie together.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> x, w = tf.ones((1, 3, 3, 2)), tf.ones((2, 2, 2, 1))
        >>> tf.nn.depthwise_conv2d(x, w, [1, 1, 1, 1], "VALID").shape
        TensorShape([1, 2, 2, 2])

    Source: `tf.nn.depthwise_conv2d`. Strides and dilations may both be above 1 and then mean the same as
    for `conv2d`; TensorFlow leaves that case undefined.
    """
    return _depthwise(
        input,
        filter,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where="depthwise_conv2d",
        name=name,
    )


def separable_conv2d(
    input: Any,
    depthwise_filter: Any,
    pointwise_filter: Any,
    strides: Any,
    padding: Any,
    data_format: Any = None,
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Depthwise convolution, then a mixture of its channels at each place.

    Args:
        input: Floating tensor ``(batch, height, width, in)``.
        depthwise_filter: Tensor ``(window height, window width, in, multiplier)``.
        pointwise_filter: Tensor ``(1, 1, in * multiplier, out)``.
        strides: Steps between windows: a list of 4, or an int or 2.
        padding: ``"VALID"``, ``"SAME"`` or a pair for each dimension, for the depthwise part.
        data_format: ``"NHWC"`` (None) or ``"NCHW"``.
        dilations: Steps between the elements of a window.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, rows, columns, out)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> x, d, p = tf.ones((1, 3, 3, 2)), tf.ones((2, 2, 2, 1)), tf.ones((1, 1, 2, 5))
        >>> tf.nn.separable_conv2d(x, d, p, [1, 1, 1, 1], "SAME").shape
        TensorShape([1, 3, 3, 5])

    Source: Chollet, "Xception: deep learning with depthwise separable convolutions" (2017);
    `tf.nn.separable_conv2d`.
    """
    shape = getattr(pointwise_filter, "shape", None)
    if shape is not None and (len(shape) != 4 or tuple(shape[:2]) != (1, 1)):
        raise ShapeError(
            "[separable_conv2d] expected a pointwise_filter (1, 1, in * multiplier, out), got shape "
            f"{tuple(shape)}."
        )
    each = _depthwise(
        input,
        depthwise_filter,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where="separable_conv2d",
    )
    return conv2d(each, pointwise_filter, 1, "VALID", data_format=data_format, name=name)


@op("depthwise_conv2d_backprop_input")
def _backprop_input(
    filter: Any,
    out_backprop: Any,
    *,
    sizes: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilations: Any,
) -> Any:
    """Gradient of `depthwise_conv2d` with respect to its input."""
    where = "depthwise_conv2d_backprop_input"
    g = _Geometry(
        sizes,
        filter.shape,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where=where,
    )
    back = g.enter(out_backprop)
    _check_result(where, g, back, filter.shape)
    return g.leave(kernels.input_gradient(back, filter, g.window, g.sizes))


def depthwise_conv2d_backprop_input(
    input_sizes: Any,
    filter: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    data_format: Any = "NHWC",
    dilations: Any = (1, 1, 1, 1),
    name: str | None = None,
) -> Any:
    """Gradient of `depthwise_conv2d` with respect to its input.

    Args:
        input_sizes: Shape of the input, such as ``[batch, height, width, in]``.
        filter: Tensor ``(window height, window width, in, multiplier)``.
        out_backprop: Gradient with respect to the result, ``(batch, rows, columns, in * multiplier)``.
        strides: As given to `depthwise_conv2d`.
        padding: As given to `depthwise_conv2d`.
        data_format: ``"NHWC"`` or ``"NCHW"``.
        dilations: As given to `depthwise_conv2d`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape `input_sizes`.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Source: `tf.nn.depthwise_conv2d_backprop_input`.
    """
    return _backprop_input(
        filter,
        out_backprop,
        sizes=input_sizes,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


@op("depthwise_conv2d_backprop_filter")
def _backprop_filter(
    input: Any,
    out_backprop: Any,
    *,
    sizes: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dilations: Any,
) -> Any:
    """Gradient of `depthwise_conv2d` with respect to its filters."""
    where = "depthwise_conv2d_backprop_filter"
    g = _Geometry(
        input.shape,
        sizes,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where=where,
    )
    back = g.enter(out_backprop)
    _check_result(where, g, back, sizes)
    return kernels.kernel_gradient(g.enter(input), back, g.window)


def depthwise_conv2d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    data_format: Any = "NHWC",
    dilations: Any = (1, 1, 1, 1),
    name: str | None = None,
) -> Any:
    """Gradient of `depthwise_conv2d` with respect to its filters.

    Args:
        input: Tensor ``(batch, height, width, in)``.
        filter_sizes: Shape of the filters, ``[window height, window width, in, multiplier]``.
        out_backprop: Gradient with respect to the result, ``(batch, rows, columns, in * multiplier)``.
        strides: As given to `depthwise_conv2d`.
        padding: As given to `depthwise_conv2d`.
        data_format: ``"NHWC"`` or ``"NCHW"``.
        dilations: As given to `depthwise_conv2d`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape `filter_sizes`.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Source: `tf.nn.depthwise_conv2d_backprop_filter`.
    """
    return _backprop_filter(
        input,
        out_backprop,
        sizes=filter_sizes,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


def _check_result(where: str, geometry: _Geometry, back: Any, w_shape: Any) -> None:
    wanted = (*geometry.window.output_sizes(geometry.sizes), w_shape[2] * w_shape[3])
    if tuple(back.shape[1:]) != wanted:
        raise ShapeError(
            f"[{where}] expected out_backprop of sizes {wanted} (rows, columns, channels), got shape "
            f"{tuple(back.shape)}; it has the shape of the forward result."
        )
