"""`RandomInvert`: images turned into negatives at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.images.factors import range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer, chosen
from thalweg._src.ops.selection import where as select


class RandomInvert(ValueLayer):
    """Images turned into negatives at random in training.

    Args:
        factor: Chance that it happens to an image: two numbers in [0, 1], or one number `n` for the range
            from 0 to `n`.
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
        >>> tf.keras.layers.RandomInvert((1.0, 1.0))(tf.constant([[[5.0]]])).numpy().item()
        250.0

    Source: `keras.layers.RandomInvert`.
    """

    def __init__(
        self,
        factor: Any = 1.0,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._takes_values(value_range, seed)
        self.factor = range_of(self._where, "factor", factor, 0, 1)

    def _draw(self, images: Any, seed: Any) -> Any:
        return {"apply_inversion": chosen(self._count(images), self.factor, seed)}

    def _images(self, images: Any, transformation: Any) -> Any:
        which = each_image(transformation["apply_inversion"], 4, "bool")
        return select(which, float(sum(self.value_range)) - images, images)
