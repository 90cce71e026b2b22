"""Geometry of sliding windows: what strides, dilations and padding mean, for convolutions and pools.

Everything here is arithmetic on Python ints. A user's arguments (``strides=2``, ``padding="SAME"``,
``data_format="NHWC"``) become one `Window` with explicit padding; kernels know nothing else.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from thalweg._src.base.errors import InvalidArgumentError, ShapeError, UnimplementedError

_FORMATS = {
    1: ("NWC", "NCW"),
    2: ("NHWC", "NCHW"),
    3: ("NDHWC", "NCDHW"),
}
# More would take hours to compile, and a file could ask for any number.
_MAX_SIZE = 1 << 14

Pads = tuple[tuple[int, int], ...]


class Window(NamedTuple):
    """A window that slides over the spatial dimensions.

    Attributes:
        size: Elements of the window in each spatial dimension.
        strides: Steps between neighbouring windows.
        dilations: Steps between neighbouring elements of one window.
        pads: Elements added before and after each spatial dimension; negative ones are cut off.
    """

    size: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]
    pads: Pads

    @property
    def extent(self) -> tuple[int, ...]:
        """Elements from a window's first to its last, both counted, in each dimension."""
        return tuple((k - 1) * d + 1 for k, d in zip(self.size, self.dilations, strict=True))

    @property
    def taps(self) -> int:
        """Number of elements of the window."""
        return math.prod(self.size)

    @property
    def is_pointwise(self) -> bool:
        """True when each window is one element and nothing is padded."""
        return self.taps == 1 and not any(lo or hi for lo, hi in self.pads)

    def output_sizes(self, sizes: Sequence[int]) -> tuple[int, ...]:
        """Number of windows in each dimension of an input of these spatial sizes."""
        parts = zip(sizes, self.extent, self.strides, self.pads, strict=True)
        return tuple(_count(n + lo + hi - e, s) for n, e, s, (lo, hi) in parts)


def _count(room: int, stride: int) -> int:
    """Windows that fit when the first one leaves `room` elements after it."""
    if stride == 1:
        found = room + 1
    else:
        found = room // stride + 1
    return max(found, 0) if isinstance(found, int) else found


def channels_last(where: str, data_format: Any, rank: int | None = None) -> bool:
    """True for formats such as ``"NHWC"``, False for ``"NCHW"``.

    Args:
        where: Name for messages.
        data_format: The user's argument; None means channels last.
        rank: Number of spatial dimensions; None accepts any known format.

    Raises:
        InvalidArgumentError: The format is not known.
    """
    every: tuple[str, ...] = sum(_FORMATS.values(), ())
    known: tuple[str, ...] = _FORMATS.get(rank, every)  # type: ignore[arg-type]
    if data_format is None or data_format == known[0]:
        return True
    if data_format in known:
        return not str(data_format).startswith("NC")
    raise InvalidArgumentError(
        f"[{where}] expected data_format to be one of {known}, got {data_format!r}; "
        f"use {known[0]!r} for tensors with channels last."
    )


def spatial(where: str, what: str, value: Any, rank: int, last: bool) -> tuple[int, ...]:
    """One positive int for each spatial dimension.

    Args:
        where: Name for messages.
        what: Name of the argument.
        value: An int, or a sequence of 1, `rank` or ``rank + 2`` ints (with batch and channels).
        rank: Number of spatial dimensions.
        last: Whether channels are last.

    Raises:
        ShapeError: The sequence has another length.
        UnimplementedError: The batch or channel entry is not 1.
        InvalidArgumentError: An entry is below 1.
    """
    if value is None:
        return (1,) * rank
    entries = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if not all(isinstance(e, int) and not isinstance(e, bool) for e in entries):
        raise InvalidArgumentError(f"[{where}] expected ints for {what}, got {value!r}.")
    if len(entries) == 1:
        entries = entries * rank
    if len(entries) == rank + 2:
        batch, channel = entries[0], entries[-1 if last else 1]
        if (batch, channel) != (1, 1):
            raise UnimplementedError(
                f"[{where}] expected {what} of 1 for the batch and channel dimensions, got {value!r}; "
                "only spatial dimensions can be strided, dilated or pooled."
            )
        entries = entries[1:-1] if last else entries[2:]
    if len(entries) != rank:
        raise ShapeError(
            f"[{where}] expected {what} to be an int or 1, {rank} or {rank + 2} ints, got {value!r}."
        )
    if min(entries) < 1:
        raise InvalidArgumentError(f"[{where}] expected {what} of 1 or more, got {value!r}.")
    return entries


def check_padding(where: str, padding: Any, rank: int, last: bool) -> str | Pads:
    """``"SAME"``, ``"VALID"``, or explicit pairs for the spatial dimensions.

    Args:
        where: Name for messages.
        padding: The user's argument: a name, or a pair for each dimension, batch and channels too.
        rank: Number of spatial dimensions.
        last: Whether channels are last.

    Raises:
        InvalidArgumentError: The name is not known or the pairs do not fit.
    """
    if isinstance(padding, str):
        if padding in ("SAME", "VALID"):
            return padding
        hint = (
            f"write {padding.upper()!r}"
            if padding.upper() in ("SAME", "VALID")
            else ("or give pairs such as [[0, 0], [1, 1], [1, 1], [0, 0]]")
        )
        raise InvalidArgumentError(
            f"[{where}] expected padding to be 'SAME' or 'VALID', got {padding!r}; {hint}."
        )
    pairs = tuple(tuple(p) if isinstance(p, (tuple, list)) else (p,) for p in padding or ())
    if len(pairs) != rank + 2 or any(len(p) != 2 for p in pairs):
        raise InvalidArgumentError(
            f"[{where}] expected padding as {rank + 2} pairs (batch, sizes and channels), got "
            f"{padding!r}; for example {[[0, 0]] + [[1, 1]] * rank + [[0, 0]]}."
        )
    outer = (pairs[0], pairs[-1 if last else 1])
    inner = pairs[1:-1] if last else pairs[2:]
    if any(p != (0, 0) for p in outer) or any(min(p) < 0 for p in inner):
        raise InvalidArgumentError(
            f"[{where}] expected padding of 0 for batch and channels and 0 or more elsewhere, got "
            f"{padding!r}."
        )
    return inner


def window(
    size: Sequence[int],
    strides: Sequence[int],
    dilations: Sequence[int],
    padding: str | Pads,
    sizes: Sequence[int],
) -> Window:
    """Window over an input of the given spatial sizes, with explicit padding.

    Raises:
        InvalidArgumentError: More elements in a dimension than kernels, which write them out, can serve.

    Source: TensorFlow's rule: SAME gives ``ceil(size / stride)`` windows, the odd element of padding
    goes after; VALID pads nothing.
    """
    if max(size, default=0) > _MAX_SIZE:
        raise InvalidArgumentError(
            f"[window] expected at most {_MAX_SIZE} elements in each dimension, got {tuple(size)}; take the "
            "mean or maximum of the whole dimension instead."
        )
    if padding == "VALID":
        pads: Any = ((0, 0),) * len(size)
    elif padding == "SAME":
        pads = tuple(
            _same(n, (k - 1) * d + 1, s)
            for n, k, s, d in zip(sizes, size, strides, dilations, strict=True)
        )
    else:
        pads = padding
    return Window(tuple(size), tuple(strides), tuple(dilations), pads)


def _same(size: int, extent: int, stride: int) -> tuple[int, int]:
    if stride == 1:
        total = extent - 1
    else:
        total = max((-(-size // stride) - 1) * stride + extent - size, 0)
    return total // 2, total - total // 2
