"""Boxes on images: drawn, and cut out.

A box is ``(y_min, x_min, y_max, x_max)`` in parts of the height and width: 0 is the centre of the first row
or column, 1 that of the last.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, OutOfRangeError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import host_value, sizes_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.image.images import need_rank
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.support import FLOAT, INTEGER, REAL, needs, twin

# Yellow, blue, red, lime, purple, olive, maroon, navy, aqua, fuchsia; with opacity.
_COLORS = np.array(
    [
        [1, 1, 0, 1],
        [0, 0, 1, 1],
        [1, 0, 0, 1],
        [0, 1, 0, 1],
        [0.5, 0, 0.5, 1],
        [0.5, 0.5, 0, 1],
        [0.5, 0, 0, 1],
        [0, 0, 0.5, 1],
        [0, 1, 1, 1],
        [1, 0, 1, 1],
    ],
    np.float32,
)


def _need_boxes(where: str, images: Any, boxes: Any, colors: Any) -> None:
    needs(where, FLOAT, images, boxes, colors)
    need_rank(where, images, 4)
    batch, channels = images.shape[0], images.shape[3]
    if boxes.ndim != 3 or boxes.shape[0] != batch or boxes.shape[2] != 4:
        raise ShapeError(
            f"[{where}] expected boxes of shape ({batch}, boxes, 4) for images of shape "
            f"{tuple(images.shape)}, got {tuple(boxes.shape)}."
        )
    if channels not in (1, 3, 4):
        raise ShapeError(
            f"[{where}] expected images of 1, 3 or 4 channels, got shape {tuple(images.shape)}."
        )
    if colors.ndim != 2 or colors.shape[1] < channels or not colors.shape[0]:
        raise ShapeError(
            f"[{where}] expected colors of shape (colors, {channels}) or more channels, got "
            f"{tuple(colors.shape)}."
        )


def _edges(xp: Any, boxes: Any, height: int, width: int) -> tuple[Any, Any, Any, Any]:
    """Rows and columns of boxes, cut towards 0."""
    spans = np.asarray([height - 1, width - 1] * 2, boxes.dtype)
    places = xp.trunc(boxes * spans).astype(np.int32)
    top, left, bottom, right = (places[..., i] for i in range(4))
    return top, left, bottom, right


def _draw_on_host(images: Any, boxes: Any, colors: Any) -> Any:
    _need_boxes("draw_bounding_boxes", images, boxes, colors)
    height, width, channels = images.shape[1:]
    found = images.copy()
    places = np.stack(_edges(np, boxes, height, width), -1)
    for image, own in zip(found, places):
        for number, (top, left, bottom, right) in enumerate(own):
            if top > bottom or left > right or min(bottom, right) < 0:
                continue
            color = colors[number % len(colors), :channels]
            rows, columns = slice(max(top, 0), bottom + 1), slice(max(left, 0), right + 1)
            for row in (top, bottom):
                if 0 <= row < height:
                    image[row, columns] = color
            for column in (left, right):
                if 0 <= column < width:
                    image[rows, column] = color
    return found


@op(
    "draw_bounding_boxes",
    host=twin("draw_bounding_boxes", _draw_on_host, None),
)
def _draw(images: Any, boxes: Any, colors: Any) -> Any:
    _need_boxes("draw_bounding_boxes", images, boxes, colors)
    _, height, width, channels = images.shape
    rows = lax.broadcasted_iota(np.int32, (1, height, width, 1), 1)
    columns = lax.broadcasted_iota(np.int32, (1, height, width, 1), 2)
    numbers = np.arange(boxes.shape[1]) % colors.shape[0]
    places = jnp.stack(_edges(jnp, boxes, height, width), -1)

    def draw(drawn: Any, part: Any) -> tuple[Any, None]:
        place, color = part
        top, left, bottom, right = (place[:, i, None, None, None] for i in range(4))
        inside = (rows >= top) & (rows <= bottom) & (columns >= left) & (columns <= right)
        edge = (rows == top) | (rows == bottom) | (columns == left) | (columns == right)
        return jnp.where(inside & edge, color, drawn), None

    return lax.scan(draw, images, (jnp.moveaxis(places, 1, 0), colors[numbers, :channels]))[0]


def draw_bounding_boxes(images: Any, boxes: Any, colors: Any, name: str | None = None) -> Any:
    """Images with the outlines of boxes, one pixel wide.

    Args:
        images: Floating tensor ``(batch, height, width, channels)`` of 1, 3 or 4 channels.
        boxes: ``(y_min, x_min, y_max, x_max)`` of each, from 0 to 1: a float tensor ``(batch, boxes, 4)``.
            What lies outside of the image is left out.
        colors: Colours that the boxes take in turn: a float tensor ``(colors, channels)``; ten bright
            ones when None or empty.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `images`; later boxes lie over earlier ones.

    Raises:
        ShapeError: Shapes do not fit.

    Source: `tf.image.draw_bounding_boxes`.
    """
    x = tensor_of(images)
    need_rank("draw_bounding_boxes", x, 4)
    chosen = None if colors is None else tensor_of(colors)
    if chosen is None or 0 in tuple(chosen.shape):
        chosen = np.ones_like(_COLORS) if x.shape[-1] == 1 else _COLORS
    return _draw(x, _as(x, boxes), _as(x, chosen), name=name)


def _as(images: Any, value: Any) -> Any:
    """A tensor in the dtype of the images; arrays take it by themselves."""
    return value if isinstance(value, (list, np.ndarray)) else cast(value, images.dtype)


def _places(xp: Any, low: Any, high: Any, size: int, count: int) -> Any:
    """Where the pixels of crops come from along one dimension: ``(boxes, count)``."""
    span = np.float32(size - 1)
    if count == 1:
        return (0.5 * (low + high) * span)[:, None]
    step = (high - low) * span / np.float32(count - 1)
    return (low * span)[:, None] + xp.arange(count, dtype=np.float32) * step[:, None]


def _cut(
    xp: Any, image: Any, boxes: Any, box_indices: Any, size: Any, method: str, fill: float
) -> Any:
    where = "crop_and_resize"
    needs(where, REAL, image)
    needs(where, FLOAT, boxes)
    needs(where, INTEGER, box_indices)
    need_rank(where, image, 4)
    count = boxes.shape[0]
    if boxes.ndim != 2 or boxes.shape[1] != 4 or box_indices.shape != (count,):
        raise ShapeError(
            f"[{where}] expected boxes of shape (boxes, 4) and box_indices of shape (boxes,), got "
            f"{tuple(boxes.shape)} and {tuple(box_indices.shape)}."
        )
    batch, height, width, _ = image.shape
    corners = boxes.astype(np.float32)
    rows = _places(xp, corners[:, 0], corners[:, 2], height, size[0])[:, :, None]
    columns = _places(xp, corners[:, 1], corners[:, 3], width, size[1])[:, None, :]
    known = (rows >= 0) & (rows <= height - 1) & (columns >= 0) & (columns <= width - 1)
    number = xp.clip(box_indices, 0, max(batch - 1, 0)).astype(np.int32)[:, None, None]

    def read(row: Any, column: Any) -> Any:
        at = xp.clip(row, 0, height - 1).astype(np.int32)
        return image[number, at, xp.clip(column, 0, width - 1).astype(np.int32)].astype(np.float32)

    if method == "nearest":
        found = read(xp.floor(rows + 0.5), xp.floor(columns + 0.5))
    else:
        (top, bottom), (left, right) = ((xp.floor(p), xp.ceil(p)) for p in (rows, columns))
        down, across = (rows - top)[..., None], (columns - left)[..., None]
        upper = read(top, left) + (read(top, right) - read(top, left)) * across
        lower = read(bottom, left) + (read(bottom, right) - read(bottom, left)) * across
        found = upper + (lower - upper) * down
    return xp.where(known[..., None], found, np.float32(fill))


def _cut_on_host(image: Any, boxes: Any, box_indices: Any, **attrs: Any) -> Any:
    return _cut(np, image, boxes, box_indices, **attrs)


@op(
    "crop_and_resize",
    inputs=("image", "boxes", "box_indices"),
    matched=(),
    host=twin("crop_and_resize", _cut_on_host, None),
    input_dtypes={"boxes": dtypes.float32, "box_indices": dtypes.int32},
)
def _cut_out(
    image: Any, boxes: Any, box_indices: Any, *, size: Any, method: str, fill: float
) -> Any:
    return _cut(jnp, image, boxes, box_indices, size, method, fill)


def crop_and_resize(
    image: Any,
    boxes: Any,
    box_indices: Any,
    crop_size: Any,
    method: str = "bilinear",
    extrapolation_value: float = 0.0,
    name: str | None = None,
) -> Any:
    """Parts of images, stretched to one size.

    Args:
        image: Real tensor ``(batch, height, width, channels)``.
        boxes: ``(y1, x1, y2, x2)`` of each part: a float tensor ``(boxes, 4)``. 0 is the centre of the first
            row or column, 1 that of the last; beyond them lies `extrapolation_value`. Where an end comes
            before a start the part is mirrored.
        box_indices: Number of the image that each part belongs to: an integer tensor ``(boxes,)``.
        crop_size: Height and width of the results.
        method: ``"bilinear"`` or ``"nearest"``.
        extrapolation_value: What lies outside of the images.
        name: Name of the node in a model's graph.

    Returns:
        float32 tensor ``(boxes, *crop_size, channels)``; differentiable in the images and the boxes.

    Raises:
        OutOfRangeError: A box index is out of range. In a compiled program the nearest image is taken.
        ValueError: Shapes or arguments do not fit.

    Source: `tf.image.crop_and_resize`.
    """
    where = "crop_and_resize"
    if method not in ("bilinear", "nearest"):
        raise InvalidArgumentError(
            f"[{where}] expected method 'bilinear' or 'nearest', got {method!r}."
        )
    size = sizes_of(where, "crop_size", freeze(crop_size))
    if len(size) != 2 or min(size) < 1:
        raise InvalidArgumentError(
            f"[{where}] expected crop_size as a height and a width of 1 or more, got {size}."
        )
    x = tensor_of(image)
    known = host_value(box_indices)
    batch = x.shape[0] if len(x.shape) else None
    if known is not None and known.size and known.dtype.kind in "iu" and batch is not None and (
        known.min() < 0 or known.max() >= batch
    ):
        raise OutOfRangeError(
            f"[{where}] expected box_indices from 0 to {batch - 1} for {batch} images, got "
            f"{known.tolist()}."
        )
    return _cut_out(
        x,
        boxes,
        box_indices,
        size=size,
        method=method,
        fill=float(extrapolation_value),
        name=name,
    )
