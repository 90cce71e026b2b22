"""`RandomHue`: colours turned around the circle of hues at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.comparison import clip
from thalweg._src.ops.elementwise import floormod
from thalweg._src.ops.image import colors
from thalweg._src.ops.joining import stack, unstack
from thalweg._src.ops.selection import where as select


class RandomHue(ValueLayer):
    """Colours turned around the circle of hues at random in training, either way.

    Args:
        factor: How far, in half turns: two numbers in [0, 1], or one number `n` for the range from 0 to
            `n`.
        value_range: Least and largest value of pixels.
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
        >>> red = tf.constant([[[255.0, 0.0, 0.0]]])
        >>> sorted(tf.keras.layers.RandomHue((1.0, 1.0))(red).numpy().round().ravel().tolist())
        [0.0, 255.0, 255.0]

    Source: `keras.layers.RandomHue`.
    """

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._takes_values(value_range, seed)
        self.factor = range_of(self._where, "factor", factor, 0, 1)

    def _draw(self, images: Any, seed: Any) -> Any:
        count = self._count(images)
        size = drawn_between(count, self.factor, seed) * 0.5
        side = drawn_between(count, (0, 1), seed)
        return {"factor": select(side < 0.5, -size, size)}

    def _images(self, images: Any, transformation: Any) -> Any:
        hue, saturation, value = unstack(colors.rgb_to_hsv(self._shares(images)), axis=-1)
        turn = each_image(transformation["factor"], 3, images.dtype)
        turned = stack([floormod(hue + turn, 1.0), saturation, value], axis=-1)
        return clip(self._values(colors.hsv_to_rgb(turned)), *self.value_range)
