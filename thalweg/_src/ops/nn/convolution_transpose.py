"""Transposed convolutions: from what a convolution gives back to the sizes that it took."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn import conv_kernels as kernels
from thalweg._src.ops.nn.convolution import Geometry, filters_of_rank
from thalweg._src.ops.nn.windows import channels_last
from thalweg._src.ops.support import REAL, needs


def _geometry(
    x_shape: Any, w_shape: Any, *, output_shape: Any, where: str, **settings: Any
) -> Geometry:
    """Geometry of the convolution that leads from `output_shape` to the input's shape."""
    rank = len(w_shape) - 2
    if not 1 <= rank <= 3 or len(x_shape) != rank + 2:
        raise ShapeError(
            f"[{where}] expected an input of rank {max(rank, 1) + 2} and filters (window, out, in) of the "
            f"same rank, got shapes {tuple(x_shape)} and {tuple(w_shape)}."
        )
    last = channels_last(where, settings["data_format"], rank)
    out, wanted = w_shape[-2:]
    channels = x_shape[-1 if last else 1]
    if channels != wanted:
        raise ShapeError(
            f"[{where}] expected filters (window, out, in) with in = {channels}, the input's channels, got "
            f"filters of shape {tuple(w_shape)}; transposed filters have their channels exchanged."
        )
    target = _target(where, output_shape, x_shape[0], out, rank, last)
    geometry = Geometry(target, w_shape, where=where, **settings)
    reached = geometry.window.output_sizes(geometry.sizes)
    sizes = tuple(x_shape[1:-1] if last else x_shape[2:])
    if reached != sizes:
        raise InvalidArgumentError(
            f"[{where}] expected an output_shape that the convolution would turn into sizes {sizes}, got "
            f"{output_shape!r}, which it turns into {reached}; with SAME padding give size * stride."
        )
    return geometry


def _target(
    where: str, output_shape: Any, batch: int, out: int, rank: int, last: bool
) -> tuple[int, ...]:
    """Shape of the result, complete; `output_shape` may name the spatial sizes only."""
    given = tuple(output_shape) if isinstance(output_shape, (tuple, list)) else (output_shape,)
    if len(given) == rank + 2:
        named = (given[0], given[-1 if last else 1])
        if named[0] not in (None, -1, batch) or named[1] not in (None, -1, out):
            raise InvalidArgumentError(
                f"[{where}] expected an output_shape of batch {batch} and {out} channels, got "
                f"{output_shape!r}; the batch is the input's, the channels are those of the filters."
            )
        given = given[1:-1] if last else given[2:]
    if len(given) != rank or not all(isinstance(n, int) and n >= 0 for n in given):
        raise InvalidArgumentError(
            f"[{where}] expected output_shape as {rank} or {rank + 2} sizes, got {output_shape!r}."
        )
    return (batch, *given, out) if last else (batch, out, *given)


def _transposed_body(input: Any, filters: Any, **settings: Any) -> Any:
    where = settings["where"]
    needs(where, REAL, input)
    g = _geometry(input.shape, filters.shape, **settings)
    return g.leave(kernels.input_gradient(g.enter(input), filters, g.window, g.sizes))


def _transposed_forward(input: Any, filters: Any, **settings: Any) -> Any:
    return _transposed_body(input, filters, **settings), (input, filters)


def _transposed_backward(residuals: Any, cotangent: Any, **settings: Any) -> Any:
    x, w = residuals
    g = _geometry(x.shape, w.shape, **settings)
    seen = g.enter(cotangent)
    dx = kernels.forward(seen, w, g.window)
    return g.leave(dx), kernels.kernel_gradient(seen, g.enter(x), g.window)


@op(
    "convolution_transpose",
    inputs=("input", "filters"),
    gradient=(_transposed_forward, _transposed_backward),
)
def _convolution_transpose(
    input: Any,
    filters: Any,
    *,
    output_shape: Any,
    strides: Any,
    padding: Any,
    dilations: Any,
    data_format: Any,
    where: str,
) -> Any:
    """Transpose of the convolution with `filters`."""
    return _transposed_body(
        input,
        filters,
        output_shape=output_shape,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where=where,
    )


def conv1d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: Any = "NWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Transposed convolution over one dimension: each input adds a scaled filter to the output.

    Args:
        input: Tensor ``(batch, windows, in)``.
        filters: Tensor ``(window, out, in)``: output channels before input channels.
        output_shape: Shape of the result, ``(batch, steps, out)``, or only ``(steps,)``. `conv1d` must
            turn it into the input's; with stride s and SAME these are s sizes, so it must be told.
        strides: Steps between the places where neighbouring inputs add their filter.
        padding: ``"SAME"``, ``"VALID"`` or pairs, as for `conv1d`.
        data_format: ``"NWC"`` or ``"NCW"``.
        dilations: Steps between the elements of a filter.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape `output_shape`.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> y = tf.nn.conv1d_transpose(tf.ones((1, 2, 1)), tf.ones((2, 1, 1)), [1, 4, 1], 2)
        >>> y.numpy().ravel().tolist()
        [1.0, 1.0, 1.0, 1.0]

    Source: `tf.nn.conv1d_transpose`.
    """
    filters_of_rank("conv1d_transpose", filters, 1)
    return _convolution_transpose(
        input,
        filters,
        output_shape=output_shape,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where="conv1d_transpose",
        name=name,
    )


def conv2d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: Any = "NHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Transposed convolution over two dimensions: each input adds a scaled filter to the output.

    Args:
        input: Tensor ``(batch, rows, columns, in)``.
        filters: Tensor ``(window height, window width, out, in)``: output channels before input channels.
        output_shape: Shape of the result, ``(batch, height, width, out)``, or only the two sizes.
            `conv2d` must turn it into the input's.
        strides: Steps between the places where neighbouring inputs add their filter.
        padding: ``"SAME"``, ``"VALID"`` or pairs, as for `conv2d`.
        data_format: ``"NHWC"`` or ``"NCHW"``.
        dilations: Steps between the elements of a filter.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape `output_shape`.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.conv2d_transpose(tf.ones((1, 2, 2, 3)), tf.ones((3, 3, 1, 3)), [1, 4, 4, 1], 2).shape
        TensorShape([1, 4, 4, 1])

    Source: Zeiler et al., "Deconvolutional networks" (2010); `tf.nn.conv2d_transpose`.
    """
    filters_of_rank("conv2d_transpose", filters, 2)
    return _convolution_transpose(
        input,
        filters,
        output_shape=output_shape,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where="conv2d_transpose",
        name=name,
    )


def conv3d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: Any = "NDHWC",
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Transposed convolution over three dimensions: each input adds a scaled filter to the output.

    Args:
        input: Tensor ``(batch, planes, rows, columns, in)``.
        filters: Tensor ``(*window, out, in)``: output channels before input channels.
        output_shape: Shape of the result, or only its three spatial sizes. `conv3d` must turn it into
            the input's.
        strides: Steps between the places where neighbouring inputs add their filter.
        padding: ``"SAME"``, ``"VALID"`` or pairs, as for `conv3d`.
        data_format: ``"NDHWC"`` or ``"NCDHW"``.
        dilations: Steps between the elements of a filter.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape `output_shape`.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.conv3d_transpose(tf.ones((1, 1, 1, 1, 2)), tf.ones((2, 2, 2, 1, 2)), [2, 2, 2], 2).shape
        TensorShape([1, 2, 2, 2, 1])

    Source: `tf.nn.conv3d_transpose`.
    """
    filters_of_rank("conv3d_transpose", filters, 3)
    return _convolution_transpose(
        input,
        filters,
        output_shape=output_shape,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where="conv3d_transpose",
        name=name,
    )


def conv_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: Any = "SAME",
    data_format: Any = None,
    dilations: Any = None,
    name: str | None = None,
) -> Any:
    """Transposed convolution over as many dimensions as the filters have, one to three.

    Args:
        input: Tensor ``(batch, *windows, in)``, or channels second for formats that begin with NC.
        filters: Tensor ``(*window, out, in)``.
        output_shape: Shape of the result, or only its spatial sizes.
        strides: Steps between the places where neighbouring inputs add their filter.
        padding: ``"SAME"``, ``"VALID"`` or pairs.
        data_format: Such as ``"NHWC"``; channels last when None.
        dilations: Steps between the elements of a filter.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape `output_shape`.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.conv_transpose(tf.ones((1, 2, 3)), tf.ones((2, 1, 3)), [1, 4, 1], 2).shape
        TensorShape([1, 4, 1])

    Source: `tf.nn.conv_transpose`.
    """
    return _convolution_transpose(
        input,
        filters,
        output_shape=output_shape,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where="conv_transpose",
        name=name,
    )


def atrous_conv2d_transpose(
    value: Any, filters: Any, output_shape: Any, rate: int, padding: Any, name: str | None = None
) -> Any:
    """Transpose of `atrous_conv2d`: filters whose elements lie `rate` apart, added at every place.

    Args:
        value: Tensor ``(batch, rows, columns, in)``.
        filters: Tensor ``(window height, window width, out, in)``.
        output_shape: Shape of the result, ``(batch, height, width, out)``.
        rate: Steps between the elements of a filter, 1 or more.
        padding: ``"SAME"`` or ``"VALID"``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape `output_shape`.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> x, w = tf.ones((1, 2, 2, 1)), tf.ones((2, 2, 1, 1))
        >>> tf.nn.atrous_conv2d_transpose(x, w, [1, 4, 4, 1], 2, "VALID").shape
        TensorShape([1, 4, 4, 1])

    Source: `tf.nn.atrous_conv2d_transpose`.
    """
    filters_of_rank("atrous_conv2d_transpose", filters, 2)
    return _convolution_transpose(
        value,
        filters,
        output_shape=output_shape,
        strides=1,
        padding=padding,
        dilations=rate,
        data_format=None,
        where="atrous_conv2d_transpose",
        name=name,
    )
