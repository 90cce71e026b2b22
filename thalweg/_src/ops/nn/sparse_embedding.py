"""Rows of a table, picked by several numbers at a time and combined to one."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core.door import freeze
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.casting import cast
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.elementwise import multiply
from thalweg._src.ops.exponential import sqrt
from thalweg._src.ops.guarded import divide_no_nan
from thalweg._src.ops.nn.embedding import embedding_lookup, table_of
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.segment import unsorted_segment_sum
from thalweg._src.ops.selection import where as choose
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.sparse.places import numbered, shape_of
from thalweg._src.ops.sparse.tensor import SparseTensor

_COMBINERS = ("mean", "sqrtn", "sum")


class _Ids(NamedTuple):
    """Ids and the row that each belongs to.

    Attributes:
        values: Tensor ``(n,)``.
        rows: Tensor ``(n,)``: numbers of rows.
        shape: Dimensions of the rows.
    """

    values: Any
    rows: Tensor
    shape: tuple[int, ...]


def _ids_of(where: str, ids: Any, flat: bool) -> _Ids:
    """Ids of a sparse or ragged tensor; with `flat` only the first dimension makes rows."""
    if isinstance(ids, RaggedTensor):
        part = ids._partition
        return _Ids(ids.flat_values, Tensor(part.rowids), (part.nrows,))
    if not isinstance(ids, SparseTensor):
        raise DTypeError(
            f"[{where}] expected ids as a SparseTensor or RaggedTensor, got {type(ids).__name__}; use "
            "tf.nn.embedding_lookup for tensors."
        )
    outer = shape_of(where, ids)[: 1 if flat else -1]
    return _Ids(ids.values, Tensor(numbered(ids._indices[:, : len(outer)], outer)), outer)


def _weights_of(where: str, weights: Any, ids: Any) -> Any:
    """Weights of the ids, a tensor ``(n,)``; None for none."""
    if weights is None:
        return None
    if type(weights) is not type(ids):
        raise DTypeError(
            f"[{where}] sp_weights must be either None or {type(ids).__name__}, got "
            f"{type(weights).__name__}."
        )
    found = weights._inner_values
    if found.shape != ids._inner_values.shape:
        raise InvalidArgumentError(
            f"[{where}] expected a weight for each of {ids._inner_values.shape[0]} ids, got "
            f"{found.shape[0]}."
        )
    return found


def _combined(
    table: Any, ids: _Ids, weights: Any, live: Any, combiner: str, max_norm: Any
) -> tuple[Any, Any]:
    """Combined rows, and how many ids each is made of.

    Args:
        table: The table.
        ids: Ids and rows.
        weights: Tensor ``(n,)``, or None for ones.
        live: Bool tensor ``(n,)``: which ids count; None for all.
        combiner: mean, sqrtn or sum.
        max_norm: See `embedding_lookup`.
    """
    count = math.prod(ids.shape)
    numbers = ids.values if live is None else choose(live, ids.values, zeros_like(ids.values))
    found = embedding_lookup(table, numbers, max_norm)
    dtype = found.dtype
    ones = Tensor(np.ones(tuple(numbers.shape), dtype.numpy_dtype))
    heavy = ones if weights is None else cast(weights, dtype)
    present = ones if live is None else cast(live, dtype)
    heavy = heavy if live is None else choose(live, heavy, zeros_like(heavy))
    wide = reshape(heavy, (-1,) + (1,) * (len(found.shape) - 1))
    total = unsorted_segment_sum(multiply(found, wide), ids.rows, count)
    if combiner != "sum":
        measure = heavy if combiner == "mean" else multiply(heavy, heavy)
        scale = unsorted_segment_sum(measure, ids.rows, count)
        scale = sqrt(scale) if combiner == "sqrtn" else scale
        total = divide_no_nan(total, reshape(scale, (-1,) + (1,) * (len(found.shape) - 1)))
    return total, unsorted_segment_sum(present, ids.rows, count)


def _checked_combiner(where: str, combiner: Any) -> str:
    if combiner is None:
        return "mean"
    if combiner not in _COMBINERS:
        raise InvalidArgumentError(
            f"[{where}] combiner must be one of 'mean', 'sqrtn' or 'sum', got {combiner!r}."
        )
    return str(combiner)


def embedding_lookup_sparse(
    params: Any,
    sp_ids: Any,
    sp_weights: Any,
    combiner: str | None = None,
    max_norm: Any = None,
    name: str | None = None,
    allow_fast_lookup: bool = False,
) -> Any:
    """Rows of a table, picked by all ids of a row and combined to one.

    Args:
        params: Table ``(rows, ...)``: tensor or Variable; or a list of its parts, one below the other.
        sp_ids: `SparseTensor` or ragged tensor of ids ``(batch, None)``.
        sp_weights: Weights of the ids, of the kind of `sp_ids`; None for ones.
        combiner: ``"sum"``: weighted sum; ``"mean"`` (also when None): divided by the sum of the weights;
            ``"sqrtn"``: divided by the root of the sum of their squares.
        max_norm: Rows of a greater Euclidean norm are scaled down to it; None for no limit.
        name: Has no effect.
        allow_fast_lookup: Has no effect.

    Returns:
        Tensor ``(batch, ...)``; zeros for a row without ids.

    Raises:
        InvalidArgumentError: An id is out of range; in a compiled program its row is 0 instead.

    Example:
        >>> import thalweg as tf
        >>> ids = tf.RaggedTensor.from_row_lengths([0, 1, 1], [2, 1])
        >>> table = tf.constant([[1.0, 2.0], [3.0, 4.0]])
        >>> tf.nn.embedding_lookup_sparse(table, ids, None).numpy().tolist()
        [[2.0, 3.0], [3.0, 4.0]]

    Source: `tf.nn.embedding_lookup_sparse`. The result has all rows of the batch, where TensorFlow's ends
    with the last one that has ids.
    """
    where = "nn.embedding_lookup_sparse"
    ids = _ids_of(where, sp_ids, True)
    weights = _weights_of(where, sp_weights, sp_ids)
    method = _checked_combiner(where, combiner)
    return _combined(table_of(where, params), ids, weights, None, method, max_norm)[0]


def safe_embedding_lookup_sparse(
    embedding_weights: Any,
    sparse_ids: Any,
    sparse_weights: Any = None,
    combiner: str = "mean",
    default_id: Any = None,
    max_norm: Any = None,
    name: str | None = None,
    allow_fast_lookup: bool = False,
) -> Any:
    """Rows of a table, picked by all valid ids of a row and combined to one.

    Negative ids are left out and so are, unless they are summed up, those whose weights are not above 0.

    Args:
        embedding_weights: Table ``(rows, ...)``, or a list of its parts, one below the other.
        sparse_ids: `SparseTensor` of ids ``(..., None)``, or a ragged tensor ``(batch, None)``.
        sparse_weights: Weights of the ids, of the kind of `sparse_ids`; None for ones.
        combiner: See `embedding_lookup_sparse`.
        default_id: Id that rows without valid ones get; zeros when None.
        max_norm: See `embedding_lookup_sparse`.
        name: Has no effect.
        allow_fast_lookup: Has no effect.

    Returns:
        Tensor ``(..., ...)``: the outer dimensions of the ids, followed by those of a row of the table.

    Source: `tf.nn.safe_embedding_lookup_sparse`.
    """
    where = "nn.safe_embedding_lookup_sparse"
    ids = _ids_of(where, sparse_ids, False)
    weights = _weights_of(where, sparse_weights, sparse_ids)
    method = _checked_combiner(where, combiner)
    table = table_of(where, embedding_weights)
    live = ids.values >= 0
    if weights is not None and method != "sum":
        live = live & (weights > 0)
    found, counts = _combined(table, ids, weights, live, method, max_norm)
    if default_id is not None:
        row = embedding_lookup(table, int(freeze(default_id)), max_norm)
        empty = reshape(counts == 0, (-1,) + (1,) * (len(found.shape) - 1))
        found = choose(empty, row, found)
    return reshape(found, (*ids.shape, *found.shape[1:]))
