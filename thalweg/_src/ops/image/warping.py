"""Images seen through a mapping of places: projective transforms, values between pixels."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.support import FLOAT, REAL, kind_of, needs

INTERPOLATIONS = ("nearest", "bilinear")
FILL_MODES = ("constant", "nearest", "wrap", "reflect")
MAP_MODES = (*FILL_MODES, "mirror")


def _inside(place: Any, size: int, mode: str) -> Any:
    """Places outside of an axis brought inside it."""
    if mode == "constant":
        return place
    if mode == "reflect":
        period = 2 * size
        part = place - period * jnp.floor(place / period)
        place = jnp.where(part > size - 1, jnp.where(part >= size, period - part - 1, part), part)
    elif mode == "wrap":
        # TensorFlow counts periods by the distance of the outer pixels' centres.
        periods = jnp.trunc(jnp.abs(place) / max(size - 1, 1))
        back = place - size * periods
        place = jnp.where(place < 0, place + size * (periods + 1), jnp.where(place > size - 1, back, place))
    return jnp.clip(place, 0, size - 1)


def _read(flat: Any, row: Any, column: Any, sizes: tuple[int, int], fill: Any) -> Any:
    """Pixels at whole places, ``fill`` where there is none: ``(places, channels)``."""
    height, width = sizes
    known = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    at = jnp.clip(row, 0, height - 1) * width + jnp.clip(column, 0, width - 1)
    return jnp.where(known[:, None], flat[at.astype(jnp.int32)], fill)


def _sampled(image: Any, row: Any, column: Any, known: Any, interpolation: str, mode: str, fill: Any) -> Any:
    """Values of one image ``(height, width, channels)`` at places."""
    sizes = image.shape[:2]
    flat = image.reshape(-1, image.shape[-1])
    row, column = _inside(row, sizes[0], mode), _inside(column, sizes[1], mode)
    if interpolation == "nearest":
        # Halves go away from zero, as in C.
        row, column = (jnp.sign(p) * jnp.floor(jnp.abs(p) + 0.5) for p in (row, column))
        found = _read(flat, row, column, sizes, fill)
    else:
        top, left = jnp.floor(row), jnp.floor(column)
        down, right = (row - top)[:, None], (column - left)[:, None]
        upper = _read(flat, top, left, sizes, fill) * (1 - right)
        upper = upper + _read(flat, top, left + 1, sizes, fill) * right
        lower = _read(flat, top + 1, left, sizes, fill) * (1 - right)
        lower = lower + _read(flat, top + 1, left + 1, sizes, fill) * right
        found = upper * (1 - down) + lower * down
    return jnp.where(known[:, None], found, fill)


@op("projective_transform", inputs=("images", "transforms"), matched=())
def projective_transform(
    images: Any,
    transforms: Any,
    *,
    output_size: Any,
    interpolation: str,
    fill_mode: str,
    fill_value: float,
) -> Any:
    """Images whose pixels come from other places of the input.

    The result at ``(x, y)`` is the input at ``((a x + b y + c) / k, (d x + e y + f) / k)`` with
    ``k = g x + h y + 1``.

    Args:
        images: Real tensor ``(batch, height, width, channels)``.
        transforms: ``(a, b, c, d, e, f, g, h)`` of each image, a float tensor ``(batch, 8)`` or ``(1, 8)``.
        output_size: Height and width of the results.
        interpolation: ``"nearest"`` or ``"bilinear"``.
        fill_mode: What lies outside of an image: ``"constant"`` (`fill_value`), ``"nearest"`` (its edge),
            ``"wrap"`` (the image again), ``"reflect"`` (its mirror image, edge included).
        fill_value: The constant.

    Returns:
        Tensor ``(batch, *output_size, channels)`` of the dtype of `images`; integers are cut towards 0.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Source: TensorFlow's ImageProjectiveTransformV3. The gradient is exact here, also to the transforms.
    """
    where = "projective_transform"
    needs(where, REAL, images)
    needs(where, FLOAT, transforms)
    if interpolation not in INTERPOLATIONS or fill_mode not in FILL_MODES:
        raise InvalidArgumentError(
            f"[{where}] expected interpolation to be one of {INTERPOLATIONS} and fill_mode one of "
            f"{FILL_MODES}, got {interpolation!r} and {fill_mode!r}."
        )
    count = images.shape[0]
    if images.ndim != 4 or transforms.ndim != 2 or transforms.shape[1] != 8 or (
        transforms.shape[0] not in (1, count)
    ):
        raise ShapeError(
            f"[{where}] expected images (batch, height, width, channels) and transforms (batch, 8) or "
            f"(1, 8), got shapes {tuple(images.shape)} and {tuple(transforms.shape)}."
        )
    work = _floating(images).dtype
    rows, columns = output_size
    grid = (rows, columns)
    y = lax.broadcasted_iota(work, grid, 0).reshape(-1)
    x = lax.broadcasted_iota(work, grid, 1).reshape(-1)
    fill = jnp.asarray(fill_value, work)

    def one(image: Any, t: Any) -> Any:
        scale = t[6] * x + t[7] * y + 1
        known = scale != 0
        scale = jnp.where(known, scale, 1)
        column, row = (t[0] * x + t[1] * y + t[2]) / scale, (t[3] * x + t[4] * y + t[5]) / scale
        return _sampled(image, row, column, known, interpolation, fill_mode, fill)

    axes = (0, 0 if transforms.shape[0] == count else None)
    t = transforms.astype(work)
    found = jax.vmap(one, axes)(images.astype(work), t if axes[1] == 0 else t[0])
    return found.reshape(count, rows, columns, images.shape[-1]).astype(images.dtype)


@op("perspective_coefficients")
def perspective_coefficients(start_points: Any, end_points: Any) -> Any:
    """Coefficients for `projective_transform` that bring points of images to other places.

    Args:
        start_points: Where four points are, ``(x, y)`` in pixels: a float tensor ``(batch, 4, 2)``.
        end_points: Where they shall be, likewise.

    Returns:
        Tensor ``(batch, 8)``.

    Raises:
        ShapeError: Shapes do not fit.

    Source: Heckbert, "Fundamentals of texture mapping and image warping" (1989).
    """
    needs("perspective_coefficients", FLOAT, start_points)
    if start_points.ndim != 3 or start_points.shape[1:] != (4, 2) or end_points.shape != start_points.shape:
        raise ShapeError(
            "[perspective_coefficients] expected four points (batch, 4, 2) twice, got shapes "
            f"{tuple(start_points.shape)} and {tuple(end_points.shape)}."
        )
    x, y = end_points[..., 0], end_points[..., 1]
    u, v = start_points[..., 0], start_points[..., 1]
    one, zero = jnp.ones_like(x), jnp.zeros_like(x)
    across = jnp.stack([x, y, one, zero, zero, zero, -x * u, -y * u], -1)
    down = jnp.stack([zero, zero, zero, x, y, one, -x * v, -y * v], -1)
    matrix = jnp.concatenate([across, down], 1)
    sides = jnp.concatenate([u, v], 1)[..., None]
    return jnp.linalg.solve(matrix, sides)[..., 0]


@op("map_coordinates", inputs=("inputs", "coordinates"), matched=())
def map_coordinates(
    inputs: Any, coordinates: Any, *, order: int, fill_mode: str, fill_value: float
) -> Any:
    """Values of a tensor at places between its elements.

    Args:
        inputs: Real tensor of rank n.
        coordinates: Places, a real tensor ``(n, ...)``.
        order: 0 for the nearest element (halfway between two the even one), 1 for linear interpolation.
        fill_mode: What lies outside: ``"constant"`` (`fill_value`), ``"nearest"`` (the edge), ``"wrap"``
            (the tensor again), ``"mirror"`` (its mirror image without the edge), ``"reflect"`` (with it).
        fill_value: The constant.

    Returns:
        Tensor of shape ``coordinates.shape[1:]`` and the dtype of `inputs`; integers are rounded.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Source: `scipy.ndimage.map_coordinates`.
    """
    where = "map_coordinates"
    needs(where, REAL, inputs, coordinates)
    if order not in (0, 1):
        raise InvalidArgumentError(f"[{where}] expected order 0 or 1, got {order!r}.")
    if fill_mode not in MAP_MODES:
        raise InvalidArgumentError(
            f"[{where}] expected fill_mode to be one of {MAP_MODES}, got {fill_mode!r}."
        )
    if not coordinates.ndim or coordinates.shape[0] != inputs.ndim:
        raise ShapeError(
            f"[{where}] expected coordinates of shape ({inputs.ndim}, ...), one row for each dimension of "
            f"inputs of shape {tuple(inputs.shape)}, got {tuple(coordinates.shape)}."
        )
    return _between(inputs, _floating(coordinates), order, fill_mode, fill_value)


def _floating(x: Any) -> Any:
    """The array as float32 or wider."""
    return x.astype(wide(x) if kind_of(x) == "float" else np.float32)


def _between(x: Any, places: Any, order: int, mode: str, fill: float) -> Any:
    """Values at places between the elements of an array."""
    values = _floating(x) if kind_of(x) == "float" else x
    places = jnp.round(places) if order == 0 else places
    found = jax.scipy.ndimage.map_coordinates(values, list(places), order, mode, fill)
    return found.astype(x.dtype)


@op("displace", inputs=("images", "displacements"), matched=())
def displace(
    images: Any, displacements: Any, *, interpolation: str, fill_mode: str, fill_value: float
) -> Any:
    """Images whose pixels come from places some way off.

    Args:
        images: Real tensor ``(batch, height, width, channels)``.
        displacements: How far down and to the right each pixel comes from, in pixels: a float tensor
            ``(batch, height, width, 2)``.
        interpolation: ``"nearest"`` or ``"bilinear"``.
        fill_mode: See `map_coordinates`.
        fill_value: The constant.

    Returns:
        Tensor like `images`.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Source: Simard et al., "Best practices for convolutional neural networks" (2003).
    """
    needs("displace", REAL, images)
    needs("displace", FLOAT, displacements)
    if interpolation not in INTERPOLATIONS or fill_mode not in MAP_MODES:
        raise InvalidArgumentError(
            f"[displace] expected interpolation to be one of {INTERPOLATIONS} and fill_mode one of "
            f"{MAP_MODES}, got {interpolation!r} and {fill_mode!r}."
        )
    if images.ndim != 4 or displacements.shape != (*images.shape[:3], 2):
        raise ShapeError(
            "[displace] expected images (batch, height, width, channels) and displacements (batch, height, "
            f"width, 2), got shapes {tuple(images.shape)} and {tuple(displacements.shape)}."
        )
    moves = jnp.moveaxis(_floating(displacements), -1, 1)
    rows, columns = (
        lax.broadcasted_iota(moves.dtype, images.shape[:3], axis) for axis in (1, 2)
    )
    places = moves + jnp.stack([rows, columns], 1)

    def one(image: Any, at: Any) -> Any:
        return _between(image, at, INTERPOLATIONS.index(interpolation), fill_mode, fill_value)

    return jax.vmap(jax.vmap(one, (-1, None), -1))(images, places)
