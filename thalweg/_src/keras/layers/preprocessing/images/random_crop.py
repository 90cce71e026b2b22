"""`RandomCrop`: a part of images at a random place."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.bounding_boxes.formats import Columns
from thalweg._src.keras.layers.preprocessing.images.image_layer import (
    ImageLayer,
    Size,
    each_image,
    stretched,
)
from thalweg._src.keras.ops.image_resizing import middle_part, resize
from thalweg._src.keras.random.distributions import randint
from thalweg._src.ops.gather import gather
from thalweg._src.ops.shaping import broadcast_to


class RandomCrop(ImageLayer):
    """A part of each image at a random place in training; the resized middle outside.

    Outside of training, and of images smaller than the part, the result is the largest middle part with the
    wanted proportions, resized.

    Args:
        height: Height of the results in pixels.
        width: Width of the results.
        seed: Integer that decides the places; None for one from the global generator.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        name: Name of the layer.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`.
        training: Whether to crop at random places.

    Raises:
        InvalidArgumentError: Sizes are no positive integers.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.RandomCrop(2, 2)(tf.ones((5, 4, 6, 3))).shape
        TensorShape([5, 2, 2, 3])

    Source: `keras.layers.RandomCrop`, as it is documented there: version 3.15 passes images in inference
    as they are, whatever their size, against its own `compute_output_shape`. Each image has its own place
    here; Keras crops all of a batch at one.
    """

    moves_boxes = True

    def __init__(
        self,
        height: int,
        width: int,
        seed: int | None = None,
        data_format: str | None = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, name=name, **kwargs)
        self.height, self.width = self._sizes(height, width)
        self._seeded(seed)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> Any:
        """Top and left of each image's part ``(batch,)``, then height and width of the images.

        Args:
            data: As for a call.
            training: Whether places are random; the first two are None for the resized middle.
            seed: Integer or `SeedGenerator`; the layer's own generator when None.
        """
        images = self._images_of(data)
        size = self._size(images.shape)
        spare = size[0] - self.height, size[1] - self.width
        if not training or min(spare) < 0:
            return (None, None, *size)
        seed = self.generator if seed is None else seed
        return (*(randint((self._count(images),), 0, n + 1, seed=seed) for n in spare), *size)

    def _passes(self, transformation: Any, training: bool) -> bool:
        return False

    def _size_before(self, transformation: Any) -> Size | None:
        return transformation[2:] or None

    def _cropped(self, x: Any, transformation: Any, interpolation: str) -> Any:
        wanted = self.height, self.width
        if transformation is None or transformation[0] is None:
            return resize(x, wanted, interpolation, crop_to_aspect_ratio=True, data_format="channels_last")
        count = int(x.shape[0])
        for axis, (start, size) in enumerate(zip(transformation[:2], wanted, strict=True), 1):
            places = each_image(start, 2, "int32") + np.arange(size, dtype="int32")
            x = gather(x, broadcast_to(places, (count, size)), axis=axis, batch_dims=1)
        return x

    def _images(self, images: Any, transformation: Any) -> Any:
        return self._cropped(images, transformation, "bilinear")

    def _masks(self, masks: Any, transformation: Any) -> Any:
        return self._cropped(masks, transformation, "nearest")

    def _boxes(
        self, corners: Columns, transformation: Any, size: Size | None
    ) -> tuple[Columns, Size]:
        after = self.height, self.width
        if transformation[0] is not None:
            top, left = (each_image(start, 2, corners[0].dtype) for start in transformation[:2])
            return stretched(corners, (top, left), after, after), after
        if size is None:
            raise InvalidArgumentError(
                f"[{self._where}] expected a transformation that knows the images' size, got none; take it "
                "from get_random_transformation()."
            )
        return stretched(corners, *middle_part(size, after), after), after
