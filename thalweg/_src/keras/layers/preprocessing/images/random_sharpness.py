"""`RandomSharpness`: images blurred or sharpened at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.neighbours import weighted_neighbours
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.comparison import clip


class RandomSharpness(ValueLayer):
    """Images blurred or sharpened at random in training.

    Args:
        factor: Sharpness, where 0 blurs, 0.5 leaves images as they are and 1 sharpens: two numbers in [0,
            1], or one number `n` for the range from 0 to `n`.
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
        >>> dot = tf.constant([[[0.0], [130.0], [0.0]]])
        >>> tf.keras.layers.RandomSharpness((0.0, 0.0))(dot).numpy().round().ravel().tolist()
        [10.0, 50.0, 10.0]

    Source: `keras.layers.RandomSharpness`; the weights of the blur, 5 in the middle of 13, are those of
    Pillow's `ImageFilter.SMOOTH`.
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
        return {"factor": drawn_between(self._count(images), self.factor, seed)}

    def _images(self, images: Any, transformation: Any) -> Any:
        sharpness = each_image(transformation["factor"], 4, images.dtype) * 2.0
        rows = weighted_neighbours(images, [1.0] * 3, 1)
        smooth = (weighted_neighbours(rows, [1.0] * 3, 2) + images * 4.0) / 13.0
        return clip(smooth + (images - smooth) * sharpness, *self.value_range)
