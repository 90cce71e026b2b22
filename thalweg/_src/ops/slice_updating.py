"""`slice_update`: a block of a tensor replaced, at a place that may be computed in the program."""

from __future__ import annotations

from typing import Any

from jax import lax

from thalweg._src.base.errors import ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op


@op(
    "slice_update",
    inputs=("input", "start", "updates"),
    matched=(0, 2),
    input_dtypes={"start": dtypes.int32},
)
def slice_update(input: Any, start: Any, updates: Any) -> Any:
    """Tensor in which the block that begins at `start` is replaced.

    Args:
        input: Tensor.
        start: First index in each dimension, integers ``(rank,)``.
        updates: Tensor of the same rank and dtype, of no larger sizes.

    Returns:
        Tensor like `input`. A block that reaches over an edge is moved back until it fits.

    Raises:
        ShapeError: The ranks differ or the block is larger than the tensor.

    Source: `jax.lax.dynamic_update_slice`, the operator of XLA.
    """
    fits = updates.ndim == input.ndim and start.shape == (input.ndim,)
    if not fits or any(n > d for n, d in zip(updates.shape, input.shape, strict=True)):
        raise ShapeError(
            f"[slice_update] expected updates of rank {input.ndim} that fit into shape "
            f"{tuple(input.shape)} and one start index for each dimension, got updates of shape "
            f"{tuple(updates.shape)} and start indices of shape {tuple(start.shape)}."
        )
    places = [start[axis] for axis in range(input.ndim)]
    return lax.dynamic_update_slice(input, updates, places, allow_negative_indices=False)
