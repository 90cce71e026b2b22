"""`RandomBrightness`: images made lighter or darker at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.images.factors import (
    drawn_between,
    range_of,
)
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.comparison import clip
from thalweg._src.keras.ops.image_layouts import in_floats
from thalweg._src.ops.rounding import floor


class RandomBrightness(ValueLayer):
    """Images made lighter or darker at random in training.

    Args:
        factor: Amounts as shares of `value_range`: two numbers in [-1, 1], or one number `n` for the range
            from `-n` to `n`. -1 makes images black, 1 white.
        value_range: Least and largest value of pixels; results are clipped to it.
        seed: Integer that decides; None for one from the global generator.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`. Images keep their dtype; integers are rounded down.
        training: Whether to change anything.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.RandomBrightness((0.2, 0.2), value_range=(0, 1))
        >>> layer(tf.constant([[[0.25], [0.9]]])).numpy().round(2).ravel().tolist()
        [0.44999998807907104, 1.0]

    Source: `keras.layers.RandomBrightness`. Integers stop at the ends of the range here; in version 3.15
    they run over.
    """

    keeps_dtype = True

    def __init__(
        self, factor: Any, value_range: Any = (0, 255), seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.factor = range_of(self._where, "factor", factor, -1, 1, mirrored=True)
        self._takes_values(value_range, seed)

    def _draw(self, images: Any, seed: Any) -> Any:
        share = drawn_between(self._count(images), self.factor, seed, (1, 1, 1))
        return {"rgb_delta": share * self._span}

    def _images(self, images: Any, transformation: Any) -> Any:
        def lighter(x: Any) -> Any:
            return clip(x + each_image(transformation["rgb_delta"], 4, x.dtype), *self.value_range)

        return in_floats(images, lighter, floor)
