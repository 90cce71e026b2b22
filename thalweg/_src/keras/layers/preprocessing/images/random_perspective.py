"""`RandomPerspective`: images seen from the side, at random."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.keras.bounding_boxes.formats import Columns
from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import Size, each_image
from thalweg._src.keras.layers.preprocessing.images.value_layer import chosen
from thalweg._src.keras.layers.preprocessing.images.warping_layer import WarpingLayer, around
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.image.warping import perspective_coefficients
from thalweg._src.ops.joining import unstack
from thalweg._src.ops.selection import where as select
from thalweg._src.ops.shaping import expand_dims, reshape


class RandomPerspective(WarpingLayer):
    """Images in perspective at random in training: each corner moves by itself.

    Args:
        factor: Chance that it happens to an image: two numbers in [0, 1], or one number `n` for the range
            from 0 to `n`.
        scale: How far corners move at most, as a share of half the height and width, in [0, 1].
        interpolation: ``"bilinear"`` or ``"nearest"``; masks always take the nearest pixel.
        fill_value: What lies outside of an image.
        seed: Integer that decides; None for one from the global generator.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`.
        training: Whether to change anything.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.RandomPerspective(scale=0.3)(tf.ones((2, 4, 6, 3))).shape
        TensorShape([2, 4, 6, 3])

    Source: `keras.layers.RandomPerspective`.
    """

    def __init__(
        self,
        factor: Any = 1.0,
        scale: float = 1.0,
        interpolation: str = "bilinear",
        fill_value: float = 0.0,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._warps("constant", interpolation, fill_value, seed)
        self.factor = range_of(self._where, "factor", factor, 0, 1)
        range_of(self._where, "scale", scale, 0, 1)
        self.scale = scale

    def _draw(self, images: Any, seed: Any) -> Any:
        count = self._count(images)
        height, width = self._size(images.shape)
        far = np.array([width - 1, height - 1], "float32")
        corners = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], "float32") * far
        moves = drawn_between(count, (-self.scale / 2, self.scale / 2), seed, (4, 2)) * far
        return {
            "apply_perspective": chosen(count, self.factor, seed),
            "start_points": np.tile(corners, (count, 1, 1)),
            "end_points": moves + corners,
            "input_shape": tuple(images.shape),
        }

    def _coefficients(self, transformation: Any, source: str, target: str) -> Any:
        """Coefficients that bring corners to other places, or leave all where it is."""
        points = (
            reshape(cast(tensor_of(transformation[key]), "float32"), (-1, 4, 2))
            for key in (source, target)
        )
        which = each_image(transformation["apply_perspective"], 2, "bool")
        return select(which, perspective_coefficients(*points), np.array([1, 0, 0, 0, 1, 0, 0, 0], "float32"))

    def _matrices(self, transformation: Any, height: int, width: int) -> Any:
        return self._coefficients(transformation, "start_points", "end_points")

    def _boxes(
        self, corners: Columns, transformation: Any, size: Size | None
    ) -> tuple[Columns, Size]:
        forward = self._coefficients(transformation, "end_points", "start_points")
        a, b, c, d, e, f, g, h = (expand_dims(n, -1) for n in unstack(forward, axis=-1))
        left, top, right, bottom = corners
        places = [(x, y) for x in (left, right) for y in (top, bottom)]
        sides = [(a * x + b * y + c) / (g * x + h * y + 1.0) for x, y in places]
        heights = [(d * x + e * y + f) / (g * x + h * y + 1.0) for x, y in places]
        return around(sides, heights), self._size(transformation["input_shape"])
