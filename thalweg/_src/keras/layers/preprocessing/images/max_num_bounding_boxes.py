"""`MaxNumBoundingBoxes`: the same number of boxes for each image."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.preprocessing.images.image_layer import ImageLayer
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops.reordering import pad


class MaxNumBoundingBoxes(ImageLayer):
    """Dictionaries with a fixed number of boxes for each image, in training and outside.

    Args:
        max_number: Number of boxes: further ones are cut off, missing ones filled in.
        fill_value: What missing boxes and labels are filled with.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Dictionary; see `ImageLayer`. All but the boxes stays as it is.

    Raises:
        InvalidArgumentError: `max_number` is no positive integer.

    Example:
        >>> import thalweg as tf
        >>> boxes = {"boxes": tf.ones((1, 2, 4)), "labels": tf.ones((1, 2))}
        >>> layer = tf.keras.layers.MaxNumBoundingBoxes(3)
        >>> found = layer({"images": tf.ones((1, 4, 4, 3)), "bounding_boxes": boxes})
        >>> found["bounding_boxes"]["labels"].numpy()
        array([[ 1.,  1., -1.]], dtype=float32)

    Source: `keras.layers.MaxNumBoundingBoxes`.
    """

    keeps_dtype = True
    is_random = False

    def __init__(self, max_number: int, fill_value: int = -1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if type(max_number) is not int or max_number < 1:
            raise InvalidArgumentError(
                f"[{self._where}] expected max_number as a positive integer, got {max_number!r}."
            )
        self.max_number, self.fill_value = max_number, fill_value

    def _images(self, images: Any, transformation: Any) -> Any:
        return images

    def transform_bounding_boxes(
        self, bounding_boxes: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        """As many boxes and labels as there shall be."""
        boxes, labels = (tensor_of(bounding_boxes[key]) for key in ("boxes", "labels"))
        axis = len(boxes.shape) - 2
        kept = (slice(None),) * axis + (slice(self.max_number),)
        missing = max(0, self.max_number - int(boxes.shape[axis]))

        def fitted(x: Any) -> Any:
            margins = [[0, missing] if a == axis else [0, 0] for a in range(len(x.shape))]
            return pad(x[kept], margins, constant_values=self.fill_value)

        return {**bounding_boxes, "boxes": fitted(boxes), "labels": fitted(labels)}
