"""What the matrix ops share: checks of rank, squareness and dtype, adjoints, safe reciprocals."""

from __future__ import annotations

import math
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import xla

_DTYPES = ("float32", "float64", "complex64", "complex128")


def need_matrix(where: str, x: Any, name: str = "input", square: bool = False) -> None:
    """Refuses what is no matrix, or batch of matrices, of a dtype that LAPACK knows.

    Raises:
        DTypeError: The dtype is an integer, a bool or a 16-bit float.
        ShapeError: The rank is under 2, or the matrices are to be square and are not.
    """
    if str(x.dtype) not in _DTYPES:
        raise DTypeError(
            f"[{where}] expected {name} of dtype {', '.join(_DTYPES)}, got {x.dtype} of shape "
            f"{tuple(x.shape)}; cast it with tf.cast(x, tf.float32)."
        )
    need_rank(where, x, name)
    if square and x.shape[-1] != x.shape[-2]:
        raise ShapeError(
            f"[{where}] expected square matrices for {name}, got {x.dtype} of shape "
            f"{tuple(x.shape)}; the last two sizes must be equal."
        )


def need_rank(where: str, x: Any, name: str = "input", rank: int = 2) -> None:
    """Refuses arrays of a lower rank.

    Raises:
        ShapeError: The rank is too low.
    """
    if x.ndim < rank:
        raise ShapeError(
            f"[{where}] expected {name} of rank {rank} or more, got {x.dtype} of shape "
            f"{tuple(x.shape)}; add dimensions with x[..., tf.newaxis]."
        )


def need_right_side(where: str, matrix: Any, rhs: Any, matrix_name: str = "matrix") -> None:
    """Refuses right sides whose rows do not fit the matrix, or whose batch does not broadcast.

    Raises:
        ShapeError: The shapes do not fit.
    """
    need_rank(where, rhs, "rhs")
    if matrix.shape[-2] != rhs.shape[-2]:
        raise ShapeError(
            f"[{where}] expected rhs with {matrix.shape[-2]} rows for {matrix_name} of shape "
            f"{tuple(matrix.shape)}, got {rhs.dtype} of shape {tuple(rhs.shape)}; rhs is "
            "(..., rows, right sides)."
        )
    batch_of(where, matrix.shape[:-2], rhs.shape[:-2])


def batch_of(where: str, *shapes: tuple[int, ...]) -> tuple[int, ...]:
    """Common shape of batch dimensions.

    Raises:
        ShapeError: They do not broadcast.
    """
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        raise ShapeError(
            f"[{where}] expected batch dimensions that broadcast, got "
            f"{' and '.join(str(tuple(s)) for s in shapes)}; sizes must be equal or 1."
        ) from None


def need_invertible(where: str, result: Any) -> Any:
    """The result, if it is finite; inside compiled programs and graphs it is passed unseen.

    Raises:
        InvalidArgumentError: A value is infinite or NaN, so a matrix was singular.
    """
    array = getattr(result, "array", None)
    if type(array) is xla.ArrayImpl and not np.isfinite(np.asarray(array)).all():
        raise InvalidArgumentError(
            f"[{where}] expected invertible matrices, got a singular one (the result of shape "
            f"{tuple(array.shape)} and dtype {array.dtype} is not finite); use tf.linalg.pinv or "
            "tf.linalg.lstsq, or add a small multiple of tf.eye."
        )
    return result


def times(a: Any, b: Any) -> Any:
    """Product of matrices, in full precision on accelerators too."""
    return jnp.matmul(a, b, precision=lax.Precision.HIGHEST)


def adjoint_of(x: Any) -> Any:
    """Conjugate transpose of matrices."""
    x = jnp.swapaxes(x, -1, -2)
    return jnp.conj(x) if jnp.iscomplexobj(x) else x


def reciprocal_or_zero(x: Any) -> Any:
    """``1 / x``, and 0 where x is 0: keeps NaN out of gradients at equal eigenvalues."""
    zero = x == 0
    return jnp.where(zero, 0, 1 / jnp.where(zero, 1, x))


def with_batch(x: Any, batch: tuple[int, ...], rank: int = 2) -> Any:
    """The array with its batch dimensions broadcast to `batch`."""
    return jnp.broadcast_to(x, batch + x.shape[x.ndim - rank :])


def solve_triangular(
    a: Any, b: Any, lower: bool, adjoint: bool = False, unit_diagonal: bool = False
) -> Any:
    """Solution of ``a @ x = b``, reading one triangle of `a`; batch dimensions broadcast."""
    batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    if not a.ndim == b.ndim == 2:
        a, b = with_batch(a, batch), with_batch(b, batch)
    if not math.prod(b.shape):
        return b
    return lax.linalg.triangular_solve(
        a,
        b,
        left_side=True,
        lower=lower,
        transpose_a=adjoint,
        conjugate_a=adjoint,
        unit_diagonal=unit_diagonal,
    )


@jax.custom_jvp
def hermitian_of_lower(x: Any) -> Any:
    """Hermitian matrix with the lower triangle of `x`; its derivative is the mean of both triangles.

    The upper triangle is not read, and yet the gradient is symmetric.
    """
    return mirrored_lower(x)


@hermitian_of_lower.defjvp
def _(primals: Any, tangents: Any) -> Any:
    (dx,) = tangents
    return hermitian_of_lower(*primals), (dx + adjoint_of(dx)) / 2


def mirrored_lower(x: Any) -> Any:
    """Hermitian matrix with the lower triangle of `x`, differentiated as it is written."""
    strict = jnp.tril(x, -1)
    real = jnp.real(jnp.diagonal(x, axis1=-2, axis2=-1)).astype(x.dtype)
    eye = jnp.eye(x.shape[-1], dtype=bool)
    return strict + adjoint_of(strict) + jnp.where(eye, real[..., None, :], jnp.zeros((), x.dtype))
