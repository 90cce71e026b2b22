"""Dimensions of ragged tensors added, removed, repeated, turned round and cut up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.door import freeze
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops import joining, reordering, shaping, tiling
from thalweg._src.ops.arguments import ints_of
from thalweg._src.ops.gather import gather
from thalweg._src.ops.ragged.partition import RowPartition, module_of
from thalweg._src.ops.ragged.rows import gathered, is_ragged, nested
from thalweg._src.ops.support import axis_of


def expand_dims(input: Any, axis: Any) -> Any:
    """A new dimension of size 1: a uniform one, or a dense one after the ragged dimensions."""
    if not is_ragged(input):
        return shaping.expand_dims(input, axis)
    at = axis_of("expand_dims", freeze(axis), len(input.shape) + 1)
    parts, dtype = input._partitions(), input._partition.dtype
    if at > len(parts):
        values = shaping.expand_dims(input._flat, at - len(parts))
        return nested(input, values, parts)
    if at == 0:
        return input._of(input, RowPartition.of_uniform(parts[0].nrows, 1, dtype))
    one = RowPartition.of_uniform(1, parts[at - 1].nrows, dtype)
    return nested(input, input.flat_values, [*parts[: at - 1], one, *parts[at - 1 :]])


def squeeze(input: Any, axis: Any = None) -> Any:
    """Dimensions of size 1 removed; they must be named, as it depends on values what ragged ones are."""
    if axis is None:
        raise InvalidArgumentError(
            "[squeeze] expected the axes to remove from a RaggedTensor, got None; name them."
        )
    rank = len(input.shape)
    axes = sorted({axis_of("squeeze", a, rank) for a in ints_of("squeeze", "axis", freeze(axis))})
    for at in reversed(axes):
        input = _without(input, at)
    return input


def _without(tensor: Any, at: int) -> Any:
    if not is_ragged(tensor):
        return shaping.squeeze(tensor, [at])
    parts = tensor._partitions()
    if at > len(parts):
        return nested(tensor, shaping.squeeze(tensor._flat, [at - len(parts)]), parts)
    part = parts[max(at - 1, 0)]
    if at == 0:
        fits = part.nrows == 1
    else:
        fits = part.uniform == 1 or bool((part.known("squeeze")[1:] - part.splits[:-1] == 1).all())
    if not fits:
        raise InvalidArgumentError(
            f"[squeeze] can not squeeze dim[{at}], expected a dimension of 1, got shape {tensor.shape} with "
            "rows of other lengths."
        )
    left = parts[1:] if at == 0 else [*parts[: at - 1], *parts[at:]]
    return nested(tensor, tensor.flat_values, left)


def _rearranged(ragged: Any, repeats: Sequence[int], flipped: Sequence[int]) -> Any:
    """Every ragged dimension repeated and turned round; the number of values stays known.

    Args:
        ragged: Ragged tensor.
        repeats: How often each dimension comes, the outermost first.
        flipped: Dimensions that are turned round.
    """
    parts = ragged._partitions()
    count, made = parts[0].nrows * repeats[0], []
    factor = repeats[0]
    xp = module_of(*(p.splits for p in parts))
    # For each row of the result the row here that it is.
    places = xp.tile(xp.arange(parts[0].nrows, dtype=parts[0].dtype), repeats[0])
    if 0 in flipped:
        places = places[::-1]
    for axis, part in enumerate(parts, 1):
        factor *= repeats[axis]
        lengths = part.lengths[places]
        if part.uniform is not None:
            new = RowPartition.of_uniform(part.uniform * repeats[axis], count, part.dtype)
        else:
            new = RowPartition.of_lengths(lengths * repeats[axis], part.nvals * factor)
        rows = new.rowids
        offsets = new.offsets % xp.maximum(lengths[rows], 1)
        if axis in flipped:
            offsets = lengths[rows] - 1 - offsets
        places = part.starts[places][rows] + offsets
        count = new.nvals
        made.append(new)
    return nested(ragged, gathered(ragged.flat_values, places), made)


def tile(input: Any, multiples: Any) -> Any:
    """Every dimension repeated."""
    times = ints_of("tile", "multiples", freeze(multiples))
    rank = len(input.shape)
    if len(times) != rank or any(n < 0 for n in times):
        raise ShapeError(
            f"[tile] expected {rank} multiples of 0 or more for shape {input.shape}, got {list(times)}."
        )
    outer = input.ragged_rank + 1
    found = input
    if any(n != 1 for n in times[:outer]):
        found = _rearranged(input, times[:outer], ())
    if any(n != 1 for n in times[outer:]):
        return found.with_flat_values(tiling.tile(found._flat, [1, *times[outer:]]))
    return found


def reverse(tensor: Any, axis: Any) -> Any:
    """Dimensions turned round, ragged ones row by row."""
    rank = len(tensor.shape)
    axes = {axis_of("reverse", a, rank) for a in ints_of("reverse", "axis", freeze(axis))}
    outer = tensor.ragged_rank + 1
    inner = sorted(a - outer + 1 for a in axes if a >= outer)
    if any(a < outer for a in axes):
        tensor = _rearranged(tensor, [1] * outer, [a for a in axes if a < outer])
    if inner:
        return tensor.with_flat_values(reordering.reverse(tensor._flat, inner))
    return tensor


def split(
    value: Any, num_or_size_splits: Any, axis: Any = 0, num: Any = None, name: str = "split"
) -> list[Any]:
    """Consecutive parts along a dimension whose size is the same in all rows."""
    at = axis_of("split", freeze(axis), len(value.shape))
    parts = value._partitions()
    if at > len(parts):
        pieces = joining.split(value._flat, num_or_size_splits, at - len(parts))
        return [value.with_flat_values(piece) for piece in pieces]
    size = value.shape[at]
    if size is None:
        raise InvalidArgumentError(
            f"[split] expected a dimension of one size, got the ragged dimension {at} of shape "
            f"{value.shape}; slice its rows instead: x[:, :n] and x[:, n:]."
        )
    sizes = _sizes(freeze(num_or_size_splits), size)
    found, start = [], 0
    for count in sizes:
        found.append(value[(slice(None),) * at + (slice(start, start + count),)])
        start += count
    return found


def _sizes(parts: Any, size: int) -> list[int]:
    """Sizes of the parts; one of them may be -1, which stands for what is left."""
    if isinstance(parts, int):
        if parts < 1 or size % parts:
            raise InvalidArgumentError(
                f"[split] expected a number of parts that divides {size} rows, got {parts}; give sizes."
            )
        return [size // parts] * parts
    sizes = list(ints_of("split", "num_or_size_splits", parts))
    if sizes.count(-1) == 1:
        sizes[sizes.index(-1)] = size - sum(sizes) - 1
    if sum(sizes) != size or any(n < 0 for n in sizes):
        raise InvalidArgumentError(
            f"[split] expected sizes of 0 or more that add up to {size} rows, got {list(sizes)}."
        )
    return sizes
