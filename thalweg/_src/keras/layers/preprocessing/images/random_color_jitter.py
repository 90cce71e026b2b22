"""`RandomColorJitter`: brightness, contrast, saturation and hue changed at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.images.random_brightness import RandomBrightness
from thalweg._src.keras.layers.preprocessing.images.random_contrast import RandomContrast
from thalweg._src.keras.layers.preprocessing.images.random_hue import RandomHue
from thalweg._src.keras.layers.preprocessing.images.random_saturation import RandomSaturation
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer


class RandomColorJitter(ValueLayer):
    """Brightness, contrast, saturation and hue changed at random in training, one after another.

    Args:
        value_range: Least and largest value of pixels.
        brightness_factor: See `RandomBrightness`; None to leave it, as for the others.
        contrast_factor: See `RandomContrast`.
        saturation_factor: See `RandomSaturation`.
        hue_factor: See `RandomHue`.
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
        >>> layer = tf.keras.layers.RandomColorJitter(brightness_factor=(1.0, 1.0), hue_factor=0.2)
        >>> layer(tf.zeros((1, 1, 3))).numpy().ravel().tolist()
        [255.0, 255.0, 255.0]

    Source: `keras.layers.RandomColorJitter`.
    """

    def __init__(
        self,
        value_range: Any = (0, 255),
        brightness_factor: Any = None,
        contrast_factor: Any = None,
        saturation_factor: Any = None,
        hue_factor: Any = None,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._takes_values(value_range, seed)
        self.brightness_factor, self.contrast_factor = brightness_factor, contrast_factor
        self.saturation_factor, self.hue_factor = saturation_factor, hue_factor
        factors = (brightness_factor, contrast_factor, saturation_factor, hue_factor)
        kinds: tuple[Any, ...] = (RandomBrightness, RandomContrast, RandomSaturation, RandomHue)
        common = {"data_format": self.data_format, "dtype": self.dtype_policy, "value_range": value_range}
        self._steps = [
            kind(factor, seed=seed, **common)
            for kind, factor in zip(kinds, factors, strict=True)
            if factor is not None
        ]

    def _draw(self, images: Any, seed: Any) -> Any:
        return [step.get_random_transformation(images, seed=seed) for step in self._steps]

    def transform_images(self, images: Any, transformation: Any = None, training: bool = True) -> Any:
        """Images after a transformation."""
        images = self._floats(images)
        if not self._passes(transformation, training):
            for step, drawn in zip(self._steps, transformation, strict=True):
                images = step.transform_images(images, drawn)
        return images
