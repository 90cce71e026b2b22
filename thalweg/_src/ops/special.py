"""Special functions: gamma and relatives, error functions, integrals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp
from jax.scipy import special

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.support import BROADCAST, FLOAT, needs, widened, with_slope


@op("lgamma")
def lgamma(x: Any) -> Any:
    """Logarithm of the absolute value of the gamma function; inf at 0, -1, -2, ...

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> round(float(tf.math.lgamma(5.0)), 4)  # log(4!)
        3.1781

    Source: `tf.math.lgamma`.
    """
    needs("lgamma", FLOAT, x)
    return lax.lgamma(x)


@op("digamma")
def digamma(x: Any) -> Any:
    """Derivative of `lgamma`; NaN at 0, -1, -2, ...

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.digamma`.
    """
    needs("digamma", FLOAT, x)
    return lax.digamma(x)


@op("polygamma", hint=BROADCAST)
def polygamma(a: Any, x: Any) -> Any:
    """Derivative of order `a` of `digamma` at `x`.

    Args:
        a: Order: whole numbers of 0 or more, as floats; NaN results for others.
        x: Tensor of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype. There is no gradient for `a`.

    Source: `tf.math.polygamma`.
    """
    needs("polygamma", FLOAT, a, x)
    a, x = jnp.broadcast_arrays(lax.stop_gradient(a), x)
    return widened(lax.polygamma, a, x)


@op("zeta", hint=BROADCAST)
def zeta(x: Any, q: Any) -> Any:
    """Hurwitz zeta function: the sum of ``(q + n) ** -x`` over n = 0, 1, 2, ...

    Args:
        x: Exponent, above 1.
        q: Offset, of the same dtype; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the same dtype. There is no gradient for `x`.

    Example:
        >>> import thalweg as tf
        >>> tf.math.zeta(2.0, 1.0)  # pi ** 2 / 6
        <tf.Tensor: shape=(), dtype=float32, numpy=1.644934>

    Source: `tf.math.zeta`.
    """
    needs("zeta", FLOAT, x, q)
    return widened(special.zeta, lax.stop_gradient(x), q)


@op("lbeta")
def lbeta(x: Any) -> Any:
    """Logarithm of the beta function along the last dimension: ``sum(lgamma(x)) - lgamma(sum(x))``.

    Args:
        x: Floating tensor of shape ``(..., n)``.

    Returns:
        Tensor of shape ``(...)``; -inf for ``n = 0``.

    Example:
        >>> import thalweg as tf
        >>> round(float(tf.math.lbeta([2.0, 3.0])), 4)  # log(1 / 12)
        -2.4849

    Source: `tf.math.lbeta`.
    """
    needs("lbeta", FLOAT, x)
    if x.ndim == 0:
        raise ShapeError(
            "[lbeta] expected rank 1 or more, got a scalar; give the values as a vector."
        )
    total = jnp.sum(x, axis=-1, dtype=x.dtype)
    return jnp.sum(lax.lgamma(x), axis=-1, dtype=x.dtype) - lax.lgamma(total)


@op("igamma", hint=BROADCAST)
def igamma(a: Any, x: Any) -> Any:
    """Lower regularised incomplete gamma function: share of the gamma integral from 0 to `x`.

    Args:
        a: Floating tensor, above 0.
        x: Tensor of the same dtype, 0 or more; shapes broadcast.

    Returns:
        Tensor of the broadcast shape, with values in [0, 1]; NaN outside the domain.

    Source: `tf.math.igamma`.
    """
    needs("igamma", FLOAT, a, x)
    return widened(lax.igamma, *jnp.broadcast_arrays(a, x))


@op("igammac", hint=BROADCAST)
def igammac(a: Any, x: Any) -> Any:
    """Upper regularised incomplete gamma function: ``1 - igamma(a, x)``.

    Args:
        a: Floating tensor, above 0.
        x: Tensor of the same dtype, 0 or more; shapes broadcast.

    Returns:
        Tensor of the broadcast shape, with values in [0, 1]; NaN outside the domain.

    Source: `tf.math.igammac`.
    """
    needs("igammac", FLOAT, a, x)
    return widened(lax.igammac, *jnp.broadcast_arrays(a, x))


@op("betainc", hint=BROADCAST)
def betainc(a: Any, b: Any, x: Any) -> Any:
    """Regularised incomplete beta function: share of the beta integral from 0 to `x`.

    Args:
        a: Floating tensor, above 0.
        b: Tensor of the same dtype, above 0.
        x: Tensor of the same dtype, in [0, 1]; shapes broadcast.

    Returns:
        Tensor of the broadcast shape, with values in [0, 1]; NaN outside the domain. There is no
        gradient for `a` and `b`.

    Source: `tf.math.betainc`.
    """
    needs("betainc", FLOAT, a, b, x)
    a, b = lax.stop_gradient(a), lax.stop_gradient(b)
    return widened(special.betainc, *jnp.broadcast_arrays(a, b, x))


@op("erf")
def erf(x: Any) -> Any:
    """Error function: ``2 / sqrt(pi)`` times the integral of ``exp(-t * t)`` from 0 to `x`.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype, with values in [-1, 1].

    Example:
        >>> import thalweg as tf
        >>> tf.math.erf([0.0])
        <tf.Tensor: shape=(1,), dtype=float32, numpy=array([0.], dtype=float32)>

    Source: `tf.math.erf`.
    """
    needs("erf", FLOAT, x)
    return lax.erf(x)


@op("erfc")
def erfc(x: Any) -> Any:
    """``1 - erf(x)``, exact also for large `x`.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype, with values in [0, 2].

    Source: `tf.math.erfc`.
    """
    needs("erfc", FLOAT, x)
    return lax.erfc(x)


@op("erfinv")
def erfinv(x: Any) -> Any:
    """Inverse of `erf`; infinite at -1 and 1, NaN outside.

    Args:
        x: Floating tensor in [-1, 1].

    Returns:
        Tensor of the same shape and dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.math.erfinv([0.0, 1.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([ 0., inf], dtype=float32)>

    Source: `tf.math.erfinv`.
    """
    needs("erfinv", FLOAT, x)
    return lax.erf_inv(x)


@op("erfcinv")
def erfcinv(x: Any) -> Any:
    """Inverse of `erfc`, exact also near 0; inf at 0, -inf at 2, NaN outside.

    Args:
        x: Floating tensor in [0, 2].

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.erfcinv`: ``-ndtri(x / 2) / sqrt(2)``.
    """
    needs("erfcinv", FLOAT, x)
    return widened(lambda v: special.ndtri(v / 2) * np.asarray(-np.sqrt(0.5), v.dtype), x)


@op("ndtri")
def ndtri(x: Any) -> Any:
    """Quantile of the standard normal distribution: the point below which lies the share `x`.

    Args:
        x: Floating tensor in [0, 1].

    Returns:
        Tensor of the same shape and dtype; infinite at 0 and 1, NaN outside.

    Example:
        >>> import thalweg as tf
        >>> tf.math.ndtri([0.5])
        <tf.Tensor: shape=(1,), dtype=float32, numpy=array([0.], dtype=float32)>

    Source: `tf.math.ndtri`.
    """
    needs("ndtri", FLOAT, x)
    return widened(_ndtri, x)


# JAX gives the slope 0 at 0 and 1, where it is infinite.
_ndtri: Callable[[Any], Any] = with_slope(
    special.ndtri, lambda x: np.asarray(np.sqrt(2 * np.pi), x.dtype) * jnp.exp(_ndtri(x) ** 2 / 2)
)
_dawsn: Callable[[Any], Any] = with_slope(special.dawsn, lambda x: 1 - 2 * x * _dawsn(x))
_spence = with_slope(special.spence, lambda x: _spence_slope(x))
_fresnel_sin = with_slope(lambda x: special.fresnel(x)[0], lambda x: jnp.sin(_quarter(x)))
_fresnel_cos = with_slope(lambda x: special.fresnel(x)[1], lambda x: jnp.cos(_quarter(x)))
_expint = with_slope(
    lambda x: jnp.where(x == 0, -jnp.inf, special.expi(x)).astype(x.dtype), lambda x: jnp.exp(x) / x
)


def _quarter(x: Any) -> Any:
    return np.asarray(np.pi / 2, x.dtype) * x * x


def _spence_slope(x: Any) -> Any:
    """``log(x) / (1 - x)``, and its limit -1 at 1."""
    one = x == 1
    away = jnp.where(one, jnp.asarray(2, x.dtype), x)
    return jnp.where(one, jnp.asarray(-1, x.dtype), jnp.log(away) / (1 - away))


@op("dawsn")
def dawsn(x: Any) -> Any:
    """Dawson's integral: ``exp(-x * x)`` times the integral of ``exp(t * t)`` from 0 to `x`.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.special.dawsn`.
    """
    needs("dawsn", FLOAT, x)
    return widened(_dawsn, x)


@op("expint")
def expint(x: Any) -> Any:
    """Exponential integral: the principal value of the integral of ``exp(t) / t`` from -inf to `x`.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype; -inf at 0.

    Source: `tf.math.special.expint`, which gives NaN for negative `x`.
    """
    needs("expint", FLOAT, x)
    return widened(_expint, x)


@op("fresnel_cos")
def fresnel_cos(x: Any) -> Any:
    """Fresnel's cosine integral: of ``cos(pi * t * t / 2)`` from 0 to `x`.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.special.fresnel_cos`.
    """
    needs("fresnel_cos", FLOAT, x)
    return widened(_fresnel_cos, x)


@op("fresnel_sin")
def fresnel_sin(x: Any) -> Any:
    """Fresnel's sine integral: of ``sin(pi * t * t / 2)`` from 0 to `x`.

    Args:
        x: Floating tensor.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.special.fresnel_sin`.
    """
    needs("fresnel_sin", FLOAT, x)
    return widened(_fresnel_sin, x)


@op("spence")
def spence(x: Any) -> Any:
    """Spence's integral: of ``log(t) / (1 - t)`` from 1 to `x`, the dilogarithm of ``1 - x``.

    Args:
        x: Floating tensor, 0 or more.

    Returns:
        Tensor of the same shape and dtype; NaN below 0.

    Example:
        >>> import thalweg as tf
        >>> tf.math.special.spence([1.0])
        <tf.Tensor: shape=(1,), dtype=float32, numpy=array([0.], dtype=float32)>

    Source: `tf.math.special.spence`.
    """
    needs("spence", FLOAT, x)
    return widened(_spence, x)
