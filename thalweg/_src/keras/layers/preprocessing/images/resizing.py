"""`Resizing`: images in another size."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.bounding_boxes.formats import Columns
from thalweg._src.keras.layers.preprocessing.images.factors import need_one_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import ImageLayer, Size, stretched
from thalweg._src.keras.ops.image_resizing import METHODS, margins_around, middle_part, resize


class Resizing(ImageLayer):
    """Images in another size, in training and outside.

    Args:
        height: Height of the results in pixels.
        width: Width of the results.
        interpolation: ``"bilinear"``, ``"nearest"``, ``"bicubic"``, ``"lanczos3"``, ``"lanczos5"`` or
            ``"area"``; masks are always resized by the nearest pixel.
        crop_to_aspect_ratio: Cut the images to the proportions of the new size first.
        pad_to_aspect_ratio: Pad the images to the proportions of the new size first.
        fill_mode: ``"constant"``, how to pad.
        fill_value: Value to pad with.
        antialias: Take means over more pixels where images become smaller.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`. Images keep their dtype; integers are rounded.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Resizing(8, 8)(tf.ones((2, 4, 6, 3))).shape
        TensorShape([2, 8, 8, 3])

    Source: `keras.layers.Resizing`. With one of the aspect ratios kept, boxes lie where the image shows
    what they are around; Keras places them up to some pixels off.
    """

    keeps_dtype = True
    is_random = False
    moves_boxes = True

    def __init__(
        self,
        height: int,
        width: int,
        interpolation: str = "bilinear",
        crop_to_aspect_ratio: bool = False,
        pad_to_aspect_ratio: bool = False,
        fill_mode: str = "constant",
        fill_value: float = 0.0,
        antialias: bool = False,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.height, self.width = self._sizes(height, width)
        self.interpolation = need_one_of(self._where, "interpolation", interpolation, METHODS)
        self.fill_mode = need_one_of(self._where, "fill_mode", fill_mode, ("constant",))
        if crop_to_aspect_ratio and pad_to_aspect_ratio:
            raise InvalidArgumentError(
                f"[{self._where}] expected one of crop_to_aspect_ratio and pad_to_aspect_ratio, got both; "
                "choose one."
            )
        self.crop_to_aspect_ratio = crop_to_aspect_ratio
        self.pad_to_aspect_ratio = pad_to_aspect_ratio
        self.fill_value = fill_value
        self.antialias = antialias

    def _draw(self, images: Any, seed: Any) -> Any:
        return self._size(tuple(images.shape))

    def _size_before(self, transformation: Any) -> Size | None:
        return transformation

    def _resized(self, x: Any, interpolation: str) -> Any:
        return resize(
            x,
            (self.height, self.width),
            interpolation,
            self.antialias,
            self.crop_to_aspect_ratio,
            self.pad_to_aspect_ratio,
            self.fill_mode,
            self.fill_value,
            "channels_last",
        )

    def _images(self, images: Any, transformation: Any) -> Any:
        return self._resized(images, self.interpolation)

    def _masks(self, masks: Any, transformation: Any) -> Any:
        return self._resized(masks, "nearest")

    def _boxes(
        self, corners: Columns, transformation: Any, size: Size | None
    ) -> tuple[Columns, Size]:
        before, after = transformation, (self.height, self.width)
        place, part = (0, 0), before
        if self.crop_to_aspect_ratio:
            place, part = middle_part(before, after)
        elif self.pad_to_aspect_ratio:
            above, beside = margins_around(before, after)
            place, part = (-above, -beside), (before[0] + 2 * above, before[1] + 2 * beside)
        return stretched(corners, place, part, after), after
