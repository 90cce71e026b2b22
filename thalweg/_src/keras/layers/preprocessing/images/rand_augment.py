"""`RandAugment`: some changes of many kinds, for each image other ones."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.preprocessing.images.augmentations import changed, kinds_of_changes
from thalweg._src.keras.layers.preprocessing.images.factors import need_one_of, range_of
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.random.distributions import randint
from thalweg._src.ops.image.warping import INTERPOLATIONS


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
        self.interpolation = need_one_of(self._where, "interpolation", interpolation, INTERPOLATIONS)
        self._kinds = kinds_of_changes(self, self.bounding_box_format)

    def _draw(self, images: Any, seed: Any) -> Any:
        shape = (self.num_ops, self._count(images))
        return {
            "transforms": [
                [kind.get_random_transformation(images, seed=seed) for kind in self._kinds]
                for _ in range(self.num_ops)
            ],
            "layer_idxes": randint(shape, 0, len(self._kinds), "int32", seed=seed),
        }

    def _changed(self, values: Any, transformation: Any, method: str) -> Any:
        """Values of which each image's part is changed by the layers that were drawn for it."""
        for step, drawn in enumerate(transformation["transforms"]):
            chosen = tensor_of(transformation["layer_idxes"])[step]
            values = changed(self._kinds, values, drawn, chosen, method)
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
