"""New tensors: filled ones and ranges."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import from_host
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.ops.arguments import result_type, tensor_of
from thalweg._src.ops import creation
from thalweg._src.ops.shaping import broadcast_to
from thalweg._src.ops.support import known_value

# --- Filled tensors -----------------------------------------------------------------------------------


@operation
def zeros(shape: Any, dtype: Any = None) -> Any:
    """Tensor of zeros.

    Args:
        shape: Sizes; also one number.
        dtype: Dtype; ``floatx()`` when None.

    Returns:
        Tensor.

    Source: `keras.ops.zeros`.
    """
    return creation.zeros(shape, dtype or floatx())


@operation
def ones(shape: Any, dtype: Any = None) -> Any:
    """Tensor of ones.

    Args:
        shape: Sizes; also one number.
        dtype: Dtype; ``floatx()`` when None.

    Returns:
        Tensor.

    Source: `keras.ops.ones`.
    """
    return creation.ones(shape, dtype or floatx())


@operation
def empty(shape: Any, dtype: Any = None) -> Any:
    """Tensor whose values do not matter: zeros.

    Args:
        shape: Sizes; also one number.
        dtype: Dtype; ``floatx()`` when None.

    Returns:
        Tensor.

    Source: `keras.ops.empty`. A tensor cannot be filled later, so that nothing is gained over `zeros`.
    """
    return creation.zeros(shape, dtype or floatx())


@operation
def full(shape: Any, fill_value: Any, dtype: Any = None) -> Any:
    """Tensor filled with a value.

    Args:
        shape: Sizes; also one number.
        fill_value: Number, or tensor that broadcasts to the shape.
        dtype: Dtype; ``floatx()`` when None.

    Returns:
        Tensor.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.full((2, 2), 7.0).numpy().tolist()
        [[7.0, 7.0], [7.0, 7.0]]

    Source: `keras.ops.full`.
    """
    return broadcast_to(tensor_of(fill_value, dtype or floatx()), shape)


@operation
def zeros_like(x: Any, dtype: Any = None) -> Any:
    """Tensor of zeros of the shape of `x`.

    Args:
        x: Tensor.
        dtype: Dtype; that of `x` when None.

    Returns:
        Tensor. No gradient flows to `x`.

    Source: `keras.ops.zeros_like`.
    """
    return creation.zeros_like(tensor_of(x), dtype)


@operation
def ones_like(x: Any, dtype: Any = None) -> Any:
    """Tensor of ones of the shape of `x`.

    Args:
        x: Tensor.
        dtype: Dtype; that of `x` when None.

    Returns:
        Tensor. No gradient flows to `x`.

    Source: `keras.ops.ones_like`.
    """
    return creation.ones_like(tensor_of(x), dtype)


@operation
def empty_like(x: Any, dtype: Any = None) -> Any:
    """Tensor of the shape of `x` whose values do not matter: zeros.

    Args:
        x: Tensor.
        dtype: Dtype; that of `x` when None.

    Returns:
        Tensor.

    Source: `keras.ops.empty_like`.
    """
    return creation.zeros_like(tensor_of(x), dtype)


@operation
def full_like(x: Any, fill_value: Any, dtype: Any = None) -> Any:
    """Tensor of the shape of `x`, filled with a value.

    Args:
        x: Tensor.
        fill_value: Number, or tensor that broadcasts to the shape.
        dtype: Dtype; that of `x` when None.

    Returns:
        Tensor.

    Source: `keras.ops.full_like`.
    """
    like = tensor_of(x)
    return broadcast_to(tensor_of(fill_value, dtype or like.dtype), like.shape)


@operation
def array(x: Any, dtype: Any = None) -> Any:
    """Tensor of a value.

    Args:
        x: Number, nested list, array or tensor.
        dtype: Dtype; that of `x` when None, float32 for Python floats and int32 for Python ints.

    Returns:
        Tensor.

    Source: `keras.ops.array`.
    """
    return tensor_of(x, dtype)


# --- Ranges -------------------------------------------------------------------------------------------


@operation
def arange(start: Any, stop: Any = None, step: Any = None, dtype: Any = None) -> Any:
    """Numbers from `start` up to, not including, `stop`, in steps of `step`.

    Args:
        start: First number; the end when `stop` is None, and then the first number is 0.
        stop: Where to stop.
        step: Difference of neighbours; 1 when None, negative to go down.
        dtype: Dtype; the common one of the arguments when None.

    Returns:
        Tensor of shape ``(n,)``; empty when the steps lead away from `stop`.

    Raises:
        InvalidArgumentError: `step` is 0.
        OperatorNotAllowedInGraphError: An argument's value is not known while a program is compiled.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.arange(1, 2, 0.5)
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([1. , 1.5], dtype=float32)>

    Source: `keras.ops.arange`. As in NumPy a range that leads away from `stop` is empty, where Keras on
    TensorFlow gives an error.
    """
    given = [value for value in (start, stop, step) if value is not None]
    wanted = dtypes.as_dtype(dtype or result_type(*given)).numpy_dtype
    hint = "give numbers, or arange(n) of the largest n and mask it"
    first, *rest = (known_value("arange", "its limits", value, hint).item() for value in given)
    if stop is None:
        first, rest = 0, [first, *rest]
    if len(rest) > 1 and rest[1] == 0:
        raise InvalidArgumentError("[arange] expected a step other than 0, got 0; give another.")
    if xla.tracing() and len(rest) == 1 and isinstance(first, int) and isinstance(rest[0], int):
        # An instruction of the program rather than a constant in it.
        return Tensor(jnp.arange(first, rest[0], dtype=wanted))
    return from_host(np.arange(first, *rest).astype(wanted))
