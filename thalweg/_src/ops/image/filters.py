"""Filters over windows of images: blurring, edges, structural similarity."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.support import FLOAT, needs


def _need_images(where: str, images: Any) -> None:
    needs(where, FLOAT, images)
    if images.ndim != 4:
        raise ShapeError(
            f"[{where}] expected images of shape (batch, height, width, channels), got shape "
            f"{tuple(images.shape)}."
        )


def bell(size: int, sigma: Any, dtype: Any) -> Any:
    """Weights of a Gaussian window, which add up to 1."""
    place = lax.iota(dtype, size) - (size - 1) / 2
    weights = jnp.exp(-0.5 * jnp.square(place / jnp.asarray(sigma, dtype)))
    return weights / jnp.sum(weights, dtype=dtype)


def filtered(x: Any, weights: Any, axis: int) -> Any:
    """Weighted means of all whole windows along one axis."""
    size = weights.shape[0]
    count = x.shape[axis] - size + 1
    parts = (
        lax.slice_in_dim(x, t, t + count, axis=axis) * jnp.asarray(weights[t], x.dtype)
        for t in range(size)
    )
    return sum(parts, start=jnp.zeros((), x.dtype))


def _padded(x: Any, sizes: Any, mode: str) -> Any:
    around = [((k - 1) // 2, k // 2) for k in sizes]
    return jnp.pad(x, ((0, 0), *around, (0, 0)), mode=mode)


@op("gaussian_blur", inputs=("images", "sigma"), matched=())
def gaussian_blur(images: Any, sigma: Any, *, kernel_size: Any) -> Any:
    """Images in which each pixel is a weighted mean of those around it; 0 lies outside.

    Args:
        images: Floating tensor ``(batch, height, width, channels)``.
        sigma: Widths of the weights' bell along width and height, in pixels, ``(2,)``.
        kernel_size: Height and width of the window.

    Returns:
        Tensor like `images`.

    Raises:
        ValueError: Shapes or sizes do not fit.

    Source: `keras.ops.image.gaussian_blur`, where `sigma` comes in this order too.
    """
    _need_images("gaussian_blur", images)
    if sigma.shape != (2,) or len(kernel_size) != 2 or min(kernel_size) < 1:
        raise InvalidArgumentError(
            "[gaussian_blur] expected two positive kernel sizes and two widths, got kernel_size="
            f"{kernel_size!r} and sigma of shape {tuple(sigma.shape)}."
        )
    x = _padded(images.astype(wide(images)), kernel_size, "constant")
    for axis, size in enumerate(kernel_size):
        x = filtered(x, bell(size, sigma[1 - axis], x.dtype), axis + 1)
    return x.astype(images.dtype)


@op("sobel_edges")
def sobel_edges(images: Any) -> Any:
    """Changes of brightness from row to row and from column to column.

    Args:
        images: Floating tensor ``(batch, height, width, channels)``, of 2 pixels or more each way.

    Returns:
        Tensor ``(batch, height, width, channels, 2)``: change downwards, change to the right. The images
        are continued by their mirror image without the edge.

    Raises:
        ShapeError: The rank is not 4 or an image is too small.

    Source: Sobel and Feldman, "A 3x3 isotropic gradient operator for image processing" (1968);
    `tf.image.sobel_edges`.
    """
    _need_images("sobel_edges", images)
    if min(images.shape[1:3]) < 2:
        raise ShapeError(
            f"[sobel_edges] expected images of 2 pixels or more each way, got shape {tuple(images.shape)}."
        )
    x = _padded(images, (3, 3), "reflect")
    smooth, change = np.array([1.0, 2.0, 1.0]), np.array([-1.0, 0.0, 1.0])
    down = filtered(filtered(x, change, 1), smooth, 2)
    right = filtered(filtered(x, smooth, 1), change, 2)
    return jnp.stack([down, right], -1)


@op("ssim")
def ssim(
    image1: Any,
    image2: Any,
    *,
    max_val: float,
    filter_size: int,
    filter_sigma: float,
    k1: float,
    k2: float,
) -> Any:
    """Structural similarity of images: 1 for equal ones.

    Args:
        image1: Floating tensor ``(batch, height, width, channels)``.
        image2: Tensor of the same shape and dtype.
        max_val: Span of the values, such as 255.
        filter_size: Height and width of the window.
        filter_sigma: Width of the bell that weights it, in pixels.
        k1: Keeps the comparison of brightness from dividing by 0.
        k2: Keeps the comparison of contrast from dividing by 0.

    Returns:
        Tensor ``(batch,)``: means over windows and channels.

    Raises:
        ShapeError: Shapes differ, or a window is larger than the images.

    Source: Wang et al., "Image quality assessment: from error visibility to structural similarity" (2004);
    `tf.image.ssim`.
    """
    _need_images("ssim", image1)
    if image1.shape != image2.shape or min(image1.shape[1:3]) < filter_size:
        raise ShapeError(
            f"[ssim] expected images of one shape with at least {filter_size} pixels each way, got shapes "
            f"{tuple(image1.shape)} and {tuple(image2.shape)}; take a smaller filter_size."
        )
    x, y = (i.astype(wide(i)) for i in (image1, image2))
    weights = bell(filter_size, filter_sigma, x.dtype)

    def mean(values: Any) -> Any:
        return filtered(filtered(values, weights, 1), weights, 2)

    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    mean_x, mean_y = mean(x), mean(y)
    product, squares = mean_x * mean_y, mean_x * mean_x + mean_y * mean_y
    brightness = (2 * product + c1) / (squares + c1)
    contrast = (2 * mean(x * y) - 2 * product + c2) / (mean(x * x + y * y) - squares + c2)
    return jnp.mean(brightness * contrast, (1, 2, 3), dtype=x.dtype).astype(image1.dtype)
