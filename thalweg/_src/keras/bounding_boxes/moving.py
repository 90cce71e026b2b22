"""What moves boxes along with their images: crops, margins, affine transformations."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.bounding_boxes.formats import (
    Columns,
    Format,
    is_floating,
    of_boxes,
    scaled,
    side,
)
from thalweg._src.keras.ops.arithmetic import add, subtract
from thalweg._src.keras.ops.comparison import clip
from thalweg._src.ops.casting import cast
from thalweg._src.ops.clipping import maximum, minimum
from thalweg._src.ops.selection import where as select
from thalweg._src.ops.shaping import expand_dims
from thalweg._src.ops.trigonometric import cos, sin, tan

# Label of a box of which nothing is left.
_NOTHING = -1


def _absolute(name: str, where: str) -> Format:
    """A format in pixels."""
    found = Format.named(name, where)
    if found.relative:
        raise InvalidArgumentError(
            f"[{where}] expected boxes in pixels, got the format {name!r}, whose numbers depend on the size "
            "of an image that changes; convert_format() first."
        )
    return found


def _inside(columns: Columns, width: Any, height: Any) -> Columns:
    left, top, right, bottom = columns
    x, y = side(width, left), side(height, left)
    return clip(left, 0, x), clip(top, 0, y), clip(right, 0, x), clip(bottom, 0, y)


def clip_to_image_size(
    bounding_boxes: Mapping[str, Any],
    height: Any = None,
    width: Any = None,
    bounding_box_format: str = "xyxy",
) -> dict[str, Any]:
    """Boxes cut off at the edges of their images. One of which nothing is left gets the label -1.

    Args:
        bounding_boxes: Dictionary of ``"boxes"`` ``(boxes, 4)`` or ``(batch, boxes, 4)`` and ``"labels"``
            ``(boxes,)`` or ``(batch, boxes)``; other entries stay as they are.
        height: Height of the images in pixels, a number or a tensor ``(batch,)``. Relative formats need
            none, nor `width`.
        width: Width of the images.
        bounding_box_format: Format of the boxes; see `convert_format`.

    Returns:
        Dictionary of the same entries; boxes and labels keep their dtypes where the format allows integers.

    Raises:
        ValueError: An entry or the image's size is missing.

    Example:
        >>> import thalweg as tf
        >>> boxes = {"boxes": [[-10, 5, 30, 50], [70, 5, 80, 9]], "labels": [1, 2]}
        >>> clipped = tf.keras.utils.bounding_boxes.clip_to_image_size(boxes, height=40, width=60)
        >>> clipped["boxes"].numpy().tolist(), clipped["labels"].numpy().tolist()
        ([[0, 5, 30, 40], [60, 5, 60, 9]], [1, -1])

    Source: `keras.utils.bounding_boxes.clip_to_image_size`, which knows the formats ``"xyxy"`` and
    ``"rel_xyxy"``.
    """
    where = "clip_to_image_size"
    known = Format.named(bounding_box_format, where)
    if not isinstance(bounding_boxes, Mapping) or not {"boxes", "labels"} <= set(bounding_boxes):
        raise InvalidArgumentError(
            f"[{where}] expected a dictionary with 'boxes' and 'labels', got "
            f"{type(bounding_boxes).__name__}; add labels, if only zeros."
        )
    if known.relative:
        height = width = 1
    elif height is None or width is None:
        raise InvalidArgumentError(
            f"[{where}] expected the image's height and width with the format {bounding_box_format!r}, got "
            f"height={height} and width={width}; pass both."
        )
    columns = _inside(known.columns(bounding_boxes["boxes"], where), width, height)
    left, top, right, bottom = columns
    is_left = (right > left) & (bottom > top)
    labels = convert_to_tensor(bounding_boxes["labels"])
    while len(is_left.shape) < len(labels.shape):
        is_left = expand_dims(is_left, -1)
    labels = select(is_left, labels, cast(_NOTHING, labels.dtype))
    return {**bounding_boxes, "boxes": known.boxes(columns), "labels": labels}


def crop(
    boxes: Any,
    top: Any,
    left: Any,
    height: Any,
    width: Any,
    bounding_box_format: str = "xyxy",
) -> Any:
    """Boxes as seen in a part of their images, and cut off at its edges.

    Args:
        boxes: Tensor or array ``(boxes, 4)`` or ``(batch, boxes, 4)``, or a dictionary that holds it under
            ``"boxes"``.
        top: Rows above the part, a number or a tensor ``(batch,)``, as are the next three.
        left: Columns left of the part.
        height: Height of the part.
        width: Width of the part.
        bounding_box_format: Format of the boxes, in pixels; see `convert_format`.

    Returns:
        Tensor of the same shape.

    Raises:
        ValueError: An unknown or relative format.

    Example:
        >>> import thalweg as tf
        >>> crop = tf.keras.utils.bounding_boxes.crop
        >>> crop([[10, 20, 50, 60]], top=10, left=20, height=40, width=30).numpy().tolist()
        [[0, 10, 30, 40]]

    Source: `keras.utils.bounding_boxes.crop`, which knows the format ``"xyxy"`` alone.
    """
    known = _absolute(bounding_box_format, "crop")

    def run(boxes: Any) -> Any:
        columns = _moved(known.columns(boxes, "crop"), left, top, subtract)
        return known.boxes(_inside(columns, width, height))

    return of_boxes(boxes, run, "crop")


def pad(
    boxes: Any,
    top: Any,
    left: Any,
    height: Any = None,
    width: Any = None,
    bounding_box_format: str = "xyxy",
) -> Any:
    """Boxes as seen after margins were added to their images.

    Args:
        boxes: Tensor or array ``(boxes, 4)`` or ``(batch, boxes, 4)``, or a dictionary that holds it under
            ``"boxes"``.
        top: Rows added above, a number or a tensor ``(batch,)``.
        left: Columns added on the left.
        height: Has no effect: boxes in pixels move by the margins, whatever the size of the image.
        width: As `height`.
        bounding_box_format: Format of the boxes, in pixels; see `convert_format`.

    Returns:
        Tensor of the same shape.

    Raises:
        ValueError: An unknown or relative format.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.utils.bounding_boxes.pad([[10, 20, 50, 60]], top=1, left=2).numpy().tolist()
        [[12, 21, 52, 61]]

    Source: `keras.utils.bounding_boxes.pad`, where height and width have no effect either, and which knows
    the format ``"xyxy"`` alone.
    """
    known = _absolute(bounding_box_format, "pad")

    def run(boxes: Any) -> Any:
        return known.boxes(_moved(known.columns(boxes, "pad"), left, top, add))

    return of_boxes(boxes, run, "pad")


def _moved(columns: Columns, x: Any, y: Any, by: Callable[[Any, Any], Any]) -> Columns:
    left, top, right, bottom = columns
    x, y = side(x, left), side(y, left)
    return by(left, x), by(top, y), by(right, x), by(bottom, y)


def affine_transform(
    boxes: Any,
    angle: Any,
    translate_x: Any,
    translate_y: Any,
    scale: Any,
    shear_x: Any,
    shear_y: Any,
    height: Any,
    width: Any,
    center_x: Any = None,
    center_y: Any = None,
    bounding_box_format: str = "xyxy",
) -> Any:
    """Boxes around what their images show after a rotation, shear, scaling and translation.

    A point is moved by the translation, and the rest is applied around the center: a rotation, then a shear
    of the columns, then one of the rows, then the scale. The result is the upright box around the four
    corners.

    Args:
        boxes: Tensor or array ``(boxes, 4)`` or ``(batch, boxes, 4)``, or a dictionary that holds it under
            ``"boxes"``.
        angle: Degrees counterclockwise. It and the next five are numbers or tensors ``(batch,)``.
        translate_x: Shift to the right, as a share of the width less one pixel.
        translate_y: Shift down, as a share of the height less one pixel.
        scale: Factor.
        shear_x: Degrees by which columns lean.
        shear_y: Degrees by which rows lean.
        height: Height of the images in pixels, a number or a tensor ``(batch,)``.
        width: Width of the images.
        center_x: Center from left, as a share of the width less one pixel; None for the middle.
        center_y: Center from above, likewise.
        bounding_box_format: Format of the boxes; see `convert_format`.

    Returns:
        Tensor of the same shape, ``float32`` where the boxes are integers.

    Raises:
        ValueError: An unknown format.

    Example:
        >>> import thalweg as tf
        >>> turn = tf.keras.utils.bounding_boxes.affine_transform
        >>> turn([[0, 0, 2, 1]], 90, 0, 0, 1, 0, 0, height=5, width=5).numpy().round().tolist()
        [[0.0, 2.0, 1.0, 4.0]]

    Source: `keras.utils.bounding_boxes.affine_transform`, which knows the format ``"xyxy"`` alone. Where
    `shear_x` comes with a rotation or with `shear_y`, one term has the other sign there, so that its result
    is no such sequence of steps; here it is.
    """
    where = "affine_transform"
    known = Format.named(bounding_box_format, where)

    def run(boxes: Any) -> Any:
        boxes = convert_to_tensor(boxes)
        if not is_floating(boxes):
            boxes = cast(boxes, floatx())
        columns = known.columns(boxes, where)
        if known.relative:
            columns = scaled(columns, width, height, up=True)
        like = columns[0]
        across, down = (side(n, like) - 1 for n in (width, height))
        x, y = (
            length * (0.5 if center is None else _column(center, like))
            for length, center in ((across, center_x), (down, center_y))
        )
        to_center = _column(translate_x, like) * across - x, _column(translate_y, like) * down - y
        columns = _moved(columns, *to_center, add)
        a, b, c, d = _matrix(like, angle, scale, shear_x, shear_y)
        low_x, high_x = _range(a, b, columns)
        low_y, high_y = _range(c, d, columns)
        columns = low_x + x, low_y + y, high_x + x, high_y + y
        return known.boxes(scaled(columns, width, height, up=False) if known.relative else columns)

    return of_boxes(boxes, run, where)


def _column(number: Any, like: Any) -> Any:
    """A number for each image as a tensor that broadcasts with columns."""
    return cast(side(number, like), like.dtype)


def _matrix(like: Any, angle: Any, scale: Any, shear_x: Any, shear_y: Any) -> Columns:
    """Matrix `[[a, b], [c, d]]` of points `(x, y)`, with y down: scale, rows' shear, columns', rotation."""
    turn, lean_x, lean_y = (_column(n, like) * (math.pi / 180) for n in (angle, shear_x, shear_y))
    scale = _column(scale, like)
    # The rotation, then rows of it added to one another by the shears.
    a, b, c, d = cos(turn), sin(turn), -sin(turn), cos(turn)
    c, d = c + tan(lean_y) * a, d + tan(lean_y) * b
    a, b = a + tan(lean_x) * c, b + tan(lean_x) * d
    return a * scale, b * scale, c * scale, d * scale


def _range(a: Any, b: Any, box: Columns) -> tuple[Any, Any]:
    """Least and largest value of ``a * x + b * y`` in a box."""
    left, top, right, bottom = box
    return (
        minimum(a * left, a * right) + minimum(b * top, b * bottom),
        maximum(a * left, a * right) + maximum(b * top, b * bottom),
    )
