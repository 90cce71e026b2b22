"""Images turned, bent and read between pixels."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.keras.ops.image_layouts import by_batch
from thalweg._src.keras.random.distributions import normal
from thalweg._src.ops.image import filters, warping
from thalweg._src.ops.shaping import expand_dims


def _need_one_of(where: str, what: str, value: Any, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InvalidArgumentError(f"[{where}] expected {what} to be one of {known}, got {value!r}.")


def _warped(x: Any, transforms: Any, interpolation: str, fill_mode: str, fill_value: Any) -> Any:
    return warping.projective_transform(
        x,
        transforms,
        output_size=tuple(int(n) for n in x.shape[1:3]),
        interpolation=interpolation,
        fill_mode=fill_mode,
        fill_value=float(fill_value),
    )


@operation
def affine_transform(
    images: Any,
    transform: Any,
    interpolation: str = "bilinear",
    fill_mode: str = "constant",
    fill_value: float = 0,
    data_format: str | None = None,
) -> Any:
    """Images whose pixels come from other places of the input.

    The result at ``(x, y)`` is the input at ``((a x + b y + c) / k, (d x + e y + f) / k)`` with
    ``k = g x + h y + 1``.

    Args:
        images: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``, or channels
            first.
        transform: ``(a, b, c, d, e, f, g, h)``, ``(8,)`` for all images or ``(batch, 8)``.
        interpolation: ``"nearest"`` or ``"bilinear"``.
        fill_mode: What lies outside of an image: ``"constant"`` (`fill_value`), ``"nearest"`` (its edge),
            ``"wrap"`` (the image again), ``"reflect"`` (its mirror image, edge included).
        fill_value: The constant.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor like `images`; integers are cut towards 0.

    Raises:
        ValueError: Arguments do not fit.

    Source: `keras.ops.image.affine_transform`. Gradients are exact, also to the transform.
    """
    where = "affine_transform"
    _need_one_of(where, "interpolation", interpolation, warping.INTERPOLATIONS)
    _need_one_of(where, "fill_mode", fill_mode, warping.FILL_MODES)
    (t,) = promoted(transform, least="float32")
    t = expand_dims(t, 0) if len(t.shape) == 1 else t
    return by_batch(
        where, images, data_format, lambda x: _warped(x, t, interpolation, fill_mode, fill_value)
    )


def _points(where: str, what: str, points: Any) -> Any:
    (found,) = promoted(points, least="float32")
    shape = tuple(found.shape)
    if len(shape) not in (2, 3) or shape[-2:] != (4, 2):
        raise ShapeError(
            f"[{where}] expected {what} of shape (4, 2), or (batch, 4, 2), got {shape}; give the four "
            "corners."
        )
    return expand_dims(found, 0) if len(shape) == 2 else found


@operation
def perspective_transform(
    images: Any,
    start_points: Any,
    end_points: Any,
    interpolation: str = "bilinear",
    fill_value: float = 0,
    data_format: str | None = None,
) -> Any:
    """Images in perspective: four points are brought to other places.

    Args:
        images: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``, or channels
            first.
        start_points: Where four points are, ``(x, y)`` in pixels: ``(batch, 4, 2)`` or ``(4, 2)``.
        end_points: Where they shall be, likewise.
        interpolation: ``"nearest"`` or ``"bilinear"``.
        fill_value: What lies outside of an image.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor like `images`; integers are cut towards 0.

    Raises:
        ValueError: Arguments do not fit.

    Source: `keras.ops.image.perspective_transform`.
    """
    where = "perspective_transform"
    _need_one_of(where, "interpolation", interpolation, warping.INTERPOLATIONS)
    start, end = _points(where, "start_points", start_points), _points(where, "end_points", end_points)
    transforms = warping.perspective_coefficients(*promoted(start, end))
    return by_batch(
        where, images, data_format, lambda x: _warped(x, transforms, interpolation, "constant", fill_value)
    )


@operation
def map_coordinates(
    inputs: Any, coordinates: Any, order: int, fill_mode: str = "constant", fill_value: float = 0
) -> Any:
    """Values of a tensor at places between its elements.

    Args:
        inputs: Tensor of rank n.
        coordinates: Places, a tensor ``(n, ...)`` or a list of n tensors.
        order: 0 for the nearest element, 1 for linear interpolation.
        fill_mode: What lies outside: ``"constant"`` (`fill_value`), ``"nearest"`` (the edge), ``"wrap"``
            (the tensor again), ``"mirror"`` (its mirror image without the edge), ``"reflect"`` (with it).
        fill_value: The constant.

    Returns:
        Tensor of shape ``coordinates.shape[1:]``; integers are rounded.

    Raises:
        ValueError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> x = tf.constant([[0.0, 1.0], [2.0, 3.0]])
        >>> tf.keras.ops.image.map_coordinates(x, [[0.5], [0.5]], order=1).numpy().tolist()
        [1.5]

    Source: `keras.ops.image.map_coordinates`; `scipy.ndimage.map_coordinates`.
    """
    return warping.map_coordinates(
        tensor_of(inputs),
        tensor_of(coordinates),
        order=order,
        fill_mode=fill_mode,
        fill_value=float(fill_value),
    )


@operation
def elastic_transform(
    images: Any,
    alpha: float = 20.0,
    sigma: float = 5.0,
    interpolation: str = "bilinear",
    fill_mode: str = "reflect",
    fill_value: float = 0.0,
    seed: Any = None,
    data_format: str | None = None,
) -> Any:
    """Images bent at random, each in its own way.

    Args:
        images: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``, or channels
            first.
        alpha: Strength: the displacements are about ``0.28 * alpha`` pixels.
        sigma: Smoothness: how far apart pixels are displaced differently, in pixels.
        interpolation: ``"nearest"`` or ``"bilinear"``.
        fill_mode: What lies outside of an image, see `map_coordinates`.
        fill_value: The constant.
        seed: Integer, `SeedGenerator`, or None for fresh numbers.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor like `images`.

    Raises:
        ValueError: Arguments do not fit.

    Source: Simard et al. 2003, "Best practices for convolutional neural networks";
    `keras.ops.image.elastic_transform`, whose random numbers are others.
    """
    where = "elastic_transform"
    _need_one_of(where, "interpolation", interpolation, warping.INTERPOLATIONS)
    _need_one_of(where, "fill_mode", fill_mode, warping.MAP_MODES)
    reach = int(6 * sigma) | 1

    def run(x: Any) -> Any:
        noise = normal((*(int(n) for n in x.shape[:3]), 2), 0.0, sigma * alpha, "float32", seed)
        bends = filters.gaussian_blur(
            noise, tensor_of([float(sigma)] * 2, "float32"), kernel_size=(reach, reach)
        )
        return warping.displace(
            x, bends, interpolation=interpolation, fill_mode=fill_mode, fill_value=float(fill_value)
        )

    return by_batch(where, images, data_format, run)
