"""Segmentation masks drawn on images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.keras.visualization.pictures import Bytes, Pictures, color_of

# Color of class n: n times these, modulo 255. Neighbouring classes differ much.
_STEPS = (1, 127, 31)


def draw_segmentation_masks(
    images: Any,
    segmentation_masks: Any,
    num_classes: int | None = None,
    color_mapping: Mapping[int, Sequence[int]] | None = None,
    alpha: float = 0.8,
    blend: bool = True,
    ignore_index: int = -1,
    data_format: str | None = None,
) -> Bytes:
    """Images with the pixels of each class in a color of its own.

    Args:
        images: Tensor or array ``(batch, height, width, channels)`` with 1, 3 or 4 channels and values from 0
            to 255; floats that are all from 0 to 1 are taken as shares of 255.
        segmentation_masks: Integers ``(batch, height, width)`` or ``(batch, height, width, 1)``: the class of
            each pixel. Class 0 is the background and not drawn, unless `color_mapping` has a color for it.
        num_classes: Classes from 1 to this are drawn; None for all that are there.
        color_mapping: Red, green and blue by class, each from 0 to 255; None for colors of our choice.
        alpha: Opacity, from 0 for invisible to 1.
        blend: Mix the colors with the image, as `alpha` says; else they cover it.
        ignore_index: Class that is not drawn.
        data_format: ``"channels_first"`` where channels come before height; None for the default layout.

    Returns:
        NumPy array of the images' shape and dtype uint8.

    Raises:
        TypeError: The masks are not integers.
        ValueError: Shapes do not fit, a class has no color in `color_mapping`, or `alpha` is out of range.

    Example:
        >>> import numpy as np
        >>> import thalweg as tf
        >>> drawn = tf.keras.visualization.draw_segmentation_masks(
        ...     np.full((1, 1, 2, 3), 100), np.array([[[0, 1]]]), color_mapping={1: (0, 200, 0)}, alpha=0.5
        ... )
        >>> drawn[0, 0].tolist()
        [[100, 100, 100], [50, 150, 50]]

    Source: `keras.visualization.draw_segmentation_masks`. As its documentation says, the background is left
    alone and `num_classes` counts without it; Keras 3.15 draws the background in black and leaves out the
    class `num_classes`.
    """
    where = "draw_segmentation_masks"
    pictures = Pictures(images, where, data_format=data_format)
    batch = pictures.bytes
    masks = _checked(segmentation_masks, batch.shape[:3], where)
    if not 0 <= alpha <= 1:
        raise InvalidArgumentError(
            f"[{where}] expected alpha from 0 to 1, got {alpha!r}; 0.8 shows a little of the image."
        )
    opacity = alpha if blend else 1.0
    lowest = 0 if color_mapping is not None and 0 in color_mapping else 1
    for label in np.unique(masks).tolist():
        if label < lowest or label == ignore_index or (num_classes is not None and label > num_classes):
            continue
        paint = color_of(_color(label, color_mapping, where), batch.shape[-1], where)
        places = masks == label
        under, over = batch[places].astype(np.float32), paint.astype(np.float32)
        batch[places] = under * (1 - opacity) + over * opacity
    return pictures.given()


def _checked(masks: Any, shape: tuple[int, ...], where: str) -> Any:
    masks = np.asarray(masks)
    if masks.dtype.kind not in "iu":
        raise DTypeError(
            f"[{where}] expected masks of integers, got {masks.dtype}; take the argmax of probabilities, and "
            "cast labels."
        )
    if masks.ndim == 4 and masks.shape[-1] == 1:
        masks = masks[..., 0]
    if masks.shape != shape:
        raise ShapeError(
            f"[{where}] expected masks of the images' shape {shape}, got {masks.shape}; a last dimension may "
            "be 1."
        )
    return masks


def _color(label: int, color_mapping: Mapping[int, Sequence[int]] | None, where: str) -> Sequence[int]:
    if color_mapping is None:
        return [label * step % 255 for step in _STEPS]
    if label not in color_mapping:
        raise InvalidArgumentError(
            f"[{where}] expected a color for the class {label}, got color_mapping for "
            f"{sorted(color_mapping)}; add it, or name the class as ignore_index."
        )
    return color_mapping[label]
