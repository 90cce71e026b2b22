"""Functions of square matrices: exponential, logarithm, square root."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.matrices import adjoint_of, need_matrix, solve_triangular, times

# Higham, "The scaling and squaring method for the matrix exponential revisited" (2005): degree of the
# Pade approximant that is exact to rounding below a 1-norm, for 4 and for 8 bytes.
_DEGREE = {4: (7, 3.925724783138660), 8: (13, 5.371920351148152)}
# Scaling by up to two to this power; entries beyond overflow in any case.
_MOST_SQUARINGS = 32
_MOST_ROOTS = 64


def _real_dtype(x: Any) -> Any:
    return jnp.finfo(x.dtype).dtype


def _pade_coefficients(degree: int) -> list[float]:
    found = [1.0]
    for k in range(degree):
        found.append(found[-1] * (degree - k) / ((k + 1) * (2 * degree - k)))
    return found


def _exponential(a: Any) -> Any:
    """Exponential of matrices, by scaling and squaring a Pade approximant."""
    degree, bound = _DEGREE[_real_dtype(a).itemsize]
    size = lax.stop_gradient(jnp.max(jnp.sum(jnp.abs(a), -2, dtype=_real_dtype(a)), -1))
    # The exponent of a float is its logarithm to the base 2, rounded up.
    halvings = jnp.clip(jnp.frexp(size / bound)[1], 0, _MOST_SQUARINGS)[..., None, None]
    a = a * jnp.exp2(-halvings.astype(_real_dtype(a)))
    eye = jnp.eye(a.shape[-1], dtype=a.dtype)
    square = times(a, a)
    odd, even, power = jnp.zeros_like(a), jnp.zeros_like(a), eye
    for k, weight in enumerate(_pade_coefficients(degree)):
        if k % 2:
            odd = odd + weight * power
            power = times(power, square)
        else:
            even = even + weight * power
    odd = times(a, odd)
    result = jnp.linalg.solve(even - odd, even + odd)

    def squared(i: Any, x: Any) -> Any:
        return lax.cond(
            jnp.any(i < halvings), lambda x: jnp.where(i < halvings, times(x, x), x), lambda x: x, x
        )

    return lax.fori_loop(0, _MOST_SQUARINGS, squared, result)


def _upper_root(t: Any) -> Any:
    """Square root of upper triangular matrices, column by column.

    Source: Bjorck and Hammarling, "A Schur method for the square root of a matrix" (1983).
    """
    size = t.shape[-1]
    diagonal = jnp.sqrt(jnp.diagonal(t, axis1=-2, axis2=-1))
    eye = jnp.eye(size, dtype=bool)
    tiny = jnp.asarray(np.finfo(_real_dtype(t)).tiny, t.dtype)

    def column(j: Any, root: Any) -> Any:
        own = lax.dynamic_slice_in_dim(diagonal, j, 1, -1)
        sums = diagonal + own
        # 0 / 0 is 0 here: the root of a zero block is zero.
        sums = jnp.where(sums == 0, tiny, sums)
        above = jnp.arange(size) < j
        right = jnp.where(above, lax.dynamic_index_in_dim(t, j, -1, keepdims=False), 0)
        matrix = jnp.where(eye, sums[..., None, :], root)
        solved = solve_triangular(matrix, right[..., None].astype(t.dtype), lower=False)
        solved = solved + jnp.where(jnp.arange(size) == j, diagonal, 0)[..., None]
        return lax.dynamic_update_slice_in_dim(root, solved.astype(t.dtype), j, -1)

    root = lax.fori_loop(0, size, column, jnp.zeros_like(t))
    # Something divided by that stand-in for 0 shows that there is no root.
    return jnp.where(jnp.abs(root) > 1e-10 / jnp.abs(tiny), jnp.nan, root)


def _schur(a: Any) -> tuple[Any, Any]:
    """Upper triangular complex ``t`` and unitary ``z`` with ``a = z @ t @ adjoint(z)``."""
    return lax.linalg.schur(a.astype(jnp.result_type(a.dtype, jnp.complex64)))


def _root(a: Any) -> Any:
    t, z = _schur(a)
    root = times(times(z, _upper_root(t)), adjoint_of(z))
    if jnp.iscomplexobj(a):
        return root
    real, imaginary = jnp.real(root), jnp.imag(root)
    largest = jnp.max(jnp.abs(root), (-2, -1), keepdims=True)
    bound = largest * np.sqrt(np.finfo(a.dtype).eps).astype(a.dtype)
    complex_ = jnp.any(jnp.abs(imaginary) > bound, (-2, -1), keepdims=True)
    return jnp.where(complex_, jnp.nan, real).astype(a.dtype)


def _logarithm(a: Any) -> Any:
    """Principal logarithm of complex matrices, by inverse scaling and squaring.

    Source: Al-Mohy and Higham, "Improved inverse scaling and squaring algorithms for the matrix
    logarithm" (2012), with one degree: Gauss quadrature of the integral of (I + x X)^-1 X over x.
    """
    t, z = _schur(a)
    eye = jnp.eye(a.shape[-1], dtype=t.dtype)

    def far(state: tuple[Any, Any]) -> Any:
        root, count = state
        size = jnp.max(jnp.sum(jnp.abs(root - eye), -2), -1)
        return jnp.any(size > 0.25) & (count < _MOST_ROOTS)

    root, count = lax.while_loop(
        far, lambda state: (_upper_root(state[0]), state[1] + 1), (t, jnp.int32(0))
    )
    nodes, weights = np.polynomial.legendre.leggauss(8)
    rest = root - eye
    total = sum(
        solve_triangular(eye + (node + 1) / 2 * rest, weight / 2 * rest, lower=False)
        for node, weight in zip(nodes.tolist(), weights.tolist(), strict=True)
    )
    total = total * jnp.exp2(count.astype(_real_dtype(a)))
    singular = jnp.any(jnp.diagonal(t, axis1=-2, axis2=-1) == 0, -1)[..., None, None]
    return jnp.where(singular, jnp.nan, times(times(z, total), adjoint_of(z)))


def _inverse_function(
    forward: Callable[[Any], Any], compute: Callable[[Any], Any]
) -> Callable[[Any], Any]:
    """`compute`, differentiable any number of times as the inverse of `forward`.

    The derivative is the solution of a linear equation in the derivative of `forward`. It is found by
    applying `compute` to a matrix of twice the size, in whose upper right block it stands.
    """

    def corner(a: Any, direction: Any) -> Any:
        upper = jnp.concatenate([a, direction], -1)
        lower = jnp.concatenate([jnp.zeros_like(a), a], -1)
        size = a.shape[-1]
        return compute(jnp.concatenate([upper, lower], -2))[..., :size, size:]

    @jax.custom_jvp
    def function(a: Any) -> Any:
        return compute(a)

    @function.defjvp
    def rule(primals: Any, tangents: Any) -> Any:
        ((a,), (da,)) = primals, tangents
        result = function(a)
        fixed = lax.stop_gradient(a)
        change = lax.custom_linear_solve(
            lambda x: jax.jvp(forward, (result,), (x,))[1],
            da,
            solve=lambda _, right: corner(fixed, right),
            transpose_solve=lambda _, right: corner(jnp.swapaxes(fixed, -1, -2), right),
        )
        return result, change

    return function


_root_of = _inverse_function(lambda x: times(x, x), _root)
_logarithm_of = _inverse_function(_exponential, _logarithm)


@op("expm", inputs=("input",))
def expm(input: Any) -> Any:
    """Exponential of square matrices.

    Args:
        input: Tensor ``(..., n, n)`` of dtype float32, float64, complex64 or complex128.

    Returns:
        Tensor like `input`: the sum of ``input**k / k!`` over all k, with powers of matrices.

    Raises:
        ValueError: The matrices are not square.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.expm([[0.0, 1.0], [0.0, 0.0]]).numpy().tolist()
        [[1.0, 1.0], [0.0, 1.0]]

    Source: `tf.linalg.expm`; Higham (2005).
    """
    need_matrix("expm", input, square=True)
    return _exponential(input) if input.size else input


@op("logm", inputs=("input",))
def logm(input: Any) -> Any:
    """Principal logarithm of complex square matrices.

    Args:
        input: Tensor ``(..., n, n)`` of dtype complex64 or complex128. Needs a backend with a Schur
            decomposition (CPU).

    Returns:
        Tensor like `input`, whose exponential is `input`; NaN for singular matrices.

    Raises:
        TypeError: The matrices are real, although their logarithm need not be.
        ValueError: The matrices are not square.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.logm(tf.eye(2, dtype=tf.complex64)).numpy().real.tolist()
        [[0.0, 0.0], [0.0, 0.0]]

    Source: `tf.linalg.logm`, where it has no gradient; Al-Mohy and Higham (2012).
    """
    need_matrix("logm", input, square=True)
    if not jnp.iscomplexobj(input):
        raise DTypeError(
            f"[logm] expected complex matrices, got {input.dtype} of shape {tuple(input.shape)}, whose "
            "logarithm may be complex; write tf.cast(x, tf.complex64)."
        )
    return _logarithm_of(input) if input.size else input


@op("sqrtm", inputs=("input",))
def sqrtm(input: Any) -> Any:
    """Principal square root of square matrices.

    Args:
        input: Tensor ``(..., n, n)`` of dtype float32, float64, complex64 or complex128. Needs a
            backend with a Schur decomposition (CPU).

    Returns:
        Tensor like `input`, whose product with itself is `input`; NaN for real matrices without a real
        root.

    Raises:
        ValueError: The matrices are not square.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.sqrtm([[4.0, 0.0], [0.0, 9.0]]).numpy().tolist()
        [[2.0, 0.0], [0.0, 3.0]]

    Source: `tf.linalg.sqrtm`; Bjorck and Hammarling (1983). The root of zeros is zero, where
    TensorFlow gives NaN.
    """
    need_matrix("sqrtm", input, square=True)
    return _root_of(input) if input.size else input


# Its name at the root of TensorFlow's API.
matrix_square_root = sqrtm
