"""What the ops of images share: their ranks, and integers computed as floats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.core import dtypes
from thalweg._src.ops.image.conversion import convert_image_dtype
from thalweg._src.ops.indices import tensor_of

SHAPES = {
    3: "(height, width, channels)",
    4: "(batch, height, width, channels)",
}


def need_rank(where: str, images: Any, *ranks: int) -> None:
    """Refuses tensors that are no images.

    Args:
        where: Name of the op, for messages.
        images: Tensor or array.
        *ranks: Ranks that it may have, 3 or 4.

    Raises:
        ShapeError: It has another rank.
    """
    if len(images.shape) not in ranks:
        wanted = " or ".join(SHAPES[r] for r in ranks)
        raise ShapeError(
            f"[{where}] expected images of shape {wanted}, got shape {tuple(images.shape)}; add or "
            "remove dimensions with tf.expand_dims or tf.squeeze."
        )


def need_channels(where: str, images: Any, count: int) -> None:
    """Refuses images with another number of channels.

    Raises:
        ShapeError: The last dimension has another size.
    """
    if not len(images.shape) or images.shape[-1] != count:
        raise ShapeError(
            f"[{where}] expected images with {count} in the last dimension, their channels, got shape "
            f"{tuple(images.shape)}."
        )


def in_floats(images: Any, function: Callable[[Any], Any]) -> Any:
    """Result of a function of floating images, in the dtype of `images`.

    Integers, which go from 0 to the largest one, become float32 from 0 to 1 and come back, cut off.
    """
    x = tensor_of(images)
    dtype = dtypes.as_dtype(x.dtype)
    if dtype.is_floating:
        return function(x)
    whole = function(convert_image_dtype(x, dtypes.float32))
    return convert_image_dtype(whole, dtype, saturate=True)
