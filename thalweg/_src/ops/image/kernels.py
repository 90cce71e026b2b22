"""Interpolation along one axis as a matrix of weights, for every method of resizing.

The centre of pixel i lies at ``i + 0.5``. A result pixel is the mean of the source pixels around the place
it comes from, weighted by a kernel; pixels outside of the image have no weight. Functions whose first
argument is `xp` are written once for `jax.numpy` and for NumPy, which computes their twins.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jax import lax

Kernel = Callable[[Any, Any], Any]


def _triangle(xp: Any, x: Any) -> Any:
    return xp.maximum(0, 1 - x)


def _cubic(b: float, c: float) -> Kernel:
    """Piecewise cubic of Mitchell and Netravali with the parameters B and C, for distances from 0."""

    def weight(xp: Any, x: Any) -> Any:
        near = ((12 - 9 * b - 6 * c) * x + (-18 + 12 * b + 6 * c)) * x * x + (6 - 2 * b)
        far = (((-b - 6 * c) * x + (6 * b + 30 * c)) * x + (-12 * b - 48 * c)) * x + (8 * b + 24 * c)
        return xp.where(x < 1, near, xp.where(x < 2, far, 0)) / 6

    return weight


def _lanczos(radius: int) -> Kernel:
    def weight(xp: Any, x: Any) -> Any:
        inside = xp.where(x < radius, xp.sinc(x) * xp.sinc(x / radius), 0)
        return xp.where(x <= 1e-3, 1.0, inside)

    return weight


def _gaussian(xp: Any, x: Any) -> Any:
    return xp.where(x < 1.5, xp.exp(-2 * x * x), 0)


KERNELS: dict[str, Kernel] = {
    "bilinear": _triangle,
    "bicubic": _cubic(0.0, 0.5),
    "mitchellcubic": _cubic(1 / 3, 1 / 3),
    "lanczos3": _lanczos(3),
    "lanczos5": _lanczos(5),
    "gaussian": _gaussian,
}


def weights(
    xp: Any,
    size: int,
    count: int,
    kernel: Kernel,
    scale: Any,
    translation: Any,
    antialias: bool,
    dtype: Any,
    grain: int = 0,
) -> Any:
    """Weight of each source pixel in each result pixel: an array ``(size, count)``.

    Args:
        xp: `jax.numpy` or `numpy`.
        size: Number of source pixels.
        count: Number of result pixels.
        kernel: Weight by distance.
        scale: Result pixels for each source pixel, a number or a scalar array.
        translation: Place of the source's left edge in the result, likewise.
        antialias: Widen the kernel where the image becomes smaller.
        dtype: Dtype of the weights.
        grain: Parts of a pixel to which places are rounded; 0 for none.

    Returns:
        Array whose columns add up to 1, or are 0 where a result pixel lies outside of the source.

    Source: `jax.image.scale_and_translate`; TensorFlow's ScaleAndTranslate.
    """
    inverse = 1 / xp.asarray(scale, dtype)
    width = xp.maximum(inverse, 1) if antialias else xp.ones((), dtype)
    results, sources = xp.arange(count, dtype=dtype), xp.arange(size, dtype=dtype)
    place = (results + 0.5) * inverse - xp.asarray(translation, dtype) * inverse - 0.5
    read = place
    if grain:
        read = xp.floor(place) + xp.round((place - xp.floor(place)) * grain) / grain
    distance = xp.abs(read - sources[:, None]) / width
    found = kernel(xp, distance).astype(dtype)
    total = xp.sum(found, 0, dtype=dtype)
    # Where no pixel has weight there is nothing to divide.
    divisible = xp.abs(total) > 1000 * float(np.finfo(np.float32).eps)
    found = xp.where(divisible, found / xp.where(divisible, total, 1), 0)
    return xp.where((place >= -0.5) & (place <= size - 0.5), found, 0)


def area_weights(xp: Any, size: int, count: int, dtype: Any) -> Any:
    """Weight of each source pixel by the part of a result pixel that lies over it.

    Both are measured in parts of which ``size * count`` make the image, so that all is whole numbers.
    """
    low = xp.arange(count, dtype=np.int32) * size
    left = xp.arange(size, dtype=np.int32)[:, None] * count
    overlap = xp.minimum(left + count, low + size) - xp.maximum(left, low)
    return xp.maximum(overlap, 0).astype(dtype) / size


def apply(xp: Any, x: Any, matrix: Any, axis: int) -> Any:
    """The array with one axis multiplied by ``(size, count)`` weights."""
    exact = {} if xp is np else {"precision": lax.Precision.HIGHEST}
    found = xp.tensordot(x, matrix.astype(x.dtype), ((axis,), (0,)), **exact)
    return xp.moveaxis(found, -1, axis)


def nearest(xp: Any, x: Any, count: int, axis: int) -> Any:
    """The pixel below the centre of each result pixel, along one axis."""
    size = x.shape[axis]
    place = (np.arange(count, dtype=np.float32) + np.float32(0.5)) * np.float32(size / max(count, 1))
    return xp.take(x, np.minimum(np.floor(place).astype(np.int32), size - 1), axis)


def linear(xp: Any, x: Any, count: int, axis: int, dtype: Any) -> Any:
    """Means of the two nearest pixels, weighted by their distance, along one axis.

    Only the pixels that are used are converted to `dtype`: of large pictures that become small they are few.
    An axis that keeps its size is left as it is.
    """
    size = x.shape[axis]
    if count == size:
        return x
    inner = math.prod(x.shape[axis + 1 :])
    if xp is np and inner <= _FEW:
        # NumPy moves single numbers several times as fast as pieces of a few.
        low, high, part = _neighbours(size, count, np.dtype(dtype), inner)
        lines = x.reshape(-1, size * inner)
        return _between(lines, low, high, part, 1, dtype).reshape(
            *x.shape[:axis], count, *x.shape[axis + 1 :]
        )
    low, high, part = _neighbours(size, count, np.dtype(dtype), 1)
    part = np.expand_dims(part, [a for a in range(x.ndim) if a != axis])
    if xp is np:
        return _between(x, low, high, part, axis, dtype)
    below = xp.take(x, low, axis).astype(dtype, copy=False)
    above = xp.take(x, high, axis).astype(dtype, copy=False)
    return below + (above - below) * part


# Numbers of a pixel, up to which it is moved number by number.
_FEW = 8


@functools.lru_cache(256)
def _neighbours(size: int, count: int, dtype: np.dtype[Any], inner: int) -> tuple[Any, Any, Any]:
    """Places of the pixels before and after each new one, and its distance from the one before.

    Args:
        size: Pixels of the axis.
        count: New pixels.
        dtype: In the precision of the image, so that halves round as in TensorFlow.
        inner: Numbers of a pixel, of which each has a place.
    """
    kind = dtype.type
    place = (np.arange(count, dtype=kind) + kind(0.5)) * kind(size / max(count, 1)) - kind(0.5)
    low = np.floor(place)
    found = [np.clip(p, 0, size - 1).astype(np.intp) for p in (low, low + 1)]
    below, above = ((p[:, None] * inner + np.arange(inner)).ravel() for p in found)
    return below, above, np.repeat(place - low, inner)


def _between(x: Any, low: Any, high: Any, part: Any, axis: int, dtype: Any) -> Any:
    """``x[low] + (x[high] - x[low]) * part`` along an axis, for NumPy."""
    # The places are in range: "wrap" does not ask.
    below = np.take(x, low, axis, mode="wrap").astype(dtype, copy=False)
    above = np.take(x, high, axis, mode="wrap").astype(dtype, copy=False)
    above -= below
    above *= part
    below += above
    return below
