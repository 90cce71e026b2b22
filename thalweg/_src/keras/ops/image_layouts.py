"""Images in any layout as batches with channels last, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.ops.casting import saturate_cast
from thalweg._src.ops.rounding import round
from thalweg._src.ops.shaping import expand_dims, squeeze, transpose


class Layout:
    """How images came: with or without batch, channels last or first.

    Args:
        where: Name of the function, for messages.
        images: Tensor of rank 3 or 4.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.

    Raises:
        ShapeError: Another rank.
    """

    def __init__(self, where: str, images: Any, data_format: str | None) -> None:
        rank = len(images.shape)
        if rank not in (3, 4):
            raise ShapeError(
                f"[{where}] expected images of rank 3, or 4 for a batch of them, got shape "
                f"{tuple(images.shape)}."
            )
        self._single = rank == 3
        self._first = data_format_of(data_format, where) == "channels_first"

    def enter(self, images: Any) -> Any:
        """The images as ``(batch, height, width, channels)``."""
        x = expand_dims(images, 0) if self._single else images
        return transpose(x, [0, 2, 3, 1]) if self._first else x

    def leave(self, x: Any) -> Any:
        """A batch with channels in dimension 3 in the layout of the images."""
        rank = len(x.shape)
        x = transpose(x, [0, 3, 1, 2, *range(4, rank)]) if self._first else x
        return squeeze(x, 0) if self._single else x


def by_batch(
    where: str, images: Any, data_format: str | None, function: Callable[[Any], Any]
) -> Any:
    """Result of a function of ``(batch, height, width, channels)`` for images in any layout."""
    images = tensor_of(images)
    layout = Layout(where, images, data_format)
    return layout.leave(function(layout.enter(images)))


def in_floats(x: Any, function: Callable[[Any], Any], whole: Callable[[Any], Any] = round) -> Any:
    """Result of a function of floats in the dtype of `x`; integers are rounded, or what `whole` does."""
    if not x.dtype.is_integer:
        return function(x)
    return saturate_cast(whole(function(promoted(x, least=float)[0])), x.dtype)


def pair_of(where: str, what: str, value: Any) -> tuple[Any, Any]:
    """Two numbers of a list.

    Raises:
        InvalidArgumentError: It is no list of two.
    """
    found = tuple(value) if isinstance(value, (list, tuple)) else ()
    if len(found) != 2:
        raise InvalidArgumentError(f"[{where}] expected {what} as a pair, got {value!r}.")
    return found
