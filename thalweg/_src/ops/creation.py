"""New tensors: constants, filled tensors, ranges."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.core import dtypes
from thalweg._src.core.convert import as_tensor, convert_to_tensor, from_host, to_host
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor


@op("zeros")
def _zeros(*, shape: Any, dtype: Any) -> Any:
    return jnp.zeros(_dims(shape), dtype.numpy_dtype)


@op("ones")
def _ones(*, shape: Any, dtype: Any) -> Any:
    return jnp.ones(_dims(shape), dtype.numpy_dtype)


def _dims(shape: Any) -> tuple[int, ...]:
    return (shape,) if isinstance(shape, int) else tuple(shape)


def zeros(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Any:
    """Tensor of zeros.

    Args:
        shape: Sizes: ints, or values computed from `tf.shape`.
        dtype: Dtype.
        name: Name of the node in a model's graph.

    Returns:
        Tensor.

    Example:
        >>> import thalweg as tf
        >>> tf.zeros((2,))
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0., 0.], dtype=float32)>

    Source: `tf.zeros`.
    """
    return _zeros(shape=shape, dtype=dtypes.as_dtype(dtype), name=name)


def ones(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Any:
    """Tensor of ones.

    Args:
        shape: Sizes: ints, or values computed from `tf.shape`.
        dtype: Dtype.
        name: Name of the node in a model's graph.

    Returns:
        Tensor.

    Source: `tf.ones`.
    """
    return _ones(shape=shape, dtype=dtypes.as_dtype(dtype), name=name)


def constant(value: Any, dtype: Any = None, shape: Any = None, name: str = "Const") -> Any:
    """Tensor of given values.

    Args:
        value: Number, string, nested list or NumPy array.
        dtype: Dtype; inferred when None (float32 for Python floats, int32 for ints that fit).
        shape: Shape to give the values; a single value fills it.
        name: Name for messages.

    Returns:
        Tensor.

    Raises:
        TypeError: A Python number does not fit the kind of `dtype`.

    Example:
        >>> import thalweg as tf
        >>> tf.constant([1.0, 2.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([1., 2.], dtype=float32)>

    Source: `tf.constant`. A number outside the dtype's range is an error; TensorFlow wraps it.
    """
    tensor = as_tensor(value)
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    if tensor is not None or isinstance(value, KerasTensor):
        return convert_to_tensor(value, wanted, name=name)
    array = to_host(value, wanted, name)
    if shape is not None:
        dims = tuple(int(d) for d in shape)
        array = np.full(dims, array.reshape(-1)[0]) if array.size == 1 else array.reshape(dims)
    return from_host(array)


@op("shape", metadata=True)
def _shape(x: Any, *, dtype: Any) -> Any:
    return np.array(x.shape, dtype.numpy_dtype)


def shape(input: Any, out_type: Any = dtypes.int32, name: str | None = None) -> Any:
    """Sizes of the dimensions, known on the host also inside compiled programs.

    Args:
        input: Tensor of any shape.
        out_type: int32 or int64.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(rank,)``. It and what is computed from it alone can serve as shapes.

    Example:
        >>> import thalweg as tf
        >>> tf.zeros((tf.shape(tf.ones((4, 2)))[0], 3)).shape
        TensorShape([4, 3])

    Source: `tf.shape`.
    """
    return _shape(input, dtype=dtypes.as_dtype(out_type), name=name)


@op("zeros_like", inputs=("input",), host=lambda input, dtype: np.zeros_like(input, dtype and dtype.numpy_dtype))
def zeros_like(input: Any, dtype: Any = None) -> Any:
    """Tensor of zeros of the same shape.

    Args:
        input: Tensor.
        dtype: Dtype of the result; that of `input` when None.

    Returns:
        Tensor.

    Source: `tf.zeros_like`.
    """
    return jnp.zeros(input.shape, _numpy_dtype(dtype, input))


@op("ones_like", inputs=("input",), host=lambda input, dtype: np.ones_like(input, dtype and dtype.numpy_dtype))
def ones_like(input: Any, dtype: Any = None) -> Any:
    """Tensor of ones of the same shape.

    Args:
        input: Tensor.
        dtype: Dtype of the result; that of `input` when None.

    Returns:
        Tensor.

    Source: `tf.ones_like`.
    """
    return jnp.ones(input.shape, _numpy_dtype(dtype, input))


def _numpy_dtype(dtype: Any, like: Any) -> Any:
    return like.dtype if dtype is None else dtypes.as_dtype(dtype).numpy_dtype
