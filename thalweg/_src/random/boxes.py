"""Boxes and parts of images that chance chooses: distorted bounding boxes, glimpses."""

from __future__ import annotations

from typing import Any, NamedTuple

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.door import freeze
from thalweg._src.ops.arguments import host_value, sizes_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.clipping import clip_by_value
from thalweg._src.ops.elementwise import add, multiply, subtract
from thalweg._src.ops.image.chosen import distorted_box, glimpse
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.reduction import reduce_max, reduce_mean, reduce_min, reduce_std
from thalweg._src.ops.selection import where as select
from thalweg._src.random.distributions import normal, uniform
from thalweg._src.random.global_generator import stateful
from thalweg._src.random.image import Draw, beside, decided_by, drawn_by


class SampleDistortedBoundingBox(NamedTuple):
    """A box, as `tf.slice` and as `tf.image.draw_bounding_boxes` take it.

    Attributes:
        begin: First row, first column and 0, ``(3,)``.
        size: Height, width and -1, ``(3,)``.
        bboxes: ``(y_min, x_min, y_max, x_max)`` from 0 to 1, float32 ``(1, 1, 4)``.
    """

    begin: Any
    size: Any
    bboxes: Any


def _distorted(
    where: str,
    image_size: Any,
    bounding_boxes: Any,
    draw: Draw,
    min_object_covered: Any,
    aspect_ratio_range: Any,
    area_range: Any,
    max_attempts: int | None,
    use_image: bool | None,
) -> Any:
    ratios = _pair(where, "aspect_ratio_range", aspect_ratio_range, (0.75, 1.33))
    areas = _pair(where, "area_range", area_range, (0.05, 1.0))
    attempts = 100 if max_attempts is None else max_attempts
    covered = host_value(min_object_covered)
    if areas[1] > 1 or attempts < 1 or covered is None or covered < 0:
        raise InvalidArgumentError(
            f"[{where}] expected an area_range of at most 1, max_attempts of 1 or more and a known "
            f"min_object_covered of 0 or more, got {areas}, {attempts} and {min_object_covered!r}."
        )
    size, boxes = tensor_of(image_size), tensor_of(bounding_boxes)
    if 0 in tuple(boxes.shape):
        if not use_image:
            raise InvalidArgumentError(
                f"[{where}] expected bounding boxes, got none; set use_image_if_no_bounding_boxes=True to "
                "take the whole image as one."
            )
        boxes = tensor_of([[[0.0, 0.0, 1.0, 1.0]]])
    found = distorted_box(
        beside(size, draw((attempts, 4))),
        size,
        boxes,
        min_object_covered=float(covered),
        aspect_ratio_range=ratios,
        area_range=areas,
        where=where,
    )
    return SampleDistortedBoundingBox(*found)


def _pair(where: str, what: str, value: Any, default: tuple[float, float]) -> tuple[float, float]:
    found = default if value is None else tuple(value)
    if len(found) != 2 or not 0 < found[0] <= found[1]:
        raise InvalidArgumentError(
            f"[{where}] expected {what} as two numbers above 0, the smaller one first, got {value!r}."
        )
    return found


@stateful
def sample_distorted_bounding_box(
    image_size: Any,
    bounding_boxes: Any,
    seed: int = 0,
    min_object_covered: Any = 0.1,
    aspect_ratio_range: Any = None,
    area_range: Any = None,
    max_attempts: int | None = None,
    use_image_if_no_bounding_boxes: bool | None = None,
    name: str | None = None,
) -> Any:
    """A random box that covers enough of one of the objects in an image.

    Args:
        image_size: Height, width and channels of the image, an integer tensor ``(3,)``.
        bounding_boxes: ``(y_min, x_min, y_max, x_max)`` of the objects, from 0 to 1: a float tensor
            ``(batch, boxes, 4)``.
        seed: Integer other than 0 that names a stream of its own; see `tf.random.set_seed`.
        min_object_covered: Part of an object that must lie in the box, from 0 to 1.
        aspect_ratio_range: Smallest and largest width to height; ``(0.75, 1.33)`` when None.
        area_range: Smallest and largest area, in parts of the image's; ``(0.05, 1)`` when None.
        max_attempts: How many boxes are tried, 100 when None; then the whole image is taken.
        use_image_if_no_bounding_boxes: Take the whole image as an object where there is none.
        name: Unused.

    Returns:
        `SampleDistortedBoundingBox`: begin and size for `tf.slice`, of the dtype of `image_size`, and the
        box. A compiled program, which cannot slice to a size that it computes, takes the box in
        `tf.image.crop_and_resize`.

    Raises:
        ValueError: There is no object, or an argument does not fit.

    Example:
        >>> import thalweg as tf
        >>> found = tf.image.sample_distorted_bounding_box((40, 60, 3), [[[0.1, 0.2, 0.8, 0.9]]])
        >>> tf.slice(tf.ones((40, 60, 3)), found.begin, found.size).shape[2]
        3

    Source: Szegedy et al., "Going deeper with convolutions" (2015);
    `tf.image.sample_distorted_bounding_box`.
    """
    return _distorted(
        "sample_distorted_bounding_box",
        image_size,
        bounding_boxes,
        drawn_by(seed or None),
        min_object_covered,
        aspect_ratio_range,
        area_range,
        max_attempts,
        use_image_if_no_bounding_boxes,
    )


def stateless_sample_distorted_bounding_box(
    image_size: Any,
    bounding_boxes: Any,
    seed: Any,
    min_object_covered: Any = 0.1,
    aspect_ratio_range: Any = None,
    area_range: Any = None,
    max_attempts: int | None = None,
    use_image_if_no_bounding_boxes: bool | None = None,
    name: str | None = None,
) -> Any:
    """A box that covers enough of one of the objects in an image, as `seed` decides.

    Args:
        image_size: Height, width and channels of the image, an integer tensor ``(3,)``.
        bounding_boxes: ``(y_min, x_min, y_max, x_max)`` of the objects: a float tensor ``(batch, boxes, 4)``.
        seed: Two integers, as a tensor of shape ``(2,)``.
        min_object_covered: Part of an object that must lie in the box, from 0 to 1.
        aspect_ratio_range: Smallest and largest width to height; ``(0.75, 1.33)`` when None.
        area_range: Smallest and largest area, in parts of the image's; ``(0.05, 1)`` when None.
        max_attempts: How many boxes are tried, 100 when None; then the whole image is taken.
        use_image_if_no_bounding_boxes: Take the whole image as an object where there is none.
        name: Unused.

    Returns:
        `SampleDistortedBoundingBox`, see `sample_distorted_bounding_box`.

    Raises:
        ValueError: There is no object, or an argument does not fit.

    Source: `tf.image.stateless_sample_distorted_bounding_box`. The numbers differ from TensorFlow's.
    """
    where = "stateless_sample_distorted_bounding_box"
    return _distorted(
        where,
        image_size,
        bounding_boxes,
        decided_by(where, seed),
        min_object_covered,
        aspect_ratio_range,
        area_range,
        max_attempts,
        use_image_if_no_bounding_boxes,
    )


_NOISES = ("uniform", "gaussian", "zero")


@stateful
def extract_glimpse(
    input: Any,
    size: Any,
    offsets: Any,
    centered: bool = True,
    normalized: bool = True,
    noise: str = "uniform",
    name: str | None = None,
) -> Any:
    """Parts of images of one size, with noise beyond the edges.

    Args:
        input: Floating tensor ``(batch, height, width, channels)``.
        size: Height and width of the parts.
        offsets: Places of the parts, down and across: a float tensor ``(batch, 2)``.
        centered: Offsets are measured from the middle of the images, to the middle of the part if they are
            normalized too; else from their upper left corner to the part's.
        normalized: Offsets are in parts of the images' sizes, from -1 to 1 if centered; else in pixels.
        noise: What lies beyond the edges: ``"uniform"`` numbers in the range of the image, ``"gaussian"``
            ones of the mean and standard deviation of the channel, within its range; or ``"zero"``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, *size, channels)``.

    Raises:
        ValueError: Shapes or arguments do not fit.

    Source: Mnih et al., "Recurrent models of visual attention" (2014); `tf.image.extract_glimpse`, whose
    pixels and measure of offsets are the same.
    """
    where = "extract_glimpse"
    if noise not in _NOISES:
        raise InvalidArgumentError(
            f"[{where}] expected noise to be one of {_NOISES}, got {noise!r}."
        )
    sizes = sizes_of(where, "size", freeze(size))
    if len(sizes) != 2 or min(sizes) < 1:
        raise InvalidArgumentError(
            f"[{where}] expected size as a height and a width of 1 or more, got {sizes}."
        )
    x = tensor_of(input)
    found, known = glimpse(
        x, offsets, size=sizes, centered=centered, normalized=normalized, name=name
    )
    if noise == "zero":
        return found
    return select(known, found, _noise(x, found, noise))


def _noise(images: Any, like: Any, kind: str) -> Any:
    """Numbers of the shape of `like` that look like the images."""
    over = [1, 2, 3] if kind == "uniform" else [1, 2]
    low, high = (f(images, over, keepdims=True) for f in (reduce_min, reduce_max))
    if kind == "uniform":
        drawn = cast(uniform(like.shape), images.dtype)
        return add(low, multiply(drawn, subtract(high, low)))
    mean, spread = (f(images, over, keepdims=True) for f in (reduce_mean, reduce_std))
    drawn = add(mean, multiply(cast(normal(like.shape), images.dtype), spread))
    return clip_by_value(drawn, low, high)
