"""`RandomErasing`: a rectangle of images covered at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.images.covering import rectangles
from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer, chosen
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.random.distributions import uniform
from thalweg._src.ops.casting import cast
from thalweg._src.ops.exponential import sqrt
from thalweg._src.ops.selection import where as select


class RandomErasing(ValueLayer):
    """A rectangle of each image covered at random in training.

    Args:
        factor: Chance that it happens to an image: two numbers in [0, 1], or one number `n` for the range
            from 0 to `n`.
        scale: Sizes of the rectangles: shares of the image whose square roots are the shares of height
            and width; two numbers in [0, 1], or one number `n` for the range from 0 to `n`.
        fill_value: Value of covered pixels; None for noise.
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
        >>> layer = tf.keras.layers.RandomErasing((1.0, 1.0), scale=(0.25, 0.25), fill_value=0.0)
        >>> 4 <= tf.reduce_sum(layer(tf.ones((4, 4, 1)))).numpy().item() < 16
        True

    Source: Zhong et al. 2020, "Random erasing data augmentation"; `keras.layers.RandomErasing`. Noise is
    uniform in `value_range`, as in the paper; Keras cuts normal noise off at its ends.
    """

    def __init__(
        self,
        factor: Any = 1.0,
        scale: Any = (0.02, 0.33),
        fill_value: Any = None,
        value_range: Any = (0, 255),
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._takes_values(value_range, seed)
        self.factor = range_of(self._where, "factor", factor, 0, 1)
        self.scale = range_of(self._where, "scale", scale, 0, 1)
        self.fill_value = fill_value

    def _draw(self, images: Any, seed: Any) -> Any:
        count = self._count(images)
        size = self._size(images.shape)
        sides = [sqrt(drawn_between(count, self.scale, seed, (1,))) for _ in size]
        masks = rectangles(size, sides[0], sides[1], seed)
        shape = (count, *size, int(images.shape[-3 if self.data_format == "channels_first" else -1]))
        fill = self.fill_value
        if fill is None:
            low, high = (float(n) for n in self.value_range)
            fill = uniform(shape, low, high, "float32", seed=seed)
        return {
            "apply_erasing": chosen(count, self.factor, seed),
            "batch_masks": masks,
            "fill_value": fill,
        }

    def _images(self, images: Any, transformation: Any) -> Any:
        which = each_image(transformation["apply_erasing"], 4, "bool")
        fill = cast(tensor_of(transformation["fill_value"]), images.dtype)
        return select(which & tensor_of(transformation["batch_masks"]), fill, images)
