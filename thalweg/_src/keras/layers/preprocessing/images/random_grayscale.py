"""`RandomGrayscale`: images without colours, at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.images.factors import range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import ImageLayer, each_image
from thalweg._src.keras.layers.preprocessing.images.value_layer import chosen
from thalweg._src.keras.ops.image_colors import rgb_to_grayscale
from thalweg._src.ops.selection import where as select
from thalweg._src.ops.shaping import reshape


class RandomGrayscale(ImageLayer):
    """Images that lose their colours at random in training; the number of channels stays.

    Args:
        factor: Chance that it happens to an image, in [0, 1].
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        seed: Integer that decides; None for one from the global generator.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`. Images keep their dtype.
        training: Whether to change anything.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> green = tf.constant([[[10, 200, 30]]], tf.uint8)
        >>> tf.keras.layers.RandomGrayscale(1.0)(green).numpy().ravel().tolist()
        [123, 123, 123]

    Source: `keras.layers.RandomGrayscale`.
    """

    keeps_dtype = True

    def __init__(
        self,
        factor: float = 0.5,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        range_of(self._where, "factor", factor, 0, 1)
        self.factor = factor
        self._seeded(seed)

    def _draw(self, images: Any, seed: Any) -> Any:
        return reshape(chosen(self._count(images), (self.factor, self.factor), seed), (-1, 1, 1, 1))

    def _images(self, images: Any, transformation: Any) -> Any:
        which = each_image(transformation, 4, "bool")
        return select(which, rgb_to_grayscale(images, data_format="channels_last"), images)
