"""Colours of images: grey, and hue, saturation and value."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import DTypeError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.image_layouts import by_batch, in_floats
from thalweg._src.ops.image import colors
from thalweg._src.ops.rounding import floor


@operation
def rgb_to_grayscale(images: Any, data_format: str | None = None) -> Any:
    """Brightness of red, green and blue.

    Args:
        images: Tensor ``(batch, height, width, 3)`` or ``(height, width, 3)``, or channels first; grey
            images, of 1 channel, stay as they are.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor ``(batch, height, width, 1)`` of the same dtype; integers are rounded down.

    Raises:
        ShapeError: There are neither 1 nor 3 channels.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.image.rgb_to_grayscale([[[0.0, 1.0, 0.0]]]).numpy().round(3).item()
        0.5870000123977661

    Source: `keras.ops.image.rgb_to_grayscale`.
    """

    def run(x: Any) -> Any:
        return x if x.shape[-1] == 1 else in_floats(x, colors.rgb_to_grayscale, floor)

    return by_batch("rgb_to_grayscale", images, data_format, run)


def _floating(where: str, x: Any) -> Any:
    if not x.dtype.is_floating:
        raise DTypeError(
            f"[{where}] expected floating images with values in [0, 1], got {x.dtype.name}; divide bytes by "
            "255."
        )
    return x


@operation
def rgb_to_hsv(images: Any, data_format: str | None = None) -> Any:
    """Hue, saturation and value of red, green and blue.

    Args:
        images: Floating tensor ``(batch, height, width, 3)`` or ``(height, width, 3)``, or channels first,
            of values in [0, 1].
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor of the same shape: hue in [0, 1) with red at 0, saturation and value in [0, 1].

    Raises:
        DTypeError: The images are not floating.
        ShapeError: There are not 3 channels.

    Source: `keras.ops.image.rgb_to_hsv`.
    """
    where = "rgb_to_hsv"
    return by_batch(where, images, data_format, lambda x: colors.rgb_to_hsv(_floating(where, x)))


@operation
def hsv_to_rgb(images: Any, data_format: str | None = None) -> Any:
    """Red, green and blue of hue, saturation and value.

    Args:
        images: Floating tensor ``(batch, height, width, 3)`` or ``(height, width, 3)``, or channels first,
            of values in [0, 1].
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor of the same shape.

    Raises:
        DTypeError: The images are not floating.
        ShapeError: There are not 3 channels.

    Source: `keras.ops.image.hsv_to_rgb`.
    """
    where = "hsv_to_rgb"
    return by_batch(where, images, data_format, lambda x: colors.hsv_to_rgb(_floating(where, x)))
