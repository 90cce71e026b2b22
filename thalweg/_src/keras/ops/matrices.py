"""Matrices by rule: identity, triangles, powers; and triangles cut out of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import ShapeError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import from_host
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.ops.arguments import is_bool, tensor_of
from thalweg._src.ops.arguments import int_of, sizes_of
from thalweg._src.ops.casting import cast


def _matrix(where: str, rows: Any, columns: Any, k: Any, full: bool, dtype: Any) -> Any:
    n = freeze(rows)
    m = n if columns is None else freeze(columns)
    wanted = dtypes.as_dtype(dtype or floatx())
    sizes = sizes_of(where, "sizes", (n, m))
    diagonal = int_of(where, "k", freeze(k))
    engine: Any = jnp if xla.tracing() else np
    maker = engine.tri if full else engine.eye
    made = maker(*sizes, diagonal, dtype=wanted.numpy_dtype)
    # In a program an instruction rather than a constant.
    return Tensor(made) if engine is jnp else from_host(made)


@operation
def eye(N: Any, M: Any = None, k: Any = 0, dtype: Any = None) -> Any:
    """Matrix of ones on one diagonal and zeros elsewhere.

    Args:
        N: Rows.
        M: Columns; as many as rows when None.
        k: Which diagonal: 0 the main one, positive ones above it, negative ones below.
        dtype: Dtype; ``floatx()`` when None.

    Returns:
        Tensor of shape ``(N, M)``.

    Raises:
        InvalidArgumentError: A size is negative.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.eye(2, 3, k=1).numpy().tolist()
        [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]

    Source: `keras.ops.eye`.
    """
    return _matrix("eye", N, M, k, False, dtype)


@operation
def identity(n: Any, dtype: Any = None) -> Any:
    """Identity matrix of shape ``(n, n)``.

    Args:
        n: Rows and columns.
        dtype: Dtype; ``floatx()`` when None.

    Returns:
        Tensor.

    Source: `keras.ops.identity`.
    """
    return _matrix("identity", n, None, 0, False, dtype)


@operation
def tri(N: Any, M: Any = None, k: Any = 0, dtype: Any = None) -> Any:
    """Matrix of ones on a diagonal and below it, zeros above.

    Args:
        N: Rows.
        M: Columns; as many as rows when None.
        k: Highest diagonal of ones: 0 the main one, positive ones above it.
        dtype: Dtype; ``floatx()`` when None.

    Returns:
        Tensor of shape ``(N, M)``.

    Raises:
        InvalidArgumentError: A size is negative.

    Source: `keras.ops.tri`.
    """
    return _matrix("tri", N, M, k, True, dtype)


@op("tril")
def _tril(x: Any, *, k: Any, lower: bool) -> Any:
    """Matrices with zeros above diagonal `k`, or below it."""
    diagonal = int_of("tril" if lower else "triu", "k", k)
    return (jnp.tril if lower else jnp.triu)(x, diagonal)


@operation
def tril(x: Any, k: Any = 0) -> Any:
    """Matrices with zeros above a diagonal.

    Args:
        x: Tensor of shape ``(..., rows, columns)``.
        k: Highest diagonal that is kept: 0 the main one, positive ones above it.

    Returns:
        Tensor of the same shape and dtype.

    Raises:
        InvalidArgumentError: `x` has fewer than two dimensions.

    Source: `keras.ops.tril`.
    """
    return _tril(tensor_of(x), k=k, lower=True)


@operation
def triu(x: Any, k: Any = 0) -> Any:
    """Matrices with zeros below a diagonal.

    Args:
        x: Tensor of shape ``(..., rows, columns)``.
        k: Lowest diagonal that is kept: 0 the main one, positive ones above it.

    Returns:
        Tensor of the same shape and dtype.

    Raises:
        InvalidArgumentError: `x` has fewer than two dimensions.

    Source: `keras.ops.triu`.
    """
    return _tril(tensor_of(x), k=k, lower=False)


@op("vander")
def _vander(x: Any, *, columns: int, increasing: bool) -> Any:
    """Powers of the elements of a vector as rows of a matrix."""
    return jnp.vander(x, columns, increasing)


@operation
def vander(x: Any, N: Any = None, increasing: bool = False) -> Any:
    """Vandermonde's matrix: in each row the powers of one element.

    Args:
        x: Vector of n elements.
        N: Number of powers, from 0 on; n when None.
        increasing: Put the power 0 first instead of last.

    Returns:
        Tensor of shape ``(n, N)`` of the dtype of `x`.

    Raises:
        ShapeError: `x` is no vector.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.vander([2, 3], N=3).numpy().tolist()
        [[4, 2, 1], [9, 3, 1]]

    Source: `keras.ops.vander`.
    """
    tensor = tensor_of(x)
    if tensor.ndim != 1:
        raise ShapeError(
            f"[vander] expected a vector, got shape {tuple(tensor.shape)}; flatten it."
        )
    columns = tensor.shape[0] if N is None else sizes_of("vander", "N", freeze(N))[0]
    numbers = cast(tensor, dtypes.int32) if is_bool(tensor) else tensor
    return cast(_vander(numbers, columns=int(columns), increasing=bool(increasing)), tensor.dtype)
