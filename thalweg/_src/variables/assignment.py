"""What assignments compute: new values from old ones, by scatter and by part.

Indices out of range are refused where their values are known (eagerly on a CPU, constants of a
program); elsewhere their rows are dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.core.recorders import state
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops import scatter
from thalweg._src.ops.gather import gather as gather
from thalweg._src.ops.gather import gather_nd as gather_nd
from thalweg._src.ops.indexing import setitem as setitem
from thalweg._src.ops.indices import check_range, indices_of

_SCATTER_ND: dict[str, Callable[..., Any]] = {
    "add": scatter.tensor_scatter_nd_add,
    "sub": scatter.tensor_scatter_nd_sub,
    "min": scatter.tensor_scatter_nd_min,
    "max": scatter.tensor_scatter_nd_max,
    "update": scatter.tensor_scatter_nd_update,
}
_COMBINE = {"add": "add", "mul": "multiply", "min": "min", "max": "max"}


@contextmanager
def unrecorded() -> Iterator[None]:
    """Ops inside are not recorded: assignments have no gradient."""
    recorders, state.recorders = state.recorders, []
    try:
        yield
    finally:
        state.recorders = recorders


@op(
    "scatter_rows",
    inputs=("x", "indices", "updates"),
    matched=(0, 2),
    input_dtypes={"indices": dtypes.int32},
)
def _scatter_rows(x: Any, indices: Any, updates: Any, kind: str) -> Any:
    """`x` with rows combined with `updates` at `indices` of the first dimension."""
    if updates.ndim and updates.shape != (*indices.shape, *x.shape[1:]):
        raise ShapeError(
            f"[Variable.scatter_{kind}] expected values of shape {(*indices.shape, *x.shape[1:])} for "
            f"indices of shape {indices.shape} into shape {x.shape}, got {updates.shape}; give a row for "
            "each index, or a scalar."
        )
    if kind == "div":
        # Integers stay integers; dividing by several numbers in turn is dividing by their product.
        return lax.div(x, _scattered(jnp.ones_like(x), indices, updates, "mul"))
    if kind == "sub":
        return _scattered(x, indices, -updates, "add")
    return _scattered(x, indices, updates, kind)


def _scattered(x: Any, indices: Any, updates: Any, kind: str) -> Any:
    combine = getattr(x.at[indices], _COMBINE.get(kind, "set"))
    return combine(updates, mode="drop", wrap_negative_indices=False)


def scatter_rows(x: Any, indices: Any, updates: Any, kind: str) -> Any:
    """`x` with rows combined with `updates` at `indices` of the first dimension.

    Args:
        x: Tensor of shape ``(n, ...)``.
        indices: Integer tensor of any shape ``I``.
        updates: Tensor of shape ``I + (...)``, or a scalar.
        kind: ``"add"``, ``"sub"``, ``"mul"``, ``"div"``, ``"min"``, ``"max"`` or ``"update"``.

    Returns:
        Tensor like `x`.

    Raises:
        InvalidArgumentError: Shapes do not fit, or an index is known to be out of range.

    Source: `tf.Variable.scatter_add` and its relatives.
    """
    where = f"Variable.scatter_{kind}"
    if not x.ndim:
        raise ShapeError(
            f"[{where}] expected a Variable of rank 1 or more, got a scalar; use assign."
        )
    places = indices_of(where, indices, x)
    check_range(where, places, x.shape[0])
    return _scatter_rows(x, places, updates, kind=kind)


def scatter_nd(x: Any, indices: Any, updates: Any, kind: str) -> Any:
    """`x` with parts combined with `updates` at coordinates.

    Args:
        x: Tensor.
        indices: Integer tensor of shape ``I + (k,)``: coordinates in the first k dimensions.
        updates: Tensor of shape ``I + x.shape[k:]``.
        kind: ``"add"``, ``"sub"``, ``"min"``, ``"max"`` or ``"update"``.

    Returns:
        Tensor like `x`.

    Raises:
        InvalidArgumentError: Shapes do not fit, or coordinates are known to be out of range.

    Source: `tf.Variable.scatter_nd_add` and its relatives.
    """
    return _SCATTER_ND[kind](x, indices, updates)


@op(
    "batch_scatter_rows",
    inputs=("x", "indices", "updates"),
    matched=(0, 2),
    input_dtypes={"indices": dtypes.int32},
)
def _batch_scatter_rows(x: Any, indices: Any, updates: Any) -> Any:
    grid = jnp.indices(indices.shape, dtype=indices.dtype, sparse=True)
    return x.at[(*grid[:-1], indices)].set(updates, mode="drop", wrap_negative_indices=False)


def batch_scatter(x: Tensor, delta: Any) -> Tensor:
    """`x` with, in each batch element, the rows at its own indices replaced.

    Args:
        x: Tensor of shape ``B + (n, ...)``.
        delta: `IndexedSlices` with indices of shape ``B + (m,)`` and values of ``B + (m, ...)``.

    Returns:
        Tensor like `x`.

    Raises:
        InvalidArgumentError: An index is known to be out of range, or the ranks do not fit.

    Source: `tf.Variable.batch_scatter_update`.
    """
    where = "Variable.batch_scatter_update"
    places = indices_of(where, delta.indices, x)
    rank = len(places.shape)
    if not 1 <= rank <= x.ndim:
        raise ShapeError(
            f"[{where}] expected indices of rank 1 to {x.ndim}, got shape {tuple(places.shape)}."
        )
    check_range(where, places, x.shape[rank - 1])
    return _batch_scatter_rows(x, places, delta.values)
