"""Elements picked by indices: take, take_along_axis, get_item, unravel_index."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import IndexRangeError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.door import freeze
from thalweg._src.core.opdef import op
from thalweg._src.core.tensor import is_traced
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops import sparse as sparse_rules
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.ops.sparse import taking_sparse
from thalweg._src.ops import indexing, shaping
from thalweg._src.ops.arguments import host_value, sizes_of
from thalweg._src.ops.gather import gather_along
from thalweg._src.ops.indices import indices_of
from thalweg._src.ops.support import axis_of


def _along(where: str, x: Any, indices: Any, axis: Any) -> tuple[Any, Any, int]:
    """The tensor (flattened when `axis` is None), checked indices and the axis."""
    tensor = tensor_of(x)
    at = 0 if axis is None else axis_of(where, freeze(axis), tensor.ndim)
    if axis is None:
        tensor = shaping.reshape(tensor, [-1])
    places = indices_of(where, indices, tensor)
    # The sizes of a tensor without values may be probes of unknown ones.
    if not is_traced(tensor):
        _check(where, places, int(tensor.shape[at]))
    return tensor, places, at


def _check(where: str, places: Any, size: int) -> None:
    known = host_value(places)
    if known is not None and known.size and not (known.min() >= -size and known.max() < size):
        raise IndexRangeError(
            f"[{where}] expected indices from {-size} to {size - 1}, got {known.min()} to {known.max()}; "
            "check them, or the axis."
        )


def _from_front(indices: Any, size: int) -> Any:
    """Indices of which negative ones count from the end, as numbers from 0 on."""
    if indices.dtype.kind == "u":
        return indices
    wide = indices.astype(np.int32) if indices.dtype.itemsize < 4 else indices
    return jnp.where(wide < 0, wide + np.asarray(size, wide.dtype), wide)


@op("take", matched=(), input_dtypes={"indices": dtypes.int32})
def _take(x: Any, indices: Any, *, axis: int) -> Any:
    """Slices along an axis, picked by number."""
    return gather_along(x, _from_front(indices, x.shape[axis]), axis, 0)


@operation
@taking_sparse(sparse_rules.densely)
def take(x: Any, indices: Any, axis: Any = None) -> Any:
    """Slices along an axis, picked by number.

    Args:
        x: Tensor.
        indices: Integers of any shape; negative ones count from the end.
        axis: Axis that is indexed; None for the elements of the flattened tensor.

    Returns:
        Tensor whose shape has that of `indices` in place of the axis.

    Raises:
        IndexRangeError: An index is out of range, where it is known; elsewhere such an element is 0.
        DTypeError: The indices are no integers.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.take([[1, 2, 3], [4, 5, 6]], [0, -1], axis=1).numpy().tolist()
        [[1, 3], [4, 6]]

    Source: `keras.ops.take`.
    """
    tensor, places, at = _along("take", x, indices, axis)
    return _take(tensor, places, axis=at)


@op("take_along_axis", matched=(), input_dtypes={"indices": dtypes.int32})
def _take_along_axis(x: Any, indices: Any, *, axis: int) -> Any:
    """Elements along an axis, picked by number in each row."""
    places = _from_front(indices, x.shape[axis])
    return jnp.take_along_axis(x, places, axis, mode="fill", fill_value=0)


@operation
def take_along_axis(x: Any, indices: Any, axis: Any = None) -> Any:
    """Elements along an axis, picked by number for each row of its own.

    Args:
        x: Tensor.
        indices: Integers of the rank of `x`, whose other sizes broadcast with those of `x`; negative ones
            count from the end. Often the result of `argsort`.
        axis: Axis that is indexed; None for the elements of the flattened tensor.

    Returns:
        Tensor of the shape of `indices`, broadcast.

    Raises:
        IndexRangeError: An index is out of range, where it is known; elsewhere such an element is 0.
        ShapeError: The ranks differ.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.take_along_axis([[3, 1], [4, 5]], [[1], [0]], axis=1).numpy().tolist()
        [[1], [4]]

    Source: `keras.ops.take_along_axis`.
    """
    tensor, places, at = _along("take_along_axis", x, indices, axis)
    if len(places.shape) != tensor.ndim:
        raise ShapeError(
            f"[take_along_axis] expected indices of rank {tensor.ndim}, as x of shape "
            f"{tuple(tensor.shape)}, got shape {tuple(places.shape)}; add dimensions with expand_dims."
        )
    return _take_along_axis(tensor, places, axis=at)


class BeyondSizeError(IndexRangeError, ShapeError):
    """Index beyond a size that may stand for an unknown one: a larger one is tried next."""


@operation
def get_item(x: Any, key: Any) -> Any:
    """Part of a tensor, as ``x[key]``.

    Args:
        x: Tensor.
        key: Integers, slices, ``...``, None, scalar integer tensors, integer arrays, or a tuple of these;
            or one boolean mask, outside compiled programs.

    Returns:
        Tensor.

    Raises:
        IndexRangeError: An integer is out of range.

    Source: `keras.ops.get_item`.
    """
    tensor = tensor_of(x)
    try:
        return indexing.getitem(tensor, key)
    except IndexRangeError as error:
        if is_traced(tensor):
            raise BeyondSizeError(str(error)) from None
        raise


@op("unravel_places", differentiable=False)
def _unravel_index(indices: Any, *, shape: Any) -> tuple[Any, ...]:
    """Index of each dimension for elements given by their number."""
    rest = _from_front(indices, math.prod(shape))
    places = []
    for size in reversed(shape):
        divisor = np.asarray(size, rest.dtype)
        places.append(lax.rem(rest, jnp.broadcast_to(divisor, rest.shape)).astype(indices.dtype))
        rest = lax.div(rest, jnp.broadcast_to(divisor, rest.shape))
    return tuple(places[::-1])


@operation
def unravel_index(indices: Any, shape: Any) -> tuple[Any, ...]:
    """Index of each dimension for elements that are given by their number in row-major order.

    Args:
        indices: Integers of any shape; negative ones count from the end.
        shape: Sizes of the array that they point into.

    Returns:
        Tuple of integer tensors of the shape and dtype of `indices`, one for each dimension.

    Raises:
        IndexRangeError: An index is out of range, where it is known.

    Example:
        >>> import thalweg as tf
        >>> [int(i) for i in tf.keras.ops.unravel_index(5, (2, 3))]
        [1, 2]

    Source: `keras.ops.unravel_index`. Keras on TensorFlow does not check the range.
    """
    sizes = sizes_of("unravel_index", "shape", freeze(shape))
    places = tensor_of(indices_of("unravel_index", indices, None))
    _check("unravel_index", places, math.prod(sizes))
    return tuple(_unravel_index(places, shape=sizes))
