"""`Solarization`: bright pixels turned into negatives."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.comparison import clip
from thalweg._src.ops.selection import where as select


class Solarization(ValueLayer):
    """Pixels above a threshold turned into negatives in training, after something was added.

    Args:
        addition_factor: What is added first, as a share of `value_range`: two numbers in [0, 1], or one
            number `n` for the range from 0 to `n`.
        threshold_factor: Threshold as a share of `value_range`, likewise.
        value_range: Least and largest value of pixels.
        seed: Integer that decides; None for one from the global generator.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`.
        training: Whether to change anything.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.Solarization(threshold_factor=(0.5, 0.5))
        >>> layer(tf.constant([[[100.0], [200.0]]])).numpy().ravel().tolist()
        [100.0, 55.0]

    Source: `keras.layers.Solarization`. Two numbers are the ends of the range, as documented there; version
    3.15 draws from 0 to the upper one.
    """

    def __init__(
        self,
        addition_factor: Any = 0.0,
        threshold_factor: Any = 0.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._takes_values(value_range, seed)
        self.addition_factor = range_of(self._where, "addition_factor", addition_factor, 0, 1)
        self.threshold_factor = range_of(self._where, "threshold_factor", threshold_factor, 0, 1)

    def _draw(self, images: Any, seed: Any) -> Any:
        count = self._count(images)
        additions, thresholds = (
            drawn_between(count, factor, seed, (1, 1, 1))
            for factor in (self.addition_factor, self.threshold_factor)
        )
        return {"additions": additions * self._span, "thresholds": self._values(thresholds)}

    def _images(self, images: Any, transformation: Any) -> Any:
        added, threshold = (
            each_image(transformation[key], 4, images.dtype) for key in ("additions", "thresholds")
        )
        brighter = clip(images + added, *self.value_range)
        return select(brighter < threshold, brighter, float(sum(self.value_range)) - brighter)
