"""Complex numbers: built from parts, and taken apart."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core.opdef import op
from thalweg._src.ops.support import BROADCAST, INEXACT, NUMERIC, kind_of, needs, twin


def _complex_host(real: Any, imag: Any) -> Any:
    return (real + 1j * imag).astype(np.result_type(real.dtype, np.complex64))


@op("complex", host=twin("complex", _complex_host, ("float",)), hint=BROADCAST)
def complex(real: Any, imag: Any) -> Any:
    """``real + i * imag``: complex64 from float32, complex128 from float64.

    Args:
        real: Tensor of dtype float32 or float64.
        imag: Tensor of the same dtype; shapes broadcast.

    Returns:
        Complex tensor of the broadcast shape.

    Example:
        >>> import thalweg as tf
        >>> tf.complex([1.0], [2.0])
        <tf.Tensor: shape=(1,), dtype=complex64, numpy=array([1.+2.j], dtype=complex64)>

    Source: `tf.complex`.
    """
    needs("complex", ("float",), real, imag)
    real, imag = jnp.broadcast_arrays(real, imag)
    return lax.complex(real, imag)


@op("real", host=twin("real", lambda input: np.real(input).copy()))
def real(input: Any) -> Any:
    """Real part; real numbers stay as they are.

    Args:
        input: Tensor of a numeric dtype.

    Returns:
        Tensor of the same shape, real.

    Source: `tf.math.real`.
    """
    needs("real", NUMERIC, input)
    return lax.real(input) if kind_of(input) == "complex" else input


@op("imag", host=twin("imag", lambda input: np.imag(input).copy()))
def imag(input: Any) -> Any:
    """Imaginary part; 0 for real numbers.

    Args:
        input: Tensor of a numeric dtype.

    Returns:
        Tensor of the same shape, real.

    Example:
        >>> import thalweg as tf
        >>> tf.math.imag(tf.constant([1 + 2j], tf.complex64))
        <tf.Tensor: shape=(1,), dtype=float32, numpy=array([2.], dtype=float32)>

    Source: `tf.math.imag`.
    """
    needs("imag", NUMERIC, input)
    return lax.imag(input) if kind_of(input) == "complex" else jnp.zeros_like(input)


@op("conj", host=twin("conj", np.conj))
def conj(x: Any) -> Any:
    """Complex conjugate; real numbers stay as they are.

    Args:
        x: Tensor of a numeric dtype.

    Returns:
        Tensor of the same shape and dtype.

    Source: `tf.math.conj`.
    """
    needs("conj", NUMERIC, x)
    return lax.conj(x) if kind_of(x) == "complex" else x


@op("angle", host=twin("angle", lambda input: np.angle(input).astype(input.real.dtype), INEXACT))
def angle(input: Any) -> Any:
    """Argument in radians, in [-pi, pi]; for real numbers 0, or pi below 0.

    Args:
        input: Floating or complex tensor.

    Returns:
        Tensor of the same shape, real.

    Example:
        >>> import thalweg as tf
        >>> tf.math.angle([1.0, -1.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0.       , 3.1415927], dtype=float32)>

    Source: `tf.math.angle`.
    """
    needs("angle", INEXACT, input)
    if kind_of(input) == "complex":
        return lax.atan2(lax.imag(input), lax.real(input))
    return jnp.where(input < 0, np.asarray(np.pi, input.dtype), np.asarray(0, input.dtype))
