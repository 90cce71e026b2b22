"""`RandomPosterization`: images with fewer bits a channel, at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.preprocessing.images.factors import range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.exponential import exp2
from thalweg._src.keras.random.distributions import randint
from thalweg._src.ops.casting import cast
from thalweg._src.ops.rounding import floor


class RandomPosterization(ValueLayer):
    """Images that keep some of the 8 bits of each channel in training.

    Args:
        factor: Bits that are kept: two integers from 1 to 8, or one, `n`, for those from 1 to `n`.
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
        >>> greys = tf.constant([[[100.0], [200.0]]])
        >>> tf.keras.layers.RandomPosterization((1, 1))(greys).numpy().ravel().tolist()
        [0.0, 128.0]

    Source: `keras.layers.RandomPosterization`, which never draws the larger of two integers.
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
        bits = range_of(self._where, "factor", factor, 1, 8)
        if any(type(n) is not int for n in bits):
            raise InvalidArgumentError(
                f"[{self._where}] expected factor as integers from 1 to 8, got {factor!r}."
            )
        self.factor = bits

    def _draw(self, images: Any, seed: Any) -> Any:
        fewest, most = self.factor
        bits = randint((self._count(images),), fewest, most + 1, "int32", seed=seed)
        return {"shift_factor": 8 - bits}

    def _images(self, images: Any, transformation: Any) -> Any:
        step = exp2(each_image(transformation["shift_factor"], 4, "float32"))
        # Shares of 255 come out a hair below whole numbers.
        whole = floor(cast(self._shares(images), "float32") * 255.0 + 1e-3)
        return cast(self._values(floor(whole / step) * step / 255.0), images.dtype)
