"""`RandomRotation`: images turned at random."""

from __future__ import annotations

import math
from typing import Any

from thalweg._src.keras.bounding_boxes.formats import Columns
from thalweg._src.keras.bounding_boxes.moving import affine_transform
from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import Size
from thalweg._src.keras.layers.preprocessing.images.warping_layer import (
    WarpingLayer,
    column,
    matrix,
)
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops.joining import stack, unstack
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.trigonometric import cos, sin


class RandomRotation(WarpingLayer):
    """Images turned around their middle by random angles in training.

    Args:
        factor: Angles in full turns, counterclockwise: two numbers in [-1, 1], or one number `n` for the
            range from `-n` to `n`.
        fill_mode: What lies outside of an image: ``"reflect"`` (its mirror image), ``"constant"``
            (`fill_value`), ``"nearest"`` (its edge) or ``"wrap"`` (the image again).
        interpolation: ``"bilinear"`` or ``"nearest"``; masks always take the nearest pixel.
        seed: Integer that decides the angles; None for one from the global generator.
        fill_value: The constant.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`.
        training: Whether to turn.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> turn = tf.keras.layers.RandomRotation((0.25, 0.25))
        >>> turn(tf.constant([[[1.0], [2.0]], [[3.0], [4.0]]])).numpy()[..., 0].round().tolist()
        [[2.0, 4.0], [1.0, 3.0]]

    Source: `keras.layers.RandomRotation`.
    """

    def __init__(
        self,
        factor: Any,
        fill_mode: str = "reflect",
        interpolation: str = "bilinear",
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._warps(fill_mode, interpolation, fill_value, seed)
        self.factor = range_of(self._where, "factor", factor, -1, 1, mirrored=True)

    def _draw(self, images: Any, seed: Any) -> Any:
        low, high = self.factor
        count = self._count(images)
        height, width = self._size(images.shape)
        angle = drawn_between(count, (low * 360, high * 360), seed)
        return {
            "angle": angle,
            "rotation_matrix": _rotation(angle, height, width),
            "image_height": height,
            "image_width": width,
            "batch_size": count,
        }

    def _size_before(self, transformation: Any) -> Size | None:
        return int(transformation["image_height"]), int(transformation["image_width"])

    def _matrices(self, transformation: Any, height: int, width: int) -> Any:
        return reshape(tensor_of(transformation["rotation_matrix"]), (-1, 8))

    def _boxes(
        self, corners: Columns, transformation: Any, size: Size | None
    ) -> tuple[Columns, Size]:
        height, width = after = self._size_before(transformation) or (0, 0)
        angle = column(transformation["angle"])
        turned = affine_transform(
            stack(list(corners), axis=-1), angle, 0.0, 0.0, 1.0, 0.0, 0.0, height, width
        )
        left, top, right, bottom = unstack(turned, axis=-1)
        return (left, top, right, bottom), after


def _rotation(angle: Any, height: int, width: int) -> Any:
    """Matrices of rotations by degrees counterclockwise, around the middle of the outer pixels' centres."""
    radians = angle * (math.pi / 180)
    c, s = cos(radians), sin(radians)
    x, y = (width - 1) / 2, (height - 1) / 2
    return matrix(c, -s, x - c * x + s * y, s, c, y - s * x - c * y)
