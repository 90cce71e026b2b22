"""How alike images are: structural similarity, on one scale and on many, and signal-to-noise ratio."""

from __future__ import annotations

import math
from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.casting import cast
from thalweg._src.ops.elementwise import multiply, pow, square, subtract
from thalweg._src.ops.exponential import log
from thalweg._src.ops.image.conversion import convert_image_dtype
from thalweg._src.ops.image.filters import bell, filtered
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.joining import stack
from thalweg._src.ops.nn.activations import relu
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.reduction import reduce_mean, reduce_prod
from thalweg._src.ops.support import FLOAT, needs

_PLACES = (-3, -2)
_IMAGE = (-3, -2, -1)


@op("ssim_maps", inputs=("image1", "image2", "max_val"))
def ssim_maps(
    image1: Any,
    image2: Any,
    max_val: Any,
    *,
    filter_size: int,
    filter_sigma: float,
    k1: float,
    k2: float,
    where: str,
) -> Any:
    """Structural similarity of images window by window.

    Args:
        image1: Floating tensor ``(..., height, width, channels)``.
        image2: Tensor of the same dtype and sizes; dimensions before the height broadcast.
        max_val: Span of the values, a scalar.
        filter_size: Height and width of the window.
        filter_sigma: Width of the bell that weights it, in pixels.
        k1: Keeps the comparison of brightness from dividing by 0.
        k2: Keeps the comparison of contrast from dividing by 0.
        where: Name for messages.

    Returns:
        Two tensors ``(..., windows down, windows across, channels)``: similarity, and its part that
        compares contrast and structure.

    Raises:
        ShapeError: Sizes differ, or a window is larger than the images.

    Source: Wang et al., "Image quality assessment: from error visibility to structural similarity" (2004).
    """
    needs(where, FLOAT, image1)
    fits = min(image1.ndim, image2.ndim) >= 3 and image1.shape[-3:] == image2.shape[-3:]
    if not fits or min(image1.shape[-3:-1]) < filter_size:
        raise ShapeError(
            f"[{where}] expected images (..., height, width, channels) of one size with at least "
            f"{filter_size} pixels each way, got shapes {tuple(image1.shape)} and {tuple(image2.shape)}; "
            "take a smaller filter_size."
        )
    x, y, span = (i.astype(wide(i)) for i in (image1, image2, max_val))
    weights = bell(filter_size, filter_sigma, x.dtype)

    def mean(values: Any) -> Any:
        return filtered(filtered(values, weights, -3), weights, -2)

    c1, c2 = jnp.square(k1 * span), jnp.square(k2 * span)
    mean_x, mean_y = mean(x), mean(y)
    product, squares = mean_x * mean_y, mean_x * mean_x + mean_y * mean_y
    brightness = (2 * product + c1) / (squares + c1)
    contrast = (2 * mean(x * y) - 2 * product + c2) / (mean(x * x + y * y) - squares + c2)
    return tuple(m.astype(image1.dtype) for m in (brightness * contrast, contrast))


def _in_float32(one: Any, two: Any, max_val: Any) -> tuple[Any, Any, Any]:
    """Two images and the span of their values as float32."""
    x, y = tensor_of(one), tensor_of(two)
    span = convert_image_dtype(cast(max_val, x.dtype), dtypes.float32)
    return *(convert_image_dtype(i, dtypes.float32) for i in (x, y)), span


def ssim(
    img1: Any,
    img2: Any,
    max_val: Any,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
    return_index_map: bool = False,
) -> Any:
    """Structural similarity of images: 1 for equal ones.

    Args:
        img1: Real tensor ``(..., height, width, channels)``.
        img2: Tensor of the same sizes; dimensions before the height broadcast.
        max_val: Span of the values, such as 255 for bytes and 1 for floats from 0 to 1.
        filter_size: Height and width of the window, at most those of the images.
        filter_sigma: Width of the bell that weights it, in pixels.
        k1: Keeps the comparison of brightness from dividing by 0.
        k2: Keeps the comparison of contrast from dividing by 0.
        return_index_map: Give the similarity of each window instead of the mean.

    Returns:
        float32 tensor ``(...)``: means over windows and channels; or ``(..., windows down, windows
        across)``: means over channels.

    Raises:
        ShapeError: Sizes differ, or a window is larger than the images.

    Example:
        >>> import thalweg as tf
        >>> tf.image.ssim(tf.ones((12, 12, 1)), tf.ones((12, 12, 1)), max_val=1.0).numpy().item()
        1.0

    Source: Wang et al., "Image quality assessment: from error visibility to structural similarity" (2004);
    `tf.image.ssim`.
    """
    x, y, span = _in_float32(img1, img2, max_val)
    similarity, _ = ssim_maps(
        x,
        y,
        span,
        filter_size=filter_size,
        filter_sigma=filter_sigma,
        k1=k1,
        k2=k2,
        where="ssim",
    )
    return reduce_mean(similarity, [-1] if return_index_map else list(_IMAGE))


@op("halve_images", inputs=("images",))
def _halved(images: Any) -> Any:
    """Means of blocks of 2 x 2 pixels; odd edges are repeated."""
    odd = [n % 2 for n in images.shape[-3:-1]]
    around = [(0, 0)] * (images.ndim - 3) + [(0, n) for n in odd] + [(0, 0)]
    x = jnp.pad(images, around, "edge")
    rows = x[..., 0::2, :, :] + x[..., 1::2, :, :]
    return (rows[..., 0::2, :] + rows[..., 1::2, :]) / 4


# Weights of five scales that experiments with viewers gave.
_SCALES = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def ssim_multiscale(
    img1: Any,
    img2: Any,
    max_val: Any,
    power_factors: Any = _SCALES,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Any:
    """Structural similarity of images on several scales: 1 for equal ones.

    Args:
        img1: Real tensor ``(..., height, width, channels)``.
        img2: Tensor of the same sizes; dimensions before the height broadcast.
        max_val: Span of the values, such as 255 for bytes and 1 for floats from 0 to 1.
        power_factors: Weight of each scale; each has half the size of the one before it.
        filter_size: Height and width of the window, at most those of the smallest scale.
        filter_sigma: Width of the bell that weights it, in pixels.
        k1: Keeps the comparison of brightness from dividing by 0.
        k2: Keeps the comparison of contrast from dividing by 0.

    Returns:
        float32 tensor ``(...)``: means over channels; negative similarities count as 0.

    Raises:
        ShapeError: Sizes differ, or a window is larger than the images on the smallest scale.

    Source: Wang, Simoncelli and Bovik, "Multi-scale structural similarity for image quality assessment"
    (2003); `tf.image.ssim_multiscale`.
    """
    x, y, span = _in_float32(img1, img2, max_val)
    factors = [float(f) for f in power_factors]
    parts = []
    for scale in range(len(factors)):
        if scale:
            x, y = _halved(x), _halved(y)
        similarity, contrast = ssim_maps(
            x,
            y,
            span,
            filter_size=filter_size,
            filter_sigma=filter_sigma,
            k1=k1,
            k2=k2,
            where="ssim_multiscale",
        )
        last = scale == len(factors) - 1
        parts.append(relu(reduce_mean(similarity if last else contrast, list(_PLACES))))
    by_channel = reduce_prod(pow(stack(parts, -1), factors), -1)
    return reduce_mean(by_channel, -1)


def psnr(a: Any, b: Any, max_val: Any, name: str | None = None) -> Any:
    """Peak signal-to-noise ratio of images, in decibels; infinite for equal ones.

    Args:
        a: Real tensor ``(..., height, width, channels)``.
        b: Tensor that broadcasts with it.
        max_val: Span of the values, such as 255 for bytes and 1 for floats from 0 to 1.
        name: Name of the node in a model's graph.

    Returns:
        float32 tensor ``(...)``.

    Example:
        >>> import thalweg as tf
        >>> tf.image.psnr(tf.zeros((2, 2, 1)), tf.ones((2, 2, 1)), max_val=10.0).numpy().round(3).item()
        20.0

    Source: `tf.image.psnr`.
    """
    x, y, span = _in_float32(a, b, max_val)
    if min(len(x.shape), len(y.shape)) < 3:
        raise ShapeError(
            "[psnr] expected images of shape (..., height, width, channels), got shapes "
            f"{tuple(x.shape)} and {tuple(y.shape)}."
        )
    error = reduce_mean(square(subtract(x, y)), list(_IMAGE))
    decibels = 10 / math.log(10)
    return subtract(multiply(log(span), 2 * decibels), multiply(log(error), decibels), name=name)
