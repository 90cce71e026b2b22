"""Determinants, inverses, norms and solutions of linear equations."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.ops import decompositions, norms, solvers
from thalweg._src.ops import linalg as matrices
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.creation import eye
from thalweg._src.ops.shaping import expand_dims, squeeze
from thalweg._src.ops.sorting import argsort


def floating(x: Any) -> Any:
    """The tensor, integers as floats, and float16 and bfloat16 as float32, which LAPACK knows."""
    (x,) = promoted(x, least=float)
    return tensor_of(x, "float32") if x.dtype.name in ("float16", "bfloat16") else x


@operation
def det(x: Any) -> Any:
    """Determinant of square matrices.

    Args:
        x: Tensor ``(..., n, n)``; integers become floats.

    Returns:
        Tensor ``(...)``.

    Raises:
        ShapeError: The matrices are not square.

    Source: `keras.ops.det`.
    """
    return matrices.det(floating(x))


@operation
def logdet(x: Any) -> Any:
    """Logarithm of the determinant of symmetric positive definite matrices.

    Args:
        x: Tensor ``(..., n, n)``; integers become floats.

    Returns:
        Tensor ``(...)``; NaN where a matrix is not positive definite.

    Source: `keras.ops.logdet`.
    """
    return matrices.logdet(floating(x))


@operation
def inv(x: Any) -> Any:
    """Inverse of square matrices.

    Args:
        x: Tensor ``(..., n, n)``; integers become floats.

    Returns:
        Tensor ``(..., n, n)``.

    Raises:
        InvalidArgumentError: A matrix is singular (in a compiled program its inverse is not finite).

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.inv([[2.0, 0.0], [0.0, 4.0]]).numpy().tolist()
        [[0.5, 0.0], [0.0, 0.25]]

    Source: `keras.ops.inv`.
    """
    return matrices.inv(floating(x))


@operation
def pinv(x: Any, rcond: Any = None) -> Any:
    """Moore-Penrose inverse of matrices.

    Args:
        x: Tensor ``(..., m, n)``; integers become floats.
        rcond: Singular values up to this part of the largest count as zero; 10 times the larger of m and
            n times the dtype's precision when None.

    Returns:
        Tensor ``(..., n, m)``.

    Source: `keras.ops.pinv`.
    """
    return solvers.pinv(floating(x), rcond)


@operation
def matrix_rank(x: Any, tol: Any = None) -> Any:
    """Rank of matrices: how many singular values are not zero.

    Args:
        x: Tensor ``(..., m, n)``; integers become floats.
        tol: Singular values up to this count as zero; the largest one times the larger of m and n times
            the dtype's precision when None.

    Returns:
        int32 tensor ``(...)``.

    Source: `keras.ops.matrix_rank`.
    """
    return solvers.matrix_rank(floating(x), tol)


@operation
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """Norm of vectors or matrices.

    Args:
        x: Tensor; integers become floats.
        ord: Order: a number or infinity for vectors; ``"fro"``, ``"nuc"``, 1, 2, infinity or their
            negatives for matrices; None for the root of the sum of squares.
        axis: Axis of the vectors, or a pair of those of matrices; None for all.
        keepdims: Keep the axes with size 1.

    Returns:
        Real tensor.

    Raises:
        InvalidArgumentError: Order and axes do not go together.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.norm([[3.0, 4.0]], axis=1).numpy().tolist()
        [5.0]

    Source: `keras.ops.norm`; `numpy.linalg.norm`. Norms of complex numbers are real here, and without `ord`
    any number of axes is taken together.
    """
    (x,) = promoted(x, least=float)
    axis = tuple(axis) if isinstance(axis, (list, tuple)) else axis
    return norms.numpy_norm(x, ord=ord, axis=axis, keepdims=keepdims)


def _sides(where: str, a: Any, b: Any) -> tuple[Any, Any, bool]:
    """Matrices, right sides as matrices, and whether they came as vectors."""
    a, b = (floating(x) for x in promoted(a, b, least=float))
    is_vector = len(b.shape) == len(a.shape) - 1
    if not is_vector and len(b.shape) != len(a.shape):
        raise ShapeError(
            f"[{where}] expected b of shape (..., n) or (..., n, right sides) for a of shape "
            f"{tuple(a.shape)}, got {tuple(b.shape)}."
        )
    return a, expand_dims(b, -1) if is_vector else b, is_vector


@operation
def solve(a: Any, b: Any) -> Any:
    """Solution x of ``a @ x = b``.

    Args:
        a: Square matrices ``(..., n, n)``; integers become floats.
        b: Tensor ``(..., n)`` or ``(..., n, right sides)``.

    Returns:
        Tensor like `b`.

    Raises:
        InvalidArgumentError: A matrix is singular (in a compiled program the solution is not finite), or
            shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.solve([[2.0, 0.0], [0.0, 4.0]], [2.0, 2.0]).numpy().tolist()
        [1.0, 0.5]

    Source: `keras.ops.solve`.
    """
    a, b, is_vector = _sides("solve", a, b)
    x = solvers.solve(a, b)
    return squeeze(x, -1) if is_vector else x


@operation
def solve_triangular(a: Any, b: Any, lower: bool = False) -> Any:
    """Solution x of ``a @ x = b`` for triangular matrices.

    Args:
        a: Matrices ``(..., n, n)``, of which one triangle is read; integers become floats.
        b: Tensor ``(..., n)`` or ``(..., n, right sides)``.
        lower: Read the lower triangle, else the upper one.

    Returns:
        Tensor like `b`.

    Raises:
        ShapeError: Shapes do not fit.

    Source: `keras.ops.solve_triangular`.
    """
    a, b, is_vector = _sides("solve_triangular", a, b)
    x = solvers.triangular_solve(a, b, lower=lower)
    return squeeze(x, -1) if is_vector else x


@operation
def lstsq(a: Any, b: Any, rcond: float | None = None) -> Any:
    """Solution x of ``a @ x = b`` in the sense of least squares; of several the shortest.

    Args:
        a: Matrices ``(..., m, n)``; integers become floats.
        b: Tensor ``(..., m)`` or ``(..., m, right sides)``.
        rcond: Singular values up to this part of the largest count as zero; the larger of m and n times
            the dtype's precision when None.

    Returns:
        Tensor ``(..., n)`` or ``(..., n, right sides)``.

    Raises:
        ShapeError: Shapes do not fit.

    Source: `keras.ops.lstsq`, here for batches too.
    """
    a, b, is_vector = _sides("lstsq", a, b)
    if rcond is None:
        precision = np.finfo(a.dtype.numpy_dtype).eps
        rcond = float(max(a.shape[-2:]) * precision)
    x = matmul(solvers.pinv(a, rcond), b)
    return squeeze(x, -1) if is_vector else x


@operation
def cholesky_inverse(x: Any, upper: bool = False) -> Any:
    """Inverse of symmetric positive definite matrices, given their Cholesky factors.

    Args:
        x: Triangular factors ``(..., n, n)``.
        upper: Whether they are upper triangular.

    Returns:
        Tensor ``(..., n, n)``.

    Source: `keras.ops.cholesky_inverse`.
    """
    factor = floating(x)
    factor = matrices.adjoint(factor) if upper else factor
    return solvers.cholesky_solve(factor, eye(int(factor.shape[-1]), dtype=factor.dtype))


@operation
def lu_factor(x: Any) -> Any:
    """Matrices with reordered rows as a product of a lower and an upper triangular one.

    Args:
        x: Tensor ``(..., n, n)``; integers become floats.

    Returns:
        ``(lu, p)``: a tensor like `x` with the upper factor in its upper triangle and the lower one,
        without its diagonal of ones, below; and int32 ``(..., n)``: the row of the product at which each
        row of `x` stands.

    Source: `keras.ops.lu_factor`, here for batches too.
    """
    factors, order = decompositions.lu(floating(x))
    return factors, argsort(order)
