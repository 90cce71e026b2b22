"""`RandomZoom`: images made larger or smaller inside their frame, at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.bounding_boxes.formats import Columns
from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import Size, each_image
from thalweg._src.keras.layers.preprocessing.images.warping_layer import (
    WarpingLayer,
    column,
    matrix,
)


class RandomZoom(WarpingLayer):
    """What images show made larger or smaller at random in training; their size stays.

    Args:
        height_factor: How much of the height more is seen: two numbers in [-1, 1], such as (0.2, 0.3) for 20
            to 30 % more (things become smaller) or (-0.3, -0.2) for less; one number `n` for the range from
            `-n` to `n`.
        width_factor: The same for the width; None for the same number as the height's, so that proportions
            stay.
        fill_mode: What lies outside of an image: ``"reflect"`` (its mirror image), ``"constant"``
            (`fill_value`), ``"nearest"`` (its edge) or ``"wrap"`` (the image again).
        interpolation: ``"bilinear"`` or ``"nearest"``; masks always take the nearest pixel.
        seed: Integer that decides; None for one from the global generator.
        fill_value: The constant.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`.
        training: Whether to zoom.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> image = tf.reshape(tf.range(3.0), (1, 3, 1))
        >>> zoom = tf.keras.layers.RandomZoom((-0.5, -0.5))
        >>> zoom(image).numpy().ravel().tolist()
        [0.5, 1.0, 1.5]

    Source: `keras.layers.RandomZoom`.
    """

    def __init__(
        self,
        height_factor: Any,
        width_factor: Any = None,
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
        self._widths = None
        if width_factor is not None:
            self._widths = range_of(self._where, "width_factor", width_factor, -1, 1, mirrored=True)

    def _draw(self, images: Any, seed: Any) -> Any:
        count = self._count(images)
        height = 1.0 + drawn_between(count, self._heights, seed, (1,))
        width = height
        if self._widths is not None:
            width = 1.0 + drawn_between(count, self._widths, seed, (1,))
        return {"height_zoom": height, "width_zoom": width, "input_shape": tuple(images.shape)}

    def _matrices(self, transformation: Any, height: int, width: int) -> Any:
        x, y = (column(transformation[key]) for key in ("width_zoom", "height_zoom"))
        middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
        return matrix(x, 0.0, (1.0 - x) * middle_x, 0.0, y, (1.0 - y) * middle_y)

    def _boxes(
        self, corners: Columns, transformation: Any, size: Size | None
    ) -> tuple[Columns, Size]:
        height, width = after = self._size(transformation["input_shape"])
        x, y = (each_image(transformation[key], 2, "float32") for key in ("width_zoom", "height_zoom"))
        middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
        left, right = ((edge - middle_x) / x + middle_x for edge in (corners[0], corners[2]))
        top, bottom = ((edge - middle_y) / y + middle_y for edge in (corners[1], corners[3]))
        return (left, top, right, bottom), after
