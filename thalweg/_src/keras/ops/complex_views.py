"""Complex numbers from pairs of real ones, and back."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.ops import complex_numbers, trigonometric
from thalweg._src.ops.indexing import getitem
from thalweg._src.ops.joining import stack


@operation
def polar(abs_: Any, angle: Any) -> Any:
    """Complex numbers of given magnitudes and angles.

    Args:
        abs_: Magnitudes.
        angle: Angles in radians, of a shape that broadcasts.

    Returns:
        complex64, or complex128 for float64.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.polar([2.0], [0.0]).numpy().tolist()
        [(2+0j)]

    Source: `keras.ops.polar`.
    """
    size, turn = promoted(abs_, angle, least="float32")
    return complex_numbers.complex(size * trigonometric.cos(turn), size * trigonometric.sin(turn))


@operation
def view_as_complex(x: Any) -> Any:
    """Complex numbers from pairs of real and imaginary parts.

    Args:
        x: Real tensor ``(..., 2)``.

    Returns:
        complex64 ``(...)``, or complex128 for float64.

    Raises:
        ShapeError: The last size is not 2.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.view_as_complex([[1.0, 2.0]]).numpy().tolist()
        [(1+2j)]

    Source: `keras.ops.view_as_complex`, which narrows float64 to complex64.
    """
    (x,) = promoted(x, least="float32")
    if not len(x.shape) or x.shape[-1] != 2:
        raise ShapeError(
            "[view_as_complex] expected a last dimension of size 2 (real and imaginary part), got shape "
            f"{tuple(x.shape)}; stack the parts along a new last dimension."
        )
    return complex_numbers.complex(getitem(x, (..., 0)), getitem(x, (..., 1)))


@operation
def view_as_real(x: Any) -> Any:
    """Pairs of real and imaginary parts of complex numbers.

    Args:
        x: Complex tensor ``(...)``; real numbers have the imaginary part 0.

    Returns:
        Real tensor ``(..., 2)``.

    Source: `keras.ops.view_as_real`.
    """
    x = tensor_of(x)
    return stack([complex_numbers.real(x), complex_numbers.imag(x)], -1)
