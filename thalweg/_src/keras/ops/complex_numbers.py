"""Parts of complex numbers."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.keras.ops.arguments import floating, is_bool, tensor_of
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.ops import comparison, complex_numbers
from thalweg._src.ops.creation import ones_like, zeros_like


@pointwise
def real(x: Any) -> Any:
    """Real part; real numbers stay as they are.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape, real.

    Source: `numpy.real`.
    """
    return complex_numbers.real(tensor_of(x))


@pointwise
def imag(x: Any) -> Any:
    """Imaginary part; 0 for real numbers.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape, real.

    Source: `numpy.imag`.
    """
    x = tensor_of(x)
    return zeros_like(x) if is_bool(x) else complex_numbers.imag(x)


@pointwise
def conj(x: Any) -> Any:
    """Complex conjugate; real numbers stay as they are.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and dtype.

    Source: `numpy.conj`.
    """
    return complex_numbers.conj(tensor_of(x))


conjugate = conj


@pointwise
def angle(x: Any) -> Any:
    """Argument in radians, in [-pi, pi]; for real numbers 0, or pi below 0.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape, real; ``floatx()`` for integers.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.angle(tf.constant([1j, -1])).numpy().round(4).tolist()
        [1.5708, 3.1416]

    Source: `numpy.angle`.
    """
    return complex_numbers.angle(*floating(x))


@pointwise
def isreal(x: Any) -> Any:
    """True where the imaginary part of `x` is 0: everywhere for real numbers.

    Args:
        x: Tensor, array or number.

    Returns:
        Bool tensor of the same shape.

    Source: `numpy.isreal`.
    """
    x = tensor_of(x)
    if not dtypes.as_dtype(x.dtype).is_complex:
        return ones_like(x, dtype=dtypes.bool)
    return comparison.equal(complex_numbers.imag(x), 0)
