"""`RandAugment`: some changes of many kinds, for each image other ones."""

from __future__ import annotations

from functools import partial
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.nest import map_structure
from thalweg._src.keras.layers.preprocessing.images.auto_contrast import AutoContrast
from thalweg._src.keras.layers.preprocessing.images.equalization import Equalization
from thalweg._src.keras.layers.preprocessing.images.factors import range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.random_brightness import RandomBrightness
from thalweg._src.keras.layers.preprocessing.images.random_color_degeneration import (
    RandomColorDegeneration,
)
from thalweg._src.keras.layers.preprocessing.images.random_contrast import RandomContrast
from thalweg._src.keras.layers.preprocessing.images.random_posterization import RandomPosterization
from thalweg._src.keras.layers.preprocessing.images.random_rotation import RandomRotation
from thalweg._src.keras.layers.preprocessing.images.random_sharpness import RandomSharpness
from thalweg._src.keras.layers.preprocessing.images.random_shear import RandomShear
from thalweg._src.keras.layers.preprocessing.images.random_translation import RandomTranslation
from thalweg._src.keras.layers.preprocessing.images.solarization import Solarization
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.random.distributions import randint
from thalweg._src.ops.selection import where as select


class RandAugment(ValueLayer):
    """Some changes of many kinds in training, drawn for each image: colours, shifts, turns and others.

    Args:
        value_range: Least and largest value of pixels.
        num_ops: Number of changes of each image, one after another.
        factor: Strength: two numbers in [0, 1], or one number `n` for the range from 0 to `n`.
        interpolation: ``"bilinear"`` or ``"nearest"``; masks always take the nearest pixel.
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
        >>> tf.keras.layers.RandAugment()(tf.ones((2, 4, 6, 3))).shape
        TensorShape([2, 4, 6, 3])

    Source: Cubuk et al. 2020, "RandAugment: practical automated data augmentation with a reduced search
    space"; `keras.layers.RandAugment`, which draws the kinds of changes once for a batch.
    """

    moves_boxes = True

    def __init__(
        self,
        value_range: Any = (0, 255),
        num_ops: int = 2,
        factor: Any = 0.5,
        interpolation: str = "bilinear",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._takes_values(value_range, seed)
        if type(num_ops) is not int or num_ops < 1:
            raise InvalidArgumentError(
                f"[{self._where}] expected num_ops as a positive integer, got {num_ops!r}."
            )
        self.num_ops = num_ops
        self.factor = range_of(self._where, "factor", factor, 0, 1)
        self.interpolation = interpolation
        self._kinds = self._all_kinds()

    def _all_kinds(self) -> list[Any]:
        """One layer for each kind of change."""
        strength = self.factor
        values: dict[str, Any] = {"value_range": self.value_range}
        common: dict[str, Any] = {
            "dtype": self.dtype_policy,
            "data_format": self.data_format,
            "bounding_box_format": self.bounding_box_format,
        }
        moves: dict[str, Any] = {"interpolation": self.interpolation, **common}
        most_bits = max(int(8 * strength[1]), 1)
        return [
            RandomShear(strength, strength, **moves),
            RandomTranslation(strength, strength, **moves),
            RandomRotation(strength, **moves),
            RandomBrightness(strength, **values, **common),
            RandomColorDegeneration(strength, **values, **common),
            RandomContrast(strength, **values, **common),
            RandomSharpness(strength, **values, **common),
            RandomPosterization(most_bits, **values, **common),
            Solarization(strength, strength, **values, **common),
            AutoContrast(**values, **common),
            Equalization(**values, **common),
        ]

    def _draw(self, images: Any, seed: Any) -> Any:
        shape = (self.num_ops, self._count(images))
        return {
            "transforms": [kind.get_random_transformation(images, seed=seed) for kind in self._kinds],
            "layer_idxes": randint(shape, 0, len(self._kinds), "int32", seed=seed),
        }

    def _changed(self, values: Any, transformation: Any, method: str) -> Any:
        """Values of which each image's part is changed by the layers that were drawn for it."""
        for step in range(self.num_ops):
            chosen = tensor_of(transformation["layer_idxes"])[step]
            before = values
            for number, kind in enumerate(self._kinds):
                changed = getattr(kind, method)(before, transformation["transforms"][number])
                pick = partial(_picked, chosen == number)
                values = map_structure(pick, changed, values)
        return values

    def transform_images(self, images: Any, transformation: Any = None, training: bool = True) -> Any:
        """Images after a transformation."""
        images = self._floats(images)
        if self._passes(transformation, training):
            return images
        return self._changed(images, transformation, "transform_images")

    def transform_segmentation_masks(
        self, segmentation_masks: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        """Masks after a transformation."""
        if self._passes(transformation, training):
            return segmentation_masks
        return self._changed(tensor_of(segmentation_masks), transformation, "transform_segmentation_masks")

    def transform_bounding_boxes(
        self, bounding_boxes: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        """Boxes after a transformation."""
        if self._passes(transformation, training):
            return bounding_boxes
        boxes = {key: tensor_of(value) for key, value in bounding_boxes.items()}
        return self._changed(boxes, transformation, "transform_bounding_boxes")


def _picked(which: Any, one: Any, other: Any) -> Any:
    """`one` for the images that are chosen, else `other`; a single image has no batch."""
    return select(each_image(which, len(one.shape), "bool"), one, other)
