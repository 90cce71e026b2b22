"""Ragged tensors put together: concat and stack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.door import freeze
from thalweg._src.ops import joining
from thalweg._src.ops.ragged.partition import RowPartition, module_of
from thalweg._src.ops.ragged.rows import is_ragged, levels, nested, permute
from thalweg._src.ops.ragged.shaping import expand_dims
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.support import axis_of


def _operands(where: str, values: Any) -> tuple[list[Any], Any]:
    """Tensors and ragged tensors of one rank, and the dtype of their row splits."""
    found = list(values) if isinstance(values, (list, tuple)) else [values]
    if not found:
        raise InvalidArgumentError(f"[{where}] expected at least one tensor, got an empty list.")
    found = [v if is_ragged(v) else convert_to_tensor(v) for v in found]
    ranks = {len(v.shape) for v in found}
    if len(ranks) > 1:
        raise ShapeError(
            f"[{where}] expected tensors of one rank, got shapes {[tuple(v.shape) for v in found]}."
        )
    kinds = {v._partition.dtype for v in found if is_ragged(v)}
    if len(kinds) > 1:
        raise ShapeError(
            f"[{where}] expected row splits of one dtype, got int32 and int64: mismatched row_splits dtypes; "
            "use RaggedTensor.with_row_splits_dtype on one of them."
        )
    return found, kinds.pop() if kinds else np.dtype(np.int64)


def concat(values: Any, axis: Any, name: str = "concat") -> Any:
    """Ragged and dense tensors one after the other along a dimension."""
    operands, dtype = _operands("concat", values)
    at = axis_of("concat", freeze(axis), len(operands[0].shape))
    if len(operands) == 1:
        return operands[0]
    return _joined(operands, at, dtype, _depth(operands))


def _depth(operands: Sequence[Any]) -> int:
    return max(v.ragged_rank if is_ragged(v) else 0 for v in operands)


def _joined(operands: list[Any], axis: int, dtype: Any, rank: int) -> Any:
    """The operands one after the other, with `rank` dimensions divided by partitions."""
    if axis == 0:
        return _rows_joined(operands, rank, dtype)
    taken = [levels(v, rank, dtype) for v in operands]
    first = taken[0][1]
    shared = first[: axis - 1] if axis <= rank else first
    for _, parts in taken:
        if any(not a.same_as(b) for a, b in zip(shared, parts, strict=False)):
            raise _rows_differ(operands, axis)
    if axis > rank:
        flat = joining.concat([flat for flat, _ in taken], axis - rank)
        return nested(RaggedTensor, flat, first)
    count = len(taken)
    rows = {parts[axis - 1].nrows for _, parts in taken}
    if len(rows) > 1:
        raise _rows_differ(operands, axis)
    tails = [nested(RaggedTensor, flat, parts[axis - 1 :]) for flat, parts in taken]
    stacked = _rows_joined(tails, rank - axis + 1, dtype)
    order = np.arange(count * rows.pop(), dtype=dtype).reshape(count, -1).T.reshape(-1)
    mixed = permute(stacked, order)
    part = mixed._partition
    together = RowPartition(part.splits[::count], part.nvals)
    return nested(RaggedTensor, mixed._values, [*shared, together])


def _rows_differ(operands: Sequence[Any], axis: int) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"[concat] expected tensors with the same rows in the dimensions before {axis}, got shapes "
        f"{[tuple(v.shape) for v in operands]} and rows of different number or length."
    )


def _rows_joined(operands: Sequence[Any], rank: int, dtype: Any) -> Any:
    """The rows of all operands, of ragged rank `rank`."""
    taken = [levels(v, rank, dtype) for v in operands]
    flat = joining.concat([flat for flat, _ in taken], 0)
    parts = [_appended([parts[k] for _, parts in taken]) for k in range(rank)]
    return nested(RaggedTensor, flat, parts)


def _appended(parts: Sequence[RowPartition]) -> RowPartition:
    """The partition of all rows of several partitions."""
    xp = module_of(*(p.splits for p in parts))
    pieces, offset = [xp.zeros(1, parts[0].dtype)], 0
    for part in parts:
        pieces.append(part.limits + np.asarray(offset, part.dtype))
        offset += part.nvals
    lengths = {p.uniform for p in parts}
    uniform = lengths.pop() if len(lengths) == 1 else None
    return RowPartition(xp.concatenate(pieces), offset, uniform)


def stack(values: Any, axis: Any = 0, name: str | None = None) -> Any:
    """Ragged tensor of tensors that may differ in the sizes of their dimensions.

    Args:
        values: List of tensors and ragged tensors of one rank.
        axis: Position of the new dimension in the result.
        name: Has no effect.

    Returns:
        Ragged tensor of one more dimension; a tensor for scalars.

    Raises:
        ValueError: The list is empty, or ranks differ.

    Example:
        >>> import thalweg as tf
        >>> tf.ragged.stack([[1, 2], [3], [4, 5, 6]])
        <tf.RaggedTensor [[1, 2], [3], [4, 5, 6]]>

    Source: `tf.ragged.stack`.
    """
    operands, dtype = _operands("stack", values)
    rank = len(operands[0].shape)
    at = axis_of("stack", freeze(axis), rank + 1)
    if not rank:
        return joining.stack(operands, at)
    if not any(map(is_ragged, operands)):
        operands = [nested(RaggedTensor, *levels(v, rank - 1, dtype)) for v in operands]
    if at == 0:
        return stacked(operands, _depth(operands), dtype)
    wide = [expand_dims(v, at) for v in operands]
    return _joined(wide, at, dtype, max(1, _depth(wide)))


def stacked(operands: Sequence[Any], depth: int, dtype: Any = None) -> RaggedTensor:
    """Ragged tensor whose rows are tensors or ragged tensors of ragged rank `depth`."""
    dtype = np.dtype(np.int64) if dtype is None else dtype
    whole = _rows_joined(operands, depth, dtype)
    lengths = np.asarray([int(v.shape[0]) for v in operands], dtype)
    return RaggedTensor._of(whole, RowPartition.of_lengths(lengths))
