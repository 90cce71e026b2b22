"""New tensors: constants, filled tensors, ranges, one-hot vectors, grids.

Eagerly a tensor of known numbers is made by NumPy and put on the device, which needs no compile for
each new shape; in a compiled program it is an instruction of the program.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, ShapeError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import (
    as_tensor,
    convert_to_tensor,
    from_host,
    to_host,
)
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor, symbols_in
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.arguments import is_eager, sizes_of
from thalweg._src.ops.shaping import reshape


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
        TypeError: A Python number does not fit the kind of `dtype`, or the values do not fit `shape`.

    Example:
        >>> import thalweg as tf
        >>> tf.constant([1.0, 2.0])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([1., 2.], dtype=float32)>

    Source: `tf.constant`. A number outside the dtype's range is an error; TensorFlow wraps it.
    """
    tensor = as_tensor(value)
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    if tensor is not None or isinstance(value, KerasTensor):
        out = convert_to_tensor(value, wanted, name=name)
        return out if shape is None else reshape(out, shape)
    array = to_host(value, wanted, name)
    if shape is None:
        return from_host(array)
    dims = sizes_of(name, "shape", freeze(shape))
    if array.size == 1:
        return from_host(np.full(dims, array.reshape(-1)[0], array.dtype))
    if array.size != math.prod(dims):
        raise _BadShape(
            f"[{name}] expected {math.prod(dims)} values for shape {list(dims)}, got {array.size}."
        )
    return from_host(array.reshape(dims))


class _BadShape(ShapeError, TypeError):
    """Values that do not fit the shape they were given with."""


# --- Filled tensors -----------------------------------------------------------------------------------


@op("zeros")
def _zeros(*, shape: Any, dtype: Any) -> Any:
    return jnp.zeros(sizes_of("zeros", "shape", shape), dtype.numpy_dtype)


@op("ones")
def _ones(*, shape: Any, dtype: Any) -> Any:
    return jnp.ones(sizes_of("ones", "shape", shape), dtype.numpy_dtype)


def _filled(where: str, function: Any, shape: Any, dtype: Any, name: Any) -> Any:
    """Zeros or ones, by NumPy eagerly and by the op in programs and models."""
    wanted = dtypes.as_dtype(dtype)
    dims = freeze(shape)
    if wanted is dtypes.string:
        if where == "ones":
            raise DTypeError("[ones] expected a numeric or bool dtype, got string; use tf.fill.")
        return Tensor(np.full(sizes_of(where, "shape", dims), b"", object))
    if xla.tracing() or next(symbols_in(dims), None) is not None:
        return function(shape=dims, dtype=wanted, name=name)
    maker = np.zeros if where == "zeros" else np.ones
    return from_host(maker(sizes_of(where, "shape", dims), wanted.numpy_dtype))


def zeros(
    shape: Any, dtype: Any = dtypes.float32, name: str | None = None, layout: Any = None
) -> Any:
    """Tensor of zeros; empty strings for dtype string.

    Args:
        shape: Sizes: ints, or values computed from `tf.shape`.
        dtype: Dtype.
        name: Name of the node in a model's graph.
        layout: Unused.

    Returns:
        Tensor.

    Raises:
        InvalidArgumentError: A size is negative or no integer.

    Example:
        >>> import thalweg as tf
        >>> tf.zeros((2,))
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0., 0.], dtype=float32)>

    Source: `tf.zeros`.
    """
    return _filled("zeros", _zeros, shape, dtype, name)


def ones(
    shape: Any, dtype: Any = dtypes.float32, name: str | None = None, layout: Any = None
) -> Any:
    """Tensor of ones.

    Args:
        shape: Sizes: ints, or values computed from `tf.shape`.
        dtype: Dtype.
        name: Name of the node in a model's graph.
        layout: Unused.

    Returns:
        Tensor.

    Raises:
        InvalidArgumentError: A size is negative or no integer.

    Source: `tf.ones`.
    """
    return _filled("ones", _ones, shape, dtype, name)


def _like_host(number: int) -> Any:
    def twin(input: Any, dtype: Any) -> Any:
        wanted = input.dtype if dtype is None else dtypes.as_dtype(dtype).numpy_dtype
        return np.full(input.shape, b"" if wanted.hasobject else number, wanted)

    return twin


def _like(function: Any, input: Any, dtype: Any, name: Any) -> Any:
    if is_eager(input):
        wanted = input.dtype if dtype is None else dtypes.as_dtype(dtype)
        return from_host(function.opdef.host(input.array, wanted))
    return function(input, dtype=dtype, name=name)


@op("zeros_like", inputs=("input",), host=_like_host(0))
def _zeros_like(input: Any, dtype: Any = None) -> Any:
    return jnp.zeros(input.shape, _numpy_dtype(dtype, input))


@op("ones_like", inputs=("input",), host=_like_host(1))
def _ones_like(input: Any, dtype: Any = None) -> Any:
    return jnp.ones(input.shape, _numpy_dtype(dtype, input))


def _numpy_dtype(dtype: Any, like: Any) -> Any:
    return like.dtype if dtype is None else dtypes.as_dtype(dtype).numpy_dtype


def zeros_like(input: Any, dtype: Any = None, name: str | None = None, layout: Any = None) -> Any:
    """Tensor of zeros of the same shape; empty strings for dtype string.

    Args:
        input: Tensor.
        dtype: Dtype of the result; that of `input` when None.
        name: Name of the node in a model's graph.
        layout: Unused.

    Returns:
        Tensor. No gradient flows to `input`.

    Source: `tf.zeros_like`.
    """
    return _like(_zeros_like, input, dtype, name)


def ones_like(input: Any, dtype: Any = None, name: str | None = None, layout: Any = None) -> Any:
    """Tensor of ones of the same shape.

    Args:
        input: Tensor.
        dtype: Dtype of the result; that of `input` when None.
        name: Name of the node in a model's graph.
        layout: Unused.

    Returns:
        Tensor. No gradient flows to `input`.

    Source: `tf.ones_like`.
    """
    return _like(_ones_like, input, dtype, name)


def _scalar(where: str, value: Any) -> None:
    if value.ndim:
        raise ShapeError(f"[{where}] expected a scalar value, got shape {tuple(value.shape)}.")


def _fill_host(value: Any, dims: Any) -> Any:
    _scalar("fill", value)
    return np.full(sizes_of("fill", "dims", dims), value, value.dtype)


@op("fill", inputs=("value",), host=_fill_host)
def _fill(value: Any, dims: Any) -> Any:
    _scalar("fill", value)
    return jnp.broadcast_to(value, sizes_of("fill", "dims", dims))


def fill(dims: Any, value: Any, name: str | None = None, layout: Any = None) -> Any:
    """Tensor in which every element is one value.

    Args:
        dims: Sizes: ints, or values computed from `tf.shape`.
        value: Scalar.
        name: Name of the node in a model's graph.
        layout: Unused.

    Returns:
        Tensor of the value's dtype.

    Raises:
        InvalidArgumentError: A size is negative, or the value is no scalar.

    Example:
        >>> import thalweg as tf
        >>> tf.fill([2, 2], 7).numpy().tolist()
        [[7, 7], [7, 7]]

    Source: `tf.fill`.
    """
    sizes = freeze(dims)
    if as_tensor(value) is None and not isinstance(value, KerasTensor) and not xla.tracing():
        number = to_host(value, None, "fill")
        if next(symbols_in(sizes), None) is None:
            return from_host(_fill_host(number, sizes))
    return _fill(value, dims=sizes, name=name)


@op("eye")
def _eye(*, rows: Any, columns: Any, batch: Any, dtype: Any) -> Any:
    shape = sizes_of("eye", "sizes", (*batch, rows, columns))
    return jnp.broadcast_to(jnp.eye(shape[-2], shape[-1], dtype=dtype.numpy_dtype), shape)


def eye(
    num_rows: Any,
    num_columns: Any = None,
    batch_shape: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Any:
    """Identity matrix, or a batch of them.

    Args:
        num_rows: Number of rows.
        num_columns: Number of columns; as many as rows when None.
        batch_shape: Sizes of the batch dimensions in front; none when None.
        dtype: Dtype.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(*batch_shape, num_rows, num_columns)``.

    Raises:
        InvalidArgumentError: A size is negative.

    Example:
        >>> import thalweg as tf
        >>> tf.eye(2).numpy().tolist()
        [[1.0, 0.0], [0.0, 1.0]]

    Source: `tf.eye`.
    """
    wanted = dtypes.as_dtype(dtype)
    rows = freeze(num_rows)
    columns = rows if num_columns is None else freeze(num_columns)
    batch = () if batch_shape is None else freeze(batch_shape)
    batch = batch if isinstance(batch, tuple) else (batch,)
    if xla.tracing() or next(symbols_in((rows, columns, batch)), None) is not None:
        return _eye(rows=rows, columns=columns, batch=batch, dtype=wanted, name=name)
    shape = sizes_of("eye", "sizes", (*batch, rows, columns))
    matrix = np.eye(shape[-2], shape[-1], dtype=wanted.numpy_dtype)
    return from_host(np.ascontiguousarray(np.broadcast_to(matrix, shape)))
