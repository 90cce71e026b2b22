"""What is known of a tensor without its values: shape, size, rank, dtype; and values known early."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes, symbolic
from thalweg._src.core.composite import Composite
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.opdef import op
from thalweg._src.core.shapes import TensorShape, TensorSpec, TypeSpec
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor, is_traced


@op("shape", metadata=True)
def _shape(x: Any, *, dtype: Any) -> Any:
    return np.array(x.shape, dtype.numpy_dtype)


def _int_type(where: str, out_type: Any) -> dtypes.DType:
    return dtypes.int32 if out_type is None else dtypes.as_dtype(out_type)


def shape(input: Any, out_type: Any = None, name: str | None = None) -> Any:
    """Sizes of the dimensions, known on the host also inside compiled programs.

    Args:
        input: Tensor of any shape.
        out_type: int32 (also when None) or int64.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape ``(rank,)``. It and what is computed from it alone can serve as shapes.

    Example:
        >>> import thalweg as tf
        >>> tf.zeros((tf.shape(tf.ones((4, 2)))[0], 3)).shape
        TensorShape([4, 3])

    Source: `tf.shape`.
    """
    return _shape(input, dtype=_int_type("shape", out_type), name=name)


def shape_n(input: Any, out_type: Any = dtypes.int32, name: str | None = None) -> list[Any]:
    """Shapes of several tensors.

    Args:
        input: List of tensors.
        out_type: int32 or int64.
        name: Name of the nodes in a model's graph.

    Returns:
        List of tensors, see `shape`.

    Source: `tf.shape_n`.
    """
    return [shape(x, out_type, name) for x in input]


@op("size", metadata=True)
def _size(x: Any, *, dtype: Any) -> Any:
    return np.array(math.prod(x.shape), dtype.numpy_dtype)


def size(input: Any, out_type: Any = None, name: str | None = None) -> Any:
    """Number of elements, known on the host also inside compiled programs.

    Args:
        input: Tensor of any shape.
        out_type: int32 (also when None) or int64.
        name: Name of the node in a model's graph.

    Returns:
        Scalar tensor that can serve in shapes.

    Example:
        >>> import thalweg as tf
        >>> int(tf.size(tf.ones((4, 2))))
        8

    Source: `tf.size`.
    """
    return _size(input, dtype=_int_type("size", out_type), name=name)


@op("rank", metadata=True)
def rank(input: Any) -> Any:
    """Number of dimensions, known on the host also inside compiled programs.

    Args:
        input: Tensor of any shape.

    Returns:
        Scalar int32 tensor.

    Example:
        >>> import thalweg as tf
        >>> int(tf.rank(tf.ones((4, 2))))
        2

    Source: `tf.rank`.
    """
    return np.array(len(input.shape), np.int32)


@op("identity", inputs=("input",), host=lambda input: input)
def identity(input: Any) -> Any:
    """The same values as a new tensor.

    Args:
        input: Tensor, or anything that converts to one; a Variable gives its value.

    Returns:
        Tensor of the same shape and dtype; gradients pass unchanged.

    Source: `tf.identity`.
    """
    return input


def identity_n(input: Any, name: str | None = None) -> list[Any]:
    """The same values as new tensors.

    Args:
        input: List of tensors.
        name: Name of the nodes in a model's graph.

    Returns:
        List of tensors.

    Source: `tf.identity_n`.
    """
    return [identity(x, name=name) for x in input]


def _ensured(x: Any, shape: Any) -> Any:
    wanted = TensorShape(shape)
    if not wanted.is_compatible_with(TensorShape(tuple(x.shape))):
        raise ShapeError(
            f"[ensure_shape] Shape {tuple(x.shape)} of the tensor is not compatible with expected shape "
            f"{wanted}."
        )
    return x


@op("ensure_shape", inputs=("x",), host=_ensured)
def _ensure_shape(x: Any, shape: Any) -> Any:
    return _ensured(x, shape)


def ensure_shape(x: Any, shape: Any, name: str | None = None) -> Any:
    """The tensor, whose shape is checked, and on symbolic tensors made more precise.

    Args:
        x: Tensor.
        shape: Expected shape; None for any size.
        name: Name of the node in a model's graph.

    Returns:
        `x`.

    Raises:
        InvalidArgumentError: The shapes contradict each other.

    Source: `tf.ensure_shape`.
    """
    wanted = TensorShape(shape)
    attr = None if wanted.rank is None else tuple(wanted)
    if isinstance(x, KerasTensor):
        _ensured(x, attr)
        merged = tuple(wanted.merge_with(x.shape))
        specs = [(merged, x.dtype)]
        return symbolic.add_node(_ensure_shape, (x,), {"shape": attr}, specs, "ensure_shape")[0]
    return _ensure_shape(x, shape=attr, name=name)


def is_tensor(x: Any) -> bool:
    """True for tensors, Variables, symbolic, ragged and sparse tensors; False for arrays and numbers.

    Args:
        x: Anything.

    Returns:
        Python bool.

    Source: `tf.is_tensor`.
    """
    return (
        isinstance(x, (Tensor, KerasTensor))
        or hasattr(x, "_read_tensor")
        or hasattr(x, "_to_dense_tensor")
    )


def is_symbolic_tensor(tensor: Any) -> bool:
    """True for a tensor that a program under construction will compute.

    Args:
        tensor: Anything.

    Returns:
        Python bool.

    Source: `tf.is_symbolic_tensor`. Inputs of Keras models are no such tensors, as in TensorFlow.
    """
    return isinstance(tensor, Tensor) and is_traced(tensor)


def type_spec_from_value(value: Any) -> TypeSpec:
    """Spec of a value: the shape and dtype of the tensor that it is or becomes.

    Args:
        value: Tensor, Variable, NumPy array, number, string or list.

    Returns:
        `TensorSpec`; for ragged and sparse tensors the spec of their kind.

    Raises:
        TypeError: The value makes no tensor.

    Example:
        >>> import thalweg as tf
        >>> tf.type_spec_from_value([[1, 2], [3, 4]])
        TensorSpec(shape=(2, 2), dtype=tf.int32, name=None)

    Source: `tf.type_spec_from_value`. A Variable has the spec of its value.
    """
    if isinstance(value, KerasTensor):
        return TensorSpec(value.shape, value.dtype, value.name)
    if isinstance(value, Composite):
        return value._type_spec
    try:
        if isinstance(value, (dict, set, TensorSpec)):
            raise InvalidArgumentError("no tensor")
        return TensorSpec.from_tensor(convert_to_tensor(value))
    except (TypeError, ValueError):
        raise DTypeError(
            f"[type_spec_from_value] expected a value that makes a tensor, got {value!r} of type "
            f"{type(value).__name__}; take the parts of a structure one by one, with tf.nest."
        ) from None


def get_static_value(tensor: Any, partial: bool = False) -> Any:
    """Value of a tensor where it is known now.

    Args:
        tensor: Tensor; other values are returned as they are.
        partial: Unused.

    Returns:
        NumPy array or scalar; None for a tensor that a compiled program computes, and for a symbolic
        one whose value depends on unknown sizes.

    Source: `tf.get_static_value`.
    """
    if isinstance(tensor, KerasTensor):
        values = tensor.static
        if values is None or any(not np.array_equal(values[0], v) for v in values[1:]):
            return None
        return values[0][()]
    found = as_tensor(tensor)
    if found is None:
        return tensor
    return None if is_traced(found) else found.numpy()


def broadcast_static_shape(shape_x: Any, shape_y: Any) -> TensorShape:
    """Shape that two shapes, known before anything runs, broadcast to.

    Args:
        shape_x: `TensorShape` or list of sizes; None where unknown.
        shape_y: The other one.

    Returns:
        `TensorShape`.

    Raises:
        ValueError: They do not broadcast.

    Example:
        >>> import thalweg as tf
        >>> tf.broadcast_static_shape(tf.TensorShape([2, 1]), tf.TensorShape([3]))
        TensorShape([2, 3])

    Source: `tf.broadcast_static_shape`.
    """
    one, other = TensorShape(shape_x), TensorShape(shape_y)
    if one.rank is None or other.rank is None:
        return TensorShape(None)
    length = max(len(one), len(other))
    wide = [[*[1] * (length - len(s)), *s.as_list()] for s in (one, other)]
    pairs = zip(*wide, strict=True)
    out: list[int | None] = []
    for a, b in pairs:
        if a == 1 or b == 1:
            out.append(b if a == 1 else a)
        elif None in (a, b):
            out.append(b if a is None else a)
        elif a == b:
            out.append(a)
        else:
            raise ShapeError(
                "[broadcast_static_shape] Incompatible shapes for broadcasting: expected sizes equal, or "
                f"1, from the last dimension backwards, got {one} and {other}."
            )
    return TensorShape(out)


def _broadcast_args_host(shape_x: Any, shape_y: Any) -> Any:
    try:
        found = np.broadcast_shapes(tuple(shape_x.tolist()), tuple(shape_y.tolist()))
    except ValueError:
        raise ShapeError(
            f"[broadcast_dynamic_shape] Incompatible shapes: {shape_x.tolist()} vs. {shape_y.tolist()}; "
            "sizes must be equal, or 1, from the last dimension backwards."
        ) from None
    return np.array(found, shape_x.dtype)


@op(
    "broadcast_dynamic_shape",
    host=_broadcast_args_host,
    input_dtypes={"shape_x": dtypes.int32, "shape_y": dtypes.int32},
)
def broadcast_dynamic_shape(shape_x: Any, shape_y: Any) -> Any:
    """Shape that two shapes given as tensors broadcast to.

    Args:
        shape_x: Integers of shape ``(rank,)``.
        shape_y: Integers of the same dtype.

    Returns:
        Tensor of integers; it can serve as a shape when both arguments come from `tf.shape`.

    Raises:
        InvalidArgumentError: They do not broadcast (known values only).

    Example:
        >>> import thalweg as tf
        >>> tf.broadcast_dynamic_shape([2, 1], [3]).numpy().tolist()
        [2, 3]

    Source: `tf.broadcast_dynamic_shape`.
    """
    length = max(shape_x.shape[0], shape_y.shape[0])
    one, other = (
        jnp.pad(s, (length - s.shape[0], 0), constant_values=1) for s in (shape_x, shape_y)
    )
    return jnp.where(one == 1, other, one)
