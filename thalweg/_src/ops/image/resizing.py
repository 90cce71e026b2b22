"""Images in other sizes."""

from __future__ import annotations

from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.image import kernels
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.support import FLOAT, REAL, axis_of, needs

METHODS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area", "gaussian", "mitchellcubic")


@op("resize_images", inputs=("images",))
def resize(images: Any, size: Any, method: str = "bilinear", antialias: bool = False) -> Any:
    """Images in another size.

    Args:
        images: Tensor ``(batch, height, width, channels)``: of any real dtype for ``"nearest"``, else
            floating.
        size: Height and width of the results.
        method: ``"nearest"``, ``"bilinear"``, ``"bicubic"``, ``"lanczos3"``, ``"lanczos5"``, ``"area"``,
            ``"gaussian"`` or ``"mitchellcubic"``.
        antialias: Widen the kernel where images become smaller; no effect on ``"nearest"`` and ``"area"``.

    Returns:
        Tensor ``(batch, *size, channels)`` of the same dtype, computed in float32 or wider.

    Raises:
        ValueError: The method is not known, or shapes do not fit.

    Source: `tf.image.resize`; the centres of pixels lie half a pixel inside, as in TensorFlow 2.
    """
    if method not in METHODS:
        raise InvalidArgumentError(f"[resize] expected method to be one of {METHODS}, got {method!r}.")
    if images.ndim != 4:
        raise ShapeError(
            "[resize] expected images of shape (batch, height, width, channels), got shape "
            f"{tuple(images.shape)}."
        )
    if min(images.shape[1:3]) < 1 or min(size) < 1:
        raise ShapeError(
            f"[resize] expected sizes of 1 or more, got images of shape {tuple(images.shape)} and size "
            f"{tuple(size)}."
        )
    if method == "nearest":
        needs("resize", REAL, images)
        return kernels.nearest(kernels.nearest(images, size[0], 1), size[1], 2)
    needs("resize", FLOAT, images)
    x = images.astype(wide(images))
    for axis, count in enumerate(size, 1):
        x = _along(x, axis, count, method, antialias)
    return x.astype(images.dtype)


def _along(x: Any, axis: int, count: int, method: str, antialias: bool) -> Any:
    whole = x.shape[axis]
    if method == "area":
        return kernels.apply(x, kernels.area_weights(whole, count, x.dtype), axis)
    if method == "bilinear" and not (antialias and count < whole):
        return kernels.linear(x, count, axis)
    kernel = kernels.KERNELS[method]
    matrix = kernels.weights(whole, count, kernel, count / whole, 0.0, antialias, x.dtype)
    return kernels.apply(x, matrix, axis)


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
            x.shape[axis], output_shape[axis], kernel, factor, moved, antialias, x.dtype
        )
        x = kernels.apply(x, matrix, axis)
    return x.astype(images.dtype)
