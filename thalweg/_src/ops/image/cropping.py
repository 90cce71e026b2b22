"""Images cut and padded to other sizes without stretching them."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.convert import as_tensor
from thalweg._src.core.opdef import op
from thalweg._src.core.tensor import is_traced
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.image.images import need_rank
from thalweg._src.ops.joining import stack
from thalweg._src.ops.slicing import slice_

_ROWS, _COLUMNS = -3, -2


def _computed(*values: Any) -> bool:
    """True when a value is known only when the program runs."""
    tensors = [as_tensor(v) for v in values]
    return any(t is not None and is_traced(t) for t in tensors)


def sizes_above_zero(where: str, height: Any, width: Any) -> tuple[int, int]:
    """A target size as ints above 0."""
    size = int_of(where, "target_height", height), int_of(where, "target_width", width)
    if min(size) < 1:
        raise InvalidArgumentError(
            f"[{where}] expected target_height and target_width of 1 or more, got {size}."
        )
    return size


def _box(where: str, top: Any, left: Any, height: Any, width: Any) -> tuple[int, int, int, int]:
    """Offsets and target size as ints."""
    found = int_of(where, "offset_height", top), int_of(where, "offset_width", left)
    if min(found) < 0:
        raise InvalidArgumentError(
            f"[{where}] expected offset_height and offset_width of 0 or more, got {found}."
        )
    return (*found, *sizes_above_zero(where, height, width))


def _part(image: Any, top: int, left: int, height: int, width: int) -> Any:
    return image[..., top : top + height, left : left + width, :]


def surrounded(xp: Any, image: Any, top: int, left: int, height: int, width: int) -> Any:
    """The image with zeros around, `top` rows and `left` columns from the edges of the result."""
    rows, columns = image.shape[_ROWS:-1]
    around = [(0, 0)] * (image.ndim - 3)
    around += [(top, height - top - rows), (left, width - left - columns), (0, 0)]
    if xp is np:
        found = np.zeros([n + a + b for n, (a, b) in zip(image.shape, around)], image.dtype)
        _part(found, top, left, rows, columns)[...] = image
        return found
    return lax.pad(image, np.zeros((), image.dtype), [(a, b, 0) for a, b in around])


def _cropped(xp: Any, image: Any, top: Any, left: Any, height: Any, width: Any) -> Any:
    where = "crop_to_bounding_box"
    need_rank(where, image, 3, 4)
    box = _box(where, top, left, height, width)
    rows, columns = image.shape[_ROWS:-1]
    if box[0] + box[2] > rows or box[1] + box[3] > columns:
        raise ShapeError(
            f"[{where}] expected offset_height + target_height of at most {rows} and offset_width + "
            f"target_width of at most {columns} for images of shape {tuple(image.shape)}, got offsets "
            f"{box[:2]} and size {box[2:]}."
        )
    return _part(image, *box)


@op("crop_to_bounding_box", inputs=("image",), host=partial(_cropped, np), moves=True)
def _crop(image: Any, top: Any, left: Any, height: Any, width: Any) -> Any:
    return _cropped(jnp, image, top, left, height, width)


def crop_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Any:
    """A rectangle of images.

    Args:
        image: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.
        offset_height: Rows above the rectangle. It may be computed in a compiled program.
        offset_width: Columns to the left of it, likewise.
        target_height: Its height.
        target_width: Its width.

    Returns:
        Tensor ``(batch, target_height, target_width, channels)`` or without batch.

    Raises:
        InvalidArgumentError: The rectangle does not lie inside the images. One at computed offsets is
            moved back until it does.

    Source: `tf.image.crop_to_bounding_box`.
    """
    if not _computed(offset_height, offset_width):
        return _crop(image, offset_height, offset_width, target_height, target_width)
    where = "crop_to_bounding_box"
    need_rank(where, image, 3, 4)
    size = sizes_above_zero(where, target_height, target_width)
    single = len(image.shape) == 3
    begin = stack([*([] if single else [0]), offset_height, offset_width, 0])
    return slice_(image, begin, [*image.shape[: -3], *size, image.shape[-1]])


def _padded(xp: Any, image: Any, top: Any, left: Any, height: Any, width: Any) -> Any:
    where = "pad_to_bounding_box"
    need_rank(where, image, 3, 4)
    box = _box(where, top, left, height, width)
    rows, columns = image.shape[_ROWS:-1]
    if box[0] + rows > box[2] or box[1] + columns > box[3]:
        raise ShapeError(
            f"[{where}] expected a target size of at least {(box[0] + rows, box[1] + columns)} for images "
            f"of shape {tuple(image.shape)} and offsets {box[:2]}, got {box[2:]}."
        )
    return surrounded(xp, image, *box)


@op("pad_to_bounding_box", inputs=("image",), host=partial(_padded, np), moves=True)
def _pad(image: Any, top: Any, left: Any, height: Any, width: Any) -> Any:
    return _padded(jnp, image, top, left, height, width)


@op("pad_to_bounding_box_at", inputs=("image", "top", "left"), matched=())
def _pad_at(image: Any, top: Any, left: Any, *, height: int, width: int) -> Any:
    """Images at offsets that are computed in the program."""
    where = "pad_to_bounding_box"
    need_rank(where, image, 3, 4)
    size = sizes_above_zero(where, height, width)
    if any(n > m for n, m in zip(image.shape[_ROWS:-1], size)):
        raise ShapeError(
            f"[{where}] expected a target size of at least {tuple(image.shape[_ROWS:-1])} for images of "
            f"shape {tuple(image.shape)}, got {size}."
        )
    empty = jnp.zeros((*image.shape[:_ROWS], *size, image.shape[-1]), image.dtype)
    zero = jnp.zeros((), jnp.int32)
    starts = [zero] * (image.ndim - 3) + [top.astype(jnp.int32), left.astype(jnp.int32), zero]
    return lax.dynamic_update_slice(empty, image, starts)


def pad_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Any:
    """Images with zeros around, in some place of a larger one.

    Args:
        image: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.
        offset_height: Rows of zeros above. It may be computed in a compiled program.
        offset_width: Columns of zeros to the left, likewise.
        target_height: Height of the result.
        target_width: Width of the result.

    Returns:
        Tensor ``(batch, target_height, target_width, channels)`` or without batch.

    Raises:
        InvalidArgumentError: The images do not fit into the result. Where a computed offset would put
            them beyond its edge they are moved back.

    Source: `tf.image.pad_to_bounding_box`.
    """
    if _computed(offset_height, offset_width):
        return _pad_at(
            image, offset_height, offset_width, height=target_height, width=target_width
        )
    return _pad(image, offset_height, offset_width, target_height, target_width)


def _centre(xp: Any, image: Any, central_fraction: float) -> Any:
    need_rank("central_crop", image, 3, 4)
    if not 0 < central_fraction <= 1:
        raise InvalidArgumentError(
            f"[central_crop] expected central_fraction above 0 and at most 1, got {central_fraction!r}."
        )
    whole = image.shape[_ROWS:-1]
    top, left = (int((n - n * central_fraction) / 2) for n in whole)
    return _part(image, top, left, whole[0] - 2 * top, whole[1] - 2 * left)


@op("central_crop", inputs=("image",), host=partial(_centre, np), moves=True)
def central_crop(image: Any, central_fraction: float) -> Any:
    """The middle of images.

    Args:
        image: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.
        central_fraction: Part of the height and of the width that is kept, above 0 and at most 1.

    Returns:
        Tensor of the same rank; margins are rounded down.

    Raises:
        InvalidArgumentError: The fraction is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.image.central_crop(tf.ones((6, 8, 3)), 0.5).shape
        TensorShape([4, 4, 3])

    Source: `tf.image.central_crop`.
    """
    return _centre(jnp, image, central_fraction)


def _cropped_or_padded(xp: Any, image: Any, target_height: Any, target_width: Any) -> Any:
    where = "resize_with_crop_or_pad"
    need_rank(where, image, 3, 4)
    size = sizes_above_zero(where, target_height, target_width)
    whole = image.shape[_ROWS:-1]
    cut = [max(n - m, 0) // 2 for n, m in zip(whole, size)]
    x = _part(image, *cut, *(min(n, m) for n, m in zip(whole, size)))
    top, left = (max(m - n, 0) // 2 for n, m in zip(whole, size))
    return surrounded(xp, x, top, left, *size)


@op("resize_with_crop_or_pad", inputs=("image",), host=partial(_cropped_or_padded, np), moves=True)
def resize_with_crop_or_pad(image: Any, target_height: Any, target_width: Any) -> Any:
    """Images cut or padded with zeros evenly on both sides to a size.

    Args:
        image: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.
        target_height: Height of the result.
        target_width: Width of the result.

    Returns:
        Tensor ``(batch, target_height, target_width, channels)`` or without batch.

    Raises:
        InvalidArgumentError: The size is not positive.

    Example:
        >>> import thalweg as tf
        >>> tf.image.resize_with_crop_or_pad(tf.ones((2, 8, 1)), 4, 4).numpy()[..., 0].sum(1).tolist()
        [0.0, 4.0, 4.0, 0.0]

    Source: `tf.image.resize_with_crop_or_pad`.
    """
    return _cropped_or_padded(jnp, image, target_height, target_width)
