"""Images in other sizes."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.image import kernels
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.support import FLOAT, REAL, axis_of, kind_of, needs, twin

METHODS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area", "gaussian", "mitchellcubic")
# TensorFlow looks cubic weights up in a table of so many places between two pixels.
_TABLE = 1024


def resized(
    xp: Any, images: Any, size: Any, method: str, antialias: bool, preserve_aspect_ratio: bool
) -> Any:
    """The body of `resize`, for `jax.numpy` and for NumPy."""
    _check(images, size, method)
    rows = images.ndim - 3
    whole = images.shape[rows : rows + 2]
    if preserve_aspect_ratio:
        size = fitting(whole, size)
    if method == "nearest":
        needs("resize", REAL, images)
        x = kernels.nearest(xp, images, size[0], rows)
        return kernels.nearest(xp, x, size[1], rows + 1)
    needs("resize", REAL, images)
    kept = images.dtype if kind_of(images) == "float" else np.float32
    dtype = wide(images) if kind_of(images) == "float" else kept
    x = images
    for axis, count in enumerate(size, rows):
        x = _along(xp, x, axis, count, method, antialias, dtype)
    return x.astype(kept, copy=x is images)


def _check(images: Any, size: Any, method: str) -> None:
    if method not in METHODS:
        raise InvalidArgumentError(f"[resize] expected method to be one of {METHODS}, got {method!r}.")
    if images.ndim not in (3, 4):
        raise ShapeError(
            "[resize] expected images of shape (batch, height, width, channels), or (height, width, "
            f"channels) for one, got shape {tuple(images.shape)}."
        )
    numbers = size if isinstance(size, (tuple, list)) else ()
    if len(numbers) != 2 or not all(isinstance(n, int) for n in numbers):
        raise InvalidArgumentError(
            f"[resize] expected size as two integers, height and width, got {size!r}."
        )
    if min(images.shape[-3:-1]) < 1 or min(size) < 1:
        raise ShapeError(
            f"[resize] expected sizes of 1 or more, got images of shape {tuple(images.shape)} and size "
            f"{tuple(size)}."
        )


def fitting(whole: Any, size: Any) -> tuple[int, int]:
    """The largest size of an image's proportions within `size`, rounded in float32 as in TensorFlow."""
    scale = min(np.float32(n) / np.float32(w) for n, w in zip(size, whole))
    height, width = (max(int(np.round(scale * np.float32(w))), 1) for w in whole)
    return height, width


@op("resize_images", inputs=("images",), host=twin("resize", partial(resized, np), None))
def resize(
    images: Any,
    size: Any,
    method: str = "bilinear",
    antialias: bool = False,
    preserve_aspect_ratio: bool = False,
) -> Any:
    """Images in another size.

    Args:
        images: Real tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.
        size: Height and width of the results.
        method: ``"nearest"``, ``"bilinear"``, ``"bicubic"``, ``"lanczos3"``, ``"lanczos5"``, ``"area"``,
            ``"gaussian"`` or ``"mitchellcubic"``.
        antialias: Widen the kernel where the image becomes smaller; no effect on ``"nearest"`` and
            ``"area"``.
        preserve_aspect_ratio: Take the largest size within `size` that has the images' proportions.

    Returns:
        Tensor ``(batch, *size, channels)``: of the same dtype for ``"nearest"`` and for floats, which are
        computed in float32 or wider; else float32.

    Raises:
        ValueError: The method is not known, or shapes do not fit.

    Source: `tf.image.resize`; the centres of pixels lie half a pixel inside, as in TensorFlow 2.
    """
    return resized(jnp, images, size, method, antialias, preserve_aspect_ratio)


def _along(
    xp: Any, x: Any, axis: int, count: int, method: str, antialias: bool, dtype: Any
) -> Any:
    whole = x.shape[axis]
    if method == "bilinear" and not (antialias and count < whole):
        return kernels.linear(xp, x, count, axis, dtype)
    x = x.astype(dtype, copy=False)
    if method == "area":
        return kernels.apply(xp, x, kernels.area_weights(xp, whole, count, x.dtype), axis)
    kernel = kernels.KERNELS[method]
    grain = _TABLE if method == "bicubic" and not antialias else 0
    matrix = kernels.weights(
        xp, whole, count, kernel, count / whole, 0.0, antialias, x.dtype, grain
    )
    return kernels.apply(xp, x, matrix, axis)


_SCALINGS = {
    "linear": "bilinear",
    "bilinear": "bilinear",
    "trilinear": "bilinear",
    "cubic": "bicubic",
    "bicubic": "bicubic",
    "tricubic": "bicubic",
    "lanczos3": "lanczos3",
    "lanczos5": "lanczos5",
}


@op("scale_and_translate", inputs=("images", "scale", "translation"), matched=(1, 2))
def scale_and_translate(
    images: Any,
    scale: Any,
    translation: Any,
    *,
    output_shape: Any,
    spatial_dims: Any,
    method: str,
    antialias: bool,
) -> Any:
    """Images stretched by factors and moved by distances that may be computed in the program.

    Args:
        images: Floating tensor.
        scale: Factor of each of the spatial dimensions, ``(dimensions,)``.
        translation: Place of the images' first edge in the result, likewise.
        output_shape: Sizes of the result.
        spatial_dims: Numbers of the dimensions that are stretched.
        method: ``"linear"``, ``"cubic"``, ``"lanczos3"`` or ``"lanczos5"``.
        antialias: Widen the kernel where images become smaller.

    Returns:
        Tensor of shape `output_shape`; 0 where there is no image.

    Raises:
        ValueError: The method is not known, or shapes do not fit.

    Source: `jax.image.scale_and_translate`.
    """
    where = "scale_and_translate"
    needs(where, FLOAT, images, scale, translation)
    if method not in _SCALINGS:
        raise InvalidArgumentError(
            f"[{where}] expected method to be one of {sorted(_SCALINGS)}, got {method!r}."
        )
    axes = [axis_of(where, a, images.ndim) for a in spatial_dims]
    rest = [a for a in range(images.ndim) if a not in axes]
    fits = len(output_shape) == images.ndim and all(output_shape[a] == images.shape[a] for a in rest)
    if not fits or scale.shape != (len(axes),) or translation.shape != (len(axes),):
        raise ShapeError(
            f"[{where}] expected one scale and translation for each of the dimensions {tuple(spatial_dims)} "
            f"and an output_shape that keeps the others of {tuple(images.shape)}, got {tuple(output_shape)}, "
            f"scale of shape {tuple(scale.shape)} and translation of shape {tuple(translation.shape)}."
        )
    x = images.astype(wide(images))
    kernel = kernels.KERNELS[_SCALINGS[method]]
    for number, axis in enumerate(axes):
        factor, moved = (v[number].astype(x.dtype) for v in (scale, translation))
        matrix = kernels.weights(
            jnp, x.shape[axis], output_shape[axis], kernel, factor, moved, antialias, x.dtype
        )
        x = kernels.apply(jnp, x, matrix, axis)
    return x.astype(images.dtype)
