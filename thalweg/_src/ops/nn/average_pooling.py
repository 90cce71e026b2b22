"""Average-pooling: the mean of each window."""

from __future__ import annotations

from typing import Any

from thalweg._src.core.opdef import op
from thalweg._src.ops.nn import pooling_kernels as kernels
from thalweg._src.ops.nn.pooling_geometry import Geometry, StaticShape, input_of_rank
from thalweg._src.ops.support import FLOAT, needs


def _average_body(input: Any, **settings: Any) -> Any:
    needs(settings["where"], FLOAT, input)
    g = Geometry(input.shape, **settings)
    return g.leave(kernels.average_pool(g.enter(input), g.window))


def _average_forward(input: Any, **settings: Any) -> Any:
    return _average_body(input, **settings), StaticShape(tuple(input.shape))


def _average_backward(kept: Any, cotangent: Any, **settings: Any) -> Any:
    g = Geometry(kept.shape, **settings)
    return (g.leave(kernels.average_pool_gradient(g.enter(cotangent), g.window, g.sizes)),)


@op("average_pool", inputs=("input",), gradient=(_average_forward, _average_backward))
def average_pool_op(
    input: Any,
    *,
    ksize: Any,
    strides: Any,
    padding: Any,
    dilations: Any,
    data_format: Any,
    where: str,
) -> Any:
    """Mean of each window."""
    return _average_body(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where=where,
    )


def avg_pool(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: Any = None,
    name: str | None = None,
) -> Any:
    """Mean of each window, over one to three dimensions.

    Args:
        input: Floating tensor ``(batch, *sizes, channels)``.
        ksize: Size of the window: an int, or a list with an entry for each size, or for each dimension.
        strides: Steps between windows, in the same forms.
        padding: ``"VALID"`` or ``"SAME"``, as for `max_pool`.
        data_format: Such as ``"NHWC"`` or ``"NCHW"``; channels last when None.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, *windows, channels)``. Padding is not counted: windows at the edge are means of
        fewer values.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.avg_pool([[[1.0], [3.0], [5.0]]], 2, 2, "SAME").numpy().ravel().tolist()
        [2.0, 5.0]

    Source: `tf.nn.avg_pool`. Explicit padding is accepted and not counted either.
    """
    return average_pool_op(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        dilations=None,
        data_format=data_format,
        where="avg_pool",
        name=name,
    )


def avg_pool1d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: Any = "NWC",
    name: str | None = None,
) -> Any:
    """Mean of each window of a sequence.

    Args:
        input: Floating tensor ``(batch, steps, channels)``.
        ksize: Size of the window: an int, or a list of 1 or 3.
        strides: Steps between windows, in the same forms.
        padding: ``"VALID"``, ``"SAME"`` or pairs, as for `avg_pool`.
        data_format: ``"NWC"`` or ``"NCW"``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, *windows, channels)``. Padding is not counted.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.avg_pool1d(tf.ones((1, 4, 2)), 2, 2, "VALID").shape
        TensorShape([1, 2, 2])

    Source: `tf.nn.avg_pool1d`. NCW runs on CPU too.
    """
    input_of_rank("avg_pool1d", input, 1)
    return average_pool_op(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        dilations=None,
        data_format=data_format,
        where="avg_pool1d",
        name=name,
    )


def avg_pool2d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: Any = "NHWC",
    name: str | None = None,
) -> Any:
    """Mean of each window of an image.

    Args:
        input: Floating tensor ``(batch, height, width, channels)``.
        ksize: Size of the window: an int, or a list of 1, 2 or 4.
        strides: Steps between windows, in the same forms.
        padding: ``"VALID"``, ``"SAME"`` or pairs, as for `avg_pool`.
        data_format: ``"NHWC"`` or ``"NCHW"``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, *windows, channels)``. Padding is not counted.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.avg_pool2d(tf.ones((1, 4, 4, 2)), 2, 2, "VALID").shape
        TensorShape([1, 2, 2, 2])

    Source: `tf.nn.avg_pool2d`. NCHW runs on CPU too.
    """
    input_of_rank("avg_pool2d", input, 2)
    return average_pool_op(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        dilations=None,
        data_format=data_format,
        where="avg_pool2d",
        name=name,
    )


def avg_pool3d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: Any = "NDHWC",
    name: str | None = None,
) -> Any:
    """Mean of each window of a volume.

    Args:
        input: Floating tensor ``(batch, depth, height, width, channels)``.
        ksize: Size of the window: an int, or a list of 1, 3 or 5.
        strides: Steps between windows, in the same forms.
        padding: ``"VALID"``, ``"SAME"`` or pairs, as for `avg_pool`.
        data_format: ``"NDHWC"`` or ``"NCDHW"``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, *windows, channels)``. Padding is not counted.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.avg_pool3d(tf.ones((1, 4, 4, 4, 2)), 2, 2, "VALID").shape
        TensorShape([1, 2, 2, 2, 2])

    Source: `tf.nn.avg_pool3d`. NCDHW runs on CPU too.
    """
    input_of_rank("avg_pool3d", input, 3)
    return average_pool_op(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        dilations=None,
        data_format=data_format,
        where="avg_pool3d",
        name=name,
    )
