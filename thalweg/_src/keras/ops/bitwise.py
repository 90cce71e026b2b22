"""Operations on the bits of integers, with Keras' promotion of dtypes."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.ops import bitwise


@pointwise
def bitwise_and(x: Any, y: Any) -> Any:
    """Bits set in both `x` and `y`.

    Args:
        x: Integer or bool tensor, array or number.
        y: Integer or bool tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.bitwise_and(12, 10).numpy()
        np.int32(8)

    Source: `numpy.bitwise_and`.
    """
    return bitwise.and_(*promoted(x, y))


@pointwise
def bitwise_or(x: Any, y: Any) -> Any:
    """Bits set in `x`, in `y` or in both.

    Args:
        x: Integer or bool tensor, array or number.
        y: Integer or bool tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype.

    Source: `numpy.bitwise_or`.
    """
    return bitwise.or_(*promoted(x, y))


@pointwise
def bitwise_xor(x: Any, y: Any) -> Any:
    """Bits set in one of `x` and `y` but not in both.

    Args:
        x: Integer or bool tensor, array or number.
        y: Integer or bool tensor, array or number; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype.

    Source: `numpy.bitwise_xor`.
    """
    return bitwise.xor_(*promoted(x, y))


@pointwise
def bitwise_invert(x: Any) -> Any:
    """All bits of `x` flipped; for bools the opposite.

    Args:
        x: Integer or bool tensor, array or number.

    Returns:
        Tensor of the same shape and dtype.

    Source: `numpy.bitwise_invert`.
    """
    return bitwise.not_(tensor_of(x))


bitwise_not = bitwise_invert


@pointwise
def bitwise_left_shift(x: Any, y: Any) -> Any:
    """Bits of `x` moved `y` places to the left, zeros coming in.

    Args:
        x: Integer tensor, array or number.
        y: Integer tensor, array or number, 0 or more; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.bitwise_left_shift([1, 5], 2).numpy().tolist()
        [4, 20]

    Source: `numpy.bitwise_left_shift`.
    """
    return bitwise.left_shift(*promoted(x, y))


left_shift = bitwise_left_shift


@pointwise
def bitwise_right_shift(x: Any, y: Any) -> Any:
    """Bits of `x` moved `y` places to the right; signed numbers keep their sign.

    Args:
        x: Integer tensor, array or number.
        y: Integer tensor, array or number, 0 or more; shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype.

    Source: `numpy.bitwise_right_shift`.
    """
    return bitwise.right_shift(*promoted(x, y))


right_shift = bitwise_right_shift
