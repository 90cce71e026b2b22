"""Rows and values chosen by masks, and divided among partitions."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.door import freeze
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.ragged import conversion
from thalweg._src.ops.ragged.partition import (
    RowPartition,
    as_public,
    index_array,
    is_known,
    module_of,
)
from thalweg._src.ops.ragged.rows import is_ragged, levels, nested, permute, take
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.support import known_value

_HINT = "use tf.where, which keeps the size"


def boolean_mask(data: Any, mask: Any, name: str | None = None) -> Any:
    """The values of `data` where `mask` is True, in the rows in which they lie.

    Args:
        data: Tensor or ragged tensor.
        mask: Bool tensor or ragged tensor of rank 1 or more, of the rows with which those of `data` begin.
        name: Has no effect.

    Returns:
        Ragged tensor with the ragged rank of the mask and one dimension of each of the two; rows of which
        nothing is chosen are empty. A tensor for a mask of rank 1 on a tensor.

    Raises:
        ValueError: The mask is no bool tensor, or a scalar.
        InvalidArgumentError: Its rows are not those of `data`.

    Example:
        >>> import thalweg as tf
        >>> tf.ragged.boolean_mask([[1, 2, 3], [4, 5, 6]], [[True, False, True], [False, False, False]])
        <tf.RaggedTensor [[1, 3], []]>

    Source: `tf.ragged.boolean_mask`.
    """
    where = "ragged.boolean_mask"
    data = data if is_ragged(data) else convert_to_tensor(data)
    mask = mask if is_ragged(mask) else convert_to_tensor(mask)
    if mask.dtype is not dtypes.bool:
        raise DTypeError(f"[{where}] expected a mask of dtype bool, got {mask.dtype.name}.")
    rank = len(mask.shape)
    if not rank:
        raise ShapeError(f"[{where}] mask cannot be scalar: expected rank 1 or more.")
    values, chosen = same_rows(where, data, mask)
    kept = known_value(where, "mask", chosen, _HINT)
    values = take(values, np.flatnonzero(kept), where)
    if rank == 1:
        return values
    dtype = next((x._partition.dtype for x in (data, mask) if is_ragged(x)), np.dtype(np.int64))
    _, divided = levels(mask, rank - 1, dtype)
    before = np.concatenate([np.zeros(1, dtype), np.cumsum(kept, dtype=dtype)])
    inner = RowPartition(before[divided[-1].known(where)], int(before[-1]))
    return nested(RaggedTensor, values, [*divided[:-1], inner])


def boolean_mask_of_rows(tensor: Any, mask: Any, axis: Any = None, name: str = "") -> Any:
    """`tf.boolean_mask` of ragged tensors: `tf.ragged.boolean_mask`, from the first dimension on."""
    if axis not in (None, 0):
        raise InvalidArgumentError(
            f"[boolean_mask] expected axis 0 for ragged tensors, got {axis}; give the mask the outer "
            "dimensions too."
        )
    return boolean_mask(tensor, mask)


def where_true(condition: Any) -> Any:
    """Coordinates of the values that are True."""
    indices = conversion.coordinates(condition)
    kept = known_value("where", "condition", condition.flat_values, _HINT).reshape(-1)
    return as_public(np.asarray(indices)[kept != 0])


def stack_dynamic_partitions(
    data: Any, partitions: Any, num_partitions: Any, name: str | None = None
) -> Any:
    """The rows of `data` divided among partitions, in the order in which they come.

    Args:
        data: Tensor or ragged tensor.
        partitions: Integers from 0 to ``num_partitions - 1``: a tensor or ragged tensor of the rows with
            which those of `data` begin.
        num_partitions: Number of partitions.
        name: Has no effect.

    Returns:
        Ragged tensor of shape ``(num_partitions, None, ...)``.

    Raises:
        InvalidArgumentError: A number is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.ragged.stack_dynamic_partitions(["a", "b", "c"], [1, 0, 1], 3)
        <tf.RaggedTensor [[b'b'], [b'a', b'c'], []]>

    Source: `tf.ragged.stack_dynamic_partitions`.
    """
    where = "ragged.stack_dynamic_partitions"
    data = data if is_ragged(data) else convert_to_tensor(data)
    partitions = partitions if is_ragged(partitions) else convert_to_tensor(partitions)
    count = int_of(where, "num_partitions", freeze(num_partitions))
    values, flat = same_rows(where, data, partitions)
    ids = index_array(where, "partitions", flat)
    if is_known(ids) and ids.size and not 0 <= ids.min() <= ids.max() < count:
        raise InvalidArgumentError(
            f"[{where}] expected partitions from 0 to {count - 1}, got values from {ids.min()} to "
            f"{ids.max()}; raise num_partitions."
        )
    xp = module_of(ids)
    order = xp.argsort(ids, stable=True)
    dtype = values._partition.dtype if is_ragged(values) else np.dtype(np.int64)
    counts = xp.bincount(ids, **({"minlength": count} if xp is np else {"length": count}))
    part = RowPartition.of_lengths(counts.astype(dtype), int(ids.shape[0]))
    return RaggedTensor._of(permute(values, order), part)


def same_rows(where: str, data: Any, numbers: Any) -> tuple[Any, Any]:
    """Data and the numbers of its rows, with the dimensions that both have merged to one."""
    rank = len(numbers.shape)
    if not rank:
        raise ShapeError(f"[{where}] expected numbers of rank 1 or more, got a scalar.")
    dtype = next((x._partition.dtype for x in (data, numbers) if is_ragged(x)), np.dtype(np.int64))
    depth = max(rank - 1, data.ragged_rank if is_ragged(data) else 0)
    if len(data.shape) < rank:
        raise ShapeError(
            f"[{where}] expected data of rank {rank} or more, got shapes {data.shape} and {numbers.shape}."
        )
    flat, parts = levels(data, depth, dtype)
    ids, divided = levels(numbers, rank - 1, dtype)
    values = nested(RaggedTensor, flat, parts[rank - 1 :])
    same = all(a.same_as(b) for a, b in zip(parts, divided, strict=False))
    if not same or int(values.shape[0]) != int(ids.shape[0]):
        raise InvalidArgumentError(
            f"[{where}] expected numbers for the rows of data, got shapes {numbers.shape} and {data.shape} "
            "and rows of different number or length."
        )
    return values, ids


def dynamic_partition(
    data: Any, partitions: Any, num_partitions: Any, name: str | None = None
) -> list[Any]:
    """The rows of each partition as a tensor of its own."""
    stacked = stack_dynamic_partitions(data, partitions, num_partitions)
    return [stacked[i] for i in range(stacked._partition.nrows)]
