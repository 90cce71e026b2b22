"""Rectangles at random places of images: what is erased or exchanged."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between
from thalweg._src.keras.layers.preprocessing.images.image_layer import Size
from thalweg._src.ops.elementwise import abs
from thalweg._src.ops.shaping import expand_dims


def rectangles(size: Size, height: Any, width: Any, seed: Any) -> Any:
    """Which pixels lie in a rectangle of each image ``(batch, height, width, 1)``; parts may lie outside.

    Args:
        size: Height and width of the images in pixels.
        height: Heights of the rectangles as shares of the images', ``(batch, 1)``.
        width: Their widths, likewise.
        seed: Source of the places of their middles.
    """
    rows, columns = (_lines(length, share, seed) for length, share in zip(size, (height, width), strict=True))
    return expand_dims(expand_dims(rows, -1) & expand_dims(columns, -2), -1)


def _lines(length: int, share: Any, seed: Any) -> Any:
    middle = drawn_between(int(share.shape[0]), (0, length), seed, (1,))
    places = np.arange(length, dtype="float32") + np.float32(0.5)
    return abs(middle - places) < share * (length * 0.5)
