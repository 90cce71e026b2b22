"""Images made lighter, harder, more colourful; `tf.image` for integers and floats alike."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.convert import as_tensor
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.ops.arguments import host_value
from thalweg._src.ops.casting import cast
from thalweg._src.ops.elementwise import add, multiply, pow
from thalweg._src.ops.image import colors
from thalweg._src.ops.image.images import in_floats, need_channels
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.support import FLOAT, needs, twin

_IMAGE = (-3, -2, -1)


def _amount(where: str, what: str, value: Any, image: Any, scalar: bool = True) -> Any:
    """A number to adjust by, in the image's dtype where it is a tensor."""
    held = value if isinstance(value, KerasTensor) else as_tensor(value)
    shape = np.shape(value) if held is None else tuple(held.shape)
    if scalar and shape != ():
        raise ShapeError(f"[{where}] expected {what} as a scalar, got shape {shape}.")
    return value if held is None else cast(held, image.dtype)


def _need_three_dimensions(where: str, image: Any) -> None:
    if len(image.shape) < 3:
        raise ShapeError(
            f"[{where}] expected images of shape (..., height, width, channels), got shape "
            f"{tuple(image.shape)}."
        )


def adjust_brightness(image: Any, delta: Any) -> Any:
    """Images with a number added to every pixel.

    Args:
        image: Real tensor. Integers go from 0 to the largest one of their dtype, floats from 0 to 1.
        delta: What to add, 1 being the largest intensity, also for integers; a number or a tensor that
            broadcasts.

    Returns:
        Tensor like `image`; integers are cut off at the ends of their range, floats are not.

    Example:
        >>> import thalweg as tf
        >>> tf.image.adjust_brightness(tf.constant([[[0, 200]]], tf.uint8), 0.5).numpy().ravel().tolist()
        [127, 255]

    Source: `tf.image.adjust_brightness`.
    """

    def brighter(x: Any) -> Any:
        return add(x, _amount("adjust_brightness", "delta", delta, x, scalar=False))

    return in_floats(image, brighter)


def _contrasted(xp: Any, images: Any, factor: Any) -> Any:
    needs("adjust_contrast", FLOAT, images)
    _need_three_dimensions("adjust_contrast", images)
    x = images.astype(wide(images))
    mean = xp.mean(x, (-3, -2), keepdims=True, dtype=x.dtype)
    return ((x - mean) * factor.astype(x.dtype) + mean).astype(images.dtype)


@op("adjust_contrast", host=twin("adjust_contrast", partial(_contrasted, np), None))
def _contrast(images: Any, factor: Any) -> Any:
    """Images whose distance from the mean of each channel is multiplied."""
    return _contrasted(jnp, images, factor)


def adjust_contrast(images: Any, contrast_factor: Any) -> Any:
    """Images whose distance from their mean, channel by channel, is multiplied.

    Args:
        images: Real tensor ``(..., height, width, channels)``.
        contrast_factor: Factor, a scalar; below 1 makes images flatter.

    Returns:
        Tensor like `images`; integers are cut off at the ends of their range.

    Source: `tf.image.adjust_contrast`.
    """

    def harder(x: Any) -> Any:
        return _contrast(x, _amount("adjust_contrast", "contrast_factor", contrast_factor, x))

    return in_floats(images, harder)


def adjust_gamma(image: Any, gamma: Any = 1, gain: Any = 1) -> Any:
    """Images to a power: ``gain * image ** gamma`` for intensities from 0 to 1.

    Args:
        image: Real tensor.
        gamma: Exponent, 0 or more: above 1 makes images darker, below 1 lighter.
        gain: Factor.

    Returns:
        Tensor like `image`; integers are cut off at the ends of their range.

    Raises:
        InvalidArgumentError: `gamma` is negative.

    Source: Power law of ITU-R BT.1886; `tf.image.adjust_gamma`.
    """
    where = "adjust_gamma"
    known = host_value(gamma)
    if known is not None and np.any(known < 0):
        raise InvalidArgumentError(
            f"[{where}] expected gamma of 0 or more, got {known.tolist()}: it should be a non-negative "
            "real number."
        )

    def curved(x: Any) -> Any:
        exponent, factor = (
            _amount(where, what, value, x, scalar=False)
            for what, value in (("gamma", gamma), ("gain", gain))
        )
        return multiply(pow(x, exponent), factor)

    return in_floats(image, curved)


def adjust_hue(image: Any, delta: Any, name: str | None = None) -> Any:
    """Images whose colours are turned around the circle of hues.

    Args:
        image: Real tensor ``(..., height, width, 3)`` of red, green and blue.
        delta: Turns, from -1 to 1, a scalar.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `image`; the largest and the smallest channel of each pixel stay what they are.

    Raises:
        ValueError: `delta` is out of range, or there are not 3 channels.

    Source: `tf.image.adjust_hue`.
    """
    where = "adjust_hue"
    known = host_value(delta)
    if known is not None and np.any(abs(known) > 1):
        raise InvalidArgumentError(
            f"[{where}] expected delta in the interval [-1, 1], got {known.tolist()}; it counts turns."
        )
    x = tensor_of(image)
    _need_three_dimensions(where, x)
    need_channels(where, x, 3)
    return in_floats(x, lambda f: colors.turn_hue(f, _amount(where, "delta", delta, f), name=name))


def adjust_saturation(image: Any, saturation_factor: Any, name: str | None = None) -> Any:
    """Images whose colours are made stronger or weaker.

    Args:
        image: Real tensor ``(..., height, width, 3)`` of red, green and blue.
        saturation_factor: Factor of the saturation, a scalar; 0 gives grey images.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `image`; saturations are cut off at 0 and 1.

    Raises:
        ShapeError: There are not 3 channels.

    Source: `tf.image.adjust_saturation`.
    """
    where = "adjust_saturation"
    x = tensor_of(image)
    _need_three_dimensions(where, x)
    need_channels(where, x, 3)

    def stronger(f: Any) -> Any:
        factor = _amount(where, "saturation_factor", saturation_factor, f)
        return colors.scale_saturation(f, factor, name=name)

    return in_floats(x, stronger)


def _standardized(xp: Any, image: Any) -> Any:
    _need_three_dimensions("per_image_standardization", image)
    x = image.astype(np.float32)
    mean = xp.mean(x, _IMAGE, keepdims=True, dtype=x.dtype)
    centred = x - mean
    variance = xp.mean(centred * centred, _IMAGE, keepdims=True, dtype=x.dtype)
    # As if there were noise: images of one colour become 0 instead of NaN.
    least = 1 / math.prod(image.shape[-3:])
    return centred / xp.sqrt(xp.maximum(variance, np.float32(least)))


@op(
    "per_image_standardization",
    host=twin("per_image_standardization", partial(_standardized, np), None),
)
def per_image_standardization(image: Any) -> Any:
    """Images of mean 0 and standard deviation 1, each by itself.

    Args:
        image: Real tensor ``(..., height, width, channels)``.

    Returns:
        float32 tensor of the same shape. It is divided by at least ``1 / sqrt(number of values)``, so that
        images of one colour become 0.

    Example:
        >>> import thalweg as tf
        >>> tf.image.per_image_standardization([[[0.0], [2.0]]]).numpy().ravel().tolist()
        [-1.0, 1.0]

    Source: `tf.image.per_image_standardization`.
    """
    return _standardized(jnp, image)


def rgb_to_grayscale(images: Any, name: str | None = None) -> Any:
    """Brightness of red, green and blue.

    Args:
        images: Real tensor ``(..., 3)``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(..., 1)`` of the same dtype; integers are rounded down.

    Raises:
        ShapeError: There are not 3 channels.

    Example:
        >>> import thalweg as tf
        >>> tf.image.rgb_to_grayscale(tf.constant([[[0, 5, 10]]], tf.uint8)).numpy().ravel().tolist()
        [4]

    Source: ITU-R BT.601; `tf.image.rgb_to_grayscale`.
    """
    x = tensor_of(images)
    need_channels("rgb_to_grayscale", x, 3)
    return in_floats(x, lambda f: colors.rgb_to_grayscale(f, name=name))


def _repeated(xp: Any, images: Any) -> Any:
    where = "grayscale_to_rgb"
    if images.ndim < 2:
        raise ShapeError(
            f"[{where}] expected images of shape (..., 1) with two dimensions or more, got shape "
            f"{tuple(images.shape)}."
        )
    need_channels(where, images, 1)
    return xp.repeat(images, 3, -1)


@op("grayscale_to_rgb", host=partial(_repeated, np), moves=True)
def grayscale_to_rgb(images: Any) -> Any:
    """Grey images with three equal channels.

    Args:
        images: Tensor ``(..., 1)``.

    Returns:
        Tensor ``(..., 3)``.

    Raises:
        ShapeError: There is not 1 channel.

    Source: `tf.image.grayscale_to_rgb`.
    """
    return _repeated(jnp, images)


