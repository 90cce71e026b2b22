"""Parts of tensors by place: scattering values, cutting blocks, replacing them, unstacking."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.base.drawing import draw, infer, operation
from thalweg._src.keras.base.serialization import enroll
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops import joining, reduction, segment, slicing
from thalweg._src.ops import scatter as scattering
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.slice_updating import slice_update as updated
from thalweg._src.ops.support import axis_of


@operation
def scatter(indices: Any, values: Any, shape: Any) -> Any:
    """Zeros with values added at the places that index vectors name; duplicates add up.

    Args:
        indices: Integers ``(..., depth)``.
        values: Tensor of shape ``indices.shape[:-1] + shape[depth:]``.
        shape: Sizes of the result.

    Returns:
        Tensor of shape `shape` in the dtype of `values`.

    Raises:
        InvalidArgumentError: Shapes do not fit, or an index is out of range (in a compiled program such
            values are dropped).

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.scatter([[0], [2], [0]], [1.0, 2.0, 3.0], (4,)).numpy().tolist()
        [4.0, 0.0, 2.0, 0.0]

    Source: `keras.ops.scatter`.
    """
    return scattering.scatter_nd(tensor_of(indices), tensor_of(values), shape)


def _multiplied(inputs: Any, indices: Any, updates: Any) -> Any:
    """Inputs times the products of the updates of each place."""
    depth = int(indices.shape[-1])
    outer, inner = tuple(inputs.shape)[:depth], tuple(inputs.shape)[depth:]
    strides = [math.prod(outer[axis + 1 :]) for axis in range(depth)]
    places = reduction.reduce_sum(indices * np.array(strides, indices.dtype.numpy_dtype), axis=-1)
    rows = reshape(updates, (-1, *inner))
    factors = segment.unsorted_segment_prod(rows, reshape(places, (-1,)), math.prod(outer))
    return inputs * reshape(factors, tuple(inputs.shape))


_REDUCTIONS: dict[str | None, Callable[..., Any]] = {
    None: scattering.tensor_scatter_nd_update,
    "add": scattering.tensor_scatter_nd_add,
    "max": scattering.tensor_scatter_nd_max,
    "min": scattering.tensor_scatter_nd_min,
    "mul": _multiplied,
}


@operation
def scatter_update(inputs: Any, indices: Any, updates: Any, reduction: Any = None) -> Any:
    """The tensor with the places that index vectors name replaced, or combined with updates.

    Args:
        inputs: Tensor.
        indices: Integers ``(..., depth)``.
        updates: Tensor of shape ``indices.shape[:-1] + inputs.shape[depth:]``, cast to the dtype of
            `inputs`.
        reduction: None to replace (of duplicates the last one stays), or ``"add"``, ``"max"``,
            ``"min"``, ``"mul"``.

    Returns:
        Tensor like `inputs`.

    Raises:
        InvalidArgumentError: Another reduction, or an index out of range.

    Example:
        >>> import thalweg as tf
        >>> x = tf.ones((3,))
        >>> tf.keras.ops.scatter_update(x, [[0], [0]], [3.0, 2.0], "mul").numpy().tolist()
        [6.0, 1.0, 1.0]

    Source: `keras.ops.scatter_update`.
    """
    if reduction not in _REDUCTIONS:
        raise InvalidArgumentError(
            f"[scatter_update] expected reduction to be one of {list(_REDUCTIONS)}, got {reduction!r}."
        )
    inputs = tensor_of(inputs)
    return _REDUCTIONS[reduction](inputs, tensor_of(indices), tensor_of(updates, inputs.dtype))


@operation
def slice(inputs: Any, start_indices: Any, shape: Any) -> Any:
    """Block of a tensor.

    Args:
        inputs: Tensor.
        start_indices: First index in each dimension, counted from 0; may be computed in the program.
        shape: Sizes of the block, known when the program is compiled; -1 for all that follow.

    Returns:
        Tensor of shape `shape`.

    Raises:
        InvalidArgumentError: The block does not lie inside the tensor (a block whose start is computed
            in a compiled program is moved back until it fits).

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.slice([[1, 2, 3], [4, 5, 6]], (0, 1), (2, 1)).numpy().tolist()
        [[2], [5]]

    Source: `keras.ops.slice`.
    """
    return slicing.slice_(tensor_of(inputs), start_indices, shape)


@operation
def slice_update(inputs: Any, start_indices: Any, updates: Any) -> Any:
    """The tensor with the block that begins at some index replaced.

    Args:
        inputs: Tensor.
        start_indices: First index in each dimension; may be computed in the program.
        updates: Tensor of the same rank and no larger sizes, cast to the dtype of `inputs`.

    Returns:
        Tensor like `inputs`. A block that reaches over an edge is moved back until it fits.

    Raises:
        ShapeError: The ranks differ or the block is larger than the tensor.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.slice_update(tf.zeros((2, 3)), (1, 0), [[1.0, 2.0]]).numpy().tolist()
        [[0.0, 0.0, 0.0], [1.0, 2.0, 0.0]]

    Source: `keras.ops.slice_update`.
    """
    inputs = tensor_of(inputs)
    return updated(inputs, tensor_of(start_indices), tensor_of(updates, inputs.dtype))


def unstack(x: Any, num: int | None = None, axis: int = 0) -> list[Any]:
    """Parts of a tensor along one dimension, each without it.

    Args:
        x: Tensor of rank 1 or more.
        num: Size of that dimension; needed where a symbolic tensor does not know it.
        axis: Dimension to take apart.

    Returns:
        List of tensors.

    Raises:
        InvalidArgumentError: `num` is not the size, or neither is known.

    Example:
        >>> import thalweg as tf
        >>> [t.numpy().tolist() for t in tf.keras.ops.unstack([[1, 2], [3, 4]], axis=1)]
        [[1, 3], [2, 4]]

    Source: `keras.ops.unstack`.
    """
    if not isinstance(x, KerasTensor):
        return joining.unstack(tensor_of(x), num, axis)
    sizes = list(x.shape)
    at = axis_of("unstack", axis, len(sizes))
    if num is None and sizes[at] is None:
        raise InvalidArgumentError(
            f"[unstack] expected a known size along axis {axis}, got shape {x.shape}; give num."
        )
    if sizes[at] is None:
        sizes[at] = num
    specs = infer(joining.unstack, (KerasTensor(sizes, x.dtype), num, axis), {}, "unstack")
    return draw(unstack, (x, num, axis), {}, specs, "unstack")


enroll("keras.ops", unstack)
