"""Rows of tensors and ragged tensors picked by number, vectorised over values and splits."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import DataDependentShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.composite import Composite
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.gather import gather
from thalweg._src.ops.ragged.partition import RowPartition, is_known, module_of, ranges
from thalweg._src.ops.shaping import reshape


def is_ragged(value: Any) -> bool:
    """True for a ragged tensor."""
    return isinstance(value, Composite) and hasattr(value, "_partition")


def gathered(values: Any, indices: Any) -> Any:
    """Rows of a tensor by an array of numbers.

    Raises:
        DataDependentShapeError: They are strings, which live on the host, and a program computes the numbers.
    """
    if values.dtype is dtypes.string and not is_known(indices):
        raise DataDependentShapeError(
            "[ragged strings] expected rows whose lengths are known while a program is traced, as strings "
            "live on the host, got lengths that the program computes; split or look up the strings outside."
        )
    return gather(values, Tensor(indices))


def take(values: Any, indices: Any, where: str) -> Any:
    """Rows of a tensor or ragged tensor.

    Args:
        values: Tensor or ragged tensor of shape ``(n, ...)``.
        indices: Integers of shape ``(m,)``, an array; known ones unless `values` is a tensor.
        where: Name of the op for messages.

    Returns:
        What `values` is, of shape ``(m, ...)``.
    """
    if not is_ragged(values):
        return gathered(values, indices)
    made = values._partition
    made.known(where)
    lengths = made.lengths[indices]
    inner = take(values._values, ranges(made.starts[indices], lengths), where)
    if made.uniform is not None:
        return values._of(inner, RowPartition.of_uniform(made.uniform, len(indices), made.dtype))
    return values._of(inner, RowPartition.of_lengths(lengths))


def permute(values: Any, order: Any) -> Any:
    """Rows of a tensor or ragged tensor in another order, which may be traced: no size changes."""
    if not is_ragged(values):
        return gathered(values, order)
    made = values._partition
    xp = module_of(made.splits, order)
    lengths = made.lengths[order]
    new = RowPartition.of_lengths(lengths, made.nvals)
    places = made.starts[order][new.rowids] + new.offsets
    inner = permute(values._values, xp.asarray(places))
    return values._of(inner, RowPartition(new.splits, new.nvals, made.uniform))


def deepened(values: Any, count: int, dtype: Any) -> tuple[Any, list[RowPartition]]:
    """A tensor's first dimensions as uniform partitions.

    Args:
        values: Tensor of shape ``(n, d1, ..., d_count, ...)``.
        count: Number of dimensions to divide by partitions.
        dtype: NumPy dtype of the splits.

    Returns:
        Tensor of shape ``(n * d1 * ... * d_count, ...)`` and the partitions, outermost first.
    """
    if not count:
        return values, []
    shape = tuple(values.shape)
    rows, parts = shape[0], []
    for size in shape[1 : count + 1]:
        parts.append(RowPartition.of_uniform(size, rows, dtype))
        rows *= size
    return reshape(values, (rows, *shape[count + 1 :])), parts


def levels(values: Any, count: int, dtype: Any) -> tuple[Any, list[RowPartition]]:
    """A tensor or ragged tensor as flat values and `count` partitions, outermost first.

    Args:
        values: Of rank ``count + 1`` or more and of ragged rank `count` at most.
        count: Number of partitions.
        dtype: NumPy dtype of the splits of dense dimensions.
    """
    parts = list(values._partitions()) if is_ragged(values) else []
    flat = values.flat_values if is_ragged(values) else values
    flat, more = deepened(flat, count - len(parts), dtype)
    return flat, [*parts, *more]


def nested(like: Any, values: Any, parts: list[RowPartition]) -> Any:
    """Ragged tensor of flat values and partitions, outermost first; the values where there are none.

    Args:
        like: Any ragged tensor, or their class.
        values: Flat values.
        parts: The partitions.
    """
    for part in reversed(parts):
        values = like._of(values, part)
    return values
