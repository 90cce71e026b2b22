"""Images mirrored and turned by right angles."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import as_tensor
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import is_traced
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.image.images import need_rank
from thalweg._src.ops.support import INTEGER, needs

_ROWS, _COLUMNS = -3, -2


def _mirrored(xp: Any, image: Any, where: str, axis: int) -> Any:
    need_rank(where, image, 3, 4)
    return xp.flip(image, axis)


_mirrored_on_host = partial(_mirrored, np)


@op(
    "flip_left_right",
    host=partial(_mirrored_on_host, where="flip_left_right", axis=_COLUMNS),
    moves=True,
)
def flip_left_right(image: Any) -> Any:
    """Images with left and right exchanged.

    Args:
        image: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.

    Returns:
        Tensor of the same shape.

    Source: `tf.image.flip_left_right`.
    """
    return _mirrored(jnp, image, "flip_left_right", _COLUMNS)


@op("flip_up_down", host=partial(_mirrored_on_host, where="flip_up_down", axis=_ROWS), moves=True)
def flip_up_down(image: Any) -> Any:
    """Images with top and bottom exchanged.

    Args:
        image: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.

    Returns:
        Tensor of the same shape.

    Source: `tf.image.flip_up_down`.
    """
    return _mirrored(jnp, image, "flip_up_down", _ROWS)


def _mirrored_some(xp: Any, images: Any, chosen: Any, axis: int) -> Any:
    """Images of which those are mirrored that are chosen: by one bool, or one for each in the batch."""
    each = chosen.reshape(*chosen.shape, *(1,) * (images.ndim - chosen.ndim))
    return xp.where(each, xp.flip(images, axis), images)


@op(
    "flip_some",
    inputs=("images", "chosen"),
    matched=(),
    host=partial(_mirrored_some, np),
    moves=True,
)
def flip_some(images: Any, chosen: Any, *, axis: int) -> Any:
    """Images of which some are mirrored along an axis.

    Args:
        images: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.
        chosen: Which: bools ``(batch,)``, or one for all.
        axis: -3 to exchange top and bottom, -2 left and right.

    Returns:
        Tensor like `images`.
    """
    return _mirrored_some(jnp, images, chosen, axis)


def _transposed(xp: Any, image: Any) -> Any:
    need_rank("transpose", image, 3, 4)
    return xp.swapaxes(image, _ROWS, _COLUMNS)


@op("transpose_image", inputs=("image",), host=partial(_transposed, np), moves=True)
def transpose(image: Any) -> Any:
    """Images with rows and columns exchanged.

    Args:
        image: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.

    Returns:
        Tensor ``(batch, width, height, channels)`` or without batch.

    Source: `tf.image.transpose`.
    """
    return _transposed(jnp, image)


def _turned(xp: Any, image: Any, k: int) -> Any:
    need_rank("rot90", image, 3, 4)
    return xp.rot90(image, int_of("rot90", "k", k), (_ROWS % image.ndim, _COLUMNS % image.ndim))


@op("rot90", inputs=("image",), host=partial(_turned, np), moves=True)
def _turn(image: Any, k: int) -> Any:
    return _turned(jnp, image, k)


@op("rot90_by", inputs=("image", "k"), matched=(), input_dtypes={"k": dtypes.int32})
def _turn_by(image: Any, k: Any) -> Any:
    """Square images turned by a number of right angles that is computed in the program."""
    need_rank("rot90", image, 3, 4)
    needs("rot90", INTEGER, k)
    if image.shape[_ROWS] != image.shape[_COLUMNS]:
        raise ShapeError(
            f"[rot90] expected square images, as k is computed in the program and the shape of the result "
            f"depends on it, got shape {tuple(image.shape)}; give k as a number, or crop the images."
        )
    return lax.switch(k % 4, [partial(_turned, jnp, k=turns) for turns in range(4)], image)


def rot90(image: Any, k: Any = 1, name: str | None = None) -> Any:
    """Images turned counter-clockwise by right angles.

    Args:
        image: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.
        k: How many right angles. It may be computed in a compiled program for square images.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape, height and width exchanged where `k` is odd.

    Raises:
        ShapeError: `k` is computed in a program, and the images are not square.

    Example:
        >>> import thalweg as tf
        >>> tf.image.rot90([[[1], [2]], [[3], [4]]]).numpy()[..., 0].tolist()
        [[2, 4], [1, 3]]

    Source: `tf.image.rot90`.
    """
    tensor = None if isinstance(k, KerasTensor) else as_tensor(k)
    if isinstance(k, KerasTensor) or (tensor is not None and is_traced(tensor)):
        return _turn_by(image, k, name=name)
    return _turn(image, k, name=name)
