"""Bounding boxes drawn on images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.base.lazy import LazyModule
from thalweg._src.keras.bounding_boxes.formats import convert_format
from thalweg._src.keras.visualization.pictures import Bytes, Pictures, color_of

_pillow = LazyModule("PIL.Image")
_drawings = LazyModule("PIL.ImageDraw")
_fonts = LazyModule("PIL.ImageFont")

# Height of a line of text at scale 1.
_LINE = 28


def draw_bounding_boxes(
    images: Any,
    bounding_boxes: Mapping[str, Any],
    bounding_box_format: str,
    class_mapping: Mapping[int, str] | None = None,
    color: Sequence[int] = (128, 128, 128),
    line_thickness: int = 2,
    text_thickness: int = 1,
    font_scale: float = 1.0,
    data_format: str | None = None,
) -> Bytes:
    """Images with boxes drawn on them, and names of what is in them.

    Args:
        images: Tensor or array ``(batch, height, width, channels)`` with 1, 3 or 4 channels and values from 0
            to 255; floats that are all from 0 to 1 are taken as shares of 255.
        bounding_boxes: Dictionary of ``"boxes"`` ``(batch, boxes, 4)``, ``"labels"`` ``(batch, boxes)`` and,
            if there are such, ``"confidences"`` ``(batch, boxes)``. A box with a label of -1 is not drawn.
        bounding_box_format: Format of the boxes; see `keras.utils.bounding_boxes.convert_format`.
        class_mapping: Names by label, which are written at the boxes with the confidences; None writes
            nothing. A label that has no name is written as a number.
        color: Red, green and blue, each from 0 to 255.
        line_thickness: Pixels.
        text_thickness: 1 for plain letters; more for bolder ones.
        font_scale: Size of letters; at 1 a line has 28 pixels.
        data_format: ``"channels_first"`` where channels come before height; None for the default layout.

    Returns:
        NumPy array of the images' shape and dtype uint8.

    Raises:
        TypeError: `bounding_boxes` is no dictionary.
        ValueError: An entry of it is missing or has another shape, or an argument is not as above.

    Example:
        >>> import numpy as np
        >>> import thalweg as tf
        >>> boxes = {"boxes": [[[1, 1, 4, 3]]], "labels": [[0]]}
        >>> drawn = tf.keras.visualization.draw_bounding_boxes(
        ...     np.zeros((1, 5, 6, 1)), boxes, "xyxy", color=(9, 9, 9), line_thickness=1
        ... )
        >>> print(drawn[0, :, :, 0])
        [[0 0 0 0 0 0]
         [0 9 9 9 9 0]
         [0 9 0 0 9 0]
         [0 9 9 9 9 0]
         [0 0 0 0 0 0]]

    Source: `keras.visualization.draw_bounding_boxes`, which draws with OpenCV, with its letters and lines of
    an odd number of pixels.
    """
    where = "draw_bounding_boxes"
    pictures = Pictures(images, where, data_format=data_format)
    batch = pictures.bytes
    height, width, channels = batch.shape[1:]
    boxes, labels, confidences = _checked(bounding_boxes, len(batch), where)
    if isinstance(line_thickness, bool) or line_thickness != int(line_thickness) or line_thickness < 1:
        raise InvalidArgumentError(
            f"[{where}] expected line_thickness in whole pixels, got {line_thickness!r}; 1 is the thinnest."
        )
    corners = np.asarray(convert_format(boxes, bounding_box_format, "xyxy", height, width)).astype(int)
    paint = color_of(color, channels, where)
    for image, rows, marks, shares in zip(batch, corners, labels, confidences, strict=True):
        for box, label, share in zip(rows, marks, shares, strict=True):
            if label == -1:
                continue
            _frame(image, box, int(line_thickness), paint)
            if class_mapping is not None:
                name = str(class_mapping.get(int(label), int(label)))
                text = name if share is None else f"{name} | {share:.2f}"
                _write(image, text, box, _LINE * font_scale, text_thickness, paint)
    return pictures.given()


def _checked(bounding_boxes: Any, count: int, where: str) -> tuple[Any, Any, Any]:
    """Boxes, labels and confidences, None for each where there are none."""
    if not isinstance(bounding_boxes, Mapping):
        raise DTypeError(
            f"[{where}] expected a dictionary of boxes and labels, got {type(bounding_boxes).__name__}; "
            "write {'boxes': boxes, 'labels': labels}."
        )
    if not {"boxes", "labels"} <= set(bounding_boxes):
        raise InvalidArgumentError(
            f"[{where}] expected the keys 'boxes' and 'labels', got {sorted(map(str, bounding_boxes))}; add "
            "labels, if only zeros."
        )
    boxes, labels = (np.asarray(bounding_boxes[key]) for key in ("boxes", "labels"))
    shares = bounding_boxes.get("confidences")
    confidences = np.full(labels.shape, None) if shares is None else np.asarray(shares)
    if boxes.ndim != 3 or len(boxes) != count or not boxes.shape[:2] == labels.shape == confidences.shape:
        raise ShapeError(
            f"[{where}] expected boxes ({count}, boxes, 4) and labels ({count}, boxes) for {count} images, "
            f"got shapes {boxes.shape} and {labels.shape}; fill up missing boxes with the label -1."
        )
    return boxes, labels, confidences


def _frame(image: Bytes, box: Any, thickness: int, paint: Bytes) -> None:
    """Draws the four sides of a box, each `thickness` pixels wide around the edge."""
    left, top, right, bottom = (int(n) for n in box)
    outer = thickness // 2
    left, top, right, bottom = left - outer, top - outer, right + outer + 1, bottom + outer + 1
    inner = np.array([left + thickness, top + thickness, right - thickness, bottom - thickness])
    height, width = image.shape[:2]
    x0, x1, x2, x3 = np.clip([left, inner[0], inner[2], right], 0, width)
    y0, y1, y2, y3 = np.clip([top, inner[1], inner[3], bottom], 0, height)
    image[y0:y1, x0:x3] = paint
    image[y2:y3, x0:x3] = paint
    image[y0:y3, x0:x1] = paint
    image[y0:y3, x2:x3] = paint


def _write(image: Bytes, text: str, box: Any, size: float, thickness: int, paint: Bytes) -> None:
    """Writes above a box, or where there is no room, into it."""
    height, width, channels = image.shape
    font = _fonts.load_default(size)
    canvas = _pillow.fromarray(image[..., 0] if channels == 1 else image)
    pen = _drawings.Draw(canvas)
    stroke = max(0, thickness - 1)
    left, top, right, bottom = pen.textbbox((0, 0), text, font=font, stroke_width=stroke)
    gap = 4
    x = min(max(0, int(box[0])), max(0, int(width - right)))
    above = int(box[1]) - gap - bottom
    y = above if above + top >= 0 else max(0, int(box[1])) + gap - top
    fill = tuple(int(n) for n in paint)
    pen.text((x, y), text, fill if channels > 1 else fill[0], font, stroke_width=stroke)
    image[...] = np.asarray(canvas).reshape(image.shape)
