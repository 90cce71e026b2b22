"""Pools over one to three dimensions: sliding windows, and a given number of windows."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.keras.ops.geometry import each, need_windows, op_format, op_padding, spatial_rank
from thalweg._src.ops.nn import average_pooling, max_pooling
from thalweg._src.ops.nn.adaptive_pooling import adaptive_pool


def _arguments(
    where: str, inputs: Any, pool_size: Any, strides: Any, padding: str, data_format: str | None
) -> tuple[Any, ...]:
    rank = spatial_rank(where, inputs)
    layout, pads = op_format(where, data_format, rank), op_padding(where, padding)
    size = each(where, "pool_size", pool_size, rank)
    steps = size if strides is None else each(where, "strides", strides, rank)
    need_windows(where, inputs, layout, size, steps, (1,) * rank, pads)
    return inputs, size, steps, pads, layout


@operation
def max_pool(
    inputs: Any,
    pool_size: Any,
    strides: Any = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """Largest value of each window.

    Args:
        inputs: Tensor ``(batch, *sizes, channels)`` with one to three sizes, or channels second.
        pool_size: Sizes of a window: an int, or one for each dimension.
        strides: Steps between windows, likewise; the window's sizes when None.
        padding: ``"valid"`` for whole windows only, ``"same"`` for ``ceil(size / stride)`` windows.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor ``(batch, *windows, channels)``.

    Raises:
        ValueError: Shapes or arguments do not fit, or no window fits into the inputs.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.max_pool([[[1.0], [3.0], [2.0]]], 2, strides=1).numpy().ravel().tolist()
        [3.0, 3.0]

    Source: `keras.ops.max_pool`.
    """
    arguments = _arguments("max_pool", tensor_of(inputs), pool_size, strides, padding, data_format)
    return max_pooling.max_pool(*arguments)


@operation
def average_pool(
    inputs: Any,
    pool_size: Any,
    strides: Any = None,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """Mean of each window; padding is not counted.

    Args:
        inputs: Tensor ``(batch, *sizes, channels)`` with one to three sizes, or channels second. Integers
            become floats.
        pool_size: Sizes of a window: an int, or one for each dimension.
        strides: Steps between windows, likewise; the window's sizes when None.
        padding: ``"valid"`` for whole windows only, ``"same"`` for ``ceil(size / stride)`` windows.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor ``(batch, *windows, channels)``.

    Raises:
        ValueError: Shapes or arguments do not fit, or no window fits into the inputs.

    Source: `keras.ops.average_pool`.
    """
    (x,) = promoted(inputs, least=float)
    arguments = _arguments("average_pool", x, pool_size, strides, padding, data_format)
    return average_pooling.avg_pool(*arguments)


def _adaptive(where: str, x: Any, output_size: Any, data_format: str | None, kind: str) -> Any:
    rank = spatial_rank(where, x)
    return adaptive_pool(
        x,
        output_size=each(where, "output_size", output_size, rank),
        data_format=op_format(where, data_format, rank),
        kind=kind,
        where=where,
    )


@operation
def adaptive_max_pool(inputs: Any, output_size: Any, data_format: str | None = None) -> Any:
    """Largest value of each of a given number of nearly equal windows.

    Args:
        inputs: Tensor ``(batch, *sizes, channels)`` with one to three sizes, or channels second.
        output_size: Number of windows: an int, or one for each dimension.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor ``(batch, *output_size, channels)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Source: `keras.ops.adaptive_max_pool`.
    """
    return _adaptive("adaptive_max_pool", tensor_of(inputs), output_size, data_format, "max")


@operation
def adaptive_average_pool(inputs: Any, output_size: Any, data_format: str | None = None) -> Any:
    """Mean of each of a given number of nearly equal windows.

    Args:
        inputs: Tensor ``(batch, *sizes, channels)`` with one to three sizes, or channels second. Integers
            become floats.
        output_size: Number of windows: an int, or one for each dimension.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor ``(batch, *output_size, channels)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> x = tf.reshape(tf.range(5.0), (1, 5, 1))
        >>> tf.keras.ops.adaptive_average_pool(x, 3).numpy().ravel().tolist()
        [0.5, 2.0, 3.5]

    Source: `keras.ops.adaptive_average_pool`.
    """
    (x,) = promoted(inputs, least=float)
    return _adaptive("adaptive_average_pool", x, output_size, data_format, "mean")
