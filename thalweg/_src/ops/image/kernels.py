"""Interpolation along one axis as a matrix of weights, for every method of resizing.

The centre of pixel i lies at ``i + 0.5``. A result pixel is the mean of the source pixels around the place
it comes from, weighted by a kernel; pixels outside of the image have no weight.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

Kernel = Callable[[Any], Any]


def _triangle(x: Any) -> Any:
    return jnp.maximum(0, 1 - x)


def _cubic(b: float, c: float) -> Kernel:
    """Piecewise cubic of Mitchell and Netravali with the parameters B and C, for distances from 0."""

    def weight(x: Any) -> Any:
        near = ((12 - 9 * b - 6 * c) * x + (-18 + 12 * b + 6 * c)) * x * x + (6 - 2 * b)
        far = (((-b - 6 * c) * x + (6 * b + 30 * c)) * x + (-12 * b - 48 * c)) * x + (8 * b + 24 * c)
        return jnp.where(x < 1, near, jnp.where(x < 2, far, 0)) / 6

    return weight


def _lanczos(radius: int) -> Kernel:
    def weight(x: Any) -> Any:
        inside = jnp.where(x < radius, jnp.sinc(x) * jnp.sinc(x / radius), 0)
        return jnp.where(x <= 1e-3, 1.0, inside)

    return weight


def _gaussian(x: Any) -> Any:
    return jnp.where(x < 1.5, jnp.exp(-2 * x * x), 0)


KERNELS: dict[str, Kernel] = {
    "bilinear": _triangle,
    "bicubic": _cubic(0.0, 0.5),
    "mitchellcubic": _cubic(1 / 3, 1 / 3),
    "lanczos3": _lanczos(3),
    "lanczos5": _lanczos(5),
    "gaussian": _gaussian,
}


def weights(
    size: int, count: int, kernel: Kernel, scale: Any, translation: Any, antialias: bool, dtype: Any
) -> Any:
    """Weight of each source pixel in each result pixel: an array ``(size, count)``.

    Args:
        size: Number of source pixels.
        count: Number of result pixels.
        kernel: Weight by distance.
        scale: Result pixels for each source pixel, a number or a scalar array.
        translation: Place of the source's left edge in the result, likewise.
        antialias: Widen the kernel where the image becomes smaller.
        dtype: Dtype of the weights.

    Returns:
        Array whose columns add up to 1, or are 0 where a result pixel lies outside of the source.

    Source: `jax.image.scale_and_translate`; TensorFlow's ScaleAndTranslate.
    """
    inverse = 1 / jnp.asarray(scale, dtype)
    width = jnp.maximum(inverse, 1) if antialias else jnp.ones((), dtype)
    place = (lax.iota(dtype, count) + 0.5) * inverse - jnp.asarray(translation, dtype) * inverse - 0.5
    distance = jnp.abs(place - lax.iota(dtype, size)[:, None]) / width
    found = kernel(distance).astype(dtype)
    total = jnp.sum(found, 0, dtype=dtype)
    # Where no pixel has weight there is nothing to divide.
    divisible = jnp.abs(total) > 1000 * float(np.finfo(np.float32).eps)
    found = jnp.where(divisible, found / jnp.where(divisible, total, 1), 0)
    return jnp.where((place >= -0.5) & (place <= size - 0.5), found, 0)


def area_weights(size: int, count: int, dtype: Any) -> Any:
    """Weight of each source pixel by the part of a result pixel that lies over it.

    Both are measured in parts of which ``size * count`` make the image, so that all is whole numbers.
    """
    low = lax.iota(jnp.int32, count) * size
    left = lax.iota(jnp.int32, size)[:, None] * count
    overlap = jnp.minimum(left + count, low + size) - jnp.maximum(left, low)
    return jnp.maximum(overlap, 0).astype(dtype) / size


def apply(x: Any, matrix: Any, axis: int) -> Any:
    """The array with one axis multiplied by ``(size, count)`` weights."""
    found = jnp.tensordot(x, matrix, ((axis,), (0,)), precision=lax.Precision.HIGHEST)
    return jnp.moveaxis(found, -1, axis)


def nearest(x: Any, count: int, axis: int) -> Any:
    """The pixel below the centre of each result pixel, along one axis."""
    size = x.shape[axis]
    place = (np.arange(count, dtype=np.float32) + np.float32(0.5)) * np.float32(size / max(count, 1))
    return jnp.take(x, np.minimum(np.floor(place).astype(np.int32), size - 1), axis)


def linear(x: Any, count: int, axis: int) -> Any:
    """Means of the two nearest pixels, weighted by their distance, along one axis."""
    size = x.shape[axis]
    kind = np.dtype(x.dtype).type  # in the precision of the image, so that halves round as in TensorFlow
    place = (np.arange(count, dtype=kind) + kind(0.5)) * kind(size / max(count, 1)) - kind(0.5)
    low = np.floor(place)
    part = jax.lax.expand_dims(
        jnp.asarray(place - low, x.dtype), [a for a in range(x.ndim) if a != axis]
    )
    below = jnp.take(x, np.clip(low, 0, size - 1).astype(np.int32), axis)
    above = jnp.take(x, np.clip(low + 1, 0, size - 1).astype(np.int32), axis)
    return below + (above - below) * part
