"""Kernels that reduce rows by segment, with derivatives that JAX lacks."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core import dtypes
from thalweg._src.ops.support import kind_of


def add(rows: Any, ids: Any, n: int) -> Any:
    """Sum of the rows of each segment."""
    return jnp.zeros((n, *rows.shape[1:]), rows.dtype).at[ids].add(rows, mode="drop")


def counts_of(rows: Any, ids: Any, n: int, dtype: Any) -> Any:
    """Number of rows of each segment, of a shape that broadcasts with the result."""
    ones = jnp.ones(ids.shape, dtype)
    return add(ones, ids, n).reshape((n,) + (1,) * (rows.ndim - 1))


def _extreme(rows: Any, ids: Any, n: int, largest: bool) -> Any:
    """Largest (smallest) of each segment; the dtype's least (greatest) finite number if it is empty."""
    dtype = dtypes.BY_NUMPY[rows.dtype]
    start = jnp.full((n, *rows.shape[1:]), dtype.min if largest else dtype.max, rows.dtype)
    if kind_of(rows) == "float":
        # Infinities are beyond the finite start: let them through.
        none = counts_of(rows, ids, n, np.int32) == 0
        start = jnp.where(none, start, jnp.asarray(-jnp.inf if largest else jnp.inf, rows.dtype))
    place = start.at[ids]
    return place.max(rows, mode="drop") if largest else place.min(rows, mode="drop")


# JAX has no derivative for scattered extremes, and one for products that misses repeated rows.
_segment_extreme = jax.custom_jvp(_extreme, nondiff_argnums=(2, 3))


@_segment_extreme.defjvp
def _segment_extreme_slope(n: int, largest: bool, primals: Any, tangents: Any) -> tuple[Any, Any]:
    """The tangent is the mean of those of the rows that equal the extreme."""
    (rows, ids), slopes = primals, tangents[0]
    out = _segment_extreme(rows, ids, n, largest)
    chosen = (rows == out.at[ids].get(mode="fill", fill_value=0)).astype(rows.dtype)
    ties = jnp.maximum(add(lax.stop_gradient(chosen), ids, n), 1)
    return out, add(chosen * slopes, ids, n) / ties


def _product(rows: Any, ids: Any, n: int) -> Any:
    """Product of the rows of each segment."""
    return jnp.ones((n, *rows.shape[1:]), rows.dtype).at[ids].multiply(rows, mode="drop")


_segment_product = jax.custom_jvp(_product, nondiff_argnums=(2,))


@_segment_product.defjvp
def _segment_product_slope(n: int, primals: Any, tangents: Any) -> tuple[Any, Any]:
    """Each row's tangent times the product of the other rows, right also where rows are 0."""
    (rows, ids), slopes = primals, tangents[0]
    zero = rows == 0
    nonzero = jnp.where(zero, jnp.ones_like(rows), rows)
    rest = _segment_product(nonzero, ids, n)
    zeros = add(zero.astype(np.int32), ids, n)

    def of_row(values: Any) -> Any:
        return values.at[ids].get(mode="fill", fill_value=0)

    without = of_row(rest) / nonzero
    others_zero = of_row(zeros) - zero.astype(np.int32) > 0
    without = jnp.where(others_zero, jnp.zeros_like(rows), without)
    out = jnp.where(zeros > 0, jnp.zeros_like(rest), rest)
    return out, add(slopes * without, ids, n)


def reduce_rows(rows: Any, ids: Any, n: int, kind: str) -> Any:
    """Rows of each segment reduced to one.

    Args:
        rows: Array of shape ``(rows, ...)``.
        ids: Int32 segment of each row, in [0, n]; rows of segment n are left out.
        n: Number of segments.
        kind: sum, mean, sqrt_n, prod, max or min.

    Returns:
        Array of shape ``(n, ...)``.
    """
    if kind == "prod":
        return _segment_product(rows, ids, n)
    if kind in ("max", "min"):
        return _segment_extreme(rows, ids, n, kind == "max")
    total = add(rows, ids, n)
    if kind == "sum":
        return total
    counts = jnp.maximum(counts_of(rows, ids, n, np.int32), 1)
    if kind == "mean" and kind_of(rows) in ("int", "uint"):
        return lax.div(total, jnp.broadcast_to(counts.astype(total.dtype), total.shape))
    counts = counts.astype(rows.dtype)
    return total / (jnp.sqrt(counts) if kind == "sqrt_n" else counts)


def reduce_rows_host(rows: Any, ids: Any, n: int, kind: str) -> Any:
    """NumPy twin of `reduce_rows`."""
    shape = (n + 1, *rows.shape[1:])
    if kind in ("max", "min"):
        dtype = dtypes.BY_NUMPY[rows.dtype]
        out = np.full(shape, dtype.min if kind == "max" else dtype.max, rows.dtype)
        # Infinities are beyond the finite start: let them through.
        out[np.unique(ids)] = _weakest(rows, kind == "max")
        (np.maximum if kind == "max" else np.minimum).at(out, ids, rows)
        return out[:n]
    out = np.full(shape, kind == "prod", rows.dtype)
    (np.multiply if kind == "prod" else np.add).at(out, ids, rows)
    if kind in ("sum", "prod"):
        return out[:n]
    counts = np.maximum(np.bincount(ids, minlength=n + 1), 1).reshape(
        (-1,) + (1,) * (rows.ndim - 1)
    )
    if kind == "mean" and kind_of(rows) in ("int", "uint"):
        return np.trunc(out / counts).astype(rows.dtype)[:n]
    counts = counts.astype(rows.dtype)
    return (out / (np.sqrt(counts) if kind == "sqrt_n" else counts))[:n]


def _weakest(rows: Any, largest: bool) -> Any:
    if kind_of(rows) == "float":
        return -np.inf if largest else np.inf
    dtype = dtypes.BY_NUMPY[rows.dtype]
    return dtype.min if largest else dtype.max
