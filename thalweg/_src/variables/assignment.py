"""What assignments compute: new values from old ones, by scatter and by part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.core.recorders import state
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.gather import gather as gather
from thalweg._src.ops.gather import gather_nd as gather_nd
from thalweg._src.ops.indexing import setitem as setitem


@contextmanager
def unrecorded() -> Iterator[None]:
    """Ops inside are not recorded: assignments have no gradient."""
    recorders, state.recorders = state.recorders, []
    try:
        yield
    finally:
        state.recorders = recorders


@op("scatter_rows", inputs=("x", "indices", "updates"), matched=(0, 2))
def scatter_rows(x: Any, indices: Any, updates: Any, kind: str) -> Any:
    """`x` with rows combined with `updates` at `indices` of the first dimension.

    Args:
        x: Tensor of shape ``(n, ...)``.
        indices: Integer tensor of any shape ``I``.
        updates: Tensor of shape ``I + (...)``, or a scalar.
        kind: ``"add"``, ``"sub"``, ``"mul"``, ``"div"``, ``"min"``, ``"max"`` or ``"update"``.

    Returns:
        Tensor like `x`.

    Source: `tf.Variable.scatter_add` and its relatives.
    """
    return _combine(x.at[indices], updates, kind)


@op("scatter_parts", inputs=("x", "indices", "updates"), matched=(0, 2))
def scatter_nd(x: Any, indices: Any, updates: Any, kind: str) -> Any:
    """`x` with parts combined with `updates` at coordinates.

    Args:
        x: Tensor.
        indices: Integer tensor of shape ``I + (k,)``: coordinates in the first k dimensions.
        updates: Tensor of shape ``I + x.shape[k:]``.
        kind: As for `scatter_rows`.

    Returns:
        Tensor like `x`.

    Source: `tf.Variable.scatter_nd_add` and its relatives.
    """
    return _combine(x.at[tuple(jnp.moveaxis(indices, -1, 0))], updates, kind)


def _combine(where: Any, updates: Any, kind: str) -> Any:
    if kind == "sub":
        return where.add(-updates)
    names = {"add": "add", "mul": "multiply", "div": "divide", "min": "min", "max": "max"}
    return getattr(where, names.get(kind, "set"))(updates)


@op("batch_scatter_rows", inputs=("x", "indices", "updates"), matched=(0, 2))
def _batch_scatter_rows(x: Any, indices: Any, updates: Any) -> Any:
    grid = jnp.indices(indices.shape, dtype=indices.dtype, sparse=True)
    return x.at[(*grid[:-1], indices)].set(updates)


def batch_scatter(x: Tensor, delta: Any) -> Tensor:
    """`x` with, in each batch element, the rows at its own indices replaced."""
    return _batch_scatter_rows(x, delta.indices, delta.values)
