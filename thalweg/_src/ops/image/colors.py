"""Colours: grey, and hue, saturation and value."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.support import FLOAT, needs

# Brightness of red, green and blue, ITU-R BT.601.
_LUMA = (0.2989, 0.5870, 0.1140)


def _need_three(where: str, images: Any) -> None:
    needs(where, FLOAT, images)
    if not images.ndim or images.shape[-1] != 3:
        raise ShapeError(
            f"[{where}] expected images with 3 channels in the last dimension, got shape "
            f"{tuple(images.shape)}."
        )


@op("rgb_to_grayscale")
def rgb_to_grayscale(images: Any) -> Any:
    """Brightness of colours.

    Args:
        images: Floating tensor ``(..., 3)`` of red, green and blue.

    Returns:
        Tensor ``(..., 1)``.

    Raises:
        ShapeError: There are not 3 channels.

    Source: `tf.image.rgb_to_grayscale`.
    """
    _need_three("rgb_to_grayscale", images)
    x = images.astype(wide(images))
    red, green, blue = (x[..., i : i + 1] * np.asarray(w, x.dtype) for i, w in enumerate(_LUMA))
    return (red + green + blue).astype(images.dtype)


@op("rgb_to_hsv", inputs=("images",))
def rgb_to_hsv(images: Any) -> Any:
    """Hue, saturation and value of colours.

    Args:
        images: Floating tensor ``(..., 3)`` of red, green and blue in [0, 1].

    Returns:
        Tensor ``(..., 3)``: hue in [0, 1) with red at 0, saturation and value in [0, 1].

    Raises:
        ShapeError: There are not 3 channels.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.image.rgb_to_hsv([[[0.0, 1.0, 0.0]]]).numpy().round(4).ravel().tolist()
        [0.33329999446868896, 1.0, 1.0]

    Source: Smith, "Color gamut transform pairs" (1978); `tf.image.rgb_to_hsv`.
    """
    _need_three("rgb_to_hsv", images)
    red, green, blue = (images[..., i] for i in range(3))
    value = jnp.maximum(jnp.maximum(red, green), blue)
    spread = value - jnp.minimum(jnp.minimum(red, green), blue)
    zero, one = jnp.zeros_like(value), jnp.ones_like(value)
    saturation = jnp.where(value > 0, spread / jnp.where(value > 0, value, one), zero)
    sixth = 1 / (6 * jnp.where(spread > 0, spread, one))
    hue = jnp.where(
        red == value,
        sixth * (green - blue),
        jnp.where(green == value, sixth * (blue - red) + 2 / 6, sixth * (red - green) + 4 / 6),
    )
    hue = jnp.where(spread > 0, jnp.where(hue < 0, hue + 1, hue), zero)
    return jnp.stack([hue, saturation, value], -1).astype(images.dtype)


@op("hsv_to_rgb", inputs=("images",))
def hsv_to_rgb(images: Any) -> Any:
    """Red, green and blue of colours given by hue, saturation and value.

    Args:
        images: Floating tensor ``(..., 3)`` of hue, saturation and value in [0, 1].

    Returns:
        Tensor ``(..., 3)``.

    Raises:
        ShapeError: There are not 3 channels.

    Source: `tf.image.hsv_to_rgb`.
    """
    _need_three("hsv_to_rgb", images)
    hue, saturation, value = (images[..., i] for i in range(3))
    turn = hue * 6
    full = (abs(turn - 3) - 1, 2 - abs(turn - 2), 2 - abs(turn - 4))
    parts = [((1 - saturation) + saturation * jnp.clip(f, 0, 1)) * value for f in full]
    return jnp.stack(parts, -1).astype(images.dtype)
