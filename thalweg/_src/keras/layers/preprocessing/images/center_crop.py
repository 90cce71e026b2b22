"""`CenterCrop`: the middle of images."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.bounding_boxes.formats import Columns
from thalweg._src.keras.layers.preprocessing.images.image_layer import ImageLayer, Size, stretched
from thalweg._src.keras.ops.image_resizing import middle_part, resize
from thalweg._src.ops.indexing import getitem


class CenterCrop(ImageLayer):
    """The middle of images, in training and outside.

    Images smaller than that are enlarged: the largest middle part with the proportions of the result is
    resized to it.

    Args:
        height: Height of the results in pixels.
        width: Width of the results.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`.

    Raises:
        InvalidArgumentError: Sizes are no positive integers.

    Example:
        >>> import thalweg as tf
        >>> image = tf.reshape(tf.range(4.0), (1, 4, 1))
        >>> tf.keras.layers.CenterCrop(1, 2)(image).numpy().ravel().tolist()
        [1.0, 2.0]

    Source: `keras.layers.CenterCrop`. Enlarged masks keep their values and their dtype here, and boxes lie
    where the enlarged image shows what they are around.
    """

    is_random = False
    moves_boxes = True

    def __init__(
        self, height: int, width: int, data_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.height, self.width = self._sizes(height, width)

    def _part(self, size: Size) -> tuple[Size, Size]:
        """Place and size of the part of an image that becomes the result."""
        wanted = self.height, self.width
        if size[0] < wanted[0] or size[1] < wanted[1]:
            return middle_part(size, wanted)
        return ((size[0] - wanted[0]) // 2, (size[1] - wanted[1]) // 2), wanted

    def _cropped(self, x: Any, interpolation: str) -> Any:
        (top, left), (height, width) = self._part((int(x.shape[1]), int(x.shape[2])))
        x = getitem(x, (slice(None), slice(top, top + height), slice(left, left + width)))
        if (height, width) == (self.height, self.width):
            return x
        return resize(x, (self.height, self.width), interpolation, data_format="channels_last")

    def _images(self, images: Any, transformation: Any) -> Any:
        return self._cropped(images, "bilinear")

    def _masks(self, masks: Any, transformation: Any) -> Any:
        return self._cropped(masks, "nearest")

    def _boxes(
        self, corners: Columns, transformation: Any, size: Size | None
    ) -> tuple[Columns, Size]:
        place, part = self._part(self._size(transformation["input_shape"]))
        after = self.height, self.width
        return stretched(corners, place, part, after), after
