"""`RandomTranslation`: images shifted at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.bounding_boxes.formats import Columns
from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import Size
from thalweg._src.keras.layers.preprocessing.images.warping_layer import (
    WarpingLayer,
    column,
    matrix,
)
from thalweg._src.ops.joining import stack
from thalweg._src.ops.shaping import expand_dims


class RandomTranslation(WarpingLayer):
    """Images shifted at random in training.

    Args:
        height_factor: Shift down as a share of the height: two numbers in [-1, 1], or one number `n` for the
            range from `-n` to `n`.
        width_factor: Shift to the right as a share of the width, likewise.
        fill_mode: What lies outside of an image: ``"reflect"`` (its mirror image), ``"constant"``
            (`fill_value`), ``"nearest"`` (its edge) or ``"wrap"`` (the image again).
        interpolation: ``"bilinear"`` or ``"nearest"``; masks always take the nearest pixel.
        seed: Integer that decides the shifts; None for one from the global generator.
        fill_value: The constant.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`.
        training: Whether to shift.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> image = tf.reshape(tf.range(4.0), (1, 4, 1))
        >>> shift = tf.keras.layers.RandomTranslation(0, (0.25, 0.25), fill_mode="constant")
        >>> shift(image).numpy().ravel().tolist()
        [0.0, 0.0, 1.0, 2.0]

    Source: `keras.layers.RandomTranslation`.
    """

    def __init__(
        self,
        height_factor: Any,
        width_factor: Any,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._warps(fill_mode, interpolation, fill_value, seed)
        self.height_factor, self.width_factor = height_factor, width_factor
        self._heights = range_of(self._where, "height_factor", height_factor, -1, 1, mirrored=True)
        self._widths = range_of(self._where, "width_factor", width_factor, -1, 1, mirrored=True)

    def _draw(self, images: Any, seed: Any) -> Any:
        count = self._count(images)
        height, width = self._size(images.shape)
        down = drawn_between(count, self._heights, seed) * float(height)
        across = drawn_between(count, self._widths, seed) * float(width)
        return {
            "translations": stack([across, down], axis=-1),
            "input_shape": tuple(images.shape),
        }

    def _matrices(self, transformation: Any, height: int, width: int) -> Any:
        x, y = (column(transformation["translations"], place, 2) for place in (0, 1))
        return matrix(1.0, 0.0, -x, 0.0, 1.0, -y)

    def _boxes(
        self, corners: Columns, transformation: Any, size: Size | None
    ) -> tuple[Columns, Size]:
        x, y = (expand_dims(column(transformation["translations"], p, 2), -1) for p in (0, 1))
        left, top, right, bottom = corners
        return (left + x, top + y, right + x, bottom + y), self._size(transformation["input_shape"])
