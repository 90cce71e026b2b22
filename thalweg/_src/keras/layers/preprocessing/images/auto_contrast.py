"""`AutoContrast`: values stretched over their whole range."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.comparison import clip
from thalweg._src.ops.creation import ones_like
from thalweg._src.ops.reduction import reduce_max, reduce_min
from thalweg._src.ops.selection import where as select


class AutoContrast(ValueLayer):
    """Values of each channel of each image stretched over the whole range, in training and outside.

    Args:
        value_range: Least and largest value of the results.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.AutoContrast()(tf.constant([[[50.0], [60.0], [100.0]]])).numpy().ravel().tolist()
        [0.0, 51.0, 255.0]

    Source: `keras.layers.AutoContrast`. A channel of one value stays as it is.
    """

    is_random = False

    def __init__(self, value_range: Any = (0, 255), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._takes_values(value_range)

    def _images(self, images: Any, transformation: Any) -> Any:
        low = reduce_min(images, [1, 2], keepdims=True)
        spread = reduce_max(images, [1, 2], keepdims=True) - low
        flat = spread == 0.0
        stretched = self._values((images - low) / select(flat, ones_like(spread), spread))
        return select(flat, images, clip(stretched, *self.value_range))
