"""Decompositions of matrices: Cholesky, QR, LU, singular values, eigenvalues."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError, UnimplementedError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.matrices import (
    adjoint_of,
    hermitian_of_lower,
    mirrored_lower,
    need_matrix,
    reciprocal_or_zero,
    times,
)


class Qr(NamedTuple):
    """Result of `qr`: a matrix of orthonormal columns and an upper triangular one."""

    q: Any
    r: Any


class Lu(NamedTuple):
    """Result of `lu`: both triangular factors in one matrix, and the order of the rows."""

    lu: Any
    p: Any


@op("cholesky", inputs=("input",))
def cholesky(input: Any) -> Any:
    """Lower triangular ``L`` with ``L @ adjoint(L)`` equal to a Hermitian positive definite matrix.

    Args:
        input: Tensor ``(..., n, n)`` of dtype float32, float64, complex64 or complex128. Only the
            lower triangle is read.

    Returns:
        Tensor like `input`; NaN where a matrix is not positive definite.

    Raises:
        ValueError: The matrices are not square.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.cholesky([[4.0, 0.0], [0.0, 9.0]]).numpy().tolist()
        [[2.0, 0.0], [0.0, 3.0]]

    Source: `tf.linalg.cholesky`. The gradient is symmetric, as there.
    """
    need_matrix("cholesky", input, square=True)
    return lax.linalg.cholesky(hermitian_of_lower(input), symmetrize_input=False)


@op("qr", inputs=("input",), result=Qr)
def qr(input: Any, full_matrices: bool = False) -> Any:
    """Matrices as a product of one with orthonormal columns and an upper triangular one.

    Args:
        input: Tensor ``(..., m, n)`` of dtype float32, float64, complex64 or complex128.
        full_matrices: Give `q` as ``(..., m, m)`` and `r` as ``(..., m, n)``.

    Returns:
        Pair ``(q, r)`` of tensors ``(..., m, k)`` and ``(..., k, n)`` with k the smaller of m and n.
        The signs of the rows of `r` are LAPACK's.

    Raises:
        ValueError: The rank is under 2.
        NotImplementedError: A gradient is asked for with `full_matrices` and m > n.

    Example:
        >>> import thalweg as tf
        >>> q, r = tf.linalg.qr([[3.0], [4.0]])
        >>> abs(r.numpy()).round(3).tolist()
        [[5.0]]

    Source: `tf.linalg.qr`.
    """
    need_matrix("qr", input)
    rows, columns = input.shape[-2:]
    return lax.linalg.qr(input, full_matrices=full_matrices and rows > columns)


@op("lu", inputs=("input",), result=Lu)
def lu(input: Any, output_idx_type: Any = dtypes.int32) -> Any:
    """Matrices with reordered rows as a product of a lower and an upper triangular one.

    Args:
        input: Tensor ``(..., m, n)`` of dtype float32, float64, complex64 or complex128.
        output_idx_type: Dtype of `p`: int32 or int64.

    Returns:
        Pair ``(lu, p)``: a tensor like `input` with the upper factor in its upper triangle and the
        lower one, without its diagonal of ones, below; and a tensor ``(..., m)`` of row numbers, so
        that ``input[p]`` is the product.

    Raises:
        ValueError: The rank is under 2.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.lu([[0.0, 2.0], [1.0, 3.0]]).p.numpy().tolist()
        [1, 0]

    Source: `tf.linalg.lu`. Singular and rectangular matrices are factored as well, and a gradient
    exists; TensorFlow refuses them and has none.
    """
    need_matrix("lu", input)
    factors, _, order = lax.linalg.lu(input)
    return factors, order.astype(dtypes.as_dtype(output_idx_type).numpy_dtype)


@op("lu_reconstruct", matched=(0,), input_dtypes={"perm": dtypes.int32})
def lu_reconstruct(lower_upper: Any, perm: Any, validate_args: bool = False) -> Any:
    """The matrices of which `lu` gave the factors.

    Args:
        lower_upper: Tensor ``(..., n, n)``, the factors in one matrix.
        perm: Tensor ``(..., n)`` of row numbers.
        validate_args: Accepted for TensorFlow's sake; shapes are always checked.

    Returns:
        Tensor like `lower_upper`.

    Raises:
        ValueError: The shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.lu_reconstruct(*tf.linalg.lu([[0.0, 2.0], [1.0, 3.0]])).numpy().tolist()
        [[0.0, 2.0], [1.0, 3.0]]

    Source: `tf.linalg.lu_reconstruct`.
    """
    del validate_args
    check_factors("lu_reconstruct", lower_upper, perm)
    eye = jnp.eye(lower_upper.shape[-1], dtype=lower_upper.dtype)
    product = times(jnp.tril(lower_upper, -1) + eye, jnp.triu(lower_upper))
    return jnp.take_along_axis(product, jnp.argsort(perm, axis=-1)[..., None], axis=-2)


def check_factors(where: str, lower_upper: Any, perm: Any) -> None:
    """Refuses shapes that `lu` could not have given.

    Raises:
        ShapeError: The matrix is not square, or the row numbers do not fit it.
    """
    need_matrix(where, lower_upper, "lower_upper", square=True)
    if perm.shape != lower_upper.shape[:-1]:
        raise ShapeError(
            f"[{where}] expected perm of shape {tuple(lower_upper.shape[:-1])} for lower_upper of "
            f"shape {tuple(lower_upper.shape)}, got {tuple(perm.shape)}; give both results of "
            "tf.linalg.lu."
        )


@jax.custom_jvp
def _thin_svd(a: Any) -> Any:
    """Left vectors, singular values and adjoint right vectors."""
    return lax.linalg.svd(a, full_matrices=False)


@_thin_svd.defjvp
def _thin_svd_rule(primals: Any, tangents: Any) -> Any:
    # Townsend, "Differentiating the singular value decomposition" (2016); equal singular values and
    # zeros contribute nothing instead of NaN.
    (da,) = tangents
    u, s, vh = _thin_svd(*primals)
    uh, v = adjoint_of(u), adjoint_of(vh)
    inner = times(times(uh, da), v)
    row, column = s[..., :, None].astype(inner.dtype), s[..., None, :].astype(inner.dtype)
    gap = reciprocal_or_zero((column - row) * (column + row))
    du = gap * (inner * column + row * adjoint_of(inner))
    dv = gap * (row * inner + adjoint_of(inner) * column)
    if jnp.iscomplexobj(da):
        eye = jnp.eye(s.shape[-1], dtype=inner.dtype)
        du = du + eye * (inner - adjoint_of(inner)) / 2 * reciprocal_or_zero(row)
    du, dv = times(u, du), times(v, dv)
    inverse = reciprocal_or_zero(s)[..., None, :].astype(inner.dtype)
    if u.shape[-2] > u.shape[-1]:
        outer = times(da, v)
        du = du + (outer - times(u, times(uh, outer))) * inverse
    if v.shape[-2] > v.shape[-1]:
        outer = times(adjoint_of(da), u)
        dv = dv + (outer - times(v, times(vh, outer))) * inverse
    ds = jnp.real(jnp.diagonal(inner, axis1=-2, axis2=-1))
    return (u, s, vh), (du, ds, adjoint_of(dv))


@op("svd")
def svd(tensor: Any, full_matrices: bool = False, compute_uv: bool = True) -> Any:
    """Singular values of matrices, and the vectors that belong to them.

    Args:
        tensor: Tensor ``(..., m, n)`` of dtype float32, float64, complex64 or complex128.
        full_matrices: Give all m left and n right vectors.
        compute_uv: Give the vectors; without them only `s` is returned.

    Returns:
        ``(s, u, v)``: singular values ``(..., k)``, the largest first, with k the smaller of m and n;
        left vectors ``(..., m, k)``; right vectors ``(..., n, k)``. The matrix is
        ``u @ diag(s) @ adjoint(v)``. The signs of pairs of vectors are LAPACK's.

    Raises:
        ValueError: The rank is under 2.
        NotImplementedError: A gradient is asked for with `full_matrices` and m other than n.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.svd([[0.0, 2.0], [1.0, 0.0]], compute_uv=False).numpy().tolist()
        [2.0, 1.0]

    Source: `tf.linalg.svd`; note that `v` is not transposed, unlike NumPy's.
    """
    need_matrix("svd", tensor, "tensor")
    if not compute_uv:
        return lax.linalg.svd(tensor, full_matrices=False, compute_uv=False)
    if full_matrices and tensor.shape[-1] != tensor.shape[-2]:
        u, s, vh = lax.linalg.svd(tensor, full_matrices=True)
    else:
        u, s, vh = _thin_svd(tensor)
    return s, u, adjoint_of(vh)


@jax.custom_jvp
def _eigh(a: Any) -> Any:
    """Eigenvectors and eigenvalues, ascending, of Hermitian matrices."""
    return tuple(lax.linalg.eigh(a, symmetrize_input=False))


@_eigh.defjvp
def _eigh_rule(primals: Any, tangents: Any) -> Any:
    # First-order perturbation theory; equal eigenvalues contribute nothing instead of NaN.
    (da,) = tangents
    v, w = _eigh(*primals)
    inner = times(times(adjoint_of(v), da), v)
    gap = reciprocal_or_zero(w[..., None, :] - w[..., :, None]).astype(inner.dtype)
    dw = jnp.real(jnp.diagonal(inner, axis1=-2, axis2=-1))
    return (v, w), (times(v, gap * inner), dw)


@op("eigh")
def eigh(tensor: Any) -> Any:
    """Eigenvalues and eigenvectors of Hermitian matrices.

    Args:
        tensor: Tensor ``(..., n, n)`` of dtype float32, float64, complex64 or complex128. Only the
            lower triangle is read.

    Returns:
        Pair ``(e, v)`` of the dtype of `tensor`: eigenvalues ``(..., n)``, ascending, and unit
        eigenvectors ``(..., n, n)`` in columns. The signs of the vectors are LAPACK's.

    Raises:
        ValueError: The matrices are not square.

    Example:
        >>> import thalweg as tf
        >>> e, v = tf.linalg.eigh([[2.0, 0.0], [0.0, 1.0]])
        >>> e.numpy().tolist()
        [1.0, 2.0]

    Source: `tf.linalg.eigh`. The gradient is lower triangular, as there.
    """
    need_matrix("eigh", tensor, "tensor", square=True)
    v, w = _eigh(mirrored_lower(tensor))
    return w.astype(tensor.dtype), v


@op("eigvalsh")
def eigvalsh(tensor: Any) -> Any:
    """Eigenvalues of Hermitian matrices.

    Args:
        tensor: Tensor ``(..., n, n)`` of dtype float32, float64, complex64 or complex128. Only the
            lower triangle is read.

    Returns:
        Tensor ``(..., n)`` of the same dtype, ascending.

    Raises:
        ValueError: The matrices are not square.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.eigvalsh([[2.0, 0.0], [0.0, 1.0]]).numpy().tolist()
        [1.0, 2.0]

    Source: `tf.linalg.eigvalsh`.
    """
    need_matrix("eigvalsh", tensor, "tensor", square=True)
    return _eigh(mirrored_lower(tensor))[1].astype(tensor.dtype)


@op("eig")
def eig(tensor: Any) -> Any:
    """Eigenvalues and right eigenvectors of square matrices.

    Args:
        tensor: Tensor ``(..., n, n)`` of dtype float32, float64, complex64 or complex128.

    Returns:
        Pair ``(e, v)`` of complex tensors: eigenvalues ``(..., n)`` in no particular order, and unit
        eigenvectors ``(..., n, n)`` in columns.

    Raises:
        ValueError: The matrices are not square.

    Example:
        >>> import thalweg as tf
        >>> e, v = tf.linalg.eig([[2.0, 0.0], [0.0, 1.0]])
        >>> e.numpy().tolist()
        [(2+0j), (1+0j)]

    Source: `tf.linalg.eig`. The gradient needs different eigenvalues.
    """
    need_matrix("eig", tensor, "tensor", square=True)
    return tuple(lax.linalg.eig(tensor, compute_left_eigenvectors=False, enable_eigvec_derivs=True))


@jax.custom_jvp
def _eigvals(a: Any) -> Any:
    """Eigenvalues, without the cost of the vectors."""
    return lax.linalg.eig(a, compute_left_eigenvectors=False, compute_right_eigenvectors=False)[0]


@_eigvals.defjvp
def _eigvals_rule(primals: Any, tangents: Any) -> Any:
    # By way of the vectors: without them there is no second derivative.
    def values(a: Any) -> Any:
        return lax.linalg.eig(a, compute_left_eigenvectors=False, enable_eigvec_derivs=True)[0]

    return jax.jvp(values, primals, tangents)


@op("eigvals")
def eigvals(tensor: Any) -> Any:
    """Eigenvalues of square matrices.

    Args:
        tensor: Tensor ``(..., n, n)`` of dtype float32, float64, complex64 or complex128.

    Returns:
        Complex tensor ``(..., n)``, in no particular order.

    Raises:
        ValueError: The matrices are not square.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.eigvals([[2.0, 0.0], [0.0, 1.0]]).numpy().tolist()
        [(2+0j), (1+0j)]

    Source: `tf.linalg.eigvals`.
    """
    need_matrix("eigvals", tensor, "tensor", square=True)
    return _eigvals(tensor)


@op("eigh_tridiagonal")
def _eigh_tridiagonal(alpha: Any, beta: Any, *, first: int, last: int | None) -> Any:
    if alpha.ndim != 1 or beta.shape != (alpha.shape[0] - 1,):
        raise ShapeError(
            f"[eigh_tridiagonal] expected alpha of shape (n,) and beta of shape (n - 1,), got "
            f"{tuple(alpha.shape)} and {tuple(beta.shape)}; batches are not supported."
        )
    matrix = jnp.diag(jnp.real(alpha).astype(alpha.dtype)) + jnp.diag(jnp.conj(beta), -1)
    v, w = _eigh(mirrored_lower(matrix))
    return w[first:last], v[:, first:last]


def eigh_tridiagonal(
    alpha: Any,
    beta: Any,
    eigvals_only: bool = True,
    select: str = "a",
    select_range: Any = None,
    tol: Any = None,
    name: str | None = None,
) -> Any:
    """Eigenvalues, and eigenvectors, of a Hermitian matrix with three diagonals.

    Args:
        alpha: Tensor ``(n,)``, the main diagonal; imaginary parts are ignored.
        beta: Tensor ``(n - 1,)``, the diagonal above it; the one below is its conjugate.
        eigvals_only: Leave out the eigenvectors.
        select: ``"a"`` for all, or ``"i"`` for those numbered by `select_range`, ascending.
        select_range: Pair ``(first, last)`` of numbers, both included.
        tol: Accepted for TensorFlow's sake; the result is as exact as the dtype allows.
        name: Name of the node in a model's graph.

    Returns:
        Eigenvalues ``(k,)``, ascending; with `eigvals_only` False the pair of them and the
        eigenvectors ``(n, k)`` in columns.

    Raises:
        ValueError: The shapes do not fit, or the selection is unknown.
        NotImplementedError: `select` is ``"v"``, which would make the result's shape depend on values.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.eigh_tridiagonal([2.0, 1.0], [0.0]).numpy().tolist()
        [1.0, 2.0]

    Source: `tf.linalg.eigh_tridiagonal`. Solved as a full matrix, in time n to the third.
    """
    del tol
    if select == "v":
        raise UnimplementedError(
            "[eigh_tridiagonal] expected select 'a' or 'i', got 'v', by which the result's shape would "
            "depend on values; take all eigenvalues and tf.boolean_mask."
        )
    if select not in ("a", "i"):
        raise InvalidArgumentError(
            f"[eigh_tridiagonal] expected select 'a' or 'i', got {select!r}; leave it out for all."
        )
    first, last = (0, None) if select == "a" else (int(i) for i in np.asarray(select_range))
    stop = None if last is None else last + 1
    values, vectors = _eigh_tridiagonal(alpha, beta, first=first, last=stop, name=name)
    return values if eigvals_only else (values, vectors)
