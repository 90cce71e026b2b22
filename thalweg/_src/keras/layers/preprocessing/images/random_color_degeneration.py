"""`RandomColorDegeneration`: colours mixed with grey at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.comparison import clip
from thalweg._src.keras.ops.image_colors import rgb_to_grayscale


class RandomColorDegeneration(ValueLayer):
    """Colours mixed with their grey at random in training.

    Args:
        factor: Share of grey: two numbers in [0, 1], or one number `n` for the range from 0 to `n`.
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
        >>> green = tf.constant([[[0.0, 100.0, 0.0]]])
        >>> tf.keras.layers.RandomColorDegeneration((1.0, 1.0))(green).numpy().round(1).ravel().tolist()
        [58.70000076293945, 58.70000076293945, 58.70000076293945]

    Source: `keras.layers.RandomColorDegeneration`. One number means the range from 0, as documented there;
    version 3.15 starts at `-n`.
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
        return {"factor": drawn_between(self._count(images), self.factor, seed, (1, 1, 1))}

    def _images(self, images: Any, transformation: Any) -> Any:
        share = each_image(transformation["factor"], 4, images.dtype)
        grey = rgb_to_grayscale(images, data_format="channels_last")
        return clip(images * (1.0 - share) + grey * share, *self.value_range)
