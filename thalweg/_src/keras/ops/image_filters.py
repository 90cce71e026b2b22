"""Filters over windows of images: blurring, edges, structural similarity."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted
from thalweg._src.keras.ops.geometry import each
from thalweg._src.keras.ops.image_layouts import Layout, by_batch, in_floats
from thalweg._src.ops.image import filters
from thalweg._src.ops.image.similarity import ssim_maps
from thalweg._src.ops.reduction import reduce_mean
from thalweg._src.ops.shaping import squeeze


@operation
def gaussian_blur(
    images: Any,
    kernel_size: Any = (3, 3),
    sigma: Any = (1.0, 1.0),
    data_format: str | None = None,
) -> Any:
    """Images in which each pixel is a weighted mean of those around it; 0 lies outside.

    Args:
        images: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``, or channels
            first.
        kernel_size: Height and width of the window.
        sigma: Widths of the weights' bell along width and height (in this order, as in Keras), in pixels;
            they may be computed in the program.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor like `images`; integers are rounded.

    Raises:
        ValueError: Arguments do not fit.

    Source: `keras.ops.image.gaussian_blur`, which mixes up the weights of windows that are not square.
    """
    where = "gaussian_blur"
    size = each(where, "kernel_size", kernel_size, 2)
    (widths,) = promoted(sigma if not isinstance(sigma, (int, float)) else (sigma, sigma), least="float32")
    return by_batch(
        where,
        images,
        data_format,
        lambda x: in_floats(x, lambda f: filters.gaussian_blur(f, widths, kernel_size=size)),
    )


@operation
def sobel_edges(images: Any, data_format: str | None = None) -> Any:
    """Changes of brightness from row to row and from column to column.

    Args:
        images: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``, or channels
            first; integers become floats.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor with one more dimension of size 2: change downwards, change to the right.

    Raises:
        ShapeError: An image has less than 2 pixels one way.

    Source: `keras.ops.image.sobel_edges`; `tf.image.sobel_edges`.
    """
    (images,) = promoted(images, least=float)
    return by_batch("sobel_edges", images, data_format, filters.sobel_edges)


@operation
def ssim(
    image1: Any,
    image2: Any,
    max_val: float = 1.0,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    data_format: str | None = None,
) -> Any:
    """Structural similarity of images: 1 for equal ones.

    Args:
        image1: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``, or channels
            first; integers become floats.
        image2: Tensor of the same shape.
        max_val: Span of the values, such as 255 for bytes.
        filter_size: Height and width of the window.
        filter_sigma: Width of the bell that weights it, in pixels.
        k1: Keeps the comparison of brightness from dividing by 0.
        k2: Keeps the comparison of contrast from dividing by 0.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor ``(batch,)``, or a scalar for images without batch: means over windows and channels.

    Raises:
        ShapeError: Shapes differ, or a window is larger than the images.

    Source: Wang et al. 2004; `keras.ops.image.ssim`.
    """
    one, two = promoted(image1, image2, least=float)
    if len(one.shape) != len(two.shape):
        raise ShapeError(
            f"[ssim] expected images of one shape, got {tuple(one.shape)} and {tuple(two.shape)}."
        )
    layout = Layout("ssim", one, data_format)
    similarity, _ = ssim_maps(
        layout.enter(one),
        layout.enter(two),
        float(max_val),
        filter_size=filter_size,
        filter_sigma=filter_sigma,
        k1=k1,
        k2=k2,
        where="ssim",
    )
    found = reduce_mean(similarity, [1, 2, 3])
    return squeeze(found, 0) if len(one.shape) == 3 else found
