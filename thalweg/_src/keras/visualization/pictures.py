"""Batches of images as bytes to draw on, and colors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.settings import data_format_of

Bytes = npt.NDArray[np.uint8]

# Shares of red, green and blue in brightness, as of ITU-R BT.601.
_BRIGHTNESS = (0.299, 0.587, 0.114)


class Pictures:
    """A batch of images, as bytes with channels last; drawing on them leaves the given ones as they are.

    Args:
        images: Tensor or array ``(batch, height, width, channels)``, or channels first, with 1, 3 or 4
            channels.
        value_range: Values that stand for black and for full color. None: 0 and 1 for floats that are all
            in between, else 0 and 255.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        where: Caller, for messages.

    Attributes:
        bytes: Array ``(batch, height, width, channels)`` of uint8.

    Raises:
        ShapeError: Another shape.
        InvalidArgumentError: An empty `value_range`.
    """

    def __init__(
        self,
        images: Any,
        where: str,
        value_range: tuple[float, float] | None = None,
        data_format: str | None = None,
    ) -> None:
        self._first = data_format_of(data_format, where) == "channels_first"
        x = np.asarray(images)
        if x.ndim == 4 and self._first:
            x = np.moveaxis(x, 1, -1)
        if x.ndim != 4 or x.shape[-1] not in (1, 3, 4):
            raise ShapeError(
                f"[{where}] expected a batch of images with 1, 3 or 4 channels, (batch, height, width, "
                f"channels), got shape {np.shape(images)}; give one image as images[None], and say by "
                "data_format where the channels are."
            )
        self.bytes: Bytes = _as_bytes(x, value_range, where)

    def given(self) -> Bytes:
        """The images in the layout in which they came."""
        return np.moveaxis(self.bytes, -1, 1) if self._first else self.bytes


def _as_bytes(x: npt.NDArray[Any], value_range: tuple[float, float] | None, where: str) -> Bytes:
    if value_range is None:
        is_share = x.dtype.kind == "f" and x.size and x.min() >= 0 and x.max() <= 1
        value_range = (0, 1) if is_share else (0, 255)
    low, high = value_range
    if not low < high:
        raise InvalidArgumentError(
            f"[{where}] expected value_range as (black, full color), got {value_range}; for bytes it is "
            "(0, 255)."
        )
    if (low, high) == (0, 255):
        return np.clip(x, 0, 255).astype(np.uint8)
    return np.clip((x.astype(np.float32) - low) * (255 / (high - low)), 0, 255).astype(np.uint8)


def color_of(color: Sequence[int], channels: int, where: str) -> Bytes:
    """A color as the numbers of a pixel: its brightness for 1 channel, opaque for 4.

    Raises:
        InvalidArgumentError: It is not three numbers from 0 to 255.
    """
    numbers = np.asarray(color)
    is_color = numbers.shape == (3,) and numbers.dtype.kind in "iuf"
    if not is_color or numbers.min() < 0 or numbers.max() > 255:
        raise InvalidArgumentError(
            f"[{where}] expected a color as (red, green, blue) of 0 to 255, got {color!r}; gray is "
            "(128, 128, 128)."
        )
    if channels == 1:
        numbers = np.round(numbers @ np.array(_BRIGHTNESS))[np.newaxis]
    elif channels == 4:
        numbers = np.append(numbers, 255)
    return numbers.astype(np.uint8)
