"""`RandomSaturation`: colours made stronger or duller at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.comparison import clip
from thalweg._src.ops.clipping import maximum
from thalweg._src.ops.image import colors
from thalweg._src.ops.joining import stack, unstack


class RandomSaturation(ValueLayer):
    """Colours made stronger or duller at random in training.

    Args:
        factor: Strength, where 0 makes images grey, 0.5 leaves them as they are and 1 gives pure colours:
            two numbers in [0, 1], or one number `n` for the range from 0 to `n`.
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
        >>> rosy = tf.constant([[[200.0, 150.0, 150.0]]])
        >>> tf.keras.layers.RandomSaturation((0.0, 0.0))(rosy).numpy().round().ravel().tolist()
        [200.0, 200.0, 200.0]

    Source: `keras.layers.RandomSaturation`. Saturation ends at 1 here, and one number means the range from
    0, as documented there; version 3.15 lets values leave their range and starts at `-n`.
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
        share = drawn_between(self._count(images), self.factor, seed)
        # 1 stands for pure colours: a factor too large for any colour, and finite.
        return {"factor": share / maximum(1.0 - share, epsilon())}

    def _images(self, images: Any, transformation: Any) -> Any:
        hue, saturation, value = unstack(colors.rgb_to_hsv(self._shares(images)), axis=-1)
        factor = each_image(transformation["factor"], 3, images.dtype)
        stronger = stack([hue, clip(saturation * factor, 0, 1), value], axis=-1)
        return clip(self._values(colors.hsv_to_rgb(stronger)), *self.value_range)
