"""Tensors from other things and back: conversion, casts, shapes and dtypes."""

from __future__ import annotations

from typing import Any

from thalweg._src.autodiff.stop import stop_gradient as stopped
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.composite import Composite
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.base.variable import KerasVariable
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops import casting, inspection
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.sparse.conversion import to_dense
from thalweg._src.ops.sparse.tensor import SparseTensor


@operation
def cast(x: Any, dtype: Any) -> Any:
    """The tensor in another dtype.

    Args:
        x: Tensor, Variable, array or number.
        dtype: Dtype or its name.

    Returns:
        Tensor. Floats are cut towards 0 on the way to integers.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.cast([1.7, -1.7], "int32").numpy().tolist()
        [1, -1]

    Source: `keras.ops.cast`.
    """
    return tensor_of(x, dtype)


@operation
def saturate_cast(x: Any, dtype: Any) -> Any:
    """The tensor in another dtype, with values beyond its range set to its nearest limit.

    Args:
        x: Tensor, Variable, array or number.
        dtype: Dtype or its name.

    Returns:
        Tensor.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.saturate_cast([300.0, -4.0], "uint8").numpy().tolist()
        [255, 0]

    Source: `keras.ops.saturate_cast`.
    """
    return casting.saturate_cast(tensor_of(x), dtype)


@operation
def convert_to_tensor(x: Any, dtype: Any = None, sparse: Any = None, ragged: Any = None) -> Any:
    """Tensor of the value.

    Args:
        x: Tensor, Variable, array, number, or nested list of them.
        dtype: Dtype to cast to; the value's own when None.
        sparse: False makes sparse tensors dense.
        ragged: False makes ragged tensors dense, filled up with zeros.

    Returns:
        Tensor; a sparse or ragged one unless it is to be dense.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.convert_to_tensor([1, 2], "float32").numpy().tolist()
        [1.0, 2.0]

    Source: `keras.ops.convert_to_tensor`.
    """
    tensor = tensor_of(x, dtype)
    refused = (SparseTensor,) * (sparse is False) + (RaggedTensor,) * (ragged is False)
    return _dense(tensor) if isinstance(tensor, refused) else tensor


def _dense(tensor: Any) -> Any:
    """Dense tensor of a ragged or sparse one."""
    if isinstance(tensor, RaggedTensor):
        return tensor.to_tensor()
    return to_dense(tensor) if isinstance(tensor, SparseTensor) else tensor


def convert_to_numpy(x: Any) -> Any:
    """NumPy array of the tensor's values; ragged rows are filled up with zeros.

    Args:
        x: Tensor, Variable, array, number or list; ragged or sparse tensor.

    Returns:
        NumPy array.

    Raises:
        InvalidArgumentError: The tensor is symbolic; it has no values.

    Source: `keras.ops.convert_to_numpy`.
    """
    if isinstance(x, KerasTensor):
        raise InvalidArgumentError(
            f"[convert_to_numpy] expected a tensor with values, got the symbolic {x!r}; call the model on "
            "data and convert what it returns."
        )
    return _dense(tensor_of(x)).numpy()


def is_tensor(x: Any) -> bool:
    """True for tensors; False for symbolic tensors, Keras Variables, arrays and numbers.

    Source: `keras.ops.is_tensor`.
    """
    if isinstance(x, (KerasTensor, KerasVariable)):
        return False
    return inspection.is_tensor(x) or isinstance(x, Composite)


def shape(x: Any) -> Any:
    """Sizes of the dimensions as a tuple.

    Args:
        x: Tensor, symbolic tensor, Variable, array, number or list.

    Returns:
        Tuple of ints; None for unknown sizes of symbolic tensors.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.shape(tf.keras.KerasTensor((None, 3)))
        (None, 3)

    Source: `keras.ops.shape`. Inside compiled programs all sizes are known.
    """
    return tuple(x.shape) if isinstance(x, KerasTensor) else tuple(tensor_of(x).shape)


def dtype(x: Any) -> str:
    """Name of the dtype, such as ``"float32"``.

    Args:
        x: Tensor, symbolic tensor, Variable, array, number or list.

    Source: `keras.ops.dtype`.
    """
    return x.dtype if isinstance(x, KerasTensor) else tensor_of(x).dtype.name


@operation
def stop_gradient(variable: Any) -> Any:
    """The same values, constant for differentiation.

    Args:
        variable: Tensor, Variable, array or number.

    Returns:
        Tensor.

    Source: `keras.ops.stop_gradient`.
    """
    return stopped(tensor_of(variable))
