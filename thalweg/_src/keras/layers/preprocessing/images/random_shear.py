"""`RandomShear`: images sheared at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.bounding_boxes.formats import Columns
from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import Size
from thalweg._src.keras.layers.preprocessing.images.warping_layer import (
    WarpingLayer,
    around,
    column,
    matrix,
)
from thalweg._src.ops.joining import stack
from thalweg._src.ops.selection import where as select
from thalweg._src.ops.shaping import expand_dims


class RandomShear(WarpingLayer):
    """Images sheared at random in training, either way.

    Args:
        x_factor: How much rows move to the side for each row down, in pixels: two numbers in [0, 1], or
            one number `n` for the range from 0 to `n`.
        y_factor: How much columns move up or down for each column to the right, likewise.
        interpolation: ``"bilinear"`` or ``"nearest"``; masks always take the nearest pixel.
        fill_mode: What lies outside of an image: ``"reflect"`` (its mirror image), ``"constant"``
            (`fill_value`), ``"nearest"`` (its edge) or ``"wrap"`` (the image again).
        fill_value: The constant.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        seed: Integer that decides; None for one from the global generator.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`.
        training: Whether to change anything.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> shear = tf.keras.layers.RandomShear(fill_mode="constant")
        >>> image = tf.constant([[[1.0], [2.0]], [[3.0], [4.0]]])
        >>> given = {"shear_factor": [[1.0, 0.0]], "input_shape": (2, 2, 1)}
        >>> shear.transform_images(image, given).numpy()[..., 0].tolist()
        [[1.0, 2.0], [4.0, 0.0]]

    Source: `keras.layers.RandomShear`.
    """

    def __init__(
        self,
        x_factor: Any = 0.0,
        y_factor: Any = 0.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._warps(fill_mode, interpolation, fill_value, seed)
        self.x_factor = range_of(self._where, "x_factor", x_factor, 0, 1)
        self.y_factor = range_of(self._where, "y_factor", y_factor, 0, 1)

    def _draw(self, images: Any, seed: Any) -> Any:
        count = self._count(images)
        factors = [drawn_between(count, factor, seed) for factor in (self.x_factor, self.y_factor)]
        sides = drawn_between(count, (0, 1), seed, (2,)) < 0.5
        sizes = stack(factors, axis=-1)
        return {"shear_factor": select(sides, -sizes, sizes), "input_shape": tuple(images.shape)}

    def _matrices(self, transformation: Any, height: int, width: int) -> Any:
        x, y = (column(transformation["shear_factor"], place, 2) for place in (0, 1))
        return matrix(1.0, x, 0.0, y, 1.0, 0.0)

    def _boxes(
        self, corners: Columns, transformation: Any, size: Size | None
    ) -> tuple[Columns, Size]:
        x, y = (expand_dims(column(transformation["shear_factor"], p, 2), -1) for p in (0, 1))
        left, top, right, bottom = corners
        # The inverse of the matrix of the images.
        scale = 1.0 / (1.0 - x * y)
        sides = [(a - x * b) * scale for a in (left, right) for b in (top, bottom)]
        heights = [(b - y * a) * scale for a in (left, right) for b in (top, bottom)]
        return around(sides, heights), self._size(transformation["input_shape"])
