"""Arguments and shapes that convolutions, poolings and paddings share, as layers and as functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.settings import data_format_of

Sizes = tuple[int | None, ...]

_NAMES = {1: "steps", 2: "height, width", 3: "depth, height, width"}
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


def positive(where: str, name: str, value: Any) -> int:
    """The value, if it is a positive int.

    Args:
        where: Name of the layer, for messages.
        name: Name of the argument, for messages.
        value: What was given.

    Raises:
        InvalidArgumentError: Something else.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidArgumentError(
            f"[{where}] expected {name} as a positive int, got {value!r}."
        )
    return value


def padding_of(where: str, padding: Any, known: Sequence[str] = ("valid", "same")) -> str:
    """Name of a padding in lower case.

    Args:
        where: Name of the layer, for messages.
        padding: The same, in any case.
        known: Names that there are.

    Raises:
        InvalidArgumentError: Another name.
    """
    chosen = str(padding).lower()
    if chosen not in known:
        names = " or ".join(repr(name) for name in known)
        raise InvalidArgumentError(
            f"[{where}] expected padding {names}, got {padding!r}; pad the inputs first for anything else."
        )
    return chosen


def op_padding(where: str, padding: Any) -> str:
    """``"VALID"`` or ``"SAME"``: the name that ops have for a padding."""
    return padding_of(where, padding).upper()


def pairs_of(where: str, name: str, value: Any, rank: int) -> tuple[tuple[int, int], ...]:
    """What goes before and after each of `rank` dimensions.

    Args:
        where: Name of the layer, for messages.
        name: Name of the argument, for messages.
        value: An int for all; or for each dimension an int or a pair of ints. A pair alone where there is
            one dimension.
        rank: Number of dimensions.

    Raises:
        InvalidArgumentError: Another number of ints, or a negative one.
    """
    parts = (value,) * rank if isinstance(value, int) or rank == 1 else value
    if isinstance(parts, (list, tuple)) and len(parts) == rank:
        pairs = tuple((p, p) if isinstance(p, int) else _plain(p) for p in parts)
        if all(
            isinstance(p, tuple) and len(p) == 2 and all(isinstance(n, int) and n >= 0 for n in p)
            for p in pairs
        ):
            return pairs
    each = "a pair (before, after)" if rank == 1 else f"{rank} of them or of pairs (before, after)"
    raise InvalidArgumentError(
        f"[{where}] expected {name} as an int of 0 or more, or {each}, got {value!r}."
    )


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def spatial_sizes(where: str, shape: Any, rank: int, data_format: str) -> tuple[Sizes, int | None]:
    """Spatial sizes and channels of a shape ``(batch, ...)``.

    Args:
        where: Name of the layer, for messages.
        shape: Shape of the inputs.
        rank: Number of spatial dimensions.
        data_format: ``"channels_last"`` or ``"channels_first"``.

    Raises:
        ShapeError: The shape has another rank.
    """
    shape, last = tuple(shape), data_format == "channels_last"
    if len(shape) != rank + 2:
        layout = f"{_NAMES[rank]}, channels" if last else f"channels, {_NAMES[rank]}"
        raise ShapeError(
            f"[{where}] expected inputs of shape (batch, {layout}), got {shape}; add a dimension with "
            "tf.expand_dims, or fold others with Reshape."
        )
    return (shape[1:-1], shape[-1]) if last else (shape[2:], shape[1])


def whole_shape(batch: Any, sizes: Sequence[Any], channels: Any, data_format: str) -> Sizes:
    """Shape of images in a layout."""
    if data_format == "channels_last":
        return (batch, *sizes, channels)
    return (batch, channels, *sizes)


def window_counts(
    where: str,
    sizes: Sizes,
    windows: Sequence[int],
    strides: Sequence[int],
    padding: str,
    dilations: Sequence[int] | None = None,
) -> Sizes:
    """Number of windows along each dimension; None where the size is unknown.

    Args:
        where: Name of the layer, for messages.
        sizes: Sizes of the inputs.
        windows: Sizes of a window.
        strides: Steps between windows.
        padding: ``"valid"``; ``"same"`` or ``"causal"``.
        dilations: Steps between the elements of a window; 1 when None.

    Raises:
        ShapeError: A window is larger than the inputs.
    """
    counts: list[int | None] = []
    parts = zip(sizes, windows, strides, dilations or (1,) * len(sizes), strict=True)
    for size, window, stride, gap in parts:
        if size is None:
            counts.append(None)
            continue
        reach = (window - 1) * gap + 1
        count = (size - reach) // stride + 1 if padding == "valid" else -(-size // stride)
        if count < 1:
            raise ShapeError(
                f"[{where}] expected inputs of at least the window's size {tuple(windows)}, got spatial "
                f"sizes {sizes}: too many poolings or strides before it, or use padding='same'."
            )
        counts.append(count)
    return tuple(counts)


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
    window_counts(where, sizes, size, strides, padding.lower(), dilations)
