"""Patches: the elements of sliding windows side by side, and their sum put back."""

from __future__ import annotations

import math
from typing import Any

from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn.conv_kernels import padded
from thalweg._src.ops.nn.windows import Window, channels_last, check_padding, spatial, window


def _spread(x: Any, axis: int, size: int, stride: int, dilation: int, count: int) -> Any:
    """An axis as ``(count, size)``: the windows, and the elements of each."""
    reach = (count - 1) * stride + 1
    parts = [
        lax.slice_in_dim(x, t * dilation, t * dilation + reach, stride, axis) for t in range(size)
    ]
    return jnp.stack(parts, axis + 1)


def _gathered(y: Any, axis: int, stride: int, dilation: int, total: int) -> Any:
    """Transpose of `_spread`: the axes ``(count, size)`` as one of `total`, overlaps added."""
    count, size = y.shape[axis : axis + 2]
    found = None
    for t in range(size):
        part = lax.index_in_dim(y, t, axis + 1, keepdims=False)
        config = [(0, 0, 0)] * part.ndim
        last = t * dilation + (count - 1) * stride + 1
        config[axis] = (t * dilation, total - last, stride - 1)
        part = lax.pad(part, jnp.zeros((), part.dtype), config)
        found = part if found is None else found + part
    return found


def _each(geometry: Window) -> list[tuple[int, int, int]]:
    return list(zip(geometry.size, geometry.strides, geometry.dilations, strict=True))


def _need_windows(where: str, counts: tuple[int, ...], shape: Any) -> None:
    if min(counts) < 1:
        raise ShapeError(
            f"[{where}] expected an input of at least the size of a window, got shape {tuple(shape)}; pad "
            "it, or take smaller windows."
        )


@op("extract_patches")
def extract_patches(
    images: Any,
    *,
    size: Any,
    strides: Any,
    dilations: Any,
    padding: str,
    data_format: Any = None,
    where: str = "extract_patches",
) -> Any:
    """The elements of each window side by side, in the place of the channels.

    Args:
        images: Tensor ``(batch, *sizes, channels)`` with as many spatial dimensions as `size` has.
        size: Sizes of a window.
        strides: Steps between windows.
        dilations: Steps between the elements of a window.
        padding: ``"VALID"`` or ``"SAME"``, which pads with zeros.
        data_format: Such as ``"NHWC"`` (None) or ``"NCHW"``.
        where: Name for messages.

    Returns:
        Tensor ``(batch, *windows, window elements * channels)``; the channels of an element lie together.

    Raises:
        ShapeError: A window is larger than the images.

    Source: `tf.image.extract_patches`.
    """
    rank = len(size)
    if images.ndim != rank + 2:
        raise ShapeError(
            f"[{where}] expected images of rank {rank + 2} (batch, sizes, channels), got shape "
            f"{tuple(images.shape)}."
        )
    last = channels_last(where, data_format, rank)
    x = images if last else jnp.moveaxis(images, 1, -1)
    geometry = window(
        spatial(where, "size", size, rank, last),
        spatial(where, "strides", strides, rank, last),
        spatial(where, "dilations", dilations, rank, last),
        check_padding(where, padding, rank, last),
        x.shape[1:-1],
    )
    counts = geometry.output_sizes(x.shape[1:-1])
    _need_windows(where, counts, images.shape)
    x = padded(x, geometry)
    for i, (size_, stride, dilation) in enumerate(_each(geometry)):
        x = _spread(x, 1 + 2 * i, size_, stride, dilation, counts[i])
    order = (0, *range(1, 2 * rank + 1, 2), *range(2, 2 * rank + 2, 2), 2 * rank + 1)
    y = x.transpose(order).reshape(x.shape[0], *counts, geometry.taps * x.shape[-1])
    return y if last else jnp.moveaxis(y, -1, 1)


def _square(where: str, x_sizes: Any, size: Any, dilation: Any, padding: Any, stride: Any) -> Window:
    """Window over images, with the same padding on both sides."""
    around = padding if isinstance(padding, (tuple, list)) else (padding,) * 2
    return window(
        spatial(where, "kernel_size", size, 2, True),
        spatial(where, "stride", stride, 2, True),
        spatial(where, "dilation", dilation, 2, True),
        tuple((int(p), int(p)) for p in around),
        x_sizes,
    )


@op("unfold")
def unfold(x: Any, *, size: Any, dilation: Any, padding: Any, stride: Any) -> Any:
    """The elements of each window of an image as a column.

    Args:
        x: Tensor ``(batch, channels, height, width)``.
        size: Height and width of a window.
        dilation: Steps between the elements of a window.
        padding: Zeros around the image.
        stride: Steps between windows.

    Returns:
        Tensor ``(batch, channels * window elements, windows)``.

    Raises:
        ShapeError: The rank is not 4, or a window is larger than the image.

    Source: `torch.nn.Unfold`.
    """
    if x.ndim != 4:
        raise ShapeError(
            "[unfold] expected images of shape (batch, channels, height, width), got shape "
            f"{tuple(x.shape)}."
        )
    geometry = _square("unfold", x.shape[2:], size, dilation, padding, stride)
    counts = geometry.output_sizes(x.shape[2:])
    _need_windows("unfold", counts, x.shape)
    y = jnp.pad(x, ((0, 0), (0, 0), *geometry.pads))
    for i, (size_, step, gap) in enumerate(_each(geometry)):
        y = _spread(y, 2 + 2 * i, size_, step, gap, counts[i])
    y = y.transpose(0, 1, 3, 5, 2, 4)
    return y.reshape(x.shape[0], x.shape[1] * geometry.taps, math.prod(counts))


@op("fold")
def fold(x: Any, *, output_size: Any, size: Any, dilation: Any, padding: Any, stride: Any) -> Any:
    """Image of which the columns are the windows; elements of several windows are added.

    Args:
        x: Tensor ``(batch, channels * window elements, windows)``.
        output_size: Height and width of the image.
        size: Height and width of a window.
        dilation: Steps between the elements of a window.
        padding: Zeros that were around the image.
        stride: Steps between windows.

    Returns:
        Tensor ``(batch, channels, height, width)``.

    Raises:
        ShapeError: The columns are not the windows of such an image.

    Source: `torch.nn.Fold`.
    """
    sizes = spatial("fold", "output_size", output_size, 2, True)
    geometry = _square("fold", sizes, size, dilation, padding, stride)
    counts = geometry.output_sizes(sizes)
    if x.ndim != 3 or x.shape[1] % geometry.taps or x.shape[2] != math.prod(counts):
        raise ShapeError(
            f"[fold] expected x of shape (batch, channels * {geometry.taps}, {math.prod(counts)}) for "
            f"images of {sizes}, got {tuple(x.shape)}; these are the windows that fit."
        )
    channels = x.shape[1] // geometry.taps
    y = x.reshape(x.shape[0], channels, *geometry.size, *counts).transpose(0, 1, 4, 2, 5, 3)
    whole = [n + lo + hi for n, (lo, hi) in zip(sizes, geometry.pads, strict=True)]
    (_, step, gap), (_, step2, gap2) = _each(geometry)
    y = _gathered(y, 4, step2, gap2, whole[1])
    y = _gathered(y, 2, step, gap, whole[0])
    (top, _), (left, _) = geometry.pads
    return y[:, :, top : top + sizes[0], left : left + sizes[1]]
