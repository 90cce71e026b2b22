"""Linear equations: square, triangular, factored, in the sense of least squares."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.decompositions import check_factors
from thalweg._src.ops.matrices import (
    adjoint_of,
    batch_of,
    hermitian_of_lower,
    need_invertible,
    need_matrix,
    need_right_side,
    solve_triangular,
    times,
    with_batch,
)


@op("solve")
def _solve(matrix: Any, rhs: Any, *, adjoint: bool) -> Any:
    need_matrix("solve", matrix, "matrix", square=True)
    need_right_side("solve", matrix, rhs)
    batch = batch_of("solve", matrix.shape[:-2], rhs.shape[:-2])
    matrix = adjoint_of(matrix) if adjoint else matrix
    return jnp.linalg.solve(with_batch(matrix, batch), with_batch(rhs, batch))


def solve(matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None) -> Any:
    """Solution of ``matrix @ x = rhs`` for square matrices.

    Args:
        matrix: Tensor ``(..., n, n)`` of dtype float32, float64, complex64 or complex128.
        rhs: Tensor ``(..., n, right sides)`` of the same dtype; batch dimensions broadcast.
        adjoint: Solve with the conjugate transpose of `matrix`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(..., n, right sides)``.

    Raises:
        ValueError: The shapes do not fit, or a matrix is singular. Inside a compiled program, where
            values are not known, singular matrices give infinite values or NaN.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.solve([[2.0, 0.0], [0.0, 4.0]], [[2.0], [2.0]]).numpy().tolist()
        [[1.0], [0.5]]

    Source: `tf.linalg.solve`.
    """
    return need_invertible("solve", _solve(matrix, rhs, adjoint=adjoint, name=name))


@op("triangular_solve")
def _triangular_solve(matrix: Any, rhs: Any, *, lower: bool, adjoint: bool) -> Any:
    need_matrix("triangular_solve", matrix, "matrix", square=True)
    need_right_side("triangular_solve", matrix, rhs)
    return solve_triangular(matrix, rhs, lower, adjoint)


def triangular_solve(
    matrix: Any, rhs: Any, lower: bool = True, adjoint: bool = False, name: str | None = None
) -> Any:
    """Solution of ``matrix @ x = rhs`` for triangular matrices.

    Args:
        matrix: Tensor ``(..., n, n)`` of dtype float32, float64, complex64 or complex128; the other
            triangle is not read.
        rhs: Tensor ``(..., n, right sides)`` of the same dtype; batch dimensions broadcast.
        lower: Read the lower triangle, else the upper one.
        adjoint: Solve with the conjugate transpose of the triangle.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(..., n, right sides)``; infinite or NaN where the diagonal holds zeros.

    Raises:
        ValueError: The shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.triangular_solve([[2.0, 0.0], [1.0, 1.0]], [[2.0], [2.0]]).numpy().tolist()
        [[1.0], [1.0]]

    Source: `tf.linalg.triangular_solve`.
    """
    return _triangular_solve(matrix, rhs, lower=lower, adjoint=adjoint, name=name)


@op("cholesky_solve")
def cholesky_solve(chol: Any, rhs: Any) -> Any:
    """Solution of ``matrix @ x = rhs``, given the matrix's Cholesky factor.

    Args:
        chol: Tensor ``(..., n, n)``, result of `cholesky`.
        rhs: Tensor ``(..., n, right sides)`` of the same dtype; batch dimensions broadcast.

    Returns:
        Tensor ``(..., n, right sides)``.

    Raises:
        ValueError: The shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> factor = tf.linalg.cholesky([[4.0, 0.0], [0.0, 1.0]])
        >>> tf.linalg.cholesky_solve(factor, [[4.0], [1.0]]).numpy().tolist()
        [[1.0], [1.0]]

    Source: `tf.linalg.cholesky_solve`.
    """
    need_matrix("cholesky_solve", chol, "chol", square=True)
    need_right_side("cholesky_solve", chol, rhs, "chol")
    halfway = solve_triangular(chol, rhs, lower=True)
    return solve_triangular(chol, halfway, lower=True, adjoint=True)


def _solve_factored(where: str, lower_upper: Any, perm: Any, rhs: Any) -> Any:
    check_factors(where, lower_upper, perm)
    need_right_side(where, lower_upper, rhs, "lower_upper")
    batch = batch_of(where, lower_upper.shape[:-2], rhs.shape[:-2])
    order = with_batch(perm, batch, 1)[..., None]
    rhs = jnp.take_along_axis(with_batch(rhs, batch), order, axis=-2)
    halfway = solve_triangular(lower_upper, rhs, lower=True, unit_diagonal=True)
    return solve_triangular(lower_upper, halfway, lower=False)


@op("lu_solve", matched=(0, 2), input_dtypes={"perm": dtypes.int32})
def lu_solve(lower_upper: Any, perm: Any, rhs: Any, validate_args: bool = False) -> Any:
    """Solution of ``matrix @ x = rhs``, given the matrix's LU factors.

    Args:
        lower_upper: Tensor ``(..., n, n)``, first result of `lu`.
        perm: Tensor ``(..., n)``, its second result.
        rhs: Tensor ``(..., n, right sides)``; batch dimensions broadcast.
        validate_args: Accepted for TensorFlow's sake; shapes are always checked.

    Returns:
        Tensor ``(..., n, right sides)``.

    Raises:
        ValueError: The shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> factors = tf.linalg.lu([[0.0, 2.0], [1.0, 0.0]])
        >>> tf.linalg.lu_solve(*factors, [[2.0], [3.0]]).numpy().tolist()
        [[3.0], [1.0]]

    Source: `tf.linalg.lu_solve`.
    """
    del validate_args
    return _solve_factored("lu_solve", lower_upper, perm, rhs)


@op("lu_matrix_inverse", matched=(0,), input_dtypes={"perm": dtypes.int32})
def lu_matrix_inverse(lower_upper: Any, perm: Any, validate_args: bool = False) -> Any:
    """Inverse of matrices, given their LU factors.

    Args:
        lower_upper: Tensor ``(..., n, n)``, first result of `lu`.
        perm: Tensor ``(..., n)``, its second result.
        validate_args: Accepted for TensorFlow's sake; shapes are always checked.

    Returns:
        Tensor ``(..., n, n)``.

    Raises:
        ValueError: The shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.lu_matrix_inverse(*tf.linalg.lu([[0.0, 2.0], [1.0, 0.0]])).numpy().tolist()
        [[0.0, 1.0], [0.5, 0.0]]

    Source: `tf.linalg.lu_matrix_inverse`.
    """
    del validate_args
    eye = jnp.eye(lower_upper.shape[-1], dtype=lower_upper.dtype)
    return _solve_factored("lu_matrix_inverse", lower_upper, perm, eye)


@op("lstsq")
def _lstsq(matrix: Any, rhs: Any, *, l2_regularizer: float, fast: bool) -> Any:
    need_matrix("lstsq", matrix, "matrix")
    need_right_side("lstsq", matrix, rhs)
    if not fast:
        cutoff = jnp.finfo(matrix.dtype).eps * max(matrix.shape[-2:])
        return times(jnp.linalg.pinv(matrix, rtol=cutoff), rhs)
    rows, columns = matrix.shape[-2:]
    adjoint = adjoint_of(matrix)
    tall = rows >= columns
    squared = times(adjoint, matrix) if tall else times(matrix, adjoint)
    ridge = jnp.asarray(l2_regularizer, matrix.dtype)
    squared = squared + ridge * jnp.eye(min(rows, columns), dtype=matrix.dtype)
    factor = lax.linalg.cholesky(hermitian_of_lower(squared), symmetrize_input=False)
    halfway = solve_triangular(factor, times(adjoint, rhs) if tall else rhs, lower=True)
    solution = solve_triangular(factor, halfway, lower=True, adjoint=True)
    return solution if tall else times(adjoint, solution)


def lstsq(
    matrix: Any,
    rhs: Any,
    l2_regularizer: Any = 0.0,
    fast: bool = True,
    name: str | None = None,
) -> Any:
    """Solution of ``matrix @ x = rhs`` in the sense of least squares.

    Args:
        matrix: Tensor ``(..., m, n)`` of dtype float32, float64, complex64 or complex128.
        rhs: Tensor ``(..., m, right sides)`` of the same dtype; batch dimensions broadcast.
        l2_regularizer: Weight of the squared size of `x` in what is minimised; only if `fast`.
        fast: Solve the normal equations, which squares the condition number and needs full rank. Else
            by singular values: slower, exact to rounding, of any rank.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(..., n, right sides)``; the smallest solution where there are many.

    Raises:
        ValueError: The shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.lstsq([[1.0], [1.0]], [[1.0], [3.0]], fast=False).numpy().round(4).tolist()
        [[2.0]]

    Source: `tf.linalg.lstsq`; with `fast` False a gradient exists too.
    """
    return _lstsq(matrix, rhs, l2_regularizer=l2_regularizer, fast=fast, name=name)


@op("pinv")
def pinv(a: Any, rcond: Any = None, validate_args: bool = False) -> Any:
    """Moore-Penrose inverse of matrices.

    Args:
        a: Tensor ``(..., m, n)`` of dtype float32, float64, complex64 or complex128.
        rcond: Singular values up to this part of the largest count as zero; 10 times the larger of m
            and n times the dtype's precision when None. A number, or a list ``(...)``.
        validate_args: Accepted for TensorFlow's sake; shapes are always checked.

    Returns:
        Tensor ``(..., n, m)``.

    Raises:
        ValueError: The rank is under 2.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.pinv([[2.0, 0.0]]).numpy().tolist()
        [[0.5], [0.0]]

    Source: `tf.linalg.pinv`.
    """
    del validate_args
    need_matrix("pinv", a, "a")
    cutoff = None if rcond is None else jnp.asarray(rcond, jnp.finfo(a.dtype).dtype)
    return jnp.linalg.pinv(a, rtol=cutoff)


@op("matrix_rank")
def matrix_rank(a: Any, tol: Any = None, validate_args: bool = False) -> Any:
    """Rank of matrices: how many singular values are not zero.

    Args:
        a: Tensor ``(..., m, n)`` of dtype float32, float64, complex64 or complex128.
        tol: Singular values up to this count as zero; the largest one times the larger of m and n
            times the dtype's precision when None. A number, or a list ``(...)``.
        validate_args: Accepted for TensorFlow's sake; shapes are always checked.

    Returns:
        int32 tensor ``(...)``.

    Raises:
        ValueError: The rank of the tensor is under 2.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.matrix_rank([[1.0, 2.0], [2.0, 4.0]])
        <tf.Tensor: shape=(), dtype=int32, numpy=1>

    Source: `tf.linalg.matrix_rank`.
    """
    del validate_args
    need_matrix("matrix_rank", a, "a")
    values = lax.linalg.svd(a, full_matrices=False, compute_uv=False)
    if tol is None:
        least = max(a.shape[-2:]) * np.finfo(values.dtype).eps * values.max(-1, keepdims=True)
    else:
        least = jnp.asarray(tol, values.dtype)[..., None]
    return jnp.sum(values > least, axis=-1, dtype=jnp.int32)
