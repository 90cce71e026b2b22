"""Pictures turned, moved, sheared, zoomed and recoloured on the host, one at a time, as Keras 2 did it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.lazy import LazyModule, needed
from thalweg._src.keras.utils.images import array_to_img, img_to_array

_enhance = LazyModule("PIL.ImageEnhance")

Picture = np.ndarray[Any, Any]

_FILL_MODES = ("constant", "nearest", "reflect", "wrap")


def apply_affine_transform(
    x: Any,
    theta: float = 0,
    tx: float = 0,
    ty: float = 0,
    shear: float = 0,
    zx: float = 1,
    zy: float = 1,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    order: int = 1,
) -> Picture:
    """A picture turned, moved, sheared and zoomed about its middle.

    Args:
        x: Array of rank 3.
        theta: Angle in degrees.
        tx: Columns by which the picture is moved to the left.
        ty: Rows by which it is moved up.
        shear: Angle in degrees.
        zx: A column of the result shows so many of the picture: below 1 enlarges.
        zy: The same for rows.
        row_axis: Where rows are.
        col_axis: Where columns are.
        channel_axis: Where channels are.
        fill_mode: What lies beyond the edges: ``"constant"``, ``"nearest"``, ``"reflect"`` or ``"wrap"``.
        cval: The value there for ``"constant"``.
        order: Of the spline that interpolates, 0 to 5.

    Returns:
        Array of the shape of `x`.

    Raises:
        ValueError: An unknown `fill_mode`.

    Source: `keras.preprocessing.image.apply_affine_transform` of Keras 2, which turns pictures that are not
    square about another point than their middle.
    """
    if fill_mode not in _FILL_MODES:
        raise InvalidArgumentError(
            f"[apply_affine_transform] expected fill_mode in {_FILL_MODES}, got {fill_mode!r}."
        )
    x = np.asarray(x)
    matrix = _affine_matrix(theta, tx, ty, shear, zx, zy)
    if np.array_equal(matrix, np.eye(3)):
        return x
    ndimage = needed("scipy.ndimage", "apply_affine_transform", "scipy")
    axes = channel_axis, row_axis, col_axis
    planes = np.moveaxis(x, axes, (0, 1, 2))
    middle = np.array([planes.shape[1] / 2 - 0.5, planes.shape[2] / 2 - 0.5])
    # The matrix speaks of columns and rows, in this order.
    linear = matrix[1::-1, 1::-1]
    offset = matrix[1::-1, 2] + middle - linear @ middle
    turned = [
        ndimage.affine_transform(plane, linear, offset, order=order, mode=fill_mode, cval=cval)
        for plane in planes
    ]
    return np.moveaxis(np.stack(turned), (0, 1, 2), axes)


def _affine_matrix(
    theta: float, tx: float, ty: float, shear: float, zx: float, zy: float
) -> np.ndarray[Any, Any]:
    """From places in the result to places in the picture, as columns and rows from the middle."""
    turn, slant = math.radians(theta), math.radians(shear)
    rotation = np.array(
        [[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0], [0, 0, 1]]
    )
    shift = np.array([[1, 0, tx], [0, 1, ty], [0, 0, 1]], np.float64)
    shearing = np.array([[1, -math.sin(slant), 0], [0, math.cos(slant), 0], [0, 0, 1]])
    return rotation @ shift @ shearing @ np.diag([zx, zy, 1.0])


def apply_channel_shift(x: Any, intensity: float, channel_axis: int = 0) -> Picture:
    """A picture with all values shifted, within the range that they had.

    Args:
        x: Array of rank 3.
        intensity: What is added.
        channel_axis: Where channels are; all are shifted alike.

    Source: `keras.preprocessing.image.apply_channel_shift` of Keras 2.
    """
    del channel_axis
    x = np.asarray(x)
    return np.clip(x + intensity, x.min(), x.max())


def apply_brightness_shift(x: Any, brightness: float, scale: bool = True) -> Picture:
    """A picture made brighter or darker.

    Args:
        x: Array ``(height, width, channels)``.
        brightness: Factor of the values; 1 leaves them.
        scale: Values are stretched to 0 to 255 before. Else only those of pictures that go beyond that
            range are, and come back to their own after.

    Returns:
        Array of whole numbers, unless it was stretched back.

    Source: `keras.preprocessing.image.apply_brightness_shift` of Keras 2.
    """
    x = np.asarray(x)
    low, high = float(x.min()), float(x.max())
    stretched = low < 0 or high > 255
    picture = array_to_img(x, "channels_last", scale=scale or stretched)
    brighter = img_to_array(_enhance.Brightness(picture).enhance(brightness), "channels_last")
    return brighter / 255 * (high - low) + low if stretched and not scale else brighter


def random_rotation(
    x: Any,
    rg: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> Picture:
    """A picture turned by an angle that `numpy.random` draws.

    Args:
        x: Array of rank 3.
        rg: Greatest angle in degrees, to either side.
        row_axis: Where rows are.
        col_axis: Where columns are.
        channel_axis: Where channels are.
        fill_mode: See `apply_affine_transform`.
        cval: See `apply_affine_transform`.
        interpolation_order: Of the spline that interpolates.

    Source: `keras.preprocessing.image.random_rotation` of Keras 2.
    """
    axes = row_axis, col_axis, channel_axis
    theta = np.random.uniform(-rg, rg)
    return apply_affine_transform(
        x, theta, 0, 0, 0, 1, 1, *axes, fill_mode, cval, interpolation_order
    )


def random_shift(
    x: Any,
    wrg: float,
    hrg: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> Picture:
    """A picture moved by a part of its size that `numpy.random` draws.

    Args:
        x: Array of rank 3.
        wrg: Greatest part of the width, to either side.
        hrg: Greatest part of the height, to either side.
        row_axis: Where rows are.
        col_axis: Where columns are.
        channel_axis: Where channels are.
        fill_mode: See `apply_affine_transform`.
        cval: See `apply_affine_transform`.
        interpolation_order: Of the spline that interpolates.

    Source: `keras.preprocessing.image.random_shift` of Keras 2, which takes height for width.
    """
    x = np.asarray(x)
    axes = row_axis, col_axis, channel_axis
    ty = np.random.uniform(-hrg, hrg) * x.shape[row_axis]
    tx = np.random.uniform(-wrg, wrg) * x.shape[col_axis]
    return apply_affine_transform(
        x, 0, tx, ty, 0, 1, 1, *axes, fill_mode, cval, interpolation_order
    )


def random_shear(
    x: Any,
    intensity: float,
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> Picture:
    """A picture sheared by an angle that `numpy.random` draws.

    Args:
        x: Array of rank 3.
        intensity: Greatest angle in degrees, to either side.
        row_axis: Where rows are.
        col_axis: Where columns are.
        channel_axis: Where channels are.
        fill_mode: See `apply_affine_transform`.
        cval: See `apply_affine_transform`.
        interpolation_order: Of the spline that interpolates.

    Source: `keras.preprocessing.image.random_shear` of Keras 2.
    """
    axes = row_axis, col_axis, channel_axis
    shear = np.random.uniform(-intensity, intensity)
    return apply_affine_transform(
        x, 0, 0, 0, shear, 1, 1, *axes, fill_mode, cval, interpolation_order
    )


def random_zoom(
    x: Any,
    zoom_range: tuple[float, float],
    row_axis: int = 1,
    col_axis: int = 2,
    channel_axis: int = 0,
    fill_mode: str = "nearest",
    cval: float = 0.0,
    interpolation_order: int = 1,
) -> Picture:
    """A picture zoomed by factors for rows and columns that `numpy.random` draws.

    Args:
        x: Array of rank 3.
        zoom_range: Least and greatest factor; below 1 enlarges.
        row_axis: Where rows are.
        col_axis: Where columns are.
        channel_axis: Where channels are.
        fill_mode: See `apply_affine_transform`.
        cval: See `apply_affine_transform`.
        interpolation_order: Of the spline that interpolates.

    Raises:
        ValueError: `zoom_range` is no pair.

    Source: `keras.preprocessing.image.random_zoom` of Keras 2.
    """
    low, high = pair(zoom_range, "random_zoom", "zoom_range")
    zx, zy = (1, 1) if low == high == 1 else np.random.uniform(low, high, 2)
    axes = row_axis, col_axis, channel_axis
    return apply_affine_transform(
        x, 0, 0, 0, 0, zx, zy, *axes, fill_mode, cval, interpolation_order
    )


def random_channel_shift(x: Any, intensity_range: float, channel_axis: int = 0) -> Picture:
    """A picture with values shifted by what `numpy.random` draws.

    Args:
        x: Array of rank 3.
        intensity_range: Greatest shift, to either side.
        channel_axis: Where channels are.

    Source: `keras.preprocessing.image.random_channel_shift` of Keras 2.
    """
    return apply_channel_shift(
        x, np.random.uniform(-intensity_range, intensity_range), channel_axis
    )


def random_brightness(x: Any, brightness_range: tuple[float, float], scale: bool = True) -> Picture:
    """A picture made brighter or darker by a factor that `numpy.random` draws.

    Args:
        x: Array ``(height, width, channels)``.
        brightness_range: Least and greatest factor.
        scale: See `apply_brightness_shift`.

    Raises:
        ValueError: `brightness_range` is no pair.

    Source: `keras.preprocessing.image.random_brightness` of Keras 2.
    """
    low, high = pair(brightness_range, "random_brightness", "brightness_range")
    return apply_brightness_shift(x, np.random.uniform(low, high), scale)


def pair(value: Any, where: str, name: str) -> tuple[float, float]:
    """Two numbers.

    Raises:
        ValueError: It is something else.
    """
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise InvalidArgumentError(f"[{where}] expected {name} (least, greatest), got {value!r}.")
    return value[0], value[1]
