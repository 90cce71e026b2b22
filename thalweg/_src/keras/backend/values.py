"""Values of Variables and tensors, and what is known about them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from thalweg._src.core import dtypes
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.ops.conversion import cast
from thalweg._src.keras.ops.conversion import stop_gradient as _stop_gradient
from thalweg._src.ops import inspection
from thalweg._src.variables.variable import Variable


def get_value(x: Any) -> Any:
    """NumPy array of a tensor or Variable; anything else as it is.

    Args:
        x: Tensor or Variable.

    Source: `tf.keras.backend.get_value`.
    """
    return x.numpy() if isinstance(x, (Tensor, Variable)) else x


def eval(x: Any) -> Any:
    """The same as `get_value`.

    Args:
        x: Tensor or Variable.

    Source: `tf.keras.backend.eval`.
    """
    return get_value(x)


def set_value(x: Variable, value: Any) -> None:
    """Assigns a value.

    Args:
        x: Variable.
        value: Number or array of its shape.

    Source: `tf.keras.backend.set_value`.
    """
    x.assign(np.asarray(value, dtype=dtypes.as_dtype(x.dtype).as_numpy_dtype))


def batch_get_value(tensors: Iterable[Any]) -> list[Any]:
    """NumPy arrays of several tensors or Variables.

    Args:
        tensors: Tensors or Variables.

    Source: `tf.keras.backend.batch_get_value`.
    """
    return [get_value(x) for x in tensors]


def batch_set_value(tuples: Iterable[tuple[Variable, Any]]) -> None:
    """Assigns several values.

    Args:
        tuples: Pairs of a Variable and its value.

    Source: `tf.keras.backend.batch_set_value`.
    """
    for x, value in tuples:
        set_value(x, value)


def update(x: Variable, new_x: Any) -> Any:
    """Assigns a value; the Variable.

    Args:
        x: Variable.
        new_x: Tensor of its shape.

    Source: `tf.keras.backend.update`.
    """
    return x.assign(new_x)


def update_add(x: Variable, increment: Any) -> Any:
    """Adds to a Variable; the Variable.

    Args:
        x: Variable.
        increment: Tensor of its shape.

    Source: `tf.keras.backend.update_add`.
    """
    return x.assign_add(increment)


def update_sub(x: Variable, decrement: Any) -> Any:
    """Subtracts from a Variable; the Variable.

    Args:
        x: Variable.
        decrement: Tensor of its shape.

    Source: `tf.keras.backend.update_sub`.
    """
    return x.assign_sub(decrement)


def moving_average_update(x: Variable, value: Any, momentum: Any) -> Any:
    """Moves a Variable towards a value: ``x * momentum + value * (1 - momentum)``; the Variable.

    Args:
        x: Variable.
        value: Tensor of its shape.
        momentum: How much of `x` is kept, in [0, 1].

    Source: `tf.keras.backend.moving_average_update`.
    """
    kept, moved = (cast(part, dtypes.as_dtype(x.dtype).name) for part in (momentum, value))
    return x.assign(x * kept + moved * (1 - kept))


def int_shape(x: Any) -> tuple[int | None, ...] | None:
    """Sizes of a tensor, None for an unknown one; None for what has no shape.

    Args:
        x: Tensor, Variable or symbolic tensor.

    Source: `tf.keras.backend.int_shape`.
    """
    shape = getattr(x, "shape", None)
    return None if shape is None else tuple(shape)


def shape(x: Any) -> Any:
    """Sizes of a tensor as an int32 tensor.

    Args:
        x: Tensor, Variable or symbolic tensor.

    Source: `tf.keras.backend.shape`.
    """
    return inspection.shape(x)


def count_params(x: Any) -> int:
    """Number of elements of a Variable.

    Args:
        x: Variable or tensor.

    Source: `tf.keras.backend.count_params`.
    """
    return math.prod(tuple(x.shape))


def cast_to_floatx(x: Any) -> Any:
    """The values in the default float: a tensor for a tensor, else a NumPy array.

    Args:
        x: Tensor, Variable or numbers.

    Source: `tf.keras.backend.cast_to_floatx`.
    """
    if isinstance(x, (Tensor, Variable, KerasTensor)):
        return cast(x, floatx())
    return np.asarray(x, dtype=floatx())


def stop_gradient(variables: Any) -> Any:
    """The same values, through which no gradient flows.

    Args:
        variables: Tensor, or a list of them.

    Source: `tf.keras.backend.stop_gradient`.
    """
    if isinstance(variables, Sequence):
        return [_stop_gradient(x) for x in variables]
    return _stop_gradient(variables)


def is_sparse(tensor: Any) -> bool:
    """False: there are dense tensors only.

    Args:
        tensor: Tensor.

    Source: `tf.keras.backend.is_sparse`.
    """
    del tensor
    return False


def to_dense(tensor: Any) -> Any:
    """The tensor itself: there are dense ones only.

    Args:
        tensor: Tensor.

    Source: `tf.keras.backend.to_dense`.
    """
    return tensor
