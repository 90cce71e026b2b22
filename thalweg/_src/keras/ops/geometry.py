"""Arguments that convolutions and pools share: sizes for each dimension, padding, layouts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.ops.nn.windows import window

_FORMATS = {
    1: {"channels_last": "NWC", "channels_first": "NCW"},
    2: {"channels_last": "NHWC", "channels_first": "NCHW"},
    3: {"channels_last": "NDHWC", "channels_first": "NCDHW"},
}


def spatial_rank(where: str, inputs: Any) -> int:
    """Number of spatial dimensions of inputs ``(batch, *sizes, channels)``: one to three.

    Raises:
        ShapeError: The inputs have another rank.
    """
    rank = len(inputs.shape) - 2
    if rank not in _FORMATS:
        raise ShapeError(
            f"[{where}] expected inputs of rank 3 to 5 (batch, sizes, channels), got shape "
            f"{tuple(inputs.shape)}; add the missing dimensions with expand_dims."
        )
    return rank


def op_format(where: str, data_format: str | None, rank: int) -> str:
    """The name that ops have for a layout, such as ``"NHWC"``."""
    return _FORMATS[rank][data_format_of(data_format, where)]


def each(where: str, what: str, value: Any, rank: int) -> tuple[int, ...]:
    """A positive int for each of `rank` dimensions.

    Raises:
        InvalidArgumentError: Another number of ints, or one that is not positive.
    """
    sizes = (value,) * rank if isinstance(value, int) else tuple(value)
    if len(sizes) == 1:
        sizes = sizes * rank
    if len(sizes) != rank or not all(isinstance(s, int) and s > 0 for s in sizes):
        raise InvalidArgumentError(
            f"[{where}] expected {what} as a positive int or {rank} of them, got {value!r}."
        )
    return sizes


def op_padding(where: str, padding: Any) -> str:
    """``"VALID"`` or ``"SAME"``.

    Raises:
        InvalidArgumentError: Another name.
    """
    chosen = str(padding).upper()
    if chosen not in ("VALID", "SAME"):
        raise InvalidArgumentError(
            f"[{where}] expected padding 'valid' or 'same', got {padding!r}; pad the inputs with "
            "keras.ops.pad for anything else."
        )
    return chosen


def need_windows(
    where: str,
    inputs: Any,
    layout: str,
    size: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
    padding: str,
) -> None:
    """Refuses inputs that are smaller than a window.

    Raises:
        ShapeError: No window fits.
    """
    shape = tuple(inputs.shape)
    sizes = shape[2:] if layout.startswith("NC") else shape[1:-1]
    counts = window(size, strides, dilations, padding, sizes).output_sizes(sizes)
    if min(counts) < 1:
        raise ShapeError(
            f"[{where}] expected inputs of at least the size of a window of {tuple(size)}, got shape "
            f"{shape}; use padding='same', or fewer strides before it."
        )
