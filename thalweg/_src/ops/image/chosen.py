"""Parts of images at places that numbers in [0, 1) choose: what the random ops of images draw from.

Each op is a plain function of the numbers, so that it can be tested without chance.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import sizes_of
from thalweg._src.ops.image.images import need_rank
from thalweg._src.ops.support import FLOAT, INTEGER, needs


def _starts(xp: Any, value: Any, units: Any, size: Any) -> tuple[tuple[int, ...], list[Any]]:
    """Checked sizes of a part, and where it starts."""
    where = "random_crop"
    sizes = sizes_of(where, "size", size)
    if len(sizes) != value.ndim or any(n > w for n, w in zip(sizes, value.shape)):
        raise ShapeError(
            f"[{where}] expected a size of at most {tuple(value.shape)}, the shape of value, got "
            f"{list(sizes)}; need value.shape >= size."
        )
    spare = [w - n + 1 for n, w in zip(sizes, value.shape)]
    at = xp.floor(units * np.asarray(spare, units.dtype)).astype(np.int32)
    return sizes, [xp.minimum(at[i], n - 1) for i, n in enumerate(spare)]


def _part_on_host(value: Any, units: Any, size: Any) -> Any:
    sizes, starts = _starts(np, value, units, size)
    return value[tuple(slice(a, a + n) for a, n in zip(starts, sizes))]


@op(
    "crop_chosen",
    inputs=("value", "units"),
    matched=(),
    host=_part_on_host,
    moves=True,
    input_dtypes={"units": dtypes.float32},
)
def crop_chosen(value: Any, units: Any, *, size: Any) -> Any:
    """A block of a tensor.

    Args:
        value: Tensor of rank n.
        units: Numbers in [0, 1), a float tensor ``(n,)``: where the block lies in each dimension.
        size: Its sizes.

    Returns:
        Tensor of shape `size`.

    Raises:
        ShapeError: It does not fit into the tensor.
    """
    sizes, starts = _starts(jnp, value, units, size)
    return lax.dynamic_slice(value, starts, sizes)


def _fitting(aspect: Any, part: Any, height: Any, width: Any, areas: Any) -> tuple[Any, Any, Any]:
    """Heights and widths of boxes with given proportions, and whether they keep to the areas.

    Args:
        aspect: Width to height of each.
        part: Numbers in [0, 1): where between the smallest and the largest.
        height: Height of the image.
        width: Its width.
        areas: Smallest and largest area.
    """
    low, high = (jnp.round(jnp.sqrt(a / aspect)) for a in areas)
    widest = jnp.floor((width + 0.5 - 1e-7) / aspect)
    high = jnp.where(jnp.round(high * aspect) > width, widest, high)
    high = jnp.where(jnp.round(high * aspect) > width, high - 1, high)
    high = jnp.minimum(high, height)
    low = jnp.minimum(low, high)
    tall = jnp.minimum(low + jnp.floor(part * (high - low + 1)), high)
    # Rounding may have left the range of areas by a row.
    tall = tall + jnp.where(tall * jnp.round(tall * aspect) < areas[0], 1, 0)
    tall = tall - jnp.where(tall * jnp.round(tall * aspect) > areas[1], 1, 0)
    broad = jnp.round(tall * aspect)
    area = tall * broad
    fits = (area >= areas[0]) & (area <= areas[1]) & (tall <= height) & (broad <= width)
    return tall, broad, fits & (area > 0)


@op(
    "distorted_box",
    inputs=("units", "image_size", "bounding_boxes"),
    matched=(),
    differentiable=False,
    input_dtypes={"image_size": dtypes.int32, "bounding_boxes": dtypes.float32},
)
def distorted_box(
    units: Any,
    image_size: Any,
    bounding_boxes: Any,
    *,
    min_object_covered: float,
    aspect_ratio_range: Any,
    area_range: Any,
    where: str,
) -> Any:
    """The first of many boxes that covers enough of one of some objects, or the whole image.

    Args:
        units: Numbers in [0, 1), a float tensor ``(attempts, 4)``: proportions, height, and place of each.
        image_size: Height, width and channels, an integer tensor ``(3,)``.
        bounding_boxes: ``(y_min, x_min, y_max, x_max)`` of the objects, from 0 to 1: a float tensor
            ``(..., 4)``.
        min_object_covered: Part of an object that must lie inside.
        aspect_ratio_range: Smallest and largest width to height.
        area_range: Smallest and largest area, in parts of the image's.
        where: Name for messages.

    Returns:
        Begin and size of the box, as `tf.slice` takes them, and the box as float32 ``(1, 1, 4)``.

    Raises:
        ShapeError: Shapes do not fit.
    """
    needs(where, INTEGER, image_size)
    needs(where, FLOAT, units, bounding_boxes)
    if image_size.shape != (3,) or bounding_boxes.ndim != 3 or bounding_boxes.shape[2] != 4:
        raise ShapeError(
            f"[{where}] expected image_size of shape (3,) and bounding_boxes (batch, boxes, 4), got shapes "
            f"{tuple(image_size.shape)} and {tuple(bounding_boxes.shape)}."
        )
    kind = image_size.dtype
    height, width = (image_size[i].astype(np.float32) for i in range(2))
    ratios, areas = (np.asarray(r, np.float32) for r in (aspect_ratio_range, area_range))
    unit = units.astype(np.float32)
    aspect = ratios[0] + unit[:, 0] * (ratios[1] - ratios[0])
    limits = [a * height * width for a in areas]
    tall, broad, fits = _fitting(aspect, unit[:, 1], height, width, limits)
    top = jnp.clip(jnp.floor(unit[:, 2] * (height - tall + 1)), 0, jnp.maximum(height - tall, 0))
    left = jnp.clip(jnp.floor(unit[:, 3] * (width - broad + 1)), 0, jnp.maximum(width - broad, 0))
    spans = jnp.stack([height, width, height, width])
    objects = (bounding_boxes.reshape(-1, 4).astype(np.float32) * spans)[None]
    covered = _covered(objects, top[:, None], left[:, None], tall[:, None], broad[:, None])
    good = fits & (covered >= min_object_covered).any(1)
    first = jnp.argmax(good)
    found = jnp.stack([top, left, tall, broad], 1)[first]
    whole = jnp.stack([jnp.zeros_like(height), jnp.zeros_like(width), height, width])
    row, column, high, wide = jnp.where(good[first], found, whole)
    begin = jnp.stack([row, column, jnp.zeros_like(row)]).astype(kind)
    size = jnp.stack([high, wide, -jnp.ones_like(row)]).astype(kind)
    box = jnp.stack([row, column, row + high, column + wide]) / spans
    return begin, size, box[None, None]


def _covered(objects: Any, top: Any, left: Any, tall: Any, broad: Any) -> Any:
    """Part of each object that lies in each box; below 0 for objects smaller than a pixel."""
    y1, x1, y2, x2 = (objects[..., i] for i in range(4))
    area = (y2 - y1) * (x2 - x1)
    high = jnp.maximum(jnp.minimum(y2, top + tall) - jnp.maximum(y1, top), 0)
    wide = jnp.maximum(jnp.minimum(x2, left + broad) - jnp.maximum(x1, left), 0)
    there = area >= 1
    return jnp.where(there, high * wide / jnp.where(there, area, 1), -1)


def _glimpsed(
    xp: Any, images: Any, offsets: Any, size: Any, centered: bool, normalized: bool
) -> tuple[Any, Any]:
    where = "extract_glimpse"
    needs(where, FLOAT, images, offsets)
    need_rank(where, images, 4)
    batch, height, width, _ = images.shape
    if offsets.shape != (batch, 2):
        raise ShapeError(
            f"[{where}] expected offsets of shape ({batch}, 2) for {batch} images, got "
            f"{tuple(offsets.shape)}."
        )
    starts = []
    for axis, whole in enumerate((height, width)):
        at = offsets[:, axis].astype(np.float32)
        if normalized:
            at = ((at + 1) * whole - size[axis]) / 2 if centered else at * whole
        elif centered:
            at = at + whole / 2
        starts.append(xp.trunc(at).astype(np.int32)[:, None])
    rows, columns = (s + xp.arange(n, dtype=np.int32) for s, n in zip(starts, size))
    known = ((rows >= 0) & (rows < height))[:, :, None] & ((columns >= 0) & (columns < width))[:, None]
    number = xp.arange(batch, dtype=np.int32)[:, None, None]
    at = (xp.clip(rows, 0, height - 1)[:, :, None], xp.clip(columns, 0, width - 1)[:, None])
    found = images[(number, *at)]
    return xp.where(known[..., None], found, xp.zeros_like(found)), known[..., None]


@op(
    "glimpse",
    inputs=("images", "offsets"),
    matched=(),
    host=partial(_glimpsed, np),
    input_dtypes={"offsets": dtypes.float32},
)
def glimpse(images: Any, offsets: Any, *, size: Any, centered: bool, normalized: bool) -> Any:
    """Parts of images of one size, with zeros beyond the edges.

    Args:
        images: Floating tensor ``(batch, height, width, channels)``.
        offsets: Places of the parts, down and across: a float tensor ``(batch, 2)``.
        size: Height and width of the parts.
        centered: Offsets are measured from the middle.
        normalized: Offsets are in parts of the images' sizes.

    Returns:
        Tensor ``(batch, *size, channels)``; bools ``(batch, *size, 1)``: where it lies in the image.

    Raises:
        ShapeError: Shapes do not fit.
    """
    return _glimpsed(jnp, images, offsets, size, centered, normalized)
