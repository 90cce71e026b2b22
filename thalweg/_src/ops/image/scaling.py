"""Images stretched to other sizes: `resize` and its relatives of `tf.image`."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.casting import cast
from thalweg._src.ops.image import resizing
from thalweg._src.ops.image.cropping import sizes_above_zero, surrounded
from thalweg._src.ops.image.images import need_rank
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.support import twin


class ResizeMethod:
    """Names of the ways to resize, see `tf.image.resize`.

    Source: `tf.image.ResizeMethod`.
    """

    BILINEAR = "bilinear"
    NEAREST_NEIGHBOR = "nearest"
    BICUBIC = "bicubic"
    AREA = "area"
    LANCZOS3 = "lanczos3"
    LANCZOS5 = "lanczos5"
    GAUSSIAN = "gaussian"
    MITCHELLCUBIC = "mitchellcubic"


def resize(
    images: Any,
    size: Any,
    method: str = ResizeMethod.BILINEAR,
    preserve_aspect_ratio: bool = False,
    antialias: bool = False,
    name: str | None = None,
) -> Any:
    """Images in another size.

    Args:
        images: Real tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.
        size: Height and width of the results.
        method: A member of `ResizeMethod`: ``"bilinear"``, ``"nearest"``, ``"bicubic"``, ``"area"``,
            ``"lanczos3"``, ``"lanczos5"``, ``"gaussian"`` or ``"mitchellcubic"``.
        preserve_aspect_ratio: Take the largest size within `size` that has the images' proportions.
        antialias: Take means over more pixels where images become smaller; no effect on ``"nearest"``
            and ``"area"``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch, *size, channels)`` or without batch: float32, or the dtype of `images` for
        ``"nearest"``.

    Raises:
        ValueError: The method is not known, or shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.image.resize([[[0], [8]]], (1, 4)).numpy().ravel().tolist()
        [0.0, 2.0, 6.0, 8.0]

    Source: `tf.image.resize`. As there, cubic weights without `antialias` are those of places rounded to
    1/1024 of a pixel.
    """
    x = tensor_of(images)
    kind = dtypes.as_dtype(x.dtype)
    if kind.is_floating and method != ResizeMethod.NEAREST_NEIGHBOR:
        x = cast(x, dtypes.float32)
    return resizing.resize(x, size, method, antialias, preserve_aspect_ratio, name=name)


def resized_with_pad(
    xp: Any, image: Any, height: Any, width: Any, method: str, antialias: bool
) -> Any:
    """The body of `resize_with_pad`: the largest image of the same proportions, zeros around."""
    where = "resize_with_pad"
    need_rank(where, image, 3, 4)
    size = sizes_above_zero(where, height, width)
    whole = [np.float32(n) for n in image.shape[-3:-1]]
    # In float32, so that sizes are rounded as in TensorFlow.
    ratio = max(n / np.float32(m) for n, m in zip(whole, size))
    inner = [max(math.floor(n / ratio), 1) for n in whole]
    margins = ((np.float32(m) - n / ratio) / np.float32(2) for n, m in zip(whole, size))
    top, left = (max(math.floor(margin), 0) for margin in margins)
    x = resizing.resized(xp, image, inner, method, antialias, False)
    return surrounded(xp, x, top, left, *size)


@op("resize_with_pad", inputs=("image",), host=twin("resize_with_pad", partial(resized_with_pad, np), None))
def _fit(image: Any, height: Any, width: Any, method: str, antialias: bool) -> Any:
    return resized_with_pad(jnp, image, height, width, method, antialias)


def resize_with_pad(
    image: Any,
    target_height: Any,
    target_width: Any,
    method: str = ResizeMethod.BILINEAR,
    antialias: bool = False,
) -> Any:
    """Images stretched as far as a size holds them, with zeros around to fill it.

    Args:
        image: Real tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.
        target_height: Height of the result.
        target_width: Width of the result.
        method: A member of `ResizeMethod`.
        antialias: Take means over more pixels where images become smaller.

    Returns:
        Tensor ``(batch, target_height, target_width, channels)`` or without batch: float32, or the dtype
        of `image` for ``"nearest"``. Proportions are kept.

    Raises:
        ValueError: The method is not known, or shapes do not fit.

    Source: `tf.image.resize_with_pad`.
    """
    x = tensor_of(image)
    if dtypes.as_dtype(x.dtype).is_floating and method != ResizeMethod.NEAREST_NEIGHBOR:
        x = cast(x, dtypes.float32)
    return _fit(x, target_height, target_width, method, antialias)
