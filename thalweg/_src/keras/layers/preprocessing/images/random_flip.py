"""`RandomFlip`: images mirrored at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.bounding_boxes.formats import Columns
from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, need_one_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import ImageLayer, Size, each_image
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops.image.flipping import flip_some
from thalweg._src.ops.selection import where as select
from thalweg._src.ops.shaping import reshape

_MODES = ("horizontal", "vertical", "horizontal_and_vertical")
_ROWS, _COLUMNS = -3, -2


class RandomFlip(ImageLayer):
    """Images mirrored at random in training, each with a chance of one half.

    Args:
        mode: ``"horizontal"`` (left becomes right), ``"vertical"`` (top becomes bottom) or
            ``"horizontal_and_vertical"``, where both are decided for themselves.
        seed: Integer that decides which; None for one from the global generator.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`.
        training: Whether to mirror.

    Raises:
        InvalidArgumentError: The mode is not known.

    Example:
        >>> import thalweg as tf
        >>> image = tf.constant([[[1.0], [2.0]]])
        >>> flip = tf.keras.layers.RandomFlip("horizontal")
        >>> sorted(flip(image).numpy().ravel().tolist()), flip(image, training=False).numpy().ravel().tolist()
        ([1.0, 2.0], [1.0, 2.0])

    Source: `keras.layers.RandomFlip`. Keras 3.15 decides once for both directions, so that images are
    turned by half a turn or not at all; a transformation ``"flips"`` with one number an image does the same
    here.
    """

    moves_boxes = True

    def __init__(
        self,
        mode: str = "horizontal_and_vertical",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.mode = need_one_of(self._where, "mode", mode, _MODES)
        self._seeded(seed)

    def _draw(self, images: Any, seed: Any) -> Any:
        ways = 2 if self.mode == _MODES[2] else 1
        flips = drawn_between(self._count(images), (0, 1), seed, (1, 1, ways)) <= 0.5
        return {"flips": flips, "input_shape": tuple(images.shape)}

    def _chosen(self, transformation: Any) -> tuple[Any, Any]:
        """Whether left and right, and whether top and bottom change places, of each image; None for never."""
        flips = tensor_of(transformation["flips"])
        flips = reshape(flips, (-1, flips.shape[-1]))
        across = flips[:, 0] if "horizontal" in self.mode else None
        down = flips[:, -1] if "vertical" in self.mode else None
        return across, down

    def _images(self, images: Any, transformation: Any) -> Any:
        for chosen, axis in zip(self._chosen(transformation), (_COLUMNS, _ROWS), strict=True):
            images = images if chosen is None else flip_some(images, chosen, axis=axis)
        return images

    def _masks(self, masks: Any, transformation: Any) -> Any:
        return self._images(masks, transformation)

    def _boxes(
        self, corners: Columns, transformation: Any, size: Size | None
    ) -> tuple[Columns, Size]:
        height, width = after = self._size(transformation["input_shape"])
        left, top, right, bottom = corners
        across, down = self._chosen(transformation)
        if across is not None:
            left, right = _mirrored(left, right, across, width)
        if down is not None:
            top, bottom = _mirrored(top, bottom, down, height)
        return (left, top, right, bottom), after


def _mirrored(low: Any, high: Any, chosen: Any, length: int) -> tuple[Any, Any]:
    which = each_image(chosen, 2, "bool")
    return select(which, length - high, low), select(which, length - low, high)
