"""Sums, extremes and products of sparse tensors, and functions of their values."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.door import freeze
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops import clipping as dense
from thalweg._src.ops.creation import zeros
from thalweg._src.ops.elementwise import subtract, truediv
from thalweg._src.ops.exponential import exp
from thalweg._src.ops.gather import gather, gather_nd
from thalweg._src.ops.ragged.partition import is_known, module_of
from thalweg._src.ops.scatter import tensor_scatter_nd_add
from thalweg._src.ops.segment import unsorted_segment_max, unsorted_segment_sum
from thalweg._src.ops.selection import where as choose
from thalweg._src.ops.shaping import reshape
from thalweg._src.ops.sparse.places import (
    chosen,
    known_indices,
    located,
    made,
    numbered,
    shape_of,
    sparse_of,
)
from thalweg._src.ops.sparse.tensor import SparseTensor
from thalweg._src.ops.support import axes_of, known_value


def _united(where: str, a: SparseTensor, b: SparseTensor) -> tuple[Any, Any, Any]:
    """The places of both tensors, sorted, and the values of each at all of them, 0 where it has none."""
    shapes = shape_of(where, a), shape_of(where, b)
    if shapes[0] != shapes[1]:
        raise InvalidArgumentError(
            f"[{where}] expected sparse tensors of one dense shape, got {list(shapes[0])} and "
            f"{list(shapes[1])}."
        )
    if a.dtype is not b.dtype:
        raise DTypeError(
            f"[{where}] expected values of one dtype, got {a.dtype.name} and {b.dtype.name}; cast one of "
            "them with tf.cast."
        )
    numbers = [numbered(known_indices(where, t), shapes[0]) for t in (a, b)]
    union = np.union1d(*numbers)
    values = []
    for tensor, own in zip((a, b), numbers, strict=True):
        places = np.searchsorted(union, own)
        values.append(unsorted_segment_sum(tensor.values, Tensor(places), len(union)))
    return located(union, shapes[0]), *values


def add(a: Any, b: Any, threshold: Any = 0) -> Any:
    """Sum of two tensors of which one or both are sparse.

    Args:
        a: `SparseTensor`, or a tensor where `b` is sparse.
        b: The other one, of the same dense shape.
        threshold: Elements of a sparse sum that are nearer to 0 are left out.

    Returns:
        `SparseTensor` where both are sparse, else a tensor.

    Raises:
        TypeError: None of them is sparse.

    Example:
        >>> import thalweg as tf
        >>> total = tf.sparse.add(tf.sparse.eye(2), tf.SparseTensor([[0, 1]], [5.0], [2, 2]))
        >>> tf.sparse.to_dense(total).numpy().tolist()
        [[1.0, 5.0], [0.0, 1.0]]

    Source: `tf.sparse.add`.
    """
    where = "sparse.add"
    if not isinstance(a, SparseTensor) or not isinstance(b, SparseTensor):
        other, sparse = (b, a) if isinstance(a, SparseTensor) else (a, b)
        tensor = sparse_of(where, sparse)
        return tensor_scatter_nd_add(convert_to_tensor(other), tensor.indices, tensor.values)
    indices, one, other = _united(where, a, b)
    total = made(indices, one + other, a._shape)
    limit = known_value(where, "threshold", threshold)
    if not limit > 0:
        return total
    size = np.abs(known_value(where, "a + b", total.values, "leave threshold at 0"))
    places, values = chosen(total, size >= limit, where)
    return made(places, values, a._shape)


def maximum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """Larger elements of two sparse tensors; what one has not counts as 0.

    Args:
        sp_a: `SparseTensor`.
        sp_b: `SparseTensor` of the same dense shape.
        name: Has no effect.

    Source: `tf.sparse.maximum`.
    """
    return _extreme("sparse.maximum", dense.maximum, sp_a, sp_b)


def minimum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """Smaller elements of two sparse tensors; what one has not counts as 0.

    Args:
        sp_a: `SparseTensor`.
        sp_b: `SparseTensor` of the same dense shape.
        name: Has no effect.

    Source: `tf.sparse.minimum`.
    """
    return _extreme("sparse.minimum", dense.minimum, sp_a, sp_b)


def _extreme(where: str, function: Callable[..., Any], a: Any, b: Any) -> SparseTensor:
    indices, one, other = _united(where, sparse_of(where, a), sparse_of(where, b))
    return made(indices, function(one, other), a._shape)


def map_values(op: Callable[..., Any], *args: Any, **kwargs: Any) -> SparseTensor:
    """What a function makes of the elements, at their places.

    Args:
        op: Function of tensors ``(n,)`` that gives a tensor ``(n,)``.
        *args: Its arguments; sparse tensors, also those in structures, are given as their values.
        **kwargs: Its arguments by name, likewise.

    Returns:
        `SparseTensor`.

    Raises:
        ValueError: No argument is sparse.
        InvalidArgumentError: Sparse arguments have their elements in different places.

    Example:
        >>> import thalweg as tf
        >>> tf.sparse.map_values(tf.exp, tf.sparse.eye(2)).values.shape
        TensorShape([2])

    Source: `tf.sparse.map_values`. Elements that are not kept stay 0, whatever the function makes of 0.
    """
    where = "sparse.map_values"
    found = [x for x in nest.flatten([args, kwargs]) if isinstance(x, SparseTensor)]
    if not found:
        raise InvalidArgumentError(
            f"[{where}] expected one SparseTensor argument or more, got none."
        )
    for other in found[1:]:
        if shape_of(where, other) != shape_of(where, found[0]) or not _same_places(found[0], other):
            raise InvalidArgumentError(
                f"[{where}] expected sparse tensors with their elements in the same places, got other ones."
            )
    flat_args, flat_kwargs = nest.map_structure(
        lambda x: x.values if isinstance(x, SparseTensor) else x, [args, kwargs]
    )
    return found[0].with_values(op(*flat_args, **flat_kwargs))


def _same_places(a: SparseTensor, b: SparseTensor) -> bool:
    if not (is_known(a._indices) and is_known(b._indices)):
        return a._indices.shape == b._indices.shape
    return np.array_equal(a._indices, b._indices)


def softmax(sp_input: Any, name: str | None = None) -> SparseTensor:
    """Probabilities of the elements of each row; those that are not kept have none.

    Args:
        sp_input: `SparseTensor` of floats, of rank 2 or more.
        name: Has no effect.

    Source: `tf.sparse.softmax`.
    """
    where = "sparse.softmax"
    tensor = sparse_of(where, sp_input)
    *outer, _ = shape_of(where, tensor)
    count = math.prod(outer)
    rows = Tensor(numbered(tensor._indices[:, :-1], outer))
    peak = gather(unsorted_segment_max(tensor.values, rows, count), rows)
    powers = exp(subtract(tensor.values, peak))
    total = gather(unsorted_segment_sum(powers, rows, count), rows)
    return tensor.with_values(truediv(powers, total))


def reduce_sum(
    sp_input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    output_is_sparse: bool = False,
    name: str | None = None,
) -> Any:
    """Sum of the elements along axes.

    Args:
        sp_input: `SparseTensor`.
        axis: Dimension or list of dimensions; None for all.
        keepdims: Keep the reduced dimensions with size 1.
        output_is_sparse: Whether the result is sparse, too.
        name: Has no effect.

    Returns:
        Tensor, or `SparseTensor`.

    Example:
        >>> import thalweg as tf
        >>> tf.sparse.reduce_sum(tf.SparseTensor([[0, 0], [0, 2]], [1, 2], [2, 3]), axis=1).numpy().tolist()
        [3, 0]

    Source: `tf.sparse.reduce_sum`.
    """
    return _reduced(
        "sparse.reduce_sum", unsorted_segment_sum, sp_input, axis, keepdims, output_is_sparse
    )


def reduce_max(
    sp_input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    output_is_sparse: bool = False,
    name: str | None = None,
) -> Any:
    """Largest of the elements that are kept, along axes; 0 where none is.

    Args:
        sp_input: `SparseTensor`.
        axis: Dimension or list of dimensions; None for all.
        keepdims: Keep the reduced dimensions with size 1.
        output_is_sparse: Whether the result is sparse, too.
        name: Has no effect.

    Returns:
        Tensor, or `SparseTensor`.

    Source: `tf.sparse.reduce_max`. As there, a row of negative elements has a negative maximum, although
    those that are not kept are 0.
    """
    return _reduced("sparse.reduce_max", _largest, sp_input, axis, keepdims, output_is_sparse)


def _largest(values: Any, places: Any, count: int) -> Any:
    """Largest value at each place; 0 where there is none."""
    found = unsorted_segment_max(values, places, count)
    array = places.array
    if is_known(array):
        some = np.bincount(array, minlength=count) > 0
    else:
        some = module_of(array).bincount(array, length=count) > 0
    return choose(Tensor(some), found, zeros((), values.dtype))


def _reduced(
    where: str,
    function: Callable[..., Any],
    sp_input: Any,
    axis: Any,
    keepdims: Any,
    output_is_sparse: bool,
) -> Any:
    tensor = sparse_of(where, sp_input)
    shape = shape_of(where, tensor)
    axes = axes_of(where, freeze(axis), len(shape))
    axes = tuple(range(len(shape))) if axes is None else axes
    kept = [k for k in range(len(shape)) if k not in axes]
    sizes = [shape[k] for k in kept]
    numbers = numbered(tensor._indices[:, kept], sizes)
    full = [1 if k in axes else n for k, n in enumerate(shape)] if keepdims else sizes
    if not output_is_sparse:
        return reshape(function(tensor.values, Tensor(numbers), math.prod(sizes)), full)
    known_indices(where, tensor)
    union, places = np.unique(numbers, return_inverse=True)
    values = function(tensor.values, Tensor(places.reshape(-1)), len(union))
    return made(located(union, full), values, full)


def at_places(where: str, other: Any, tensor: SparseTensor) -> Any:
    """The elements of a dense tensor, repeated to the shape of a sparse one, at its places."""
    value = as_tensor(other)
    value = convert_to_tensor(other, dtype_hint=tensor.dtype) if value is None else value
    rank, shape = len(value.shape), shape_of(where, tensor)
    if not rank:
        return value
    sizes = tuple(value.shape)
    if rank > len(shape) or any(
        a not in (1, b) for a, b in zip(sizes[::-1], shape[::-1], strict=False)
    ):
        raise ShapeError(
            f"[{where}] expected a tensor that broadcasts to the dense shape {list(shape)}, got shape "
            f"{list(sizes)}."
        )
    xp = module_of(tensor._indices)
    own = tensor._indices[:, len(shape) - rank :]
    return gather_nd(value, Tensor(xp.where(np.asarray(sizes) == 1, 0, own)))


def multiply(x: Any, y: Any) -> SparseTensor:
    """Product with a tensor, number by number."""
    tensor, other = _with_dense("multiply", x, y)
    return tensor.with_values(tensor.values * at_places("multiply", other, tensor))


def divide(x: Any, y: Any) -> SparseTensor:
    """Quotient by a tensor, number by number."""
    if not isinstance(x, SparseTensor):
        raise DTypeError("[truediv] expected a sparse tensor to be divided, got a sparse divisor.")
    tensor, other = _with_dense("truediv", x, y)
    return tensor.with_values(truediv(tensor.values, at_places("truediv", other, tensor)))


def _with_dense(where: str, x: Any, y: Any) -> tuple[SparseTensor, Any]:
    sparse, other = (x, y) if isinstance(x, SparseTensor) else (y, x)
    if isinstance(other, SparseTensor):
        raise InvalidArgumentError(
            f"[{where}] expected a sparse and a dense tensor, got two sparse ones; make one dense with "
            "tf.sparse.to_dense."
        )
    return sparse, other
