"""Order: sort, argsort, searchsorted, distinct values, permutations, tests of order."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.dtypes import DType
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import host_value
from thalweg._src.ops.support import INTEGER, REAL, axis_of, needs

# Up to so many boundaries comparing with all of them beats a binary search on every backend.
_FEW = 32


class Unique(NamedTuple):
    """Distinct values and where they came from.

    Attributes:
        y: Distinct values in the order of their first appearance.
        idx: For each element its position in `y`.
    """

    y: Any
    idx: Any


class UniqueWithCounts(NamedTuple):
    """Distinct values, where they came from and how often.

    Attributes:
        y: Distinct values in the order of their first appearance.
        idx: For each element its position in `y`.
        count: How often each value of `y` occurs.
    """

    y: Any
    idx: Any
    count: Any


def _descending(where: str, direction: Any) -> bool:
    if direction not in ("ASCENDING", "DESCENDING"):
        raise InvalidArgumentError(
            f"[{where}] expected direction 'ASCENDING' or 'DESCENDING', got {direction!r}; choose one."
        )
    return direction == "DESCENDING"


@op("sort", inputs=("values",))
def sort(values: Any, axis: Any = -1, direction: str = "ASCENDING") -> Any:
    """Values in order along `axis`.

    Args:
        values: Tensor of a real dtype.
        axis: Dimension, from -rank to rank - 1.
        direction: ``"ASCENDING"`` or ``"DESCENDING"``.

    Returns:
        Tensor of the same shape and dtype.

    Raises:
        InvalidArgumentError: The direction is unknown or `axis` is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.sort([3, 1, 2], direction="DESCENDING")
        <tf.Tensor: shape=(3,), dtype=int32, numpy=array([3, 2, 1], dtype=int32)>

    Source: `tf.sort`. NaN counts as the largest; in TensorFlow its place is undefined.
    """
    needs("sort", REAL, values)
    descending = _descending("sort", direction)
    return jnp.sort(values, axis=axis_of("sort", axis, values.ndim), descending=descending)


@op("argsort", inputs=("values",))
def argsort(values: Any, axis: Any = -1, direction: str = "ASCENDING", stable: bool = False) -> Any:
    """Positions that put the values in order along `axis`.

    Args:
        values: Tensor of a real dtype.
        axis: Dimension, from -rank to rank - 1.
        direction: ``"ASCENDING"`` or ``"DESCENDING"``.
        stable: Without effect: equal elements always keep their order.

    Returns:
        Int32 tensor of the same shape.

    Raises:
        InvalidArgumentError: The direction is unknown or `axis` is out of range.

    Example:
        >>> import thalweg as tf
        >>> tf.argsort([3, 1, 2])
        <tf.Tensor: shape=(3,), dtype=int32, numpy=array([1, 2, 0], dtype=int32)>

    Source: `tf.argsort`.
    """
    needs("argsort", REAL, values)
    descending = _descending("argsort", direction)
    axis = axis_of("argsort", axis, values.ndim)
    places = jnp.argsort(values, axis=axis, descending=descending, stable=True)
    return places.astype(np.int32)


@op("searchsorted")
def _searchsorted(sorted_sequence: Any, values: Any, *, right: bool, dtype: DType) -> Any:
    """Positions at which values fit into sorted rows."""
    needs("searchsorted", REAL, sorted_sequence, values)
    rows, wanted = sorted_sequence, values
    _check_search(rows, wanted)

    def search(row: Any, value: Any) -> Any:
        side = "right" if right else "left"
        method = "compare_all" if row.shape[0] <= _FEW else "scan"
        return jnp.searchsorted(row, value, side=side, method=method).astype(dtype.numpy_dtype)

    if rows.ndim == 1:
        return search(rows, wanted)
    flat = rows.reshape((-1, rows.shape[-1])), wanted.reshape((-1, wanted.shape[-1]))
    return jax.vmap(search)(*flat).reshape(wanted.shape)


def _check_search(rows: Any, values: Any) -> None:
    fits = rows.ndim == 1 or (rows.ndim > 1 and rows.shape[:-1] == values.shape[:-1])
    if not fits:
        raise ShapeError(
            "[searchsorted] expected a sorted_sequence of shape (n,), or values of the same leading "
            f"dimensions, got {tuple(rows.shape)} and {tuple(values.shape)}; reshape them."
        )


def searchsorted(
    sorted_sequence: Any,
    values: Any,
    side: str = "left",
    out_type: Any = dtypes.int32,
    name: str | None = None,
) -> Any:
    """Positions at which values fit into sorted rows so that they stay sorted.

    Args:
        sorted_sequence: Ascending values of shape ``(..., n)``.
        values: Values to place, of shape ``(..., m)`` with the same leading dimensions; of any shape
            when the sequence has one dimension.
        side: ``"left"`` for the first fitting position, ``"right"`` for the last.
        out_type: Integer dtype of the result.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the shape of `values`, from 0 to n.

    Raises:
        ValueError: `side` is unknown, or the shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.searchsorted([1, 3, 5], [0, 3, 6])
        <tf.Tensor: shape=(3,), dtype=int32, numpy=array([0, 1, 3], dtype=int32)>

    Source: `tf.searchsorted`.
    """
    if side not in ("left", "right"):
        raise InvalidArgumentError(
            f"[searchsorted] expected side 'left' or 'right', got {side!r}; choose one."
        )
    return _searchsorted(
        sorted_sequence, values, right=side == "right", dtype=dtypes.as_dtype(out_type)
    )


def _distinct(where: str, x: Any, index: DType) -> tuple[Any, Any, Any]:
    """Distinct values in order of appearance, the position of each element, and counts."""
    if x.ndim != 1:
        raise ShapeError(
            f"[{where}] expected a tensor of shape (n,), got {x.shape}; flatten it with tf.reshape."
        )
    values, first, places, counts = np.unique(
        x, return_index=True, return_inverse=True, return_counts=True, equal_nan=False
    )
    order = np.argsort(first, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    dtype = index.numpy_dtype
    return values[order], rank[places.reshape(-1)].astype(dtype), counts[order].astype(dtype)


@op("unique", dynamic=True, result=Unique, hint="Call it outside the compiled function.")
def _unique(x: Any, *, out_idx: DType) -> Any:
    """Distinct values and positions."""
    return _distinct("unique", x, out_idx)[:2]


@op(
    "unique_with_counts",
    dynamic=True,
    result=UniqueWithCounts,
    hint="Call it outside the compiled function.",
)
def _unique_with_counts(x: Any, *, out_idx: DType) -> Any:
    """Distinct values, positions and counts."""
    return _distinct("unique_with_counts", x, out_idx)


def unique(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> Any:
    """Distinct values in the order of their first appearance.

    Args:
        x: Tensor of shape ``(n,)`` of any dtype, strings included.
        out_idx: Dtype of the positions.
        name: Name of the node in a model's graph.

    Returns:
        Named tuple ``(y, idx)``: the distinct values, and for each element its position in them. Each
        NaN is distinct.

    Raises:
        TypeError: Inside a compiled program, where the number of values is not known.

    Example:
        >>> import thalweg as tf
        >>> tf.unique([4, 4, 2]).y
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([4, 2], dtype=int32)>

    Source: `tf.unique`.
    """
    return _unique(x, out_idx=dtypes.as_dtype(out_idx))


def unique_with_counts(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> Any:
    """Distinct values in the order of their first appearance, and how often each occurs.

    Args:
        x: Tensor of shape ``(n,)`` of any dtype, strings included.
        out_idx: Dtype of positions and counts.
        name: Name of the node in a model's graph.

    Returns:
        Named tuple ``(y, idx, count)``; see `unique`.

    Raises:
        TypeError: Inside a compiled program, where the number of values is not known.

    Example:
        >>> import thalweg as tf
        >>> tf.unique_with_counts([4, 4, 2]).count
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([2, 1], dtype=int32)>

    Source: `tf.unique_with_counts`.
    """
    return _unique_with_counts(x, out_idx=dtypes.as_dtype(out_idx))


@op("invert_permutation")
def _invert_permutation(x: Any) -> Any:
    """Inverse of a permutation."""
    needs("invert_permutation", INTEGER, x)
    if x.ndim != 1:
        raise ShapeError(
            f"[invert_permutation] expected a permutation of shape (n,), got {x.shape}; flatten it."
        )
    places = jnp.arange(x.shape[0], dtype=x.dtype)
    return jnp.zeros_like(x).at[x].set(places, mode="drop", unique_indices=True)


def invert_permutation(x: Any, name: str | None = None) -> Any:
    """Inverse of a permutation: ``y[x[i]] = i``.

    Args:
        x: Integers of shape ``(n,)``, each of 0 to n - 1 once.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape and dtype.

    Raises:
        InvalidArgumentError: `x` is no permutation, where its values are known.

    Example:
        >>> import thalweg as tf
        >>> tf.math.invert_permutation([1, 2, 0])
        <tf.Tensor: shape=(3,), dtype=int32, numpy=array([2, 0, 1], dtype=int32)>

    Source: `tf.math.invert_permutation`.
    """
    x = convert_to_tensor(x)
    values = host_value(x)
    if (
        values is not None
        and values.ndim == 1
        and values.dtype.kind in "iu"
        and not np.array_equal(np.sort(values), np.arange(values.size))
    ):
        raise InvalidArgumentError(
            f"[invert_permutation] expected each of 0 to {values.size - 1} once, got "
            f"{values.tolist()[:20]}; make it a permutation."
        )
    return _invert_permutation(x)


@op("is_non_decreasing")
def is_non_decreasing(x: Any) -> Any:
    """True when no element is smaller than the one before it, in row-major order.

    Args:
        x: Tensor of a real dtype.

    Returns:
        Bool scalar; True for fewer than two elements.

    Example:
        >>> import thalweg as tf
        >>> tf.math.is_non_decreasing([1, 1, 3])
        <tf.Tensor: shape=(), dtype=bool, numpy=True>

    Source: `tf.math.is_non_decreasing`.
    """
    needs("is_non_decreasing", REAL, x)
    flat = x.reshape(-1)
    return jnp.all(flat[1:] >= flat[:-1])


@op("is_strictly_increasing")
def is_strictly_increasing(x: Any) -> Any:
    """True when every element is larger than the one before it, in row-major order.

    Args:
        x: Tensor of a real dtype.

    Returns:
        Bool scalar; True for fewer than two elements.

    Source: `tf.math.is_strictly_increasing`.
    """
    needs("is_strictly_increasing", REAL, x)
    flat = x.reshape(-1)
    return jnp.all(flat[1:] > flat[:-1])
