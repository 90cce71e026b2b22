"""Order: sort, argsort, argpartition, searchsorted, digitize, membership and distinct values."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import is_bool, numbers, promoted, tensor_of
from thalweg._src.ops import comparison, shaping, sorting
from thalweg._src.ops.arguments import host_value, int_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.support import axis_of


def _rows(where: str, x: Any, axis: Any) -> tuple[Any, int]:
    """The tensor, flattened when `axis` is None, and the axis."""
    tensor = tensor_of(x)
    if axis is None:
        return shaping.reshape(tensor, [-1]), 0
    return tensor, axis_of(where, freeze(axis), tensor.ndim)


def _sortable(tensor: Any) -> Any:
    return cast(tensor, dtypes.int8) if is_bool(tensor) else tensor


@operation
def sort(x: Any, axis: Any = -1) -> Any:
    """Values in ascending order along an axis.

    Args:
        x: Tensor of a real dtype or bool.
        axis: Axis; None for the flattened tensor.

    Returns:
        Tensor of the same dtype; NaN comes last.

    Raises:
        InvalidArgumentError: The axis is out of range.

    Source: `keras.ops.sort`.
    """
    tensor, at = _rows("sort", x, axis)
    return cast(sorting.sort(_sortable(tensor), at), tensor.dtype)


@operation
def argsort(x: Any, axis: Any = -1) -> Any:
    """Positions that put the values in ascending order along an axis.

    Args:
        x: Tensor of a real dtype or bool.
        axis: Axis; None for the flattened tensor.

    Returns:
        Int32 tensor; equal values keep their order.

    Raises:
        InvalidArgumentError: The axis is out of range.

    Source: `keras.ops.argsort`.
    """
    tensor, at = _rows("argsort", x, axis)
    return sorting.argsort(_sortable(tensor), at)


@operation
def argpartition(x: Any, kth: Any, axis: Any = -1) -> Any:
    """Positions that put the k-th smallest value in its place, smaller ones before and larger ones after it.

    Args:
        x: Tensor of a real dtype or bool.
        kth: Which place; negative ones count from the end.
        axis: Axis; None for the flattened tensor.

    Returns:
        Int32 tensor.

    Raises:
        InvalidArgumentError: `kth` or the axis is out of range.

    Source: `keras.ops.argpartition`. All values are put in order here.
    """
    tensor, at = _rows("argpartition", x, axis)
    size, place = tensor.shape[at], int_of("argpartition", "kth", freeze(kth))
    if not -size <= place < size:
        raise InvalidArgumentError(
            f"[argpartition] expected kth from {-size} to {size - 1} for axis {at} of shape "
            f"{tuple(tensor.shape)}, got {place}; choose a place inside."
        )
    return sorting.argsort(_sortable(tensor), at)


@operation
def searchsorted(sorted_sequence: Any, values: Any, side: str = "left") -> Any:
    """Positions at which values fit into a sorted vector so that it stays sorted.

    Args:
        sorted_sequence: Ascending vector of n values.
        values: Tensor of values to place.
        side: ``"left"`` for the first fitting position, ``"right"`` for the last.

    Returns:
        Int32 tensor of the shape of `values`, from 0 to n.

    Raises:
        ShapeError: `sorted_sequence` is no vector.
        InvalidArgumentError: `side` is unknown.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.searchsorted([1, 3, 5], [0, 3, 6]).numpy().tolist()
        [0, 1, 3]

    Source: `keras.ops.searchsorted`.
    """
    row, wanted = numbers(sorted_sequence, values)
    if row.ndim != 1:
        raise ShapeError(
            f"[searchsorted] expected a sorted_sequence of shape (n,), got {tuple(row.shape)}; use "
            "vectorized_map for several."
        )
    return sorting.searchsorted(row, wanted, side)


@operation
def digitize(x: Any, bins: Any) -> Any:
    """Number of the bin into which each value falls: i where ``bins[i - 1] <= x < bins[i]``.

    Args:
        x: Tensor of a real dtype.
        bins: Ascending vector of n edges.

    Returns:
        Int32 tensor of the shape of `x`, from 0 to n.

    Raises:
        ShapeError: `bins` is no vector.
        InvalidArgumentError: The edges are not in ascending order, where they are known.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.digitize([0.0, 1.0, 5.0], [1.0, 2.0]).numpy().tolist()
        [0, 1, 2]

    Source: `keras.ops.digitize`.
    """
    values, edges = numbers(x, bins)
    if edges.ndim != 1:
        raise ShapeError(
            f"[digitize] expected bins of shape (n,), got {tuple(edges.shape)}; flatten them."
        )
    known = host_value(edges)
    if known is not None and (known[1:] < known[:-1]).any():
        raise InvalidArgumentError(
            f"[digitize] expected bins in ascending order, got {known.tolist()}; sort them."
        )
    return sorting.searchsorted(edges, values, "right")


# --- Membership and distinct values -------------------------------------------------------------------


@operation
def isin(x1: Any, x2: Any, assume_unique: bool = False, invert: bool = False) -> Any:
    """True where elements of `x1` occur in `x2`.

    Args:
        x1: Tensor.
        x2: Tensor of values to look for, of any shape.
        assume_unique: Whether no value occurs twice; the result does not depend on it.
        invert: Give True where they do not occur.

    Returns:
        Bool tensor of the shape of `x1`.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.isin([1, 2, 3], [3, 1]).numpy().tolist()
        [True, False, True]

    Source: `keras.ops.isin`.
    """
    found = _isin(*promoted(x1, x2))
    return comparison.logical_not(found) if invert else found


@op("isin")
def _isin(x1: Any, x2: Any) -> Any:
    """True where elements occur among others."""
    return jnp.isin(x1, x2)


def _distinct(x: Any, axis: int | None) -> tuple[Any, ...]:
    """Sorted distinct values or slices, first position, position of each element, and counts."""
    # NaN differs from NaN, as in Keras.
    return np.unique(
        x, return_index=True, return_inverse=True, return_counts=True, axis=axis, equal_nan=False
    )


@op("distinct", dynamic=True, hint="Give size, or call it outside the compiled function.")
def _unique(x: Any, *, axis: int | None, ordered: bool) -> tuple[Any, ...]:
    """Distinct values with all that is known of them."""
    values, first, inverse, counts = _distinct(x, axis)
    inverse = inverse.reshape(x.shape if axis is None else (x.shape[axis],))
    if not ordered:
        order = np.argsort(first, kind="stable")
        rank = np.empty_like(order)
        rank[order] = np.arange(order.size)
        values, first, counts = np.take(values, order, axis or 0), first[order], counts[order]
        inverse = rank[inverse]
    return values, *(part.astype(np.int32) for part in (first, inverse, counts))


@op("distinct_of_size")
def _unique_of_size(x: Any, fill: Any, *, axis: int | None, size: int) -> tuple[Any, ...]:
    """The first distinct values, and `fill` in place of those that are missing."""
    values, first, inverse, counts = jnp.unique(
        x,
        return_index=True,
        return_inverse=True,
        return_counts=True,
        axis=axis,
        equal_nan=False,
        size=size,
        fill_value=fill,
    )
    inverse = inverse.reshape(x.shape if axis is None else (x.shape[axis],))
    return values, *(part.astype(np.int32) for part in (first, inverse, counts))


@operation
def unique(
    x: Any,
    sorted: bool = True,
    return_index: bool = False,
    return_inverse: bool = False,
    return_counts: bool = False,
    axis: Any = None,
    size: Any = None,
    fill_value: Any = None,
) -> Any:
    """Distinct values.

    Args:
        x: Tensor of a real dtype.
        sorted: Give them in ascending order; else in the order of their first appearance, which needs
            `size` to be None.
        return_index: Also return the first position of each.
        return_inverse: Also return for each element the position of its value in the result.
        return_counts: Also return how often each occurs.
        axis: Axis whose slices are compared; None for the elements of the flattened tensor.
        size: How many to return: the rest is cut off, or `fill_value` stands for what is missing. Needed
            inside a compiled program and a symbolic model.
        fill_value: Value for what is missing; 0 when None.

    Returns:
        Tensor, or a tuple of it and the int32 tensors asked for: positions, positions of the elements in
        the result (of the shape of `x`, or of the axis), counts (0 for what is missing).

    Raises:
        DataDependentShapeError: `size` is None where values are not known.
        InvalidArgumentError: `size` is given with ``sorted=False``.

    Example:
        >>> import thalweg as tf
        >>> values, counts = tf.keras.ops.unique([3, 1, 1], return_counts=True)
        >>> values.numpy().tolist(), counts.numpy().tolist()
        ([1, 3], [2, 1])

    Source: `keras.ops.unique`.
    """
    tensor = tensor_of(x)
    at = None if axis is None else axis_of("unique", freeze(axis), tensor.ndim)
    plain = _sortable(tensor)
    if size is None:
        found = _unique(plain, axis=at, ordered=bool(sorted))
    else:
        count = int_of("unique", "size", freeze(size))
        if not sorted:
            raise InvalidArgumentError(
                "[unique] expected sorted=True with a size, got False; leave one of them out."
            )
        fill = tensor_of(0 if fill_value is None else fill_value, plain.dtype)
        found = _unique_of_size(plain, fill, axis=at, size=count)
    wanted = (True, return_index, return_inverse, return_counts)
    parts = tuple(part for part, asked in zip(found, wanted, strict=True) if asked)
    parts = (cast(parts[0], tensor.dtype), *parts[1:])
    return parts if len(parts) > 1 else parts[0]


@op("places_of_nonzero", dynamic=True, hint="Use where(x != 0, a, b), which keeps the shape.")
def _nonzero(x: Any) -> tuple[Any, ...]:
    """Indices of the elements that are not 0, for each dimension."""
    return tuple(places.astype(np.int32) for places in np.nonzero(x))


@operation
def nonzero(x: Any) -> tuple[Any, ...]:
    """Places of the elements that are not 0.

    Args:
        x: Tensor of rank 1 or more.

    Returns:
        Tuple of int32 vectors, one for each dimension, in row-major order.

    Raises:
        DataDependentShapeError: Inside a compiled program or a symbolic model, where the number of places
            is not known; ``where(x != 0, a, b)`` serves there.
        ShapeError: `x` is a scalar.

    Example:
        >>> import thalweg as tf
        >>> [places.numpy().tolist() for places in tf.keras.ops.nonzero([[0, 7], [8, 0]])]
        [[0, 1], [1, 0]]

    Source: `keras.ops.nonzero`.
    """
    tensor = tensor_of(x)
    if not tensor.ndim:
        raise ShapeError("[nonzero] expected rank 1 or more, got a scalar; put it in a list.")
    return tuple(_nonzero(tensor))
