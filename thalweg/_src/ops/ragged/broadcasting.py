"""Elementwise ops on ragged tensors: operands are brought to one division into rows, values are mapped.

Shapes broadcast dimension by dimension, as those of dense tensors do: a dimension of size 1 is repeated,
any other must agree, a ragged one row by row. For each operand the walk keeps the place of every row of the
result among the operand's own rows; None stands for "the same place", which costs nothing and is all that
is needed where two operands are divided alike.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.convert import as_tensor, to_host
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.gather import gather
from thalweg._src.ops.ragged.partition import RowPartition, is_known, module_of
from thalweg._src.ops.ragged.rows import gathered, is_ragged, levels, nested


class _Operand:
    """One operand as flat values and partitions of the result's ragged dimensions.

    Attributes:
        values: Tensor or NumPy array of shape ``(n, ...)``.
        parts: Partitions, outermost first.
        rows: Size of the first dimension.
        places: For each row of the result, at the level that is looked at, its place here; None where they
            are the same.
    """

    def __init__(self, value: Any, rank: int, depth: int, dtype: Any) -> None:
        missing = rank - len(value.shape)
        if is_ragged(value):
            flat, own = levels(value, max(depth - missing, 0), dtype)
            ones = _ones_before(own[0].nrows, missing, dtype)
        else:
            flat = value.reshape((1,) * missing + value.shape) if _is_array(value) else value
            if missing and not _is_array(value):
                flat = value[(None,) * missing]
            flat, own = _levels(flat, depth, dtype)
            ones = []
        self.values = flat
        self.parts = [*ones, *own]
        self.rows = self.parts[0].nrows
        self.places: Any = None

    def finish(self) -> Any:
        """The values in their places."""
        if self.places is None:
            return self.values
        if _is_array(self.values) and is_known(self.places):
            return self.values[self.places]
        return gathered(self.values, self.places)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def _ones_before(rows: int, count: int, dtype: Any) -> list[RowPartition]:
    """Partitions that put `count` dimensions of size 1 before a first one of `rows`."""
    if not count:
        return []
    return [
        *(RowPartition.of_uniform(1, 1, dtype) for _ in range(count - 1)),
        RowPartition.of_uniform(rows, 1, dtype),
    ]


def _levels(value: Any, depth: int, dtype: Any) -> tuple[Any, list[RowPartition]]:
    if not _is_array(value):
        return levels(value, depth, dtype)
    rows, parts = value.shape[0], []
    for size in value.shape[1 : depth + 1]:
        parts.append(RowPartition.of_uniform(size, rows, dtype))
        rows *= size
    return value.reshape((rows, *value.shape[depth + 1 :])), parts


def aligned(where: str, values: Sequence[Any]) -> tuple[list[Any], Callable[[Any], Any]]:
    """Operands of an elementwise op as tensors without ragged dimensions.

    Args:
        where: Name of the op, for messages.
        values: Tensors, ragged tensors, arrays, lists, numbers; at least one is ragged.

    Returns:
        The operands for their flat values, and a function that makes a ragged tensor of what the op gives
        for these.

    Raises:
        InvalidArgumentError: Rows differ in length.
    """
    ragged = [v for v in values if is_ragged(v)]
    dtype = _shared_dtype(where, ragged)
    first = ragged[0]
    ready = [_operand_of(v) for v in values]
    if all(_alike(first, v) for v in ready):
        flat = [v._flat if is_ragged(v) else v for v in ready]
        return flat, first.with_flat_values
    rank = max(len(v.shape) for v in ready if _has_shape(v))
    depth = max(v.ragged_rank + rank - len(v.shape) for v in ragged)
    shaped = {i: _Operand(v, rank, depth, dtype) for i, v in enumerate(ready) if _has_shape(v)}
    parts = _walk(where, list(shaped.values()), depth)
    flat = [shaped[i].finish() if i in shaped else v for i, v in enumerate(ready)]
    return flat, lambda result: nested(first, result, parts)


def _shared_dtype(where: str, ragged: Sequence[Any]) -> Any:
    found = {r._partition.dtype for r in ragged}
    if len(found) > 1:
        raise ShapeError(
            f"[{where}] expected row splits of one dtype, got int32 and int64: mismatched row_splits dtypes; "
            "use RaggedTensor.with_row_splits_dtype on one of them."
        )
    return found.pop()


def _operand_of(value: Any) -> Any:
    """The operand itself; lists as arrays."""
    if is_ragged(value):
        return value
    tensor = as_tensor(value)
    if tensor is not None:
        return tensor
    return to_host(value, None, "ragged") if isinstance(value, (list, tuple)) else value


def _has_shape(value: Any) -> bool:
    """True for everything but single numbers, which combine with any shape."""
    return bool(getattr(value, "shape", ()))


def _alike(first: Any, value: Any) -> bool:
    """True where the flat values of two operands belong to each other without any change."""
    if value is first or not _has_shape(value):
        return True
    if not is_ragged(value):
        # One that has no ragged dimension broadcasts against what each value holds.
        return len(value.shape) < len(first._flat.shape)
    if value.ragged_rank != first.ragged_rank or len(value._flat.shape) != len(first._flat.shape):
        return False
    pairs = zip(first._partitions(), value._partitions(), strict=True)
    return all(one.uniform == two.uniform and one.same_as(two) for one, two in pairs)


def _walk(where: str, operands: list[_Operand], depth: int) -> list[RowPartition]:
    """Partitions of the result; the operands' `places` are found on the way."""
    rows = {o.rows for o in operands if o.rows != 1} or {1}
    if len(rows) > 1:
        raise _differ(where, f"{sorted(rows)} rows")
    count = rows.pop()
    for operand in operands:
        if operand.rows != count:
            operand.places = np.zeros(count, operand.parts[0].dtype)
    return [_level(where, operands, axis, count) for axis in range(depth)]


def _level(where: str, operands: list[_Operand], axis: int, count: int) -> RowPartition:
    """How the result is divided at one level; moves the operands on to the next."""
    full = [o for o in operands if o.parts[axis].uniform != 1] or operands
    guide = next((o for o in full if o.places is None), full[0])
    part = _guide(where, guide, axis)
    for operand in full:
        if operand is not guide and not _agree(part, operand, axis):
            raise _differ(where, f"rows of different lengths in dimension {axis + 1}")
    for operand in operands:
        own = operand.parts[axis]
        if operand.places is None and own.uniform == part.uniform == 1:
            continue
        if operand.places is None and (operand is guide or operand in full):
            continue
        xp = module_of(
            own.splits, part.splits, *([] if operand.places is None else [operand.places])
        )
        starts = own.starts if operand.places is None else own.starts[operand.places]
        inside = part.offsets if operand in full else 0
        operand.places = xp.asarray(starts)[part.rowids] + inside
    return part


def _guide(where: str, guide: _Operand, axis: int) -> RowPartition:
    own = guide.parts[axis]
    if guide.places is None:
        return own
    if own.uniform is not None:
        return RowPartition.of_uniform(own.uniform, len(guide.places), own.dtype)
    own.known(where)
    return RowPartition.of_lengths(own.lengths[guide.places])


def _agree(part: RowPartition, operand: _Operand, axis: int) -> bool:
    """True where rows have the same lengths, as far as that is known."""
    own = operand.parts[axis]
    if operand.places is None:
        return part.same_as(own)
    lengths = own.lengths[operand.places]
    if not (is_known(lengths) and part.is_known):
        return bool(lengths.shape[0] == part.nrows)
    return np.array_equal(lengths, part.lengths)


def _differ(where: str, what: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"[{where}] expected operands of which one broadcasts to the other, got {what}; ragged rows are not "
        "repeated: give a dense tensor with a dimension of size 1, or rows of equal lengths."
    )
