"""Shapes: axes added, turned and joined, elements repeated, borders and images enlarged."""

from __future__ import annotations

import math
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.base.settings import image_data_format
from thalweg._src.keras.layers.reshaping.up_sampling2d import UpSampling2D
from thalweg._src.keras.layers.reshaping.up_sampling3d import UpSampling3D
from thalweg._src.keras.ops import encoding, indexing, joining, padding, reordering, shaping


def reshape(x: Any, shape: Any) -> Any:
    """The elements in another shape.

    Args:
        x: Tensor.
        shape: Sizes; -1 for the one that follows from the others.

    Source: `tf.keras.backend.reshape`.
    """
    return shaping.reshape(x, shape)


def flatten(x: Any) -> Any:
    """The elements in one axis.

    Args:
        x: Tensor.

    Source: `tf.keras.backend.flatten`.
    """
    return shaping.reshape(x, (-1,))


def batch_flatten(x: Any) -> Any:
    """The elements of each sample in one axis: ``(batch, elements)``.

    Args:
        x: Tensor ``(batch, ...)``.

    Source: `tf.keras.backend.batch_flatten`.
    """
    sizes = tuple(x.shape)[1:]
    if None in sizes:
        raise ShapeError(
            f"[batch_flatten] expected known sizes behind the batch, got {sizes}; name them in keras.Input."
        )
    return shaping.reshape(x, (-1, math.prod(sizes)))


def expand_dims(x: Any, axis: int = -1) -> Any:
    """The tensor with an axis of size 1 added.

    Args:
        x: Tensor.
        axis: Where it is in the result.

    Source: `tf.keras.backend.expand_dims`.
    """
    return shaping.expand_dims(x, axis)


def squeeze(x: Any, axis: int) -> Any:
    """The tensor without an axis of size 1.

    Args:
        x: Tensor.
        axis: The axis.

    Source: `tf.keras.backend.squeeze`.
    """
    return shaping.squeeze(x, axis)


def permute_dimensions(x: Any, pattern: Any) -> Any:
    """The tensor with its axes in another order.

    Args:
        x: Tensor.
        pattern: Number of the axis that comes at each place.

    Source: `tf.keras.backend.permute_dimensions`.
    """
    return shaping.transpose(x, pattern)


def concatenate(tensors: Any, axis: int = -1) -> Any:
    """Tensors one after the other along an axis.

    Args:
        tensors: Tensors, alike but for the axis.
        axis: The axis.

    Source: `tf.keras.backend.concatenate`.
    """
    return joining.concatenate(tensors, axis)


def gather(reference: Any, indices: Any) -> Any:
    """Rows of a tensor.

    Args:
        reference: Tensor.
        indices: Numbers of rows.

    Source: `tf.keras.backend.gather`.
    """
    return indexing.take(reference, indices, axis=0)


def one_hot(indices: Any, num_classes: int) -> Any:
    """Ones at the places that numbers name, else zeros: ``(..., num_classes)``.

    Args:
        indices: Class numbers.
        num_classes: Number of classes.

    Source: `tf.keras.backend.one_hot`.
    """
    return encoding.one_hot(indices, num_classes)


def repeat(x: Any, n: int) -> Any:
    """Each sample so many times, along a new axis: ``(batch, n, features)``.

    Args:
        x: Tensor ``(batch, features)``.
        n: How often.

    Source: `tf.keras.backend.repeat`.
    """
    if len(x.shape) != 2:
        raise ShapeError(
            f"[repeat] expected a tensor (batch, features), got shape {tuple(x.shape)}; use "
            "repeat_elements for other ranks."
        )
    return padding.repeat(shaping.expand_dims(x, 1), n, 1)


def repeat_elements(x: Any, rep: int, axis: int) -> Any:
    """Each slice of an axis so many times, one after the other.

    Args:
        x: Tensor.
        rep: How often.
        axis: The axis.

    Source: `tf.keras.backend.repeat_elements`.
    """
    return padding.repeat(x, rep, axis)


def tile(x: Any, n: Any) -> Any:
    """Copies of a tensor, side by side.

    Args:
        x: Tensor.
        n: Number of copies along each axis, or along the last.

    Source: `tf.keras.backend.tile`.
    """
    return padding.tile(x, n)


def reverse(x: Any, axes: Any) -> Any:
    """The elements in the opposite order along axes.

    Args:
        x: Tensor.
        axes: Axis or axes.

    Source: `tf.keras.backend.reverse`.
    """
    return reordering.flip(x, axes)


def temporal_padding(x: Any, padding: Any = (1, 1)) -> Any:
    """Sequences with zeros before and behind.

    Args:
        x: Tensor ``(batch, time, features)``.
        padding: Numbers of steps before and behind.

    Source: `tf.keras.backend.temporal_padding`.
    """
    return _padded("temporal_padding", x, [padding], "channels_last")


def spatial_2d_padding(x: Any, padding: Any = ((1, 1), (1, 1)), data_format: Any = None) -> Any:
    """Images with zeros around.

    Args:
        x: Tensor ``(batch, height, width, channels)``, or channels second.
        padding: Pair of numbers for the height, and for the width.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Source: `tf.keras.backend.spatial_2d_padding`.
    """
    return _padded("spatial_2d_padding", x, padding, data_format)


def spatial_3d_padding(
    x: Any, padding: Any = ((1, 1), (1, 1), (1, 1)), data_format: Any = None
) -> Any:
    """Volumes with zeros around.

    Args:
        x: Tensor ``(batch, depth, height, width, channels)``, or channels second.
        padding: Pair of numbers for each of the three dimensions.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Source: `tf.keras.backend.spatial_3d_padding`.
    """
    return _padded("spatial_3d_padding", x, padding, data_format)


def _padded(where: str, x: Any, pairs: Any, data_format: str | None) -> Any:
    pairs = [tuple(pair) for pair in pairs]
    rank = len(x.shape) - 2
    if len(pairs) != rank or any(len(pair) != 2 for pair in pairs):
        raise ShapeError(
            f"[{where}] expected a pair of numbers for each of the dimensions between batch and channels, "
            f"got {pairs} for shape {tuple(x.shape)}."
        )
    first = (data_format or image_data_format()) == "channels_first"
    around = [(0, 0), (0, 0), *pairs] if first else [(0, 0), *pairs, (0, 0)]
    return padding.pad(x, around)


def resize_images(
    x: Any,
    height_factor: int,
    width_factor: int,
    data_format: str,
    interpolation: str = "nearest",
) -> Any:
    """Images enlarged by whole factors.

    Args:
        x: Tensor ``(batch, height, width, channels)``, or channels second.
        height_factor: Factor of the height.
        width_factor: Factor of the width.
        data_format: ``"channels_last"`` or ``"channels_first"``.
        interpolation: ``"nearest"``, which repeats rows and columns, ``"bilinear"``, ``"bicubic"``, ...

    Source: `tf.keras.backend.resize_images`.
    """
    factors = (height_factor, width_factor)
    return UpSampling2D(factors, data_format, interpolation, name="resize_images")(x)


def resize_volumes(
    x: Any, depth_factor: int, height_factor: int, width_factor: int, data_format: str
) -> Any:
    """Volumes enlarged by whole factors: their slices are repeated.

    Args:
        x: Tensor ``(batch, depth, height, width, channels)``, or channels second.
        depth_factor: Factor of the depth.
        height_factor: Factor of the height.
        width_factor: Factor of the width.
        data_format: ``"channels_last"`` or ``"channels_first"``.

    Source: `tf.keras.backend.resize_volumes`.
    """
    factors = (depth_factor, height_factor, width_factor)
    return UpSampling3D(factors, data_format, name="resize_volumes")(x)
