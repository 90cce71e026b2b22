"""Matrices as a whole: transposes, norms, determinants, inverses."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.opdef import op
from thalweg._src.ops.matrices import (
    adjoint_of,
    hermitian_of_lower,
    need_invertible,
    need_matrix,
    need_rank,
)
from thalweg._src.ops.support import INEXACT, axes_of, axis_of, needs, square_root, with_slope


class LogMatrixDeterminant(NamedTuple):
    """Result of `slogdet`: the sign of a determinant and the logarithm of its absolute value."""

    sign: Any
    log_abs_determinant: Any


@op("adjoint")
def adjoint(matrix: Any) -> Any:
    """Conjugate transpose of matrices.

    Args:
        matrix: Tensor ``(..., rows, columns)``.

    Returns:
        Tensor ``(..., columns, rows)``.

    Raises:
        ValueError: The rank is under 2.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.adjoint([[1 + 2j, 3j]]).numpy().tolist()
        [[(1-2j)], [-3j]]

    Source: `tf.linalg.adjoint`.
    """
    need_rank("adjoint", matrix, "matrix")
    return adjoint_of(matrix)


@op("matrix_transpose")
def _matrix_transpose(a: Any, *, conjugate: bool) -> Any:
    need_rank("matrix_transpose", a, "a")
    return adjoint_of(a) if conjugate else jnp.swapaxes(a, -1, -2)


def matrix_transpose(a: Any, name: str | None = "matrix_transpose", conjugate: bool = False) -> Any:
    """Transpose of matrices: the last two dimensions swapped.

    Args:
        a: Tensor ``(..., rows, columns)``.
        name: Name of the node in a model's graph.
        conjugate: Conjugate complex values as well.

    Returns:
        Tensor ``(..., columns, rows)``.

    Raises:
        ValueError: The rank is under 2.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.matrix_transpose([[1, 2]]).numpy().tolist()
        [[1], [2]]

    Source: `tf.linalg.matrix_transpose`.
    """
    return _matrix_transpose(a, conjugate=conjugate, name=name)


def _distance(x: Any) -> Any:
    return lax.abs(x) if jnp.iscomplexobj(x) else _real_distance(x)


# JAX gives the derivative 1 at 0.
_real_distance = with_slope(lax.abs, lax.sign)


def _euclidean(x: Any, axes: Any, keepdims: bool) -> Any:
    square = x * jnp.conj(x) if jnp.iscomplexobj(x) else x * x
    return square_root(jnp.sum(square, axes, keepdims=keepdims, dtype=x.dtype))


def _vector_norm(x: Any, order: Any, axes: Any, keepdims: bool) -> Any:
    if order in ("euclidean", 2):
        return _euclidean(x, axes, keepdims)
    if isinstance(order, str) or order <= 0:
        raise InvalidArgumentError(
            f"[norm] expected ord for a vector norm as 'euclidean', a number above 0 or infinity, got "
            f"{order!r}; 'fro' and negative orders have no meaning without axis=(rows, columns)."
        )
    size = _distance(x)
    if order == 1:
        return jnp.sum(size, axes, keepdims=keepdims, dtype=size.dtype)
    if order == np.inf:
        return jnp.max(size, axes, keepdims=keepdims)
    total = jnp.sum(size**order, axes, keepdims=keepdims, dtype=size.dtype)
    return total ** (1 / order)


def _matrix_norm(x: Any, order: Any, axes: tuple[int, int], keepdims: bool) -> Any:
    if order in ("euclidean", "fro"):
        return _euclidean(x, axes, keepdims)
    if order == 2:
        moved = jnp.moveaxis(x, axes, (-2, -1))
        need_matrix("norm", moved, "tensor")
        largest = lax.linalg.svd(moved, full_matrices=False, compute_uv=False).max(-1)
        return jnp.expand_dims(largest, sorted(axes)) if keepdims else largest
    if order not in (1, np.inf):
        raise InvalidArgumentError(
            f"[norm] expected ord for a matrix norm as 'euclidean', 'fro', 1, 2 or infinity, got "
            f"{order!r}; choose one of them, or give one axis for the norm of vectors."
        )
    summed, compared = axes if order == 1 else axes[::-1]
    size = _distance(x)
    size = jnp.sum(size, summed, keepdims=True, dtype=size.dtype)
    largest = jnp.max(size, compared, keepdims=True)
    return largest if keepdims else jnp.squeeze(largest, axes)


def _norm_of(x: Any, order: Any, axis: Any, keepdims: bool) -> Any:
    needs("norm", INEXACT, x)
    if isinstance(axis, tuple):
        axes = tuple(axis_of("norm", a, x.ndim) for a in axis)
        if len(set(axes)) != 2 or len(axes) != 2:
            raise InvalidArgumentError(
                f"[norm] expected axis as None, a number, or two different numbers, got {axis!r}; two "
                "axes span matrices."
            )
        return _matrix_norm(x, order, axes, keepdims)
    return _vector_norm(x, order, axes_of("norm", axis, x.ndim), keepdims)


@op("norm")
def norm(
    tensor: Any, ord: Any = "euclidean", axis: Any = None, keepdims: bool | None = None
) -> Any:
    """Norm of vectors or matrices.

    Args:
        tensor: Tensor of a floating or complex dtype.
        ord: For vectors ``"euclidean"``, a number p above 0, or infinity; for matrices
            ``"euclidean"`` or ``"fro"`` (root of the sum of squares), 1 (largest sum of a column), 2
            (largest singular value), or infinity (largest sum of a row).
        axis: A number for vectors along that axis; a pair for matrices; None for the whole tensor as
            one vector.
        keepdims: Keep reduced dimensions with size 1.

    Returns:
        Tensor without the axes. Complex for the Euclidean norm of complex values, else real.

    Raises:
        ValueError: `ord` or `axis` is unknown.

    Example:
        >>> import thalweg as tf
        >>> tf.norm([3.0, 4.0])
        <tf.Tensor: shape=(), dtype=float32, numpy=5.0>

    Source: `tf.norm`. The gradient of the Euclidean norm of zeros is NaN, as there.
    """
    return _norm_of(tensor, ord, axis, bool(keepdims))


@op("normalize")
def normalize(tensor: Any, ord: Any = "euclidean", axis: Any = None) -> Any:
    """Vectors or matrices divided by their norm, and the norm.

    Args:
        tensor: Tensor of a floating or complex dtype.
        ord: Kind of norm, see `norm`.
        axis: Axis or pair of axes, see `norm`.

    Returns:
        Pair: a tensor like `tensor` of norm 1, and the norm with reduced dimensions of size 1.

    Raises:
        ValueError: `ord` or `axis` is unknown.

    Example:
        >>> import thalweg as tf
        >>> unit, size = tf.linalg.normalize([3.0, 4.0])
        >>> size
        <tf.Tensor: shape=(1,), dtype=float32, numpy=array([5.], dtype=float32)>

    Source: `tf.linalg.normalize`. Zeros give NaN; see `l2_normalize`.
    """
    size = _norm_of(tensor, ord, axis, True)
    return tensor / size.astype(tensor.dtype), size


@op("l2_normalize")
def _l2_normalize(x: Any, *, axis: Any, epsilon: float) -> Any:
    needs("l2_normalize", INEXACT, x)
    axes = axes_of("l2_normalize", axis, x.ndim)
    square = jnp.real(x * jnp.conj(x)) if jnp.iscomplexobj(x) else x * x
    total = jnp.sum(square, axes, keepdims=True, dtype=square.dtype)
    return x * lax.rsqrt(jnp.maximum(total, jnp.asarray(epsilon, total.dtype))).astype(x.dtype)


def l2_normalize(
    x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None, dim: Any = None
) -> Any:
    """Values divided by the Euclidean norm along axes, finite for zeros too.

    Args:
        x: Tensor of a floating or complex dtype.
        axis: Axis or axes over which the norm is taken; None for all.
        epsilon: Least sum of squares to divide by the root of: keeps zeros from giving NaN.
        name: Name of the node in a model's graph.
        dim: Older name of `axis`.

    Returns:
        Tensor like `x`.

    Example:
        >>> import thalweg as tf
        >>> tf.math.l2_normalize([3.0, 4.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0.6, 0.8], dtype=float32)>

    Source: `tf.math.l2_normalize`.
    """
    if axis is not None and dim is not None:
        raise InvalidArgumentError(
            f"[l2_normalize] expected one of axis and dim, got {axis!r} and {dim!r}; dim is the older "
            "name of axis."
        )
    return _l2_normalize(x, axis=dim if axis is None else axis, epsilon=epsilon, name=name)


@op("det", inputs=("input",))
def det(input: Any) -> Any:
    """Determinant of square matrices.

    Args:
        input: Tensor ``(..., n, n)`` of dtype float32, float64, complex64 or complex128.

    Returns:
        Tensor ``(...)``.

    Raises:
        ValueError: The matrices are not square.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.det([[2.0, 0.0], [0.0, 3.0]])
        <tf.Tensor: shape=(), dtype=float32, numpy=6.0>

    Source: `tf.linalg.det`. The gradient is right for singular matrices too.
    """
    need_matrix("det", input, square=True)
    return jnp.linalg.det(input) if input.shape[-1] else jnp.ones(input.shape[:-2], input.dtype)


@op("slogdet", inputs=("input",), result=LogMatrixDeterminant)
def slogdet(input: Any) -> Any:
    """Sign and logarithm of the absolute value of the determinant of square matrices.

    Args:
        input: Tensor ``(..., n, n)`` of dtype float32, float64, complex64 or complex128.

    Returns:
        Pair ``(sign, log_abs_determinant)`` of tensors ``(...)`` of the dtype of `input`; singular
        matrices give 0 and minus infinity.

    Raises:
        ValueError: The matrices are not square.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.slogdet([[0.0, 1.0], [1.0, 0.0]]).sign
        <tf.Tensor: shape=(), dtype=float32, numpy=-1.0>

    Source: `tf.linalg.slogdet`.
    """
    need_matrix("slogdet", input, square=True)
    sign, logarithm = jnp.linalg.slogdet(input)
    return sign, logarithm.astype(input.dtype)


@op("logdet")
def logdet(matrix: Any) -> Any:
    """Logarithm of the determinant of Hermitian positive definite matrices.

    Args:
        matrix: Tensor ``(..., n, n)`` of dtype float32, float64, complex64 or complex128.

    Returns:
        Real tensor ``(...)``; NaN where a matrix is not positive definite.

    Raises:
        ValueError: The matrices are not square.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.logdet([[1.0, 0.0], [0.0, 1.0]])
        <tf.Tensor: shape=(), dtype=float32, numpy=0.0>

    Source: `tf.linalg.logdet`: twice the sum of the logarithms of the Cholesky factor's diagonal.
    """
    need_matrix("logdet", matrix, "matrix", square=True)
    factor = lax.linalg.cholesky(hermitian_of_lower(matrix), symmetrize_input=False)
    diagonal = jnp.real(jnp.diagonal(factor, axis1=-2, axis2=-1))
    return 2 * jnp.sum(jnp.log(diagonal), -1, dtype=diagonal.dtype)


@op("inv", inputs=("input",))
def _inv(input: Any, *, adjoint: bool) -> Any:
    need_matrix("inv", input, square=True)
    return jnp.linalg.inv(adjoint_of(input) if adjoint else input)


def inv(input: Any, adjoint: bool = False, name: str | None = None) -> Any:
    """Inverse of square matrices.

    Args:
        input: Tensor ``(..., n, n)`` of dtype float32, float64, complex64 or complex128.
        adjoint: Invert the conjugate transpose instead.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `input`.

    Raises:
        ValueError: The matrices are not square, or one is singular. Inside a compiled program, where
            values are not known, singular matrices give infinite values or NaN.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.inv([[2.0, 0.0], [0.0, 4.0]]).numpy().tolist()
        [[0.5, 0.0], [0.0, 0.25]]

    Source: `tf.linalg.inv`.
    """
    return need_invertible("inv", _inv(input, adjoint=adjoint, name=name))
