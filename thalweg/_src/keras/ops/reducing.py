"""What the reductions of `keras.ops` share: dtypes of sums, extremes of bools, positions."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.door import freeze
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.ops import clipping, ranking, reduction, shaping
from thalweg._src.ops.casting import cast
from thalweg._src.ops.support import axes_of

# What sums of narrow integers are added up in: bytes overflow at once.
_WIDE = {
    "bool": dtypes.int32,
    "int8": dtypes.int32,
    "int16": dtypes.int32,
    "uint8": dtypes.uint32,
    "uint16": dtypes.uint32,
}
_HALVES = ("float16", "bfloat16")


def summable(x: Any, dtype: Any = None) -> Any:
    """A tensor in the dtype of its sum: `dtype`, else integers of 32 bits at least."""
    tensor = tensor_of(x)
    wanted = dtype or _WIDE.get(tensor.dtype.name)
    return tensor if wanted is None else cast(tensor, wanted)


def reduced_axes(where: str, axis: Any, rank: int) -> tuple[int, ...]:
    """The axes that a reduction removes, as numbers in [0, rank)."""
    found = axes_of(where, freeze(axis), rank)
    return tuple(range(rank)) if found is None else found


def in_float32(function: Any, x: Any, *args: Any) -> Any:
    """`function` of floats, computed in float32 for 16-bit ones: their squares overflow."""
    (floats,) = promoted(x, least=float)
    if floats.dtype.name in _HALVES:
        return cast(function(cast(floats, dtypes.float32), *args), floats.dtype)
    return function(floats, *args)


def need_elements(where: str, x: Any, axis: Any) -> None:
    """Refuses a reduction over no elements, which has no extreme.

    Raises:
        ShapeError: A reduced dimension has size 0.
    """
    if any(x.shape[a] == 0 for a in reduced_axes(where, axis, x.ndim)):
        raise ShapeError(
            f"[{where}] expected at least one element along axis {axis}, got shape {tuple(x.shape)}; give "
            "`initial` or check the size first."
        )


def extreme(
    where: str, largest: bool, x: Any, axis: Any, keepdims: Any, initial: Any = None
) -> Any:
    """Largest or smallest elements along axes, bools included."""
    tensor = tensor_of(x)
    if initial is None:
        need_elements(where, tensor, axis)
    if tensor.dtype is dtypes.bool:
        found = (reduction.reduce_any if largest else reduction.reduce_all)(tensor, axis, keepdims)
        least: Any = tensor_of(largest if initial is None else initial, dtypes.bool)
        if initial is None:
            return found
        numbers = [cast(part, dtypes.uint8) for part in (found, least)]
        return cast((clipping.maximum if largest else clipping.minimum)(*numbers), dtypes.bool)
    found = (reduction.reduce_max if largest else reduction.reduce_min)(tensor, axis, keepdims)
    if initial is None:
        return found
    bound = tensor_of(initial, tensor.dtype)
    return (clipping.maximum if largest else clipping.minimum)(found, bound)


def position(x: Any, axis: Any, keepdims: Any, largest: bool) -> Any:
    """Position of the first extreme as int32; in the flattened tensor when `axis` is None."""
    tensor = tensor_of(x)
    function = ranking.argmax if largest else ranking.argmin
    if axis is not None:
        found = function(tensor, freeze(axis), dtypes.int32)
        return shaping.expand_dims(found, freeze(axis)) if keepdims else found
    found = function(shaping.reshape(tensor, [-1]), 0, dtypes.int32)
    return shaping.reshape(found, [1] * tensor.ndim) if keepdims else found
