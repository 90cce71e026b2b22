"""Boxes as what detectors predict: offsets from anchors, and logarithms of sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.bounding_boxes.formats import convert_format
from thalweg._src.keras.bounding_boxes.overlap import sizes_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.clipping import maximum
from thalweg._src.ops.exponential import exp, log
from thalweg._src.ops.joining import concat, split

_ENCODINGS = ("center_xywh", "center_yxhw")


def encode_box_to_deltas(
    anchors: Any,
    boxes: Any,
    anchor_format: str,
    box_format: str,
    encoding_format: str = "center_yxhw",
    variance: Any = None,
    image_shape: Any = None,
) -> Any:
    """What a detector should predict at each anchor to give a box.

    These are the offsets of the box's center from the anchor's, as shares of the anchor's sides, and the
    logarithms of the box's sides as shares of the anchor's.

    Args:
        anchors: Tensor or array ``(anchors, 4)``, or a dictionary of such by level.
        boxes: Tensor or array ``(anchors, 4)`` or ``(batch, anchors, 4)``, or a dictionary likewise.
        anchor_format: Format of the anchors; see `convert_format`.
        box_format: Format of the boxes.
        encoding_format: ``"center_yxhw"`` or ``"center_xywh"``: the order of the numbers.
        variance: Four numbers that the result is divided by; None for ones.
        image_shape: ``(height, width, channels)`` of the image; needed with relative formats.

    Returns:
        Tensor of the boxes' shape and dtype float32, or a dictionary of such by level.

    Raises:
        ValueError: An unknown format, `variance` of another length, or no `image_shape` where it is needed.

    Example:
        >>> import thalweg as tf
        >>> encode = tf.keras.utils.bounding_boxes.encode_box_to_deltas
        >>> encode([[0, 0, 10, 20]], [[5, 0, 15, 20]], "xyxy", "xyxy").numpy().tolist()
        [[0.0, 0.5, 0.0, 0.0]]

    Source: Girshick et al., "Rich Feature Hierarchies for Accurate Object Detection and Semantic
    Segmentation" (2014); `keras.utils.bounding_boxes.encode_box_to_deltas`.
    """
    where = "encode_box_to_deltas"
    height, width = sizes_of(image_shape, where, anchor_format, box_format)
    encoding = _checked_encoding(encoding_format, where)
    factors = _checked_variance(variance, where)

    def encode(anchors: Any, boxes: Any) -> Any:
        place, size = _halves(convert_format(anchors, anchor_format, encoding, height, width))
        wanted_place, wanted_size = _halves(convert_format(boxes, box_format, encoding, height, width))
        size = maximum(size, epsilon())
        ratio = maximum(wanted_size, epsilon()) / size
        deltas = concat([(wanted_place - place) / size, log(ratio)], axis=-1)
        return deltas if factors is None else deltas / factors

    return _by_level(encode, anchors, boxes, where)


def decode_deltas_to_boxes(
    anchors: Any,
    boxes_delta: Any,
    anchor_format: str,
    box_format: str,
    encoded_format: str = "center_yxhw",
    variance: Any = None,
    image_shape: Any = None,
) -> Any:
    """Boxes that a detector's predictions at each anchor stand for; undoes `encode_box_to_deltas`.

    Args:
        anchors: Tensor or array ``(anchors, 4)``, or a dictionary of such by level.
        boxes_delta: Tensor or array ``(anchors, 4)`` or ``(batch, anchors, 4)``, or a dictionary likewise.
        anchor_format: Format of the anchors; see `convert_format`.
        box_format: Format of the result.
        encoded_format: ``"center_yxhw"`` or ``"center_xywh"``: the order of the predicted numbers.
        variance: Four numbers that predictions are multiplied by; None for ones.
        image_shape: ``(height, width, channels)`` of the image; needed with relative formats.

    Returns:
        Tensor of the predictions' shape and dtype float32, or a dictionary of such by level.

    Raises:
        ValueError: An unknown format, `variance` of another length, or no `image_shape` where it is needed.

    Example:
        >>> import thalweg as tf
        >>> decode = tf.keras.utils.bounding_boxes.decode_deltas_to_boxes
        >>> decode([[0, 0, 10, 20]], [[0, 0.5, 0, 0]], "xyxy", "xyxy").numpy().tolist()
        [[5.0, 0.0, 15.0, 20.0]]

    Source: Girshick et al., "Rich Feature Hierarchies for Accurate Object Detection and Semantic
    Segmentation" (2014); `keras.utils.bounding_boxes.decode_deltas_to_boxes`.
    """
    where = "decode_deltas_to_boxes"
    height, width = sizes_of(image_shape, where, anchor_format, box_format)
    encoding = _checked_encoding(encoded_format, where)
    factors = _checked_variance(variance, where)

    def decode(anchors: Any, deltas: Any) -> Any:
        place, size = _halves(convert_format(anchors, anchor_format, encoding, height, width))
        deltas = cast(deltas, "float32")
        offset, growth = _halves(deltas if factors is None else deltas * factors)
        boxes = concat([offset * size + place, exp(growth) * size], axis=-1)
        return convert_format(boxes, encoding, box_format, height, width)

    return _by_level(decode, anchors, boxes_delta, where)


def _halves(boxes: Any) -> list[Any]:
    """First and last two numbers of boxes: places, and sizes or their logarithms."""
    return split(boxes, 2, axis=-1)


def _checked_encoding(name: str, where: str) -> str:
    encoding = str(name).lower()
    if encoding not in _ENCODINGS:
        raise InvalidArgumentError(
            f"[{where}] expected the encoding 'center_xywh' or 'center_yxhw', got {name!r}; it orders the "
            "four numbers that are predicted."
        )
    return encoding


def _checked_variance(variance: Any, where: str) -> Any:
    if variance is None:
        return None
    factors = cast(variance, "float32")
    if tuple(factors.shape) != (4,):
        raise InvalidArgumentError(
            f"[{where}] expected four numbers as variance, got shape {tuple(factors.shape)}; give one for "
            "each predicted number."
        )
    return factors


def _by_level(function: Callable[[Any, Any], Any], anchors: Any, boxes: Any, where: str) -> Any:
    """Result for each level of dictionaries, or for tensors."""
    if not isinstance(anchors, Mapping) and not isinstance(boxes, Mapping):
        return function(anchors, boxes)
    levels = [set(part) if isinstance(part, Mapping) else None for part in (anchors, boxes)]
    if levels[0] != levels[1]:
        raise InvalidArgumentError(
            f"[{where}] expected anchors and boxes of the same levels, got {levels[0]} and {levels[1]}; "
            "None is a tensor without levels."
        )
    return {level: function(anchors[level], boxes[level]) for level in anchors}
