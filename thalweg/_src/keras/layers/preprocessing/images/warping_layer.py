"""`WarpingLayer`: what the layers that turn, move, stretch and shear images share."""

from __future__ import annotations

from functools import reduce
from typing import Any

from thalweg._src.keras.bounding_boxes.formats import Columns
from thalweg._src.keras.layers.preprocessing.images.factors import need_one_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import ImageLayer
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.ops.image_warping import affine_transform
from thalweg._src.ops.casting import cast
from thalweg._src.ops.clipping import maximum, minimum
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.image.warping import FILL_MODES, INTERPOLATIONS
from thalweg._src.ops.joining import stack
from thalweg._src.ops.shaping import reshape


class WarpingLayer(ImageLayer):
    """Layer whose images take their pixels from other places, each image by a matrix of its own."""

    moves_boxes = True

    def _warps(self, fill_mode: str, interpolation: str, fill_value: float, seed: int | None) -> None:
        """Keeps arguments that all such layers have.

        Args:
            fill_mode: What lies outside of an image: ``"reflect"`` (its mirror image), ``"constant"``
                (`fill_value`), ``"nearest"`` (its edge) or ``"wrap"`` (the image again).
            interpolation: ``"bilinear"`` or ``"nearest"``; masks always take the nearest pixel.
            fill_value: The constant.
            seed: Integer that decides; None for one from the global generator.
        """
        self.fill_mode = need_one_of(self._where, "fill_mode", fill_mode, FILL_MODES)
        self.interpolation = need_one_of(self._where, "interpolation", interpolation, INTERPOLATIONS)
        self.fill_value = fill_value
        self._seeded(seed)

    def _matrices(self, transformation: Any, height: int, width: int) -> Any:
        """Coefficients ``(batch, 8)`` for `keras.ops.image.affine_transform`; for subclasses."""
        raise NotImplementedError

    def _warped(self, x: Any, transformation: Any, interpolation: str) -> Any:
        matrices = self._matrices(transformation, int(x.shape[1]), int(x.shape[2]))
        return affine_transform(
            x, matrices, interpolation, self.fill_mode, self.fill_value, "channels_last"
        )

    def _images(self, images: Any, transformation: Any) -> Any:
        return self._warped(images, transformation, self.interpolation)

    def _masks(self, masks: Any, transformation: Any) -> Any:
        return self._warped(masks, transformation, "nearest")


def column(numbers: Any, place: int = 0, of: int = 1) -> Any:
    """One of some float32 numbers for each image, ``(batch,)``."""
    return reshape(cast(tensor_of(numbers), "float32"), (-1, of))[:, place]


def matrix(a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:
    """Coefficients ``(batch, 8)`` of ``x' = a x + b y + c`` and ``y' = d x + e y + f``.

    Args:
        a: Tensor ``(batch,)``, or a number where another one is a tensor; as are the others.
        b: See `a`.
        c: See `a`.
        d: See `a`.
        e: See `a`.
        f: See `a`.
    """
    like = zeros_like(next(n for n in (a, b, c, d, e, f) if not isinstance(n, (int, float))))
    return stack([like + n for n in (a, b, c, d, e, f, 0.0, 0.0)], axis=-1)


def around(sides: list[Any], heights: list[Any]) -> Columns:
    """Boxes around corners: their smallest and largest x and y."""
    return reduce(minimum, sides), reduce(minimum, heights), reduce(maximum, sides), reduce(maximum, heights)
