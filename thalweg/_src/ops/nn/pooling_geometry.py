"""Arguments of a pool, checked against its input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import xla
from thalweg._src.ops.nn.windows import Window, channels_last, check_padding, spatial, window


class Geometry:
    """Arguments of a pool, checked against the input's shape.

    A window over the channels (``ksize=[1, 1, 1, 2]``) makes them one more spatial dimension.

    Attributes:
        last: Whether channels are last.
        over_channels: Whether the window extends over the channels.
        sizes: Spatial sizes of the input.
        window: The window with explicit padding.
    """

    def __init__(
        self,
        shape: Any,
        *,
        ksize: Any,
        strides: Any,
        padding: Any,
        dilations: Any,
        data_format: Any,
        where: str,
    ) -> None:
        rank = len(shape) - 2
        if not 1 <= rank <= 3:
            raise ShapeError(
                f"[{where}] expected an input of rank 3 to 5 (batch, sizes, channels), got shape "
                f"{tuple(shape)}; add the missing dimensions with tf.expand_dims."
            )
        self.last = channels_last(where, data_format, rank)
        self.over_channels = self.last and _over_channels(ksize, strides, rank)
        if self.over_channels:
            ksize, strides, rank = ksize[1:], strides[1:], rank + 1
        self.sizes = tuple(shape[1 : rank + 1]) if self.last else tuple(shape[2:])
        size = spatial(where, "ksize", ksize, rank, self.last)
        pads = check_padding(where, padding, rank, self.last)
        if not isinstance(pads, str) and any(max(p) >= k for p, k in zip(pads, size, strict=True)):
            raise InvalidArgumentError(
                f"[{where}] expected padding smaller than the window {size}, got {padding!r}."
            )
        steps = spatial(where, "strides", strides, rank, self.last)
        gaps = spatial(where, "dilations", dilations, rank, self.last)
        self.window: Window = window(size, steps, gaps, pads, self.sizes)

    def enter(self, x: Any) -> Any:
        """The user's array with channels last."""
        if self.over_channels:
            return x[..., None]
        return x if self.last else jnp.moveaxis(x, 1, -1)

    def leave(self, y: Any) -> Any:
        """A kernel's array in the user's form."""
        if self.over_channels:
            return y[..., 0]
        return y if self.last else jnp.moveaxis(y, -1, 1)


@xla.jax.tree_util.register_static
@dataclass(frozen=True)
class StaticShape:
    """Shape of an input, kept among the residuals although it is no array."""

    shape: tuple[int, ...]


def _over_channels(ksize: Any, strides: Any, rank: int) -> bool:
    """True for full lists of arguments with a window over the channels but none over the batch."""
    full = all(isinstance(v, (tuple, list)) and len(v) == rank + 2 for v in (ksize, strides))
    return full and (ksize[0], strides[0]) == (1, 1) and (ksize[-1], strides[-1]) != (1, 1)


def input_of_rank(where: str, input: Any, rank: int) -> None:
    """Refuses an input whose rank belongs to another of the functions."""
    shape = getattr(input, "shape", None)
    if shape is not None and len(shape) != rank + 2:
        raise ShapeError(
            f"[{where}] expected an input of rank {rank + 2} (batch, sizes, channels), got shape "
            f"{tuple(shape)}; add the missing dimensions with tf.expand_dims."
        )
