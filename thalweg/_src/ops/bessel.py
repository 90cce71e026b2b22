"""Bessel functions of order 0 and 1.

The ordinary ones (j, y) and those of the second modified kind (k) are sums of Chebyshev polynomials:
near 0 of the function freed of its logarithm and pole, far out of the slowly varying factors of its
asymptotic form. Derivatives follow from the recurrences, so that any order is right.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.ops import bessel_tables as tables
from thalweg._src.ops.support import FLOAT, needs, widened, with_slope

Function = Callable[[Any], Any]
_SPLIT_JY = 8.0
_SPLIT_K = 2.0


def _chebyshev(table: tuple[float, ...], t: Any) -> Any:
    """Sum of ``table[n] * T_n(t)`` by Clenshaw's recurrence, as many terms as the dtype can show."""
    least = float(np.finfo(t.dtype).eps) / 16 * max(map(abs, table))
    terms = [c for i, c in enumerate(table) if any(abs(d) > least for d in table[i:])]
    one, two = jnp.zeros_like(t), jnp.zeros_like(t)
    for coefficient in reversed(terms[1:]):
        one, two = np.asarray(coefficient, t.dtype) + 2 * t * one - two, one
    return np.asarray(terms[0], t.dtype) + t * one - two


def _near(x: Any) -> Any:
    """Argument of the tables for [0, 8]: x ** 2 mapped to [-1, 1]."""
    x = jnp.minimum(x, _SPLIT_JY)
    return x * x / 32 - 1


def _far(x: Any, order: int, sign: float) -> Any:
    """Asymptotic form of j (sign -1) or y (sign 1) beyond 8.

    ``sqrt(2 / (pi x)) (P cos a - Q sin a)`` with ``a = x - (2 order + 1) pi / 4`` for j, and sine and
    cosine exchanged with a plus for y. Sines of `a` are built from those of `x`, which is exact.
    """
    x = jnp.maximum(x, _SPLIT_JY)
    t = 2 * jnp.square(_SPLIT_JY / x) - 1
    p = _chebyshev(tables.P1_LARGE if order else tables.P0_LARGE, t)
    q = _chebyshev(tables.Q1_LARGE if order else tables.Q0_LARGE, t) / x
    cos, sin = jnp.cos(x), jnp.sin(x)
    cos_a, sin_a = (sin - cos, -sin - cos) if order else (cos + sin, sin - cos)
    wave = p * cos_a - q * sin_a if sign < 0 else p * sin_a + q * cos_a
    return wave / jnp.sqrt(np.asarray(np.pi, x.dtype) * x)


def _j0(x: Any) -> Any:
    x = lax.abs(x)
    return jnp.where(x <= _SPLIT_JY, _chebyshev(tables.J0_SMALL, _near(x)), _far(x, 0, -1.0))


def _j1(x: Any) -> Any:
    a = lax.abs(x)
    near = a * _chebyshev(tables.J1_SMALL, _near(a))
    return jnp.sign(x) * jnp.where(a <= _SPLIT_JY, near, _far(a, 1, -1.0))


def _y0(x: Any) -> Any:
    a = jnp.minimum(x, _SPLIT_JY)
    near = _chebyshev(tables.Y0_SMALL, _near(a)) + (2 / np.pi) * jnp.log(a) * _j0(a)
    return jnp.where(x == 0, -jnp.inf, jnp.where(x <= _SPLIT_JY, near, _far(x, 0, 1.0)))


def _y1(x: Any) -> Any:
    a = jnp.minimum(x, _SPLIT_JY)
    near = a * _chebyshev(tables.Y1_SMALL, _near(a)) + (2 / np.pi) * (jnp.log(a) * _j1(a) - 1 / a)
    return jnp.where(x == 0, -jnp.inf, jnp.where(x <= _SPLIT_JY, near, _far(x, 1, 1.0)))


def _k_far(x: Any, table: tuple[float, ...]) -> Any:
    """``exp(x) k(x)`` beyond 2."""
    x = jnp.maximum(x, _SPLIT_K)
    return _chebyshev(table, 2 * _SPLIT_K / x - 1) / jnp.sqrt(x)


def _k0_near(x: Any) -> Any:
    x = jnp.minimum(x, _SPLIT_K)
    return _chebyshev(tables.K0_SMALL, x * x / 2 - 1) - jnp.log(x / 2) * jax.scipy.special.i0(x)


def _k1_near(x: Any) -> Any:
    x = jnp.minimum(x, _SPLIT_K)
    head = _chebyshev(tables.K1_SMALL, x * x / 2 - 1) / x
    return jnp.log(x / 2) * jax.scipy.special.i1(x) + head


def _k(near: Function, table: tuple[float, ...], scaled: bool) -> Function:
    def value(x: Any) -> Any:
        close, far = near(x), _k_far(x, table)
        if scaled:
            close = close * jnp.exp(jnp.minimum(x, _SPLIT_K))
        else:
            far = far * jnp.exp(-x)
        out = jnp.where(x <= _SPLIT_K, close, far)
        return jnp.where(x == 0, jnp.inf, jnp.where(x < 0, jnp.nan, out)).astype(x.dtype)

    return value


def _over(numerator: Any, x: Any, at_zero: float) -> Any:
    """``numerator / x``, and its limit at 0."""
    zero = x == 0
    return jnp.where(zero, np.asarray(at_zero, x.dtype), numerator / jnp.where(zero, 1, x))


i0: Function = with_slope(jax.scipy.special.i0, lambda x: i1(x))
i1: Function = with_slope(jax.scipy.special.i1, lambda x: i0(x) - _over(i1(x), x, 0.5))
i1e: Function = with_slope(
    jax.scipy.special.i1e,
    lambda x: jax.scipy.special.i0e(x) - jnp.sign(x) * i1e(x) - _over(i1e(x), x, 0.5),
)
j0: Function = with_slope(_j0, lambda x: -j1(x))
j1: Function = with_slope(_j1, lambda x: j0(x) - _over(j1(x), x, 0.5))
y0: Function = with_slope(_y0, lambda x: -y1(x))
y1: Function = with_slope(_y1, lambda x: y0(x) - y1(x) / x)
k0: Function = with_slope(_k(_k0_near, tables.K0_LARGE, False), lambda x: -k1(x))
k1: Function = with_slope(_k(_k1_near, tables.K1_LARGE, False), lambda x: -k0(x) - k1(x) / x)
k0e: Function = with_slope(_k(_k0_near, tables.K0_LARGE, True), lambda x: k0e(x) - k1e(x))
k1e: Function = with_slope(
    _k(_k1_near, tables.K1_LARGE, True), lambda x: k1e(x) * (1 - 1 / x) - k0e(x)
)


@op("bessel_i0")
def bessel_i0(x: Any) -> Any:
    """Modified Bessel function of the first kind of order 0.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.math.bessel_i0([1.0])
        <tf.Tensor: shape=(1,), dtype=float32, numpy=array([1.266066], dtype=float32)>

    Source: `tf.math.special.bessel_i0`.
    """
    needs("bessel_i0", FLOAT, x)
    return widened(i0, x)


@op("bessel_i0e")
def bessel_i0e(x: Any) -> Any:
    """``exp(-|x|)`` times `bessel_i0`, which does not overflow.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.special.bessel_i0e`.
    """
    needs("bessel_i0e", FLOAT, x)
    return widened(jax.scipy.special.i0e, x)


@op("bessel_i1")
def bessel_i1(x: Any) -> Any:
    """Modified Bessel function of the first kind of order 1.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.special.bessel_i1`.
    """
    needs("bessel_i1", FLOAT, x)
    return widened(i1, x)


@op("bessel_i1e")
def bessel_i1e(x: Any) -> Any:
    """``exp(-|x|)`` times `bessel_i1`, which does not overflow.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.special.bessel_i1e`.
    """
    needs("bessel_i1e", FLOAT, x)
    return widened(i1e, x)


@op("bessel_j0")
def bessel_j0(x: Any) -> Any:
    """Bessel function of the first kind of order 0.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.special.bessel_j0`.
    """
    needs("bessel_j0", FLOAT, x)
    return widened(j0, x)


@op("bessel_j1")
def bessel_j1(x: Any) -> Any:
    """Bessel function of the first kind of order 1.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.special.bessel_j1`.
    """
    needs("bessel_j1", FLOAT, x)
    return widened(j1, x)


@op("bessel_k0")
def bessel_k0(x: Any) -> Any:
    """Modified Bessel function of the second kind of order 0; infinite at 0, NaN below.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.math.special.bessel_k0([0.0])
        <tf.Tensor: shape=(1,), dtype=float32, numpy=array([inf], dtype=float32)>

    Source: `tf.math.special.bessel_k0`. TensorFlow gives an infinity below 0.
    """
    needs("bessel_k0", FLOAT, x)
    return widened(k0, x)


@op("bessel_k0e")
def bessel_k0e(x: Any) -> Any:
    """``exp(x)`` times `bessel_k0`, which does not underflow.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.special.bessel_k0e`. TensorFlow gives an infinity below 0.
    """
    needs("bessel_k0e", FLOAT, x)
    return widened(k0e, x)


@op("bessel_k1")
def bessel_k1(x: Any) -> Any:
    """Modified Bessel function of the second kind of order 1; infinite at 0, NaN below.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.special.bessel_k1`. TensorFlow gives an infinity below 0.
    """
    needs("bessel_k1", FLOAT, x)
    return widened(k1, x)


@op("bessel_k1e")
def bessel_k1e(x: Any) -> Any:
    """``exp(x)`` times `bessel_k1`, which does not underflow.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.special.bessel_k1e`. TensorFlow gives an infinity below 0.
    """
    needs("bessel_k1e", FLOAT, x)
    return widened(k1e, x)


@op("bessel_y0")
def bessel_y0(x: Any) -> Any:
    """Bessel function of the second kind of order 0; -inf at 0, NaN below.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.special.bessel_y0`. TensorFlow gives an infinity below 0.
    """
    needs("bessel_y0", FLOAT, x)
    return widened(y0, x)


@op("bessel_y1")
def bessel_y1(x: Any) -> Any:
    """Bessel function of the second kind of order 1; -inf at 0, NaN below.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.special.bessel_y1`. TensorFlow gives an infinity below 0.
    """
    needs("bessel_y1", FLOAT, x)
    return widened(y1, x)
