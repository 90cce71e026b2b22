"""Formats of bounding boxes, each a way to four columns `left, top, right, bottom` and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.base.naming import nearest
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.ops.casting import cast
from thalweg._src.ops.joining import stack, unstack
from thalweg._src.ops.shaping import expand_dims

Columns = tuple[Any, Any, Any, Any]
_RELATIVE = "rel_"


class _Layout(NamedTuple):
    """What the four numbers of a box are.

    Attributes:
        corners: Function from them to `left, top, right, bottom`.
        numbers: Function back.
        halves: Whether they hold half of a width, so that they cannot be integers.
    """

    corners: Callable[[Any, Any, Any, Any], Columns]
    numbers: Callable[[Any, Any, Any, Any], Columns]
    halves: bool = False


def _around(x: Any, y: Any, width: Any, height: Any) -> Columns:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _centered(left: Any, top: Any, right: Any, bottom: Any) -> Columns:
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top


def _rows_first(a: Any, b: Any, c: Any, d: Any) -> Columns:
    return b, a, d, c


LAYOUTS: dict[str, _Layout] = {
    "xyxy": _Layout(lambda *box: box, lambda *corners: corners),
    "yxyx": _Layout(_rows_first, _rows_first),
    "xywh": _Layout(
        lambda left, top, width, height: (left, top, left + width, top + height),
        lambda left, top, right, bottom: (left, top, right - left, bottom - top),
    ),
    "center_xywh": _Layout(_around, _centered, halves=True),
    "center_yxhw": _Layout(
        lambda *box: _around(*_rows_first(*box)),
        lambda *corners: _rows_first(*_centered(*corners)),
        halves=True,
    ),
}


class Format(NamedTuple):
    """A format: its layout, and whether lengths are shares of the image's."""

    layout: _Layout
    relative: bool

    @classmethod
    def named(cls, name: str, where: str) -> Format:
        """The format of a name, in which case does not matter.

        Raises:
            InvalidArgumentError: There is none.
        """
        layout = str(name).lower()
        relative = layout.startswith(_RELATIVE)
        if layout.removeprefix(_RELATIVE) not in LAYOUTS:
            known = [*LAYOUTS, *(_RELATIVE + other for other in LAYOUTS)]
            raise InvalidArgumentError(
                f"[{where}] expected a format of bounding boxes, got {name!r}. {nearest(layout, known)}"
            )
        return cls(LAYOUTS[layout.removeprefix(_RELATIVE)], relative)

    def columns(self, boxes: Any, where: str) -> Columns:
        """Left, top, right and bottom of boxes of this format: pixels, or shares of the image.

        Args:
            boxes: Tensor or array ``(..., 4)``; integers stay integers where that is possible.
            where: Caller, for messages.

        Raises:
            ShapeError: The last dimension is not 4.
        """
        boxes = convert_to_tensor(boxes)
        if len(boxes.shape) == 0 or boxes.shape[-1] != 4:
            raise ShapeError(
                f"[{where}] expected boxes of shape (..., 4), got {tuple(boxes.shape)}; the last dimension "
                "holds the four numbers of a box."
            )
        if (self.layout.halves or self.relative) and not is_floating(boxes):
            boxes = cast(boxes, floatx())
        left, top, right, bottom = unstack(boxes, axis=-1)
        return self.layout.corners(left, top, right, bottom)

    def boxes(self, columns: Columns) -> Any:
        """Boxes of this format from columns as `columns` gives them."""
        dtype = next((column.dtype for column in columns if is_floating(column)), None)
        if dtype is not None or self.layout.halves:
            columns = tuple(cast(column, dtype or floatx()) for column in columns)  # type: ignore[assignment]
        left, top, right, bottom = columns
        return stack(list(self.layout.numbers(left, top, right, bottom)), axis=-1)


def side(length: Any, like: Any) -> Any:
    """A length of images, a number or one for each, so that it broadcasts with columns.

    Args:
        length: Number, or tensor ``(batch,)``.
        like: Column ``(..., boxes)`` whose dtype a tensor takes, but for fractions beside integers.
    """
    if isinstance(length, int | float):
        return float(length) if isinstance(length, float) else length
    length = convert_to_tensor(length)
    fraction = is_floating(length) and not is_floating(like)
    length = cast(length, floatx() if fraction else like.dtype)
    while 0 < len(length.shape) < len(like.shape):
        length = expand_dims(length, -1)
    return length


def is_floating(tensor: Any) -> bool:
    """Whether a tensor's dtype holds fractions."""
    return dtypes.as_dtype(tensor.dtype).is_floating


def scaled(columns: Columns, x: Any, y: Any, up: bool) -> Columns:
    """Columns multiplied (`up`) or divided by a width and a height."""
    x, y = side(x, columns[0]), side(y, columns[0])
    left, top, right, bottom = columns
    if up:
        return left * x, top * y, right * x, bottom * y
    return left / x, top / y, right / x, bottom / y


def of_boxes(boxes: Any, function: Callable[[Any], Any], where: str) -> Any:
    """Result of a function of boxes; of a dictionary, a copy with its ``"boxes"`` replaced."""
    if not isinstance(boxes, Mapping):
        return function(boxes)
    if "boxes" not in boxes:
        raise InvalidArgumentError(
            f"[{where}] expected a dictionary with the key 'boxes', got {sorted(map(str, boxes))}; add it."
        )
    return {**boxes, "boxes": function(boxes["boxes"])}


def convert_format(
    boxes: Any,
    source: str,
    target: str,
    height: Any = None,
    width: Any = None,
    dtype: Any = "float32",
) -> Any:
    """Boxes in another format.

    The formats, in which case does not matter:

    - ``"xyxy"``: left, top, right, bottom, in pixels from the top left corner
    - ``"yxyx"``: top, left, bottom, right
    - ``"xywh"``: left, top, width, height
    - ``"center_xywh"``: x and y of the center, width, height
    - ``"center_yxhw"``: y and x of the center, height, width
    - ``"rel_..."``: each of these as shares of the image's width and height

    Args:
        boxes: Tensor or array ``(..., 4)``, or a dictionary that holds it under ``"boxes"``.
        source: Format of the boxes.
        target: Wanted format.
        height: Height of the images in pixels, a number or a tensor ``(batch,)``. Needed when one of the
            formats is relative and the other is not, as is `width`.
        width: Width of the images.
        dtype: Dtype of the result; None for ``floatx()``. What comes out as an integer is cut off.

    Returns:
        Tensor of the same shape; of a dictionary, a copy with the boxes in the new format.

    Raises:
        ValueError: An unknown format, boxes of another shape, or no size of the image.

    Example:
        >>> import thalweg as tf
        >>> convert = tf.keras.utils.bounding_boxes.convert_format
        >>> convert([[10, 20, 30, 40]], "xyxy", "center_xywh").numpy().tolist()
        [[20.0, 30.0, 20.0, 20.0]]
        >>> convert([[10, 20, 30, 40]], "xyxy", "rel_yxyx", height=80, width=40).numpy().tolist()
        [[0.25, 0.25, 0.5, 0.75]]

    Source: `keras.utils.bounding_boxes.convert_format`, which asks for the image's size between two
    relative formats, too, and does not know ``"rel_center_yxhw"``.
    """
    where = "convert_format"
    given, wanted = Format.named(source, where), Format.named(target, where)
    result = dtypes.as_dtype(dtype or floatx())
    working = result if result.is_floating else floatx()
    if given.relative != wanted.relative and (height is None or width is None):
        raise InvalidArgumentError(
            f"[{where}] expected the image's height and width to get from {source!r} to {target!r}, got "
            f"height={height} and width={width}; pass both."
        )

    def convert(boxes: Any) -> Any:
        columns = given.columns(cast(boxes, working), where)
        if given.relative != wanted.relative:
            columns = scaled(columns, width, height, up=given.relative)
        return cast(wanted.boxes(columns), result)

    return of_boxes(boxes, convert, where)
