"""How much boxes overlap."""

from __future__ import annotations

import math
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.bounding_boxes.formats import Columns, Format, convert_format
from thalweg._src.ops.casting import cast
from thalweg._src.ops.clipping import maximum, minimum
from thalweg._src.ops.guarded import divide_no_nan
from thalweg._src.ops.joining import unstack
from thalweg._src.ops.reduction import reduce_max
from thalweg._src.ops.selection import where as select
from thalweg._src.ops.shaping import expand_dims
from thalweg._src.ops.trigonometric import atan


def compute_iou(
    boxes1: Any,
    boxes2: Any,
    bounding_box_format: str,
    use_masking: bool = False,
    mask_val: float = -1,
    image_shape: Any = None,
) -> Any:
    """Intersection over union of each box with each: from 0 for boxes apart to 1 for equal ones.

    Args:
        boxes1: Tensor or array ``(m, 4)`` or ``(batch, m, 4)``.
        boxes2: Tensor or array ``(n, 4)`` or ``(batch, n, 4)``.
        bounding_box_format: Format of both; see `convert_format`.
        use_masking: Whether a box whose four numbers are all negative stands for no box.
        mask_val: Result for what stands for no box.
        image_shape: ``(height, width, channels)`` of the image. The result does not depend on it: relative
            boxes overlap by the same share as boxes in pixels.

    Returns:
        Tensor ``(m, n)`` of dtype float32, or ``(batch, m, n)`` where one of the arguments has batches.

    Raises:
        ValueError: An unknown format, or boxes of another shape.

    Example:
        >>> import thalweg as tf
        >>> iou = tf.keras.utils.bounding_boxes.compute_iou
        >>> iou([[0, 0, 2, 2]], [[0, 0, 2, 2], [1, 0, 2, 2]], "xyxy").numpy().tolist()
        [[1.0, 0.5]]

    Source: `keras.utils.bounding_boxes.compute_iou`, which needs `image_shape` with relative formats, and
    whose masks fail with batches.
    """
    where = "compute_iou"
    known = Format.named(bounding_box_format, where)
    numbers1, numbers2 = (cast(boxes, "float32") for boxes in (boxes1, boxes2))
    for boxes in (numbers1, numbers2):
        if len(boxes.shape) not in (2, 3):
            raise ShapeError(
                f"[{where}] expected boxes of shape (boxes, 4) or (batch, boxes, 4), got "
                f"{tuple(boxes.shape)}; give one box as [box]."
            )
    each1 = tuple(expand_dims(column, -1) for column in known.columns(numbers1, where))
    each2 = tuple(expand_dims(column, -2) for column in known.columns(numbers2, where))
    iou = _iou(each1, each2)  # type: ignore[arg-type]
    if not use_masking:
        return iou
    none1, none2 = (reduce_max(boxes, axis=-1) < 0.0 for boxes in (numbers1, numbers2))
    missing = expand_dims(none1, -1) | expand_dims(none2, -2)
    return select(missing, cast(mask_val, iou.dtype), iou)


def _iou(boxes1: Columns, boxes2: Columns) -> Any:
    """Intersection over union, 0 for boxes without area."""
    width = minimum(boxes1[2], boxes2[2]) - maximum(boxes1[0], boxes2[0])
    height = minimum(boxes1[3], boxes2[3]) - maximum(boxes1[1], boxes2[1])
    shared = maximum(width, 0.0) * maximum(height, 0.0)
    return divide_no_nan(shared, _area(boxes1) + _area(boxes2) - shared)


def _area(boxes: Columns) -> Any:
    return (boxes[2] - boxes[0]) * (boxes[3] - boxes[1])


def compute_ciou(
    boxes1: Any, boxes2: Any, bounding_box_format: str, image_shape: Any = None
) -> Any:
    """Complete intersection over union of boxes, pair by pair: 1 for equal boxes, down to below -1.

    From the intersection over union are taken the squared distance of the centers, as a share of the squared
    diagonal of the box around both, and a penalty for sides of other proportions.

    Args:
        boxes1: Tensor or array ``(..., 4)``.
        boxes2: Tensor or array ``(..., 4)``; leading dimensions broadcast.
        bounding_box_format: Format of both; see `convert_format`.
        image_shape: ``(height, width, channels)`` of the image; needed with relative formats.

    Returns:
        Tensor ``(...)`` of dtype float32.

    Raises:
        ValueError: An unknown format, boxes of another shape, or a relative format without `image_shape`.

    Example:
        >>> import thalweg as tf
        >>> ciou = tf.keras.utils.bounding_boxes.compute_ciou
        >>> ciou([[0, 0, 2, 2]], [[0, 0, 2, 2]], "xyxy").numpy().tolist()
        [1.0]

    Source: Zheng et al., "Enhancing Geometric Factors in Model Learning and Inference for Object Detection
    and Instance Segmentation" (2020); `keras.utils.bounding_boxes.compute_ciou`, which refuses relative
    formats even with `image_shape`.
    """
    height, width = sizes_of(image_shape, "compute_ciou", bounding_box_format)
    corners = [
        convert_format(boxes, bounding_box_format, "xyxy", height, width) for boxes in (boxes1, boxes2)
    ]
    first, second = (tuple(unstack(boxes, axis=-1)) for boxes in corners)
    iou = _iou(first, second)  # type: ignore[arg-type]
    around_x = maximum(first[2], second[2]) - minimum(first[0], second[0])
    around_y = maximum(first[3], second[3]) - minimum(first[1], second[1])
    apart_x = (first[0] + first[2] - second[0] - second[2]) / 2
    apart_y = (first[1] + first[3] - second[1] - second[3]) / 2
    small = epsilon()  # keeps boxes without area from dividing 0 by 0
    distance = (apart_x**2 + apart_y**2) / (around_x**2 + around_y**2 + small)
    slants = [atan((b[2] - b[0]) / (b[3] - b[1] + small)) for b in (first, second)]
    proportions = (slants[1] - slants[0]) ** 2 * (4 / math.pi**2)
    weight = proportions / (1.0 + small - iou + proportions)
    return iou - distance - weight * proportions


def sizes_of(image_shape: Any, where: str, *formats: str) -> tuple[Any, Any]:
    """Height and width that an image's shape tells; None for both where no format needs them.

    Raises:
        InvalidArgumentError: A format is relative and there is no shape.
    """
    if image_shape is not None:
        return image_shape[0], image_shape[1]
    if any(Format.named(name, where).relative for name in formats):
        raise InvalidArgumentError(
            f"[{where}] expected image_shape with relative formats, got None; pass (height, width, channels)."
        )
    return None, None
