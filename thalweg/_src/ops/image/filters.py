"""Filters over windows of images: blurring, edges, gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.image.images import need_rank
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.support import FLOAT, REAL, kind_of, needs


def _need_images(where: str, images: Any) -> None:
    needs(where, FLOAT, images)
    need_rank(where, images, 4)


def bell(size: int, sigma: Any, dtype: Any) -> Any:
    """Weights of a Gaussian window, which add up to 1."""
    place = lax.iota(dtype, size) - (size - 1) / 2
    weights = jnp.exp(-0.5 * jnp.square(place / jnp.asarray(sigma, dtype)))
    return weights / jnp.sum(weights, dtype=dtype)


def filtered(x: Any, weights: Any, axis: int) -> Any:
    """Weighted means of all whole windows along one axis."""
    size = weights.shape[0]
    axis %= x.ndim
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
def sobel_edges(image: Any) -> Any:
    """Changes of brightness from row to row and from column to column.

    Args:
        image: Floating tensor ``(batch, height, width, channels)``, of 2 pixels or more each way.

    Returns:
        Tensor ``(batch, height, width, channels, 2)``: change downwards, change to the right. The images
        are continued by their mirror image without the edge.

    Raises:
        ShapeError: The rank is not 4 or an image is too small.

    Source: Sobel and Feldman, "A 3x3 isotropic gradient operator for image processing" (1968);
    `tf.image.sobel_edges`.
    """
    _need_images("sobel_edges", image)
    if min(image.shape[1:3]) < 2:
        raise ShapeError(
            f"[sobel_edges] expected images of 2 pixels or more each way, got shape {tuple(image.shape)}."
        )
    x = _padded(image, (3, 3), "reflect")
    smooth, change = np.array([1.0, 2.0, 1.0]), np.array([-1.0, 0.0, 1.0])
    down = filtered(filtered(x, change, 1), smooth, 2)
    right = filtered(filtered(x, smooth, 1), change, 2)
    return jnp.stack([down, right], -1)


@op("image_gradients")
def image_gradients(image: Any) -> Any:
    """Differences from row to row and from column to column.

    Args:
        image: Real tensor ``(batch, height, width, channels)``.

    Returns:
        Two tensors like `image`: difference to the row below, 0 in the last row; difference to the column
        on the right, 0 in the last column.

    Raises:
        ShapeError: The rank is not 4.

    Example:
        >>> import thalweg as tf
        >>> dy, dx = tf.image.image_gradients([[[[1.0], [2.0]], [[5.0], [9.0]]]])
        >>> dy.numpy().ravel().tolist(), dx.numpy().ravel().tolist()
        ([4.0, 7.0, 0.0, 0.0], [1.0, 0.0, 4.0, 0.0])

    Source: `tf.image.image_gradients`.
    """
    where = "image_gradients"
    needs(where, REAL, image)
    need_rank(where, image, 4)
    around = [((0, 0), (0, 1), (0, 0), (0, 0)), ((0, 0), (0, 0), (0, 1), (0, 0))]
    return tuple(jnp.pad(jnp.diff(image, axis=i + 1), around[i]) for i in range(2))


@op("total_variation", inputs=("images",))
def total_variation(images: Any) -> Any:
    """Sum of the absolute differences of neighbouring pixels, a measure of noise.

    Args:
        images: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)`` of a floating
            or signed integer dtype.

    Returns:
        Tensor ``(batch,)``, or a scalar, of the same dtype.

    Raises:
        ValueError: The rank or dtype does not fit.

    Source: Rudin, Osher and Fatemi, "Nonlinear total variation based noise removal algorithms" (1992);
    `tf.image.total_variation`.
    """
    where = "total_variation"
    needs(where, ("float", "int"), images)
    need_rank(where, images, 3, 4)
    x = images.astype(wide(images)) if kind_of(images) == "float" else images
    sums = (jnp.sum(abs(jnp.diff(x, axis=a)), (-3, -2, -1), dtype=x.dtype) for a in (-3, -2))
    return sum(sums, start=jnp.zeros((), x.dtype)).astype(images.dtype)
