"""`RandomElasticTransform`: images bent at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.images.factors import (
    drawn_between,
    need_one_of,
    range_of,
)
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer, chosen
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.ops.comparison import clip
from thalweg._src.keras.ops.image_filters import gaussian_blur
from thalweg._src.keras.random.distributions import normal
from thalweg._src.ops.image.warping import INTERPOLATIONS, MAP_MODES, displace

# Of bends at the scale of 1, as in Keras: displacements before they are smoothed, and how far that reaches.
_STRENGTH = 100.0
_WIDTH = 10.0
_WINDOW = 61


class RandomElasticTransform(ValueLayer):
    """Images bent at random in training, as if they were printed on rubber.

    Args:
        factor: Chance that it happens to an image: two numbers in [0, 1], or one number `n` for the range
            from 0 to `n`.
        scale: Strength: two numbers in [0, 1], or one number `n` for the range from 0 to `n`; pixels move
            by about 28 times as many pixels.
        interpolation: ``"bilinear"`` or ``"nearest"``; masks always take the nearest pixel.
        fill_mode: What lies outside of an image, see `keras.ops.image.map_coordinates`.
        fill_value: The constant.
        value_range: Least and largest value of pixels.
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
        >>> tf.keras.layers.RandomElasticTransform(scale=0.3)(tf.ones((2, 4, 6, 3))).shape
        TensorShape([2, 4, 6, 3])

    Source: Simard et al. 2003, "Best practices for convolutional neural networks";
    `keras.layers.RandomElasticTransform`, which draws one strength for all images of a batch and makes
    bends narrower where they are weaker. Boxes stay where they are.
    """

    def __init__(
        self,
        factor: Any = 1.0,
        scale: Any = 1.0,
        interpolation: str = "bilinear",
        fill_mode: str = "reflect",
        fill_value: float = 0.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._takes_values(value_range, seed)
        self.factor = range_of(self._where, "factor", factor, 0, 1)
        self.scale = range_of(self._where, "scale", scale, 0, 1)
        self.interpolation = need_one_of(self._where, "interpolation", interpolation, INTERPOLATIONS)
        self.fill_mode = need_one_of(self._where, "fill_mode", fill_mode, MAP_MODES)
        self.fill_value = fill_value

    def _draw(self, images: Any, seed: Any) -> Any:
        count = self._count(images)
        noise = normal((count, *self._size(images.shape), 2), 0.0, 1.0, "float32", seed=seed)
        smooth = gaussian_blur(noise, (_WINDOW, _WINDOW), (_WIDTH, _WIDTH), "channels_last")
        strength = drawn_between(count, self.scale, seed, (1, 1, 1)) * (_STRENGTH * _WIDTH)
        return {
            "apply_transform": chosen(count, self.factor, seed),
            "displacements": smooth * strength,
        }

    def _bent(self, x: Any, transformation: Any, interpolation: str) -> Any:
        which = each_image(transformation["apply_transform"], 4, "float32")
        moves = tensor_of(transformation["displacements"]) * which
        return displace(
            x,
            moves,
            interpolation=interpolation,
            fill_mode=self.fill_mode,
            fill_value=float(self.fill_value),
        )

    def _images(self, images: Any, transformation: Any) -> Any:
        return clip(self._bent(images, transformation, self.interpolation), *self.value_range)

    def _masks(self, masks: Any, transformation: Any) -> Any:
        return self._bent(masks, transformation, "nearest")
