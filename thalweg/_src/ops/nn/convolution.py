"""Convolutions in one, two and three dimensions; geometry is checked here, arithmetic is in
``conv_kernels.py``.
"""

from __future__ import annotations

from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn import conv_kernels as kernels
from thalweg._src.ops.nn import depthwise_kernels
from thalweg._src.ops.nn.column_sums import column_sum
from thalweg._src.ops.nn.windows import (
    Window,
    channels_last,
    check_padding,
    spatial,
    window,
)
from thalweg._src.ops.support import REAL, needs


class Geometry:
    """Arguments of a convolution, checked against its arrays.

    Attributes:
        rank: Number of spatial dimensions.
        last: Whether channels are last.
        lead: Batch dimensions of the user's input, in front of the spatial ones.
        window: The window with explicit padding, for the spatial `sizes`.
        groups: Number of groups of channels.
        by_channel: Whether each channel is a group of its own: a depthwise convolution.
    """

    def __init__(
        self,
        x_shape: Any,
        w_shape: Any,
        strides: Any,
        padding: Any,
        dilations: Any,
        data_format: Any,
        where: str,
    ) -> None:
        self.rank = rank = len(w_shape) - 2
        if not 1 <= rank <= 3 or len(x_shape) < rank + 2:
            raise ShapeError(
                f"[{where}] expected an input of rank {max(rank, 1) + 2} or more and filters of rank 3 to 5 "
                f"(window, in, out), got shapes {tuple(x_shape)} and {tuple(w_shape)}."
            )
        self.last = channels_last(where, data_format, rank)
        steps = spatial(where, "strides", strides, rank, self.last)
        gaps = spatial(where, "dilations", dilations, rank, self.last)
        pads = check_padding(where, padding, rank, self.last)
        self.lead = tuple(x_shape[: len(x_shape) - rank - 1])
        inner = tuple(x_shape[len(self.lead) :])
        self.sizes, channels = (inner[:-1], inner[-1]) if self.last else (inner[1:], inner[0])
        self.groups = _groups(where, channels, w_shape)
        self.by_channel = self.groups > 1 and w_shape[-2] == 1
        self.window: Window = window(w_shape[:-2], steps, gaps, pads, self.sizes)

    def enter(self, x: Any) -> Any:
        """The user's array as ``(batch, *sizes, channels)``."""
        x = x if len(self.lead) == 1 else x.reshape(-1, *x.shape[len(self.lead) :])
        return x if self.last else jnp.moveaxis(x, 1, -1)

    def leave(self, y: Any) -> Any:
        """A kernel's array in the user's form."""
        y = y if self.last else jnp.moveaxis(y, -1, 1)
        return y if len(self.lead) == 1 else y.reshape(*self.lead, *y.shape[1:])


def _groups(where: str, channels: int, w_shape: Any) -> int:
    wanted, out = w_shape[-2:]
    if not wanted or channels % wanted or out % max(channels // wanted, 1):
        raise ShapeError(
            f"[{where}] expected filters (window, in, out) whose in divides the input's {channels} "
            f"channels, as often as out can be divided, got filters of shape {tuple(w_shape)}; the "
            "channels of input and filters must agree (check data_format)."
        )
    return channels // wanted


def _convolution_body(
    input: Any,
    filters: Any,
    *,
    strides: Any,
    padding: Any,
    dilations: Any,
    data_format: Any,
    where: str,
) -> Any:
    """Convolution of `input` with `filters`."""
    needs(where, REAL, input)
    geometry = Geometry(input.shape, filters.shape, strides, padding, dilations, data_format, where)
    x = geometry.enter(input)
    if geometry.by_channel:
        return geometry.leave(
            depthwise_kernels.forward(x, _by_channel(filters, geometry), geometry.window)
        )
    return geometry.leave(kernels.forward(x, filters, geometry.window))


def _by_channel(filters: Any, geometry: Geometry) -> Any:
    """Filters ``(*window, 1, out)`` as those of a depthwise convolution."""
    return filters.reshape(*geometry.window.size, geometry.groups, -1)


def _convolution_forward(input: Any, filters: Any, **settings: Any) -> Any:
    return _convolution_body(input, filters, **settings), (input, filters)


def _convolution_backward(residuals: Any, g: Any, **settings: Any) -> Any:
    x, w = residuals
    geometry = Geometry(x.shape, w.shape, **settings)
    seen, cotangent = geometry.enter(x), geometry.enter(g)
    if geometry.by_channel:
        each = _by_channel(w, geometry)
        dx = depthwise_kernels.input_gradient(cotangent, each, geometry.window, geometry.sizes)
        dw = depthwise_kernels.kernel_gradient(seen, cotangent, geometry.window).reshape(w.shape)
    else:
        groups = geometry.groups
        dx = kernels.input_gradient(cotangent, w, geometry.window, geometry.sizes, groups)
        dw = kernels.kernel_gradient(seen, cotangent, geometry.window, groups)
    return geometry.leave(dx), dw


_convolution = op(
    "convolution",
    inputs=("input", "filters"),
    gradient=(_convolution_forward, _convolution_backward),
)(_convolution_body)


def filters_of_rank(where: str, filters: Any, rank: int) -> None:
    """Refuses filters whose rank belongs to another of the functions."""
    shape = getattr(filters, "shape", None)
    if shape is not None and len(shape) != rank + 2:
        raise ShapeError(
            f"[{where}] expected filters of rank {rank + 2} (window, in, out), got shape {tuple(shape)}."
        )


def conv1d(
    input: Any,
    filters: Any,
    stride: Any,
    padding: Any,
    data_format: Any = "NWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Convolution over one dimension, such as time.

    Args:
        input: Tensor ``(batch, steps, in)``, or ``(batch, in, steps)`` for NCW.
        filters: Tensor ``(window, in, out)`` of the same dtype.
        stride: Steps between windows: an int, or a list of 1 or 3.
        padding: ``"VALID"`` for whole windows only; ``"SAME"`` for ``ceil(steps / stride)`` windows,
            zeros around; or pairs ``[[0, 0], [before, after], [0, 0]]``.
        data_format: ``"NWC"`` or ``"NCW"``.
        dilations: Steps between the elements of a window.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, windows, out)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.conv1d([[[1.0], [2.0], [3.0]]], [[[1.0]], [[1.0]]], 1, "VALID").numpy().ravel().tolist()
        [3.0, 5.0]

    Source: `tf.nn.conv1d`. NCW runs on CPU too.
    """
    filters_of_rank("conv1d", filters, 1)
    return _convolution(
        input,
        filters,
        strides=stride,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where="conv1d",
        name=name,
    )


def conv2d(
    input: Any,
    filters: Any,
    strides: Any,
    padding: Any,
    data_format: Any = "NHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Convolution over two dimensions, such as an image.

    Each output is the sum of products of one window of the input with a filter. Filters with
    ``in = channels / groups`` split the channels into groups.

    Args:
        input: Tensor ``(batch, height, width, in)``, or ``(batch, in, height, width)`` for NCHW.
        filters: Tensor ``(window height, window width, in, out)`` of the same dtype.
        strides: Steps between windows: an int, or a list of 1, 2 or 4.
        padding: ``"VALID"`` for whole windows only; ``"SAME"`` for ``ceil(size / stride)`` windows, zeros
            around; or a pair for each dimension of the input.
        data_format: ``"NHWC"`` or ``"NCHW"``.
        dilations: Steps between the elements of a window.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, rows, columns, out)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.conv2d(tf.ones((1, 3, 3, 1)), tf.ones((2, 2, 1, 1)), 1, "VALID").numpy().ravel().tolist()
        [4.0, 4.0, 4.0, 4.0]

    Source: `tf.nn.conv2d`. NCHW, groups and dilated strides run on CPU too, gradients included.
    """
    filters_of_rank("conv2d", filters, 2)
    return _convolution(
        input,
        filters,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where="conv2d",
        name=name,
    )


def conv3d(
    input: Any,
    filters: Any,
    strides: Any,
    padding: Any,
    data_format: Any = "NDHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Convolution over three dimensions, such as a volume or a film.

    Args:
        input: Tensor ``(batch, depth, height, width, in)``, or channels second for NCDHW.
        filters: Tensor ``(window depth, window height, window width, in, out)`` of the same dtype.
        strides: Steps between windows: an int, or a list of 1, 3 or 5.
        padding: ``"VALID"``, ``"SAME"`` or a pair for each dimension, as for `conv2d`.
        data_format: ``"NDHWC"`` or ``"NCDHW"``.
        dilations: Steps between the elements of a window.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, planes, rows, columns, out)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.conv3d(tf.ones((1, 2, 2, 2, 1)), tf.ones((2, 2, 2, 1, 1)), [1] * 5, "VALID").numpy().item()
        8.0

    Source: `tf.nn.conv3d`. NCDHW, dilations and explicit padding run on CPU too.
    """
    filters_of_rank("conv3d", filters, 3)
    return _convolution(
        input,
        filters,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where="conv3d",
        name=name,
    )


def convolution(
    input: Any,
    filters: Any,
    strides: Any = None,
    padding: Any = "VALID",
    data_format: Any = None,
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Convolution over as many dimensions as the filters have, one to three.

    Args:
        input: Tensor ``(batch, *sizes, in)``, or channels second for formats that begin with NC.
        filters: Tensor ``(*window, in, out)`` of the same dtype.
        strides: Steps between windows; 1 when None.
        padding: ``"VALID"``, ``"SAME"`` or a pair for each dimension, as for `conv2d`.
        data_format: Such as ``"NHWC"``; channels last when None.
        dilations: Steps between the elements of a window; 1 when None.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, *windows, out)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.convolution(tf.ones((1, 5, 1)), tf.ones((3, 1, 1)), padding="SAME").numpy().ravel().tolist()
        [2.0, 3.0, 3.0, 3.0, 2.0]

    Source: `tf.nn.convolution`.
    """
    return _convolution(
        input,
        filters,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where="convolution",
        name=name,
    )


def atrous_conv2d(
    value: Any, filters: Any, rate: int, padding: Any, name: str | None = None
) -> Any:
    """`conv2d` with holes: the elements of a window lie `rate` apart.

    Args:
        value: Tensor ``(batch, height, width, in)``.
        filters: Tensor ``(window height, window width, in, out)``.
        rate: Steps between the elements of a window, 1 or more.
        padding: ``"VALID"`` or ``"SAME"``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, rows, columns, out)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.atrous_conv2d(tf.ones((1, 5, 5, 1)), tf.ones((3, 3, 1, 1)), 2, "VALID").shape
        TensorShape([1, 1, 1, 1])

    Source: `tf.nn.atrous_conv2d`; Chen et al., "Semantic image segmentation with deep convolutional nets
    and fully connected CRFs" (2014).
    """
    filters_of_rank("atrous_conv2d", filters, 2)
    return _convolution(
        value,
        filters,
        strides=None,
        padding=padding,
        dilations=rate,
        data_format=None,
        where="atrous_conv2d",
        name=name,
    )


def bias_add(value: Any, bias: Any, data_format: Any = None, name: str | None = None) -> Any:
    """`value` with one number added to each channel.

    Args:
        value: Tensor of rank 2 or more, of a numeric dtype.
        bias: Tensor ``(channels,)`` of the same dtype.
        data_format: Formats that begin with NC, such as ``"NCHW"``, have channels second; others last.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `value`.

    Raises:
        ValueError: `bias` has another length than the channel dimension.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.bias_add([[1.0, 2.0]], [10.0, 20.0]).numpy().tolist()
        [[11.0, 22.0]]

    Source: `tf.nn.bias_add`.
    """
    return _bias_add(value, bias, last=not (data_format or "N..C").startswith("NC"), name=name)


def _bias_forward(value: Any, bias: Any, *, last: bool) -> Any:
    return _bias_add_body(value, bias, last=last), bias


def _bias_backward(bias: Any, g: Any, *, last: bool) -> Any:
    if last:
        return g, column_sum(lambda x: x, [g]).astype(bias.dtype)
    others = tuple(axis for axis in range(g.ndim) if axis != 1)
    return g, jnp.sum(g, others, dtype=g.dtype)


def _bias_add_body(value: Any, bias: Any, *, last: bool) -> Any:
    """`value` plus `bias` along the channels."""
    if value.ndim < 2 or bias.ndim != 1 or value.shape[-1 if last else 1] != bias.shape[0]:
        raise ShapeError(
            f"[bias_add] expected a value of rank 2 or more and one bias for each channel, got shapes "
            f"{tuple(value.shape)} and {tuple(bias.shape)}; check data_format."
        )
    return value + (bias if last else bias.reshape(-1, *(1,) * (value.ndim - 2)))


_bias_add = op("bias_add", gradient=(_bias_forward, _bias_backward))(_bias_add_body)
