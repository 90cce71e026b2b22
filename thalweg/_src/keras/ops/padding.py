"""Elements repeated or surrounded: tile, repeat, pad."""

from __future__ import annotations

from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops import reordering, shaping, tiling
from thalweg._src.ops.arguments import sizes_of


@operation
def tile(x: Any, repeats: Any) -> Any:
    """Tensor laid side by side with itself along each dimension.

    Args:
        x: Tensor.
        repeats: Number of copies along each dimension. Where it has fewer entries than `x` dimensions they
            are for the last ones; where it has more, `x` gets new dimensions in front.

    Returns:
        Tensor.

    Raises:
        InvalidArgumentError: A number is negative.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.tile([1, 2], (2, 1)).numpy().tolist()
        [[1, 2], [1, 2]]

    Source: `keras.ops.tile`.
    """
    tensor = tensor_of(x)
    counts = sizes_of("tile", "repeats", freeze(repeats))
    counts = (1,) * (tensor.ndim - len(counts)) + counts
    if len(counts) > tensor.ndim:
        tensor = shaping.reshape(tensor, (*[1] * (len(counts) - tensor.ndim), *tensor.shape))
    return tiling.tile(tensor, counts)


@operation
def repeat(x: Any, repeats: Any, axis: Any = None) -> Any:
    """Each element, or slice along an axis, several times in a row.

    Args:
        x: Tensor.
        repeats: How often: one number for all or one for each slice.
        axis: Axis to repeat along; None for the elements of the flattened tensor.

    Returns:
        Tensor.

    Raises:
        ShapeError: `repeats` has another length than the axis.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.repeat([1, 2], [1, 2]).numpy().tolist()
        [1, 2, 2]

    Source: `keras.ops.repeat`.
    """
    return tiling.repeat(tensor_of(x), repeats, axis)


_MODES = (
    "constant",
    "edge",
    "linear_ramp",
    "maximum",
    "mean",
    "median",
    "minimum",
    "reflect",
    "symmetric",
    "wrap",
    "empty",
)


# Each is written out; more would take hours to compile, and a file could ask for any number.
_MAX_COPIES = 1000


@op("pad_by_mode")
def _pad(x: Any, *, widths: Any, mode: str) -> Any:
    """Elements around a tensor that depend on the elements inside."""
    copies = max((max(pair) / max(size, 1) for pair, size in zip(widths, x.shape)), default=0)
    if mode in ("reflect", "symmetric", "wrap") and copies > _MAX_COPIES:
        raise InvalidArgumentError(
            f"[pad] expected at most {_MAX_COPIES} copies of a tensor of shape {x.shape} around it, got "
            f"pad_width={widths} with mode={mode!r}; use keras.ops.tile."
        )
    return jnp.pad(x, widths, mode)


def _widths(pad_width: Any, rank: int) -> tuple[tuple[int, int], ...]:
    """Pairs (before, after), one for each dimension."""
    given = freeze(pad_width)
    rows = given if isinstance(given, tuple) else (given,)
    if not any(isinstance(row, tuple) for row in rows) and len(rows) in (1, 2):
        rows = ((rows[0], rows[-1]),)
    pairs = [sizes_of("pad", "pad_width", row) for row in rows]
    pairs = pairs * rank if len(pairs) == 1 else pairs
    if len(pairs) != rank or any(len(pair) not in (1, 2) for pair in pairs):
        raise ShapeError(
            f"[pad] expected pad_width as a number, a pair, or one pair for each of {rank} dimensions, got "
            f"{pad_width!r}."
        )
    return tuple((pair[0], pair[-1]) for pair in pairs)


@operation
def pad(x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = None) -> Any:
    """Tensor with elements added before and after each dimension.

    Args:
        x: Tensor.
        pad_width: How many elements: one number, one pair (before, after) for all dimensions, or a pair for
            each.
        mode: ``"constant"``, ``"edge"``, ``"linear_ramp"``, ``"maximum"``, ``"mean"``, ``"median"``,
            ``"minimum"``, ``"reflect"``, ``"symmetric"``, ``"wrap"`` or ``"empty"``, as in NumPy.
        constant_values: Value of the new elements for ``"constant"``; 0 when None.

    Returns:
        Tensor of the same rank and dtype.

    Raises:
        InvalidArgumentError: The mode is unknown, or `constant_values` comes with another mode.
        ShapeError: `pad_width` has another shape.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.pad([1, 2, 3], 1, mode="edge").numpy().tolist()
        [1, 1, 2, 3, 3]

    Source: `keras.ops.pad`.
    """
    if mode not in _MODES:
        raise InvalidArgumentError(f"[pad] expected mode as one of {_MODES}, got {mode!r}.")
    if constant_values is not None and mode != "constant":
        raise InvalidArgumentError(
            f"[pad] expected constant_values with mode='constant' only, got mode={mode!r}; leave it out."
        )
    tensor = tensor_of(x)
    widths = _widths(pad_width, tensor.ndim)
    if mode not in ("constant", "empty"):
        return _pad(tensor, widths=widths, mode=mode)
    value = 0 if constant_values is None else constant_values
    return reordering.pad(tensor, widths, constant_values=value)
