"""Diagonals of matrices: read, made into matrices, summed."""

from __future__ import annotations

from typing import Any

from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.ops.reducing import summable
from thalweg._src.keras.ops.reordering import need_rank
from thalweg._src.ops import reduction, shaping
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.support import axis_of


@op("diagonal")
def _diagonal(x: Any, *, offset: int, axis1: int, axis2: int) -> Any:
    """One diagonal of the matrices that two dimensions form, as the last dimension."""
    return jnp.diagonal(x, offset, axis1, axis2)


@op("diag_matrix")
def _matrix(x: Any, *, k: int) -> Any:
    """Matrix with the elements of a vector on diagonal `k` and zeros elsewhere."""
    return jnp.diag(x, k)


def _cut(where: str, x: Any, offset: Any, axis1: Any, axis2: Any) -> Any:
    tensor = tensor_of(x)
    need_rank(where, tensor, 2)
    one, two = (axis_of(where, freeze(a), tensor.ndim) for a in (axis1, axis2))
    if one == two:
        raise InvalidArgumentError(
            f"[{where}] expected two different axes, got axis1={axis1} and axis2={axis2}; use 0 and 1."
        )
    return _diagonal(tensor, offset=int_of(where, "offset", freeze(offset)), axis1=one, axis2=two)


@operation
def diag(x: Any, k: Any = 0) -> Any:
    """Diagonal of a matrix, or matrix with a vector on its diagonal.

    Args:
        x: Matrix, or vector.
        k: Which diagonal: 0 the main one, positive ones above it, negative ones below.

    Returns:
        Vector for a matrix, matrix for a vector.

    Raises:
        ShapeError: `x` has another rank.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.diag([1, 2], k=1).numpy().tolist()
        [[0, 1, 0], [0, 0, 2], [0, 0, 0]]

    Source: `keras.ops.diag`. A diagonal outside the matrix is empty, as in NumPy.
    """
    tensor = tensor_of(x)
    if tensor.ndim == 2:
        return _cut("diag", tensor, k, 0, 1)
    if tensor.ndim != 1:
        raise ShapeError(
            f"[diag] expected a vector or a matrix, got shape {tuple(tensor.shape)}; use diagonal for more "
            "dimensions."
        )
    return _matrix(tensor, k=int_of("diag", "k", freeze(k)))


@operation
def diagflat(x: Any, k: Any = 0) -> Any:
    """Matrix with the elements of a tensor on its diagonal.

    Args:
        x: Tensor, which is flattened.
        k: Which diagonal: 0 the main one, positive ones above it, negative ones below.

    Returns:
        Matrix.

    Source: `keras.ops.diagflat`.
    """
    flat = shaping.reshape(tensor_of(x), [-1])
    return _matrix(flat, k=int_of("diagflat", "k", freeze(k)))


@operation
def diagonal(x: Any, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> Any:
    """Diagonals of the matrices that two dimensions form.

    Args:
        x: Tensor of rank 2 or more.
        offset: Which diagonal: 0 the main one, positive ones above it, negative ones below.
        axis1: Dimension of the rows.
        axis2: Dimension of the columns.

    Returns:
        Tensor without the two dimensions, and with one for the diagonal at the end.

    Raises:
        ShapeError: `x` has fewer than two dimensions.

    Source: `keras.ops.diagonal`.
    """
    return _cut("diagonal", x, offset, axis1, axis2)


@operation
def trace(x: Any, offset: Any = 0, axis1: Any = 0, axis2: Any = 1) -> Any:
    """Sums along the diagonals of the matrices that two dimensions form.

    Args:
        x: Tensor of rank 2 or more.
        offset: Which diagonal: 0 the main one, positive ones above it, negative ones below.
        axis1: Dimension of the rows.
        axis2: Dimension of the columns.

    Returns:
        Tensor without the two dimensions; integers of 32 bits at least.

    Raises:
        ShapeError: `x` has fewer than two dimensions.

    Source: `keras.ops.trace`.
    """
    return reduction.reduce_sum(summable(_cut("trace", x, offset, axis1, axis2)), -1)
