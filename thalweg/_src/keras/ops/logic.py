"""Logic, and choices by it, with Keras' promotion of dtypes."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.ops import comparison, joining, selection
from thalweg._src.ops.casting import cast


@pointwise
def logical_and(x1: Any, x2: Any) -> Any:
    """True where both are True; numbers other than 0 count as True.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `numpy.logical_and`.
    """
    return comparison.logical_and(tensor_of(x1, dtypes.bool), tensor_of(x2, dtypes.bool))


@pointwise
def logical_or(x1: Any, x2: Any) -> Any:
    """True where one or both are True; numbers other than 0 count as True.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `numpy.logical_or`.
    """
    return comparison.logical_or(tensor_of(x1, dtypes.bool), tensor_of(x2, dtypes.bool))


@pointwise
def logical_xor(x1: Any, x2: Any) -> Any:
    """True where exactly one is True; numbers other than 0 count as True.

    Args:
        x1: Tensor, array or number.
        x2: Tensor, array or number; shapes broadcast.

    Returns:
        Bool tensor of the broadcast shape.

    Source: `numpy.logical_xor`.
    """
    return comparison.logical_xor(tensor_of(x1, dtypes.bool), tensor_of(x2, dtypes.bool))


@pointwise
def logical_not(x: Any) -> Any:
    """True where `x` is False or 0.

    Args:
        x: Tensor, array or number.

    Returns:
        Bool tensor of the same shape.

    Source: `numpy.logical_not`.
    """
    return comparison.logical_not(tensor_of(x, dtypes.bool))


@pointwise
def where(condition: Any, x1: Any = None, x2: Any = None) -> Any:
    """Elements of `x1` where `condition` is True and of `x2` elsewhere; or where it is True at all.

    Args:
        condition: Booleans; numbers other than 0 count as True.
        x1: Tensor, array or number taken where True; None for the places.
        x2: Tensor, array or number taken where False. All three shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype of `x1` and `x2`. Without both, a list of one int32
        tensor a dimension: the places, in order, which exist outside compiled programs only.

    Raises:
        ValueError: One of `x1` and `x2` is missing.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.where([True, False], [1, 2], 0.5).numpy().tolist()
        [1.0, 0.5]

    Source: `numpy.where`.
    """
    if (x1 is None) is not (x2 is None):
        raise InvalidArgumentError(
            "[where] expected both x1 and x2 or neither, got one of them; give the other too."
        )
    if x1 is None:
        places = cast(selection.where(tensor_of(condition)), dtypes.int32)
        return list(joining.unstack(places, axis=1))
    return selection.where(tensor_of(condition, dtypes.bool), *promoted(x1, x2))


@pointwise
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """Elements of the first choice whose condition is True, and `default` where none is.

    Args:
        condlist: List of conditions, earlier ones going first.
        choicelist: List of as many tensors, arrays or numbers.
        default: Tensor, array or number. All shapes broadcast.

    Returns:
        Tensor of the broadcast shape and the common dtype of choices and default.

    Raises:
        InvalidArgumentError: The lists are empty or of different lengths.

    Example:
        >>> import thalweg as tf
        >>> x = tf.constant([-2.0, 0.5, 3.0])
        >>> tf.keras.ops.select([x < 0, x < 1], [0.0, x], 1.0).numpy().tolist()
        [0.0, 0.5, 1.0]

    Source: `numpy.select`. Keras on TensorFlow promotes as NumPy does, to float64 for int32 and float32.
    """
    if len(condlist) != len(choicelist) or not condlist:
        raise InvalidArgumentError(
            f"[select] expected as many conditions as choices, got {len(condlist)} and {len(choicelist)}; "
            "pair each choice with one condition."
        )
    *choices, result = promoted(*choicelist, default)
    for condition, choice in reversed(list(zip(condlist, choices, strict=True))):
        result = selection.where(tensor_of(condition, dtypes.bool), choice, result)
    return result
