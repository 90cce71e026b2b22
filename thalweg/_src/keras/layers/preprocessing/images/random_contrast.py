"""`RandomContrast`: images made harder or flatter at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.images.factors import (
    drawn_between,
    range_of,
)
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.comparison import clip
from thalweg._src.ops.casting import cast
from thalweg._src.ops.reduction import reduce_mean


class RandomContrast(ValueLayer):
    """Images made harder or flatter at random in training: each channel around its mean.

    Args:
        factor: Two numbers `lower` (in [0, 1]) and `upper`: pixels' distances from the mean are multiplied by
            a number in ``[1 - lower, 1 + upper)``; one number in [0, 1] for both.
        value_range: Least and largest value of pixels; results are clipped to it.
        seed: Integer that decides; None for one from the global generator.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`.
        training: Whether to change anything.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.RandomContrast((0.0, 1.0))
        >>> layer.transform_images([[[100.0], [200.0]]], {"contrast_factor": 0.5}).numpy().ravel().tolist()
        [125.0, 175.0]

    Source: `keras.layers.RandomContrast`. One number stands for both ends, as documented there; version
    3.15 takes 0 for the lower end.
    """

    def __init__(
        self,
        factor: Any,
        value_range: Any = (0, 255),
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if isinstance(factor, (list, tuple)):
            self.factor: Any = tuple(factor)
            range_of(self._where, "factor", factor, -1, float("inf"))
            self._bounds = 1 - factor[0], 1 + factor[1]
        else:
            range_of(self._where, "factor", factor, 0, 1)
            self.factor = factor
            self._bounds = 1 - factor, 1 + factor
        self._takes_values(value_range, seed)

    def _draw(self, images: Any, seed: Any) -> Any:
        factor = drawn_between(self._count(images), self._bounds, seed, (1, 1, 1))
        return {"contrast_factor": factor}

    def _images(self, images: Any, transformation: Any) -> Any:
        factor = each_image(transformation["contrast_factor"], 4, images.dtype)
        # Sums of half floats lose pixels.
        mean = cast(reduce_mean(cast(images, "float32"), [1, 2], keepdims=True), images.dtype)
        return clip((images - mean) * factor + mean, *self.value_range)
