"""Sums of several tensors, products with a scalar, polynomials."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.core.shapes import TensorShape
from thalweg._src.ops.elementwise import multiply
from thalweg._src.ops.support import NUMERIC, needs


def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Any:
    """Product of a scalar and a tensor.

    Args:
        scalar: Tensor or number of rank 0.
        x: Tensor of a numeric dtype.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the shape and dtype of `x`.

    Raises:
        ShapeError: `scalar` is no scalar.

    Source: `tf.math.scalar_mul`.
    """
    rank = np.ndim(scalar) if not hasattr(scalar, "shape") else len(scalar.shape)
    if rank:
        raise ShapeError(
            f"[scalar_mul] expected a scalar, got rank {rank}; use tf.multiply for tensors."
        )
    return multiply(scalar, x)


@op("add_n")
def _add_n(*inputs: Any) -> Any:
    """Sum of the tensors."""
    needs("add_n", NUMERIC, *inputs)
    for other in inputs[1:]:
        if other.shape != inputs[0].shape:
            raise ShapeError(
                f"[add_n] expected tensors of one shape, got {inputs[0].shape} and {other.shape}; use "
                "tf.add where shapes shall broadcast."
            )
    total = inputs[0]
    for other in inputs[1:]:
        total = lax.add(total, other)
    return total


def add_n(inputs: Any, name: str | None = None) -> Any:
    """Sum of several tensors of one shape.

    Args:
        inputs: List of tensors of one shape and dtype.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape and dtype.

    Raises:
        ValueError: The list is empty, or shapes differ.

    Example:
        >>> import thalweg as tf
        >>> tf.add_n([tf.constant([1, 2]), tf.constant([3, 4])])
        <tf.Tensor: shape=(2,), dtype=int32, numpy=array([4, 6], dtype=int32)>

    Source: `tf.math.add_n`.
    """
    tensors = list(inputs) if hasattr(inputs, "__iter__") else [inputs]
    if not tensors:
        raise InvalidArgumentError(
            "[add_n] expected at least one tensor, got an empty list; give the tensors to add."
        )
    return _add_n(*tensors)


def accumulate_n(
    inputs: Any, shape: Any = None, tensor_dtype: Any = None, name: str | None = None
) -> Any:
    """Sum of several tensors of one shape; `add_n` under its older name.

    Args:
        inputs: List of tensors of one shape and dtype.
        shape: Shape that they must have; None to take theirs.
        tensor_dtype: Dtype that they must have; None to take theirs.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the same shape and dtype.

    Raises:
        ValueError: The list is empty, or a shape or dtype is another.

    Source: `tf.math.accumulate_n`.
    """
    total = add_n(inputs)
    if tensor_dtype is not None and dtypes.as_dtype(total.dtype) != dtypes.as_dtype(tensor_dtype):
        raise DTypeError(
            f"[accumulate_n] expected tensors of dtype {dtypes.as_dtype(tensor_dtype).name}, got "
            f"{dtypes.as_dtype(total.dtype).name}; cast them with tf.cast."
        )
    if shape is not None:
        TensorShape(total.shape).assert_is_compatible_with(shape)
    return total


@op("polyval")
def _polyval(*values: Any) -> Any:
    """Value of a polynomial by Horner's rule; the last of `values` is its argument."""
    needs("polyval", NUMERIC, *values)
    *coeffs, x = values
    if not coeffs:
        return jnp.zeros_like(x)
    total = coeffs[0]
    for coefficient in coeffs[1:]:
        total = coefficient + total * x
    return total


def polyval(coeffs: Any, x: Any, name: str | None = None) -> Any:
    """Polynomial ``coeffs[0] * x ** (n - 1) + ... + coeffs[n - 1]``, element by element.

    Args:
        coeffs: List of coefficients, highest power first; tensors that broadcast with `x`.
        x: Tensor of a numeric dtype.
        name: Name of the node in a model's graph.

    Returns:
        Tensor; 0 for an empty list.

    Raises:
        TypeError: `coeffs` is no list.

    Example:
        >>> import thalweg as tf
        >>> tf.math.polyval([1.0, 2.0, 3.0], 2.0)
        <tf.Tensor: shape=(), dtype=float32, numpy=11.0>

    Source: `tf.math.polyval`.
    """
    if not isinstance(coeffs, (list, tuple)):
        raise DTypeError(
            f"[polyval] expected a list of coefficients, got {type(coeffs).__name__}; split a tensor "
            "with tf.unstack."
        )
    return _polyval(*coeffs, x)
