"""Margins of images: added and cut off."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.base.drawing import draw
from thalweg._src.keras.base.serialization import enroll
from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.ops.image_layouts import Layout, by_batch
from thalweg._src.ops.indexing import getitem
from thalweg._src.ops.reordering import pad


class _Dimension:
    """Margins of one dimension, of which two of three numbers are given.

    Args:
        where: Name of the function, for messages.
        names: Names of the three numbers.
        before: Margin before the image, or None.
        after: Margin after the image, or None.
        target: Size of the result, or None.
        sign: 1 where margins are added, -1 where they are cut off.

    Raises:
        InvalidArgumentError: Not two of the numbers are given, or one is negative.
    """

    def __init__(
        self, where: str, names: tuple[str, str, str], before: Any, after: Any, target: Any, sign: int
    ) -> None:
        given = (before, after, target)
        if sum(g is not None for g in given) != 2 or any(g is not None and g < 0 for g in given):
            raise InvalidArgumentError(
                f"[{where}] expected exactly two of {', '.join(names)}, 0 or more, got {given}."
            )
        self._where, self._names, self._sign = where, names, sign
        self._before, self._after, self._target = given

    def margins(self, size: int) -> tuple[int, int]:
        """Margins before and after, for an image of some size.

        Raises:
            InvalidArgumentError: The image does not reach.
        """
        before, after = self._before, self._after
        whole = None if self._target is None else self._sign * (self._target - size)
        if before is None:
            before = whole - after
        elif after is None:
            after = whole - before
        if min(before, after) < 0 or (self._sign < 0 and before + after > size):
            raise InvalidArgumentError(
                f"[{self._where}] expected images that {' and '.join(self._names)} fit, got a size of {size} "
                f"with {before} and {after} at its sides."
            )
        return before, after

    def result(self, size: int | None) -> int | None:
        """Size of the result; None where it depends on an unknown size."""
        if size is not None:
            return size + self._sign * sum(self.margins(size))
        return self._target


def _sized(where: str, images: KerasTensor, data_format: str | None, *dimensions: _Dimension) -> KerasTensor:
    """Symbolic result: probing would refuse targets that the probes do not reach."""
    Layout(where, images, data_format)
    first = data_format_of(data_format, where) == "channels_first"
    sizes = list(images.shape)
    start = len(sizes) - (2 if first else 3)
    for axis, dimension in enumerate(dimensions, start):
        sizes[axis] = dimension.result(sizes[axis])
    return KerasTensor(sizes, images.dtype)


def pad_images(
    images: Any,
    top_padding: int | None = None,
    left_padding: int | None = None,
    bottom_padding: int | None = None,
    right_padding: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Any:
    """Images with zeros around.

    Args:
        images: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``, or channels
            first.
        top_padding: Rows added above. Of it, `bottom_padding` and `target_height` two are given.
        left_padding: Columns added to the left. Of it, `right_padding` and `target_width` two are given.
        bottom_padding: Rows added below.
        right_padding: Columns added to the right.
        target_height: Height of the results.
        target_width: Width of the results.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor of the same dtype.

    Raises:
        InvalidArgumentError: Not two of three numbers are given, or images would become smaller.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.image.pad_images(tf.ones((2, 3, 1)), 1, 0, 0, target_width=4).shape
        TensorShape([3, 4, 1])

    Source: `keras.ops.image.pad_images`.
    """
    where = "pad_images"
    names = ("top_padding", "bottom_padding", "target_height")
    rows = _Dimension(where, names, top_padding, bottom_padding, target_height, 1)
    names = ("left_padding", "right_padding", "target_width")
    columns = _Dimension(where, names, left_padding, right_padding, target_width, 1)
    if isinstance(images, KerasTensor):
        spec = _sized(where, images, data_format, rows, columns)
        margins = (top_padding, left_padding, bottom_padding, right_padding)
        given = (images, *margins, target_height, target_width, data_format)
        return draw(pad_images, given, {}, spec, where)

    def run(x: Any) -> Any:
        around = [rows.margins(int(x.shape[1])), columns.margins(int(x.shape[2]))]
        return pad(x, [[0, 0], *(list(a) for a in around), [0, 0]])

    return by_batch(where, images, data_format, run)


def crop_images(
    images: Any,
    top_cropping: int | None = None,
    left_cropping: int | None = None,
    bottom_cropping: int | None = None,
    right_cropping: int | None = None,
    target_height: int | None = None,
    target_width: int | None = None,
    data_format: str | None = None,
) -> Any:
    """Images without their margins.

    Args:
        images: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``, or channels
            first.
        top_cropping: Rows cut off above. Of it, `bottom_cropping` and `target_height` two are given.
        left_cropping: Columns cut off on the left. Of it, `right_cropping` and `target_width` two are given.
        bottom_cropping: Rows cut off below.
        right_cropping: Columns cut off on the right.
        target_height: Height of the results.
        target_width: Width of the results.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor of the same dtype.

    Raises:
        InvalidArgumentError: Not two of three numbers are given, or images are too small.

    Source: `keras.ops.image.crop_images`. Sizes of symbolic images may be unknown.
    """
    where = "crop_images"
    names = ("top_cropping", "bottom_cropping", "target_height")
    rows = _Dimension(where, names, top_cropping, bottom_cropping, target_height, -1)
    names = ("left_cropping", "right_cropping", "target_width")
    columns = _Dimension(where, names, left_cropping, right_cropping, target_width, -1)
    if isinstance(images, KerasTensor):
        spec = _sized(where, images, data_format, rows, columns)
        margins = (top_cropping, left_cropping, bottom_cropping, right_cropping)
        given = (images, *margins, target_height, target_width, data_format)
        return draw(crop_images, given, {}, spec, where)

    def run(x: Any) -> Any:
        height, width = (int(n) for n in x.shape[1:3])
        (top, bottom), (left, right) = rows.margins(height), columns.margins(width)
        return getitem(x, (slice(None), slice(top, height - bottom), slice(left, width - right)))

    return by_batch(where, images, data_format, run)


enroll("keras.ops", pad_images, crop_images)
