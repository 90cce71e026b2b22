"""Products of batches of matrices with different numbers of rows or columns."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.ops import contraction
from thalweg._src.ops.ragged.partition import RowPartition
from thalweg._src.ops.ragged.rows import is_ragged, levels, nested
from thalweg._src.ops.ragged.tensor import RaggedTensor


def matmul(a: Any, b: Any, **settings: Any) -> Any:
    """Products of matrices of which some are ragged.

    They are filled up with zeros, which add nothing, and what was filled up is cut off again.
    """
    a = a if is_ragged(a) else convert_to_tensor(a)
    b = b if is_ragged(b) else convert_to_tensor(b)
    rank = len(a.shape)
    if rank != len(b.shape) or rank < 2:
        raise ShapeError(
            f"[matmul] expected tensors of one rank of 2 or more, got shapes {a.shape} and {b.shape}."
        )
    if rank == 2:
        return _of_pairs(a[None], b[None], settings)[0]
    dtype = next(x._partition.dtype for x in (a, b) if is_ragged(x))
    flat_a, batch_a = _batched(a, rank - 3, dtype)
    flat_b, batch_b = _batched(b, rank - 3, dtype)
    same = all(x.same_as(y) for x, y in zip(batch_a, batch_b, strict=True))
    if not same or flat_a.shape[0] != flat_b.shape[0]:
        raise InvalidArgumentError(
            f"[matmul] expected batches with the same rows, got shapes {a.shape} and {b.shape} and rows of "
            "different number or length."
        )
    return nested(RaggedTensor, _of_pairs(flat_a, flat_b, settings), batch_a)


def _batched(x: Any, count: int, dtype: Any) -> tuple[Any, list[RowPartition]]:
    """Matrices with their batch dimensions merged to one, and how these were divided."""
    flat, parts = levels(x, max(count, x.ragged_rank if is_ragged(x) else 0), dtype)
    return nested(RaggedTensor, flat, parts[count:]), parts[:count]


def _of_pairs(a: Any, b: Any, settings: dict[str, Any]) -> Any:
    """Product of each pair of matrices of two batches."""
    sizes_a, sizes_b = _sizes(a), _sizes(b)
    if settings.get("transpose_a") or settings.get("adjoint_a"):
        sizes_a = sizes_a[::-1]
    if settings.get("transpose_b") or settings.get("adjoint_b"):
        sizes_b = sizes_b[::-1]
    (rows, inner), (other, columns) = sizes_a, sizes_b
    if not np.array_equal(inner, other):
        raise InvalidArgumentError(
            "[matmul] expected matrices that fit each other in every pair, got "
            f"{inner.tolist()[:20]} columns and {other.tolist()[:20]} rows; the columns of a must equal the "
            "rows of b."
        )
    product = contraction.matmul(_dense(a), _dense(b), **settings)
    if len(set(rows.tolist())) < 2 and len(set(columns.tolist())) < 2 and len(rows) == 1:
        return product
    if (columns == product.shape[2]).all() and not _ragged_columns(b, settings):
        return RaggedTensor.from_tensor(product, lengths=rows)
    return RaggedTensor.from_tensor(product, lengths=(rows, np.repeat(columns, rows)))


def _ragged_columns(b: Any, settings: dict[str, Any]) -> bool:
    """True where the columns of the products come from a ragged dimension."""
    turned = settings.get("transpose_b") or settings.get("adjoint_b")
    return is_ragged(b) and (bool(turned) or b.ragged_rank == 2)


def _dense(x: Any) -> Any:
    return x.to_tensor() if is_ragged(x) else x


def _sizes(x: Any) -> tuple[Any, Any]:
    """Rows and columns of each matrix."""
    count = int(x.shape[0])
    if not is_ragged(x):
        return tuple(np.full(count, n, np.int64) for n in x.shape[1:])  # type: ignore[return-value]
    parts = x._partitions()
    rows = np.diff(parts[0].known("matmul"))
    if len(parts) == 1:
        return rows, np.full(count, x.flat_values.shape[1], np.int64)
    lengths = np.diff(parts[1].known("matmul"))
    columns = np.zeros(count, np.int64)
    np.maximum.at(columns, parts[0].rowids, lengths)
    if not np.array_equal(columns[parts[0].rowids], lengths):
        raise InvalidArgumentError(
            f"[matmul] expected matrices whose rows are of one length, got shape {x.shape} with rows of "
            "different lengths in one matrix."
        )
    return rows, columns
