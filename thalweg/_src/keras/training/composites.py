"""Ragged and sparse parts of training data: rows of them, and batches of outputs put together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.core.composite import Composite
from thalweg._src.core.convert import host_array
from thalweg._src.core.tensor import HostTensor
from thalweg._src.data.composites import ragged_joined, ragged_part
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.sparse.shaping import concat
from thalweg._src.ops.sparse.tensor import SparseTensor


def rows_between(value: Any, rows: slice) -> Any:
    """Rows of an array, or of a ragged or sparse tensor.

    Args:
        value: Of shape ``(samples, ...)``.
        rows: Which ones, one after the other.
    """
    if not isinstance(value, Composite):
        return value[rows]
    start, stop, _ = rows.indices(int(value.shape[0]))  # type: ignore[attr-defined]
    if isinstance(value, RaggedTensor):
        return ragged_part(value, start, stop)
    assert isinstance(value, SparseTensor)
    places, found = value._indices, host_array(value._values)
    kept = np.flatnonzero((places[:, 0] >= start) & (places[:, 0] < stop))
    places, shape = places[kept].copy(), value._shape.copy()
    places[:, 0] -= start
    shape[0] = stop - start
    return SparseTensor(places, HostTensor(found[kept]), shape)


def joined(parts: Sequence[Any]) -> Any:
    """Outputs of all batches, one after the other, of ragged or sparse tensors."""
    if len(parts) == 1:
        return parts[0]
    if isinstance(parts[0], RaggedTensor):
        return ragged_joined(parts)
    return concat(0, parts)


def matrix_of(value: Any) -> SparseTensor:
    """Sparse tensor of a sparse matrix of SciPy, in row-major order, each place once."""
    rows = value.tocsr(copy=True)
    rows.sum_duplicates()
    found = rows.tocoo()
    places = np.stack([found.row, found.col], axis=1).astype(np.int64)
    return SparseTensor(places, HostTensor(found.data), np.asarray(found.shape, np.int64))


def values_of(value: Any) -> Any:
    """NumPy array of the values of a ragged or sparse tensor; an array as it is."""
    return host_array(value._inner_values) if isinstance(value, Composite) else value
