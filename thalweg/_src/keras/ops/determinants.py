"""Determinants as sign and logarithm, which neither overflows nor vanishes."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.linalg import floating
from thalweg._src.ops import linalg


@operation
def slogdet(x: Any) -> tuple[Any, Any]:
    """Sign and logarithm of the absolute value of the determinant of square matrices.

    Args:
        x: Tensor ``(..., n, n)``; integers become floats.

    Returns:
        Pair of tensors ``(...)``; singular matrices give 0 and minus infinity.

    Raises:
        ShapeError: The matrices are not square.

    Example:
        >>> import thalweg as tf
        >>> sign, logarithm = tf.keras.ops.slogdet([[0.0, 2.0], [1.0, 0.0]])
        >>> float(sign), round(float(logarithm), 4)
        (-1.0, 0.6931)

    Source: `keras.ops.slogdet`.
    """
    sign, logarithm = linalg.slogdet(floating(x))
    return sign, logarithm
