"""Matrices as products: Cholesky, QR, singular values, eigenvalues."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import xla
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.linalg import floating
from thalweg._src.ops import decompositions
from thalweg._src.ops.linalg import adjoint


@operation
def cholesky(x: Any, upper: bool = False) -> Any:
    """Triangular factors of symmetric positive definite matrices.

    Args:
        x: Tensor ``(..., n, n)``, of which the lower triangle is read; integers become floats.
        upper: Give the upper factor U with ``x = transpose(U) @ U``, else the lower one L with
            ``x = L @ transpose(L)``.

    Returns:
        Tensor ``(..., n, n)``.

    Raises:
        InvalidArgumentError: A matrix is not positive definite (in a compiled program its factor is NaN).

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.cholesky([[4.0, 0.0], [0.0, 9.0]]).numpy().tolist()
        [[2.0, 0.0], [0.0, 3.0]]

    Source: `keras.ops.cholesky`.
    """
    factor = decompositions.cholesky(floating(x))
    array = factor.array
    if type(array) is xla.ArrayImpl and np.isnan(np.asarray(array)).any():
        raise InvalidArgumentError(
            f"[cholesky] expected positive definite matrices, got one of shape {tuple(array.shape)} that is "
            "not; add a small multiple of eye(n)."
        )
    return adjoint(factor) if upper else factor


@operation
def qr(x: Any, mode: str = "reduced") -> Any:
    """Matrices as a product of one with orthonormal columns and an upper triangular one.

    Args:
        x: Tensor ``(..., m, n)``; integers become floats.
        mode: ``"reduced"``, or ``"complete"`` for a square first factor.

    Returns:
        ``(q, r)``: ``(..., m, k)`` and ``(..., k, n)`` with k the smaller of m and n, or m if complete.

    Raises:
        InvalidArgumentError: Another mode.

    Source: `keras.ops.qr`.
    """
    if mode not in ("reduced", "complete"):
        raise InvalidArgumentError(
            f"[qr] expected mode 'reduced' or 'complete', got {mode!r}."
        )
    return tuple(decompositions.qr(floating(x), full_matrices=mode == "complete"))


@operation
def svd(x: Any, full_matrices: bool = True, compute_uv: bool = True) -> Any:
    """Singular values of matrices, and the vectors that belong to them.

    Args:
        x: Tensor ``(..., m, n)``; integers become floats.
        full_matrices: Give square matrices of vectors.
        compute_uv: Give the vectors too.

    Returns:
        ``(u, s, vh)`` with ``x = u @ diag(s) @ vh``, or `s` alone; the largest value comes first.

    Source: `keras.ops.svd`.
    """
    x = floating(x)
    if not compute_uv:
        return decompositions.svd(x, compute_uv=False)
    values, left, right = decompositions.svd(x, full_matrices=full_matrices)
    return left, values, adjoint(right)


@operation
def eig(x: Any) -> Any:
    """Eigenvalues and right eigenvectors of square matrices.

    Args:
        x: Tensor ``(..., n, n)``; integers become floats.

    Returns:
        ``(values, vectors)``, complex: ``(..., n)`` in no order, and ``(..., n, n)`` with the vectors as
        columns.

    Source: `keras.ops.eig`.
    """
    return tuple(decompositions.eig(floating(x)))


@operation
def eigh(x: Any) -> Any:
    """Eigenvalues and eigenvectors of symmetric or Hermitian matrices.

    Args:
        x: Tensor ``(..., n, n)``, of which the lower triangle is read; integers become floats.

    Returns:
        ``(values, vectors)``: real ``(..., n)``, the smallest first, and ``(..., n, n)`` with the vectors as
        columns.

    Source: `keras.ops.eigh`.
    """
    return tuple(decompositions.eigh(floating(x)))
