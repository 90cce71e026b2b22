"""Colours: grey, and hue, saturation and value.

Functions whose first argument is `xp` are written once for `jax.numpy` and for NumPy.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.support import FLOAT, needs, twin

# Brightness of red, green and blue, ITU-R BT.601.
_LUMA = (0.2989, 0.5870, 0.1140)


def _need_three(where: str, images: Any) -> None:
    needs(where, FLOAT, images)
    if not images.ndim or images.shape[-1] != 3:
        raise ShapeError(
            f"[{where}] expected images with 3 channels in the last dimension, got shape "
            f"{tuple(images.shape)}."
        )


def _grey(xp: Any, images: Any) -> Any:
    _need_three("rgb_to_grayscale", images)
    x = images.astype(wide(images))
    red, green, blue = (x[..., i : i + 1] * np.asarray(w, x.dtype) for i, w in enumerate(_LUMA))
    return (red + green + blue).astype(images.dtype)


@op("rgb_to_grayscale", host=twin("rgb_to_grayscale", partial(_grey, np), None))
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
    return _grey(jnp, images)


def _parts(xp: Any, images: Any) -> tuple[Any, Any, Any]:
    """Hue in turns from red, largest channel, and its distance from the smallest."""
    red, green, blue = (images[..., i] for i in range(3))
    most = xp.maximum(xp.maximum(red, green), blue)
    spread = most - xp.minimum(xp.minimum(red, green), blue)
    sixth = 1 / (6 * xp.where(spread > 0, spread, xp.ones_like(spread)))
    hue = xp.where(
        red == most,
        sixth * (green - blue),
        xp.where(green == most, sixth * (blue - red) + 2 / 6, sixth * (red - green) + 4 / 6),
    )
    hue = xp.where(spread > 0, xp.where(hue < 0, hue + 1, hue), xp.zeros_like(hue))
    return hue, most, spread


def _shares(xp: Any, hue: Any) -> list[Any]:
    """How far red, green and blue of a hue lie between the smallest channel, 0, and the largest, 1."""
    turn = hue * 6
    full = (abs(turn - 3) - 1, 2 - abs(turn - 2), 2 - abs(turn - 4))
    return [xp.clip(f, 0, 1) for f in full]


def _to_hsv(xp: Any, images: Any) -> Any:
    _need_three("rgb_to_hsv", images)
    hue, value, spread = _parts(xp, images)
    some = value > 0
    saturation = xp.where(some, spread / xp.where(some, value, xp.ones_like(value)), 0)
    return xp.stack([hue, saturation, value], -1).astype(images.dtype)


@op("rgb_to_hsv", inputs=("images",), host=twin("rgb_to_hsv", partial(_to_hsv, np), None))
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
        >>> tf.image.rgb_to_hsv([[[0.0, 1.0, 0.0]]]).numpy().round(4).ravel().tolist()
        [0.33329999446868896, 1.0, 1.0]

    Source: Smith, "Color gamut transform pairs" (1978); `tf.image.rgb_to_hsv`.
    """
    return _to_hsv(jnp, images)


def _to_rgb(xp: Any, images: Any) -> Any:
    _need_three("hsv_to_rgb", images)
    hue, saturation, value = (images[..., i] for i in range(3))
    parts = [((1 - saturation) + saturation * f) * value for f in _shares(xp, hue)]
    return xp.stack(parts, -1).astype(images.dtype)


@op("hsv_to_rgb", inputs=("images",), host=twin("hsv_to_rgb", partial(_to_rgb, np), None))
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
    return _to_rgb(jnp, images)


def _turned(xp: Any, images: Any, delta: Any) -> Any:
    _need_three("adjust_hue", images)
    x = images.astype(wide(images))
    hue, most, spread = _parts(xp, x)
    hue = (hue + delta.astype(x.dtype)) % 1
    parts = [(most - spread) + spread * f for f in _shares(xp, hue)]
    return xp.stack(parts, -1).astype(images.dtype)


@op("adjust_hue", host=twin("adjust_hue", partial(_turned, np), None))
def turn_hue(images: Any, delta: Any) -> Any:
    """Colours whose hue is turned, their largest and smallest channel kept.

    Args:
        images: Floating tensor ``(..., 3)`` of red, green and blue.
        delta: Turns, a scalar.

    Returns:
        Tensor like `images`.
    """
    return _turned(jnp, images, delta)


def _saturated(xp: Any, images: Any, factor: Any) -> Any:
    _need_three("adjust_saturation", images)
    x = _to_hsv(xp, images.astype(wide(images)))
    saturation = xp.clip(x[..., 1] * factor.astype(x.dtype), 0, 1)
    return _to_rgb(xp, xp.stack([x[..., 0], saturation, x[..., 2]], -1)).astype(images.dtype)


@op("adjust_saturation", host=twin("adjust_saturation", partial(_saturated, np), None))
def scale_saturation(images: Any, factor: Any) -> Any:
    """Colours whose saturation is multiplied and cut off at 0 and 1.

    Args:
        images: Floating tensor ``(..., 3)`` of red, green and blue.
        factor: Factor, a scalar.

    Returns:
        Tensor like `images`.
    """
    return _saturated(jnp, images, factor)


_RGB_TO_YIQ = (
    (0.299, 0.59590059, 0.2115),
    (0.587, -0.27455667, -0.52273617),
    (0.114, -0.32134392, 0.31119955),
)
_YIQ_TO_RGB = (
    (1.0, 1.0, 1.0),
    (0.95598634, -0.27201283, -1.10674021),
    (0.6208248, -0.64720424, 1.70423049),
)
_RGB_TO_YUV = (
    (0.299, -0.14714119, 0.61497538),
    (0.587, -0.28886916, -0.51496512),
    (0.114, 0.43601035, -0.10001026),
)
_YUV_TO_RGB = (
    (1.0, 1.0, 1.0),
    (0.0, -0.394642334, 2.03206185),
    (1.13988303, -0.58062185, 0.0),
)


def _mixed(xp: Any, images: Any, matrix: Any, where: str) -> Any:
    _need_three(where, images)
    x = images.astype(wide(images))
    weights = np.asarray(matrix, x.dtype)
    exact = {} if xp is np else {"precision": lax.Precision.HIGHEST}
    return xp.matmul(x, weights, **exact).astype(images.dtype)


@op("mix_channels", inputs=("images",), host=twin("mix_channels", partial(_mixed, np), None))
def _mix(images: Any, matrix: Any, where: str) -> Any:
    """Colours whose channels are weighted sums of those of other colours."""
    return _mixed(jnp, images, matrix, where)


def rgb_to_yiq(images: Any) -> Any:
    """Luma and two differences of colours, as analogue television in America sent them.

    Args:
        images: Floating tensor ``(..., 3)`` of red, green and blue in [0, 1].

    Returns:
        Tensor ``(..., 3)``: luma in [0, 1], in-phase and quadrature around 0.

    Raises:
        ShapeError: There are not 3 channels.

    Source: `tf.image.rgb_to_yiq`, with its constants.
    """
    return _mix(images, _RGB_TO_YIQ, "rgb_to_yiq")


def yiq_to_rgb(images: Any) -> Any:
    """Red, green and blue of colours given by luma, in-phase and quadrature.

    Args:
        images: Floating tensor ``(..., 3)``.

    Returns:
        Tensor ``(..., 3)``.

    Raises:
        ShapeError: There are not 3 channels.

    Source: `tf.image.yiq_to_rgb`, with its constants.
    """
    return _mix(images, _YIQ_TO_RGB, "yiq_to_rgb")


def rgb_to_yuv(images: Any) -> Any:
    """Luma and two differences of colours, as analogue television in Europe sent them.

    Args:
        images: Floating tensor ``(..., 3)`` of red, green and blue in [0, 1].

    Returns:
        Tensor ``(..., 3)``: luma in [0, 1], differences of blue and of red around 0.

    Raises:
        ShapeError: There are not 3 channels.

    Source: `tf.image.rgb_to_yuv`, with its constants.
    """
    return _mix(images, _RGB_TO_YUV, "rgb_to_yuv")


def yuv_to_rgb(images: Any) -> Any:
    """Red, green and blue of colours given by luma and differences of blue and of red.

    Args:
        images: Floating tensor ``(..., 3)``.

    Returns:
        Tensor ``(..., 3)``.

    Raises:
        ShapeError: There are not 3 channels.

    Source: `tf.image.yuv_to_rgb`, with its constants.
    """
    return _mix(images, _YUV_TO_RGB, "yuv_to_rgb")
