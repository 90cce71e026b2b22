"""`ImageLayer`: what layers of images share: dictionaries, layouts, boxes, one transformation an image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.bounding_boxes.formats import Columns, Format, convert_format
from thalweg._src.keras.bounding_boxes.moving import clip_to_image_size
from thalweg._src.keras.layers.preprocessing.data_layer import DataLayer
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.ops.image_layouts import Layout
from thalweg._src.keras.random.seed_generator import SeedGenerator
from thalweg._src.ops.casting import cast
from thalweg._src.ops.joining import stack, unstack
from thalweg._src.ops.shaping import expand_dims, reshape, squeeze

Size = tuple[int, int]


class ImageLayer(DataLayer):
    """Layer that changes images, alone or with the labels, boxes and masks that belong to them.

    A subclass says in `_images` what happens to images ``(batch, height, width, channels)``, and where it
    needs to, in `_masks` and `_boxes` what happens to what belongs to them. A random one draws in `_draw`, a
    number for each image of the batch; outside of training it lets everything pass.

    Args:
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        bounding_box_format: Format of bounding boxes, see `keras.utils.bounding_boxes.convert_format`;
            needed where boxes are to be moved.
        **kwargs: See `Layer`.

    Call arguments:
        data: Images ``(batch, height, width, channels)`` or ``(height, width, channels)``, or a dictionary
            of them with the key ``"images"``, beside which ``"labels"``, ``"bounding_boxes"`` (``"boxes"``
            ``(batch, boxes, 4)`` and ``"labels"`` ``(batch, boxes)``) and ``"segmentation_masks"`` may stand;
            other entries pass.
        training: Whether a random layer changes anything.

    Images come out in the compute dtype, in training and outside; those of some layers keep their own.

    Source: `keras.layers.preprocessing.image_preprocessing.BaseImagePreprocessingLayer`. A layer that does
    not move boxes needs no `bounding_box_format`.
    """

    #: Whether images come out in the dtype they came in.
    keeps_dtype = False
    #: Whether something is drawn, so that nothing happens outside of training.
    is_random = True
    #: Whether boxes move with the images.
    moves_boxes = False

    def __init__(
        self, data_format: str | None = None, bounding_box_format: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**({"autocast": True} | kwargs))
        self.data_format = data_format_of(data_format, self._where)
        self.bounding_box_format = bounding_box_format
        self.built = True

    def _seeded(self, seed: int | None) -> None:
        """Keeps the seed, and a generator that it starts."""
        self.seed = seed
        self.generator = SeedGenerator(seed)

    def _sizes(self, height: Any, width: Any) -> Size:
        """Height and width from the constructor's arguments."""
        for what, size in (("height", height), ("width", width)):
            if type(size) is not int or size < 1:
                raise InvalidArgumentError(
                    f"[{self._where}] expected {what} as a positive integer, got {size!r}."
                )
        return height, width

    @property
    def _where(self) -> str:
        return f"{type(self).__name__} {self.name!r}"

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer."""
        config = super().get_config()
        if config.get("bounding_box_format") is None:
            config.pop("bounding_box_format", None)
        return config

    def call(self, data: Any, training: bool = True) -> Any:
        """The images, or the dictionary, after one transformation for each image."""
        transformation = self.get_random_transformation(data, training=training)
        if not isinstance(data, Mapping):
            return self.transform_images(data, transformation, training=training)
        found = dict(data)
        for key, transform in (
            ("images", self.transform_images),
            ("labels", self.transform_labels),
            ("bounding_boxes", self.transform_bounding_boxes),
            ("segmentation_masks", self.transform_segmentation_masks),
        ):
            if key in found:
                found[key] = transform(found[key], transformation, training=training)
        return found

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> Any:
        """What happens to each image, drawn anew.

        Args:
            data: As for a call.
            training: Whether anything happens, for a random layer.
            seed: Integer or `SeedGenerator`; the layer's own generator when None.

        Returns:
            What the `transform_...` methods take; None for nothing.
        """
        if self.is_random and not training:
            return None
        return self._draw(self._images_of(data), self.generator if seed is None and self.is_random else seed)

    def _images_of(self, data: Any) -> Any:
        """The images in what a call got."""
        if isinstance(data, Mapping):
            if "images" not in data:
                raise InvalidArgumentError(
                    f"[{self._where}] expected a dictionary with the key 'images', got "
                    f"{sorted(map(str, data))}; add the images."
                )
            data = data["images"]
        images = tensor_of(data)
        Layout(self._where, images, self.data_format)
        return images

    def _draw(self, images: Any, seed: Any) -> Any:
        """Transformation of images as they came; `_count` and `_size` read their shape."""
        return {"input_shape": tuple(images.shape)}

    def _count(self, images: Any) -> int:
        return 1 if len(images.shape) == 3 else int(images.shape[0])

    def _size(self, shape: Any) -> Size:
        """Height and width in a shape of images; None for those that differ from image to image."""
        height, width = (shape[-2:] if self.data_format == "channels_first" else shape[-3:-1])
        return height, width

    def _size_before(self, transformation: Any) -> Size | None:
        """Height and width of the images that a transformation was drawn for, if it knows them."""
        return self._size(transformation["input_shape"])

    def _passes(self, transformation: Any, training: bool) -> bool:
        return self.is_random and (transformation is None or not training)

    def transform_images(self, images: Any, transformation: Any = None, training: bool = True) -> Any:
        """Images after a transformation.

        Args:
            images: Batch of images, or one.
            transformation: Result of `get_random_transformation`.
            training: Whether anything happens, for a random layer.
        """
        images = self._floats(images)
        if self._passes(transformation, training):
            return images
        layout = Layout(self._where, images, self.data_format)
        return layout.leave(self._images(layout.enter(images), transformation))

    def _floats(self, images: Any) -> Any:
        """Images in the compute dtype, for a layer that does not keep theirs."""
        images = tensor_of(images)
        wanted = images.dtype if self.keeps_dtype else self.compute_dtype
        return images if images.dtype == wanted else cast(images, wanted)

    def transform_labels(self, labels: Any, transformation: Any = None, training: bool = True) -> Any:
        """Labels after a transformation: most change none."""
        del transformation, training
        return labels

    def transform_segmentation_masks(
        self, segmentation_masks: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        """Masks, with as many dimensions as images, after a transformation."""
        if self._passes(transformation, training):
            return segmentation_masks
        masks = tensor_of(segmentation_masks)
        layout = Layout(self._where, masks, self.data_format)
        return layout.leave(self._masks(layout.enter(masks), transformation))

    def transform_bounding_boxes(
        self, bounding_boxes: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        """Boxes after a transformation, cut off at the images' edges; the label -1 says that none is left."""
        if not self.moves_boxes or self._passes(transformation, training):
            return bounding_boxes
        if self.bounding_box_format is None:
            raise InvalidArgumentError(
                f"[{self._where}] expected bounding_box_format for the key 'bounding_boxes', got None; pass "
                "it to the layer, such as bounding_box_format='xyxy'."
            )
        before = self._size_before(transformation)
        boxes = self._converted_boxes(bounding_boxes, self.bounding_box_format, "xyxy", before)
        corners = boxes["boxes"]
        single = len(corners.shape) == 2
        columns = unstack(expand_dims(corners, 0) if single else corners, axis=-1)
        moved, after = self._boxes((columns[0], columns[1], columns[2], columns[3]), transformation, before)
        corners = stack(list(moved), axis=-1)
        boxes["boxes"] = squeeze(corners, 0) if single else corners
        boxes = clip_to_image_size(boxes, *after)
        return self._converted_boxes(boxes, "xyxy", self.bounding_box_format, after)

    def _converted_boxes(self, boxes: Any, source: str, target: str, size: Size | None) -> dict[str, Any]:
        relative = Format.named(source, self._where).relative or Format.named(target, self._where).relative
        if size is None and relative:
            raise InvalidArgumentError(
                f"[{self._where}] expected a transformation that knows the images' size with relative "
                f"boxes, got none; use the format 'xyxy'."
            )
        height, width = size or (None, None)
        return convert_format(boxes, source, target, height, width)

    def _images(self, images: Any, transformation: Any) -> Any:
        """Images ``(batch, height, width, channels)`` after a transformation; for subclasses."""
        raise NotImplementedError

    def _masks(self, masks: Any, transformation: Any) -> Any:
        """Masks ``(batch, height, width, channels)`` after a transformation; for subclasses."""
        del transformation
        return masks

    def _boxes(
        self, corners: Columns, transformation: Any, size: Size | None
    ) -> tuple[Columns, Size]:
        """Boxes after a transformation, and the new size of the images; for subclasses.

        Args:
            corners: Left, top, right and bottom ``(batch, boxes)`` in pixels.
            transformation: Result of `get_random_transformation`.
            size: Height and width before, if known.
        """
        raise NotImplementedError

    def transform_single_image(self, image: Any, transformation: Any, training: bool = True) -> Any:
        """One image ``(height, width, channels)`` after a transformation."""
        return self.transform_images(image, transformation, training=training)

    def transform_single_label(self, label: Any, transformation: Any, training: bool = True) -> Any:
        """The label of one image after a transformation."""
        label = tensor_of(label)
        return squeeze(self.transform_labels(expand_dims(label, 0), transformation, training=training), 0)

    def transform_single_bounding_box(
        self, bounding_box: Any, transformation: Any, training: bool = True
    ) -> Any:
        """The boxes of one image, as a dictionary, after a transformation."""
        return self.transform_bounding_boxes(bounding_box, transformation, training=training)

    def transform_single_segmentation_mask(
        self, segmentation_mask: Any, transformation: Any, training: bool = True
    ) -> Any:
        """The mask of one image after a transformation."""
        return self.transform_segmentation_masks(segmentation_mask, transformation, training=training)


def each_image(numbers: Any, rank: int, dtype: Any) -> Any:
    """A number for each image, of any shape, as a tensor ``(batch, 1, ...)`` of some rank."""
    return reshape(cast(tensor_of(numbers), dtype), (-1, *(1,) * (rank - 1)))


def stretched(corners: Columns, place: tuple[Any, Any], part: Size, after: Size) -> Columns:
    """Corners as seen in a part of the images that became images of another size.

    Args:
        corners: Left, top, right and bottom ``(batch, boxes)``.
        place: Top and left of the part, numbers or tensors ``(batch, 1)``.
        part: Height and width of the part.
        after: Height and width of the result.
    """
    top, left = place
    x, y = after[1] / part[1], after[0] / part[0]
    return (
        (corners[0] - left) * x,
        (corners[1] - top) * y,
        (corners[2] - left) * x,
        (corners[3] - top) * y,
    )
