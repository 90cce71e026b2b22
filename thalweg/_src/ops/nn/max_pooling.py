"""Max-pooling: the largest value of each window."""

from __future__ import annotations

from typing import Any, NamedTuple

from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn import pooling_kernels as kernels
from thalweg._src.ops.nn.pooling_geometry import Geometry, StaticShape, input_of_rank
from thalweg._src.ops.support import REAL, needs


def _max_body(input: Any, **settings: Any) -> Any:
    needs(settings["where"], REAL, input)
    g = Geometry(input.shape, **settings)
    return g.leave(kernels.max_pool(g.enter(input), g.window))


def _max_forward(input: Any, **settings: Any) -> Any:
    g = Geometry(input.shape, **settings)
    value, indices = kernels.max_pool_with_residuals(g.enter(input), g.window)
    return g.leave(value), (indices, StaticShape(tuple(input.shape)))


def _max_backward(residuals: Any, cotangent: Any, **settings: Any) -> Any:
    indices, kept = residuals
    g = Geometry(kept.shape, **settings)
    return (g.leave(kernels.max_pool_gradient(g.enter(cotangent), indices, g.window, g.sizes)),)


@op("max_pool", inputs=("input",), gradient=(_max_forward, _max_backward))
def max_pool_op(
    input: Any,
    *,
    ksize: Any,
    strides: Any,
    padding: Any,
    dilations: Any,
    data_format: Any,
    where: str,
) -> Any:
    """Largest value of each window."""
    return _max_body(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        dilations=dilations,
        data_format=data_format,
        where=where,
    )


def max_pool(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: Any = None,
    name: str | None = None,
) -> Any:
    """Largest value of each window, over one to three dimensions.

    Args:
        input: Tensor ``(batch, *sizes, channels)`` of a real dtype.
        ksize: Size of the window: an int, or a list with an entry for each size, or for each dimension.
        strides: Steps between windows, in the same forms.
        padding: ``"VALID"`` for whole windows only; ``"SAME"`` for ``ceil(size / stride)`` windows that may
            hang over the edge; or a pair for each dimension.
        data_format: Such as ``"NHWC"`` or ``"NCHW"``; channels last when None.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, *windows, channels)``. Padding is never the largest value. The gradient goes to
        the first of equal maxima.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.max_pool([[[1.0], [3.0], [2.0]]], 2, 1, "VALID").numpy().ravel().tolist()
        [3.0, 3.0]

    Source: `tf.nn.max_pool`. A window with a NaN gives NaN; TensorFlow on CPU ignores NaN.
    """
    return max_pool_op(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        dilations=None,
        data_format=data_format,
        where="max_pool",
        name=name,
    )


def max_pool1d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: Any = "NWC",
    name: str | None = None,
) -> Any:
    """Largest value of each window of a sequence.

    Args:
        input: Tensor ``(batch, steps, channels)``.
        ksize: Size of the window: an int, or a list of 1 or 3.
        strides: Steps between windows, in the same forms.
        padding: ``"VALID"``, ``"SAME"`` or pairs, as for `max_pool`.
        data_format: ``"NWC"`` or ``"NCW"``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, *windows, channels)``. The gradient goes to the first of equal maxima.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.max_pool1d(tf.ones((1, 4, 2)), 2, 2, "VALID").shape
        TensorShape([1, 2, 2])

    Source: `tf.nn.max_pool1d`. NCW runs on CPU too.
    """
    input_of_rank("max_pool1d", input, 1)
    return max_pool_op(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        dilations=None,
        data_format=data_format,
        where="max_pool1d",
        name=name,
    )


def max_pool2d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: Any = "NHWC",
    name: str | None = None,
) -> Any:
    """Largest value of each window of an image.

    Args:
        input: Tensor ``(batch, height, width, channels)``.
        ksize: Size of the window: an int, or a list of 1, 2 or 4.
        strides: Steps between windows, in the same forms.
        padding: ``"VALID"``, ``"SAME"`` or pairs, as for `max_pool`.
        data_format: ``"NHWC"`` or ``"NCHW"``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, *windows, channels)``. The gradient goes to the first of equal maxima.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.max_pool2d(tf.ones((1, 4, 4, 2)), 2, 2, "VALID").shape
        TensorShape([1, 2, 2, 2])

    Source: `tf.nn.max_pool2d`. NCHW runs on CPU too.
    """
    input_of_rank("max_pool2d", input, 2)
    return max_pool_op(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        dilations=None,
        data_format=data_format,
        where="max_pool2d",
        name=name,
    )


def max_pool3d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: Any = "NDHWC",
    name: str | None = None,
) -> Any:
    """Largest value of each window of a volume.

    Args:
        input: Tensor ``(batch, depth, height, width, channels)``.
        ksize: Size of the window: an int, or a list of 1, 3 or 5.
        strides: Steps between windows, in the same forms.
        padding: ``"VALID"``, ``"SAME"`` or pairs, as for `max_pool`.
        data_format: ``"NDHWC"`` or ``"NCDHW"``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, *windows, channels)``. The gradient goes to the first of equal maxima.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.max_pool3d(tf.ones((1, 4, 4, 4, 2)), 2, 2, "VALID").shape
        TensorShape([1, 2, 2, 2, 2])

    Source: `tf.nn.max_pool3d`. NCDHW runs on CPU too.
    """
    input_of_rank("max_pool3d", input, 3)
    return max_pool_op(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        dilations=None,
        data_format=data_format,
        where="max_pool3d",
        name=name,
    )


class MaxPoolWithArgmax(NamedTuple):
    """Largest values and where they were.

    Attributes:
        output: Largest value of each window, ``(batch, rows, columns, channels)``.
        argmax: Flat position of it in the input, of the same shape.
    """

    output: Any
    argmax: Any


def _argmax_body(
    input: Any,
    *,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: Any,
    dtype: Any,
    include_batch: bool,
) -> Any:
    return _argmax_forward(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dtype=dtype,
        include_batch=include_batch,
    )[0]


def _argmax_forward(input: Any, *, dtype: Any, include_batch: bool, **settings: Any) -> Any:
    needs("max_pool_with_argmax", REAL, input)
    g = Geometry(input.shape, dilations=None, where="max_pool_with_argmax", **settings)
    best, position, index = kernels.argmax_positions(input, g.window)
    position = position.astype(dtype.numpy_dtype)
    if include_batch:
        whole = input.size // max(input.shape[0], 1)
        batch = jnp.arange(input.shape[0], dtype=position.dtype)
        position = position + (batch * whole).reshape(-1, 1, 1, 1)
    return (best, position), (index, StaticShape(tuple(input.shape)))


def _argmax_backward(
    residuals: Any, cotangents: Any, *, dtype: Any, include_batch: bool, **settings: Any
) -> Any:
    index, kept = residuals
    g = Geometry(kept.shape, dilations=None, where="max_pool_with_argmax", **settings)
    return (kernels.spread(cotangents[0], index, g.window, g.sizes),)


_argmax_pool = op(
    "max_pool_with_argmax", gradient=(_argmax_forward, _argmax_backward), result=MaxPoolWithArgmax
)(_argmax_body)


def max_pool_with_argmax(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NHWC",
    output_dtype: Any = dtypes.int64,
    include_batch_in_index: bool = False,
    name: str | None = None,
) -> Any:
    """Largest value of each window, and its position in the input.

    Args:
        input: Tensor ``(batch, height, width, channels)`` of a real dtype.
        ksize: Size of the window: an int, or a list of 1, 2 or 4.
        strides: Steps between windows, in the same forms.
        padding: ``"VALID"`` or ``"SAME"``.
        data_format: ``"NHWC"``.
        output_dtype: int32 or int64, of the positions.
        include_batch_in_index: Count positions through the whole batch instead of through one image.
        name: Name of the node in a model's graph.

    Returns:
        ``(output, argmax)``, both ``(batch, rows, columns, channels)``. A position is ``(row * width +
        column) * channels + channel``, of the first of equal maxima.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> x = tf.reshape([1.0, 4.0, 2.0, 3.0], (1, 2, 2, 1))
        >>> tf.nn.max_pool_with_argmax(x, 2, 2, "VALID").argmax.numpy().item()
        1

    Source: `tf.nn.max_pool_with_argmax`.
    """
    input_of_rank("max_pool_with_argmax", input, 2)
    wanted = dtypes.as_dtype(output_dtype)
    if data_format != "NHWC" or isinstance(padding, (list, tuple)):
        raise InvalidArgumentError(
            "[max_pool_with_argmax] expected data_format 'NHWC' and padding 'SAME' or 'VALID', got "
            f"{data_format!r} and {padding!r}; transpose or pad the input first."
        )
    if wanted not in (dtypes.int32, dtypes.int64):
        raise DTypeError(
            f"[max_pool_with_argmax] expected output_dtype int32 or int64, got {wanted.name}."
        )
    return _argmax_pool(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dtype=wanted,
        include_batch=bool(include_batch_in_index),
        name=name,
    )
