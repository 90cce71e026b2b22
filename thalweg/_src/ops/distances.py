"""Distances between points."""

from __future__ import annotations

from typing import Any

from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.matrices import batch_of
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.norms import root_or_zero
from thalweg._src.ops.support import FLOAT, needs


@op("pairwise_distances")
def pairwise_distances(x: Any, y: Any) -> Any:
    """Euclidean distance between each pair of two sets of points.

    Args:
        x: Floating tensor ``(..., n, features)``.
        y: Tensor ``(..., m, features)`` of the same dtype.

    Returns:
        Tensor ``(..., n, m)``, from differences, so that near points are as exact as far ones. The gradient
        of a distance of 0 is 0.

    Raises:
        ShapeError: Shapes do not fit.

    Source: `scipy.spatial.distance.cdist`.
    """
    needs("pairwise_distances", FLOAT, x, y)
    if min(x.ndim, y.ndim) < 2 or x.shape[-1] != y.shape[-1]:
        raise ShapeError(
            "[pairwise_distances] expected points (..., count, features) with the same features, got shapes "
            f"{tuple(x.shape)} and {tuple(y.shape)}."
        )
    batch_of("pairwise_distances", x.shape[:-2], y.shape[:-2])
    gaps = x[..., :, None, :].astype(wide(x)) - y[..., None, :, :].astype(wide(y))
    squares = jnp.sum(lax.square(gaps), -1, dtype=gaps.dtype)
    return root_or_zero(squares).astype(x.dtype)
