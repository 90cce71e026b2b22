"""Patches of images and volumes."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.ops.geometry import each, op_format, op_padding
from thalweg._src.ops.nn import patches
from thalweg._src.ops.shaping import expand_dims, squeeze


def _extracted(
    where: str,
    x: Any,
    rank: int,
    size: Any,
    strides: Any,
    dilation_rate: Any,
    padding: str,
    data_format: str | None,
) -> Any:
    x = tensor_of(x)
    single = len(x.shape) == rank + 1
    if not single and len(x.shape) != rank + 2:
        raise ShapeError(
            f"[{where}] expected a tensor of rank {rank + 1} or {rank + 2} for patches of {rank} dimensions, "
            f"got shape {tuple(x.shape)}."
        )
    window = each(where, "size", size, rank)
    found = patches.extract_patches(
        expand_dims(x, 0) if single else x,
        size=window,
        strides=window if strides is None else each(where, "strides", strides, rank),
        dilations=each(where, "dilation_rate", dilation_rate, rank),
        padding=op_padding(where, padding),
        data_format=op_format(where, data_format, rank),
        where=where,
    )
    return squeeze(found, 0) if single else found


@operation
def extract_patches(
    images: Any,
    size: Any,
    strides: Any = None,
    dilation_rate: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """The pixels of each window side by side, in the place of the channels.

    Args:
        images: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``, or channels
            first; with three sizes, volumes of one more dimension.
        size: Height and width of a window, one int for both, or three sizes.
        strides: Steps between windows, likewise; the window's sizes when None.
        dilation_rate: Steps between the pixels of a window, likewise.
        padding: ``"valid"`` for whole windows only, ``"same"`` for ``ceil(size / stride)`` windows with
            zeros around.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor ``(batch, rows, columns, window pixels * channels)``; the channels of a pixel lie together.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.image.extract_patches(tf.ones((2, 6, 6, 3)), 3).shape
        TensorShape([2, 2, 2, 27])

    Source: `keras.ops.image.extract_patches`.
    """
    rank = 2 if isinstance(size, int) else len(size)
    if rank not in (2, 3):
        raise InvalidArgumentError(
            f"[extract_patches] expected size as an int, a pair or three ints, got {size!r}."
        )
    return _extracted(
        "extract_patches", images, rank, size, strides, dilation_rate, padding, data_format
    )


@operation
def extract_patches_3d(
    volumes: Any,
    size: Any,
    strides: Any = None,
    dilation_rate: Any = 1,
    padding: str = "valid",
    data_format: str | None = None,
) -> Any:
    """The elements of each window of volumes side by side, in the place of the channels.

    Args:
        volumes: Tensor ``(batch, depth, height, width, channels)`` or without batch, or channels first.
        size: Sizes of a window: an int, or three.
        strides: Steps between windows, likewise; the window's sizes when None.
        dilation_rate: Steps between the elements of a window, likewise.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor ``(batch, planes, rows, columns, window elements * channels)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Source: `keras.ops.image.extract_patches_3d`.
    """
    return _extracted(
        "extract_patches_3d", volumes, 3, size, strides, dilation_rate, padding, data_format
    )
