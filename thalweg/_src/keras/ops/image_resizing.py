"""Images in other sizes."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted
from thalweg._src.keras.ops.image_layouts import by_batch, in_floats, pair_of
from thalweg._src.ops.image import resizing
from thalweg._src.ops.indexing import getitem
from thalweg._src.ops.reordering import pad

METHODS = ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area")


def middle_part(have: tuple[int, int], size: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Place and size of the largest middle part with the proportions of a size: a line at least."""
    height, width = size
    shape = int(have[1] * height / width), int(have[0] * width / height)
    kept = min(have[0], max(1, shape[0])), min(have[1], max(1, shape[1]))
    return ((have[0] - kept[0]) // 2, (have[1] - kept[1]) // 2), kept


def margins_around(have: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """Rows above and below, columns left and right, that give an image the proportions of a size.

    Both sides get the same margin, rounded down, so that the proportions may be off by a pixel, as in Keras.
    """
    height, width = size
    whole = max(have[0], int(have[1] * height / width)), max(have[1], int(have[0] * width / height))
    return (whole[0] - have[0]) // 2, (whole[1] - have[1]) // 2


def _sides(x: Any) -> tuple[int, int]:
    return int(x.shape[1]), int(x.shape[2])


def _cropped(x: Any, height: int, width: int) -> Any:
    (top, left), kept = middle_part(_sides(x), (height, width))
    return getitem(x, (slice(None), slice(top, top + kept[0]), slice(left, left + kept[1])))


def _padded(x: Any, height: int, width: int, fill_value: float) -> Any:
    around = [[margin] * 2 for margin in margins_around(_sides(x), (height, width))]
    fill = int(fill_value) if x.dtype.is_integer else float(fill_value)
    return pad(x, [[0, 0], *around, [0, 0]], constant_values=fill)


@operation
def resize(
    images: Any,
    size: Any,
    interpolation: str = "bilinear",
    antialias: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    fill_mode: str = "constant",
    fill_value: float = 0.0,
    data_format: str | None = None,
) -> Any:
    """Images in another size.

    Args:
        images: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``, or channels
            first.
        size: Height and width of the results.
        interpolation: ``"nearest"``, ``"bilinear"``, ``"bicubic"``, ``"lanczos3"``, ``"lanczos5"`` or
            ``"area"``.
        antialias: Take means over more pixels where images become smaller; no effect on ``"nearest"`` and
            ``"area"``.
        crop_to_aspect_ratio: Cut the images to the proportions of `size` first.
        pad_to_aspect_ratio: Pad the images to the proportions of `size` first.
        fill_mode: ``"constant"``, how to pad.
        fill_value: Value to pad with.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Returns:
        Tensor ``(batch, *size, channels)`` of the dtype of `images`; integers are rounded.

    Raises:
        ValueError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.image.resize(tf.ones((2, 4, 6, 3)), (8, 8)).shape
        TensorShape([2, 8, 8, 3])

    Source: `keras.ops.image.resize`; `tf.image.resize`.
    """
    height, width = pair_of("resize", "size", size)
    if interpolation not in METHODS:
        raise InvalidArgumentError(
            f"[resize] expected interpolation to be one of {METHODS}, got {interpolation!r}."
        )
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        raise InvalidArgumentError(
            "[resize] expected one of crop_to_aspect_ratio and pad_to_aspect_ratio, got both; choose one."
        )
    if fill_mode != "constant":
        raise InvalidArgumentError(f"[resize] expected fill_mode 'constant', got {fill_mode!r}.")

    def run(x: Any) -> Any:
        if crop_to_aspect_ratio:
            x = _cropped(x, height, width)
        elif pad_to_aspect_ratio:
            x = _padded(x, height, width, fill_value)
        if interpolation == "nearest":
            return resizing.resize(x, (height, width), "nearest")
        return in_floats(
            x, lambda f: resizing.resize(f, (height, width), interpolation, antialias)
        )

    return by_batch("resize", images, data_format, run)


@operation
def scale_and_translate(
    images: Any,
    output_shape: Any,
    scale: Any,
    translation: Any,
    spatial_dims: Any,
    method: str,
    antialias: bool = True,
) -> Any:
    """Images stretched by factors and moved by distances that may be computed in the program.

    Args:
        images: Tensor; integers become floats.
        output_shape: Sizes of the result.
        scale: Factor of each of the spatial dimensions, ``(dimensions,)``.
        translation: Place of the images' first edge in the result, likewise.
        spatial_dims: Numbers of the dimensions that are stretched.
        method: ``"linear"``, ``"cubic"``, ``"lanczos3"`` or ``"lanczos5"``.
        antialias: Take means over more pixels where images become smaller.

    Returns:
        Tensor of shape `output_shape`; 0 where there is no image.

    Raises:
        ValueError: The method is not known, or shapes do not fit.

    Source: `keras.ops.image.scale_and_translate`; `jax.image.scale_and_translate`.
    """
    (x,) = promoted(images, least=float)
    factors, moves = promoted(scale, translation, least="float32")
    return resizing.scale_and_translate(
        x,
        factors,
        moves,
        output_shape=tuple(output_shape),
        spatial_dims=tuple(spatial_dims),
        method=method,
        antialias=antialias,
    )
