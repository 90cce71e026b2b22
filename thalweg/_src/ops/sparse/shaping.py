"""Elements of sparse tensors put in other places: sorted, turned, cut, joined, left out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.convert import convert_to_tensor, from_host
from thalweg._src.core.door import freeze
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops import joining
from thalweg._src.ops.arguments import int_of, ints_of
from thalweg._src.ops.gather import gather
from thalweg._src.ops.ragged.partition import module_of
from thalweg._src.ops.ragged.ranges import filled_rows
from thalweg._src.ops.sparse.places import (
    chosen,
    in_order,
    known_indices,
    located,
    made,
    numbered,
    shape_of,
    sparse_of,
)
from thalweg._src.ops.sparse.tensor import SparseTensor
from thalweg._src.ops.support import axis_of, known_value


def reorder(sp_input: Any, name: str | None = None) -> SparseTensor:
    """The same elements in row-major order.

    Args:
        sp_input: `SparseTensor`.
        name: Has no effect.

    Example:
        >>> import thalweg as tf
        >>> st = tf.sparse.reorder(tf.SparseTensor([[1, 0], [0, 1]], [5, 6], [2, 2]))
        >>> st.indices.numpy().tolist(), st.values.numpy().tolist()
        ([[0, 1], [1, 0]], [6, 5])

    Source: `tf.sparse.reorder`.
    """
    tensor = sparse_of("sparse.reorder", sp_input)
    return in_order(tensor._indices, tensor.values, shape_of("sparse.reorder", tensor))


def transpose(sp_input: Any, perm: Any = None, name: str | None = None) -> SparseTensor:
    """The dimensions in another order.

    Args:
        sp_input: `SparseTensor`.
        perm: The order; the dimensions turned round when None.
        name: Has no effect.

    Source: `tf.sparse.transpose`.
    """
    where = "sparse.transpose"
    tensor = sparse_of(where, sp_input)
    shape = shape_of(where, tensor)
    rank = len(shape)
    order = list(range(rank))[::-1] if perm is None else list(ints_of(where, "perm", freeze(perm)))
    if sorted(order) != list(range(rank)):
        raise InvalidArgumentError(
            f"[{where}] expected perm to order {rank} dimensions, got {order}."
        )
    return in_order(tensor._indices[:, order], tensor.values, [shape[k] for k in order])


def reshape(sp_input: Any, shape: Any, name: str | None = None) -> SparseTensor:
    """The same elements, in row-major order, of another dense shape.

    Args:
        sp_input: `SparseTensor`.
        shape: Sizes; one of them may be -1, which stands for what is left.
        name: Has no effect.

    Raises:
        InvalidArgumentError: The number of elements of the dense tensor differs.

    Source: `tf.sparse.reshape`.
    """
    where = "sparse.reshape"
    tensor = sparse_of(where, sp_input)
    old = shape_of(where, tensor)
    sizes = list(ints_of(where, "shape", freeze(shape)))
    count, known = math.prod(old), math.prod(n for n in sizes if n != -1)
    if sizes.count(-1) == 1 and known and count % known == 0:
        sizes[sizes.index(-1)] = count // known
    if any(n < 0 for n in sizes) or math.prod(sizes) != count:
        raise InvalidArgumentError(
            f"[{where}] expected a shape of {count} elements for dense shape {list(old)}, got {sizes}."
        )
    return made(located(numbered(tensor._indices, old), sizes), tensor.values, sizes)


def expand_dims(sp_input: Any, axis: Any = None, name: str | None = None) -> SparseTensor:
    """A new dimension of size 1.

    Args:
        sp_input: `SparseTensor`.
        axis: Position of the new dimension; the last when None.
        name: Has no effect.

    Source: `tf.sparse.expand_dims`.
    """
    where = "sparse.expand_dims"
    tensor = sparse_of(where, sp_input)
    shape = shape_of(where, tensor)
    at = axis_of(where, -1 if axis is None else freeze(axis), len(shape) + 1)
    indices = tensor._indices
    xp = module_of(indices)
    zeros = xp.zeros((indices.shape[0], 1), np.int64)
    wide = xp.concatenate([indices[:, :at], zeros, indices[:, at:]], axis=1)
    return made(wide, tensor.values, (*shape[:at], 1, *shape[at:]))


def slice(sp_input: Any, start: Any, size: Any, name: str | None = None) -> SparseTensor:
    """The elements of a block.

    Args:
        sp_input: `SparseTensor`.
        start: First place in each dimension.
        size: Sizes of the block, which end where the tensor does.
        name: Has no effect.

    Example:
        >>> import thalweg as tf
        >>> st = tf.sparse.slice(tf.sparse.eye(4), [1, 1], [2, 3])
        >>> st.indices.numpy().tolist(), st.shape
        ([[0, 0], [1, 1]], TensorShape([2, 3]))

    Source: `tf.sparse.slice`.
    """
    where = "sparse.slice"
    tensor = sparse_of(where, sp_input)
    shape = np.asarray(shape_of(where, tensor), np.int64)
    low = np.asarray(ints_of(where, "start", freeze(start)), np.int64)
    wanted = np.asarray(ints_of(where, "size", freeze(size)), np.int64)
    if low.shape != shape.shape or wanted.shape != shape.shape or (low < 0).any():
        raise InvalidArgumentError(
            f"[{where}] expected a start of 0 or more and a size for {len(shape)} dimensions, got "
            f"{low.tolist()} and {wanted.tolist()}."
        )
    sizes = np.clip(shape - low, 0, np.maximum(wanted, 0))
    return _block(where, tensor, low, sizes)


def _block(where: str, tensor: SparseTensor, low: Any, sizes: Any) -> SparseTensor:
    moved = known_indices(where, tensor) - low
    places, values = chosen(tensor, ((moved >= 0) & (moved < sizes)).all(axis=1), where)
    return made(places - low, values, sizes)


def split(
    sp_input: Any = None, num_split: Any = None, axis: Any = None, name: str | None = None
) -> list[SparseTensor]:
    """Consecutive parts along a dimension; the first ones are larger by 1 where it does not divide.

    Args:
        sp_input: `SparseTensor`.
        num_split: Number of parts.
        axis: Dimension.
        name: Has no effect.

    Source: `tf.sparse.split`.
    """
    where = "sparse.split"
    if sp_input is None or num_split is None or axis is None:
        raise InvalidArgumentError(f"[{where}] expected sp_input, num_split and axis, got None.")
    tensor = sparse_of(where, sp_input)
    shape = shape_of(where, tensor)
    at = axis_of(where, freeze(axis), len(shape))
    count = int_of(where, "num_split", freeze(num_split))
    if not 1 <= count <= shape[at]:
        raise InvalidArgumentError(
            f"[{where}] expected num_split from 1 to {shape[at]}, the size of dimension {at}, got {count}."
        )
    base, larger = divmod(shape[at], count)
    found, start = [], 0
    for number in range(count):
        low, sizes = np.zeros(len(shape), np.int64), np.asarray(shape, np.int64)
        low[at], sizes[at] = start, base + (number < larger)
        start += sizes[at]
        found.append(_block(where, tensor, low, sizes))
    return found


def concat(
    axis: Any,
    sp_inputs: Sequence[Any],
    expand_nonconcat_dims: bool = False,
    name: str | None = None,
) -> SparseTensor:
    """Sparse tensors one after the other along a dimension.

    Args:
        axis: Dimension.
        sp_inputs: List of `SparseTensor`s of one rank.
        expand_nonconcat_dims: Whether the other dimensions may differ; the largest sizes are taken.
        name: Has no effect.

    Returns:
        `SparseTensor` in row-major order.

    Raises:
        InvalidArgumentError: Ranks, or sizes of other dimensions, differ.

    Source: `tf.sparse.concat`.
    """
    where = "sparse.concat"
    tensors = [sparse_of(where, t) for t in sp_inputs]
    if not tensors:
        raise InvalidArgumentError(f"[{where}] expected one sparse tensor or more, got none.")
    shapes = [shape_of(where, t) for t in tensors]
    if len({len(shape) for shape in shapes}) > 1:
        raise InvalidArgumentError(f"[{where}] expected tensors of one rank, got shapes {shapes}.")
    at = axis_of(where, freeze(axis), len(shapes[0]))
    rest = {(*shape[:at], *shape[at + 1 :]) for shape in shapes}
    if len(rest) > 1 and not expand_nonconcat_dims:
        raise InvalidArgumentError(
            f"[{where}] expected equal sizes in all dimensions but {at}, got shapes {shapes}; pass "
            "expand_nonconcat_dims=True to take the largest."
        )
    whole = np.max(shapes, axis=0)
    whole[at] = sum(shape[at] for shape in shapes)
    xp = module_of(*(t._indices for t in tensors))
    ends = np.cumsum([shape[at] for shape in shapes])
    moved = []
    for tensor, shape, end in zip(tensors, shapes, ends, strict=True):
        offset = np.zeros(len(whole), np.int64)
        offset[at] = end - shape[at]
        moved.append(tensor._indices + offset)
    # What lies behind the last row stays there, unless other rows follow.
    values = joining.concat([t._values if at else t.values for t in tensors], 0)
    found = in_order(xp.concatenate(moved), values, whole.tolist())
    found._is_full = all(t._is_full for t in tensors)
    return found


def retain(sp_input: Any, to_retain: Any) -> SparseTensor:
    """The elements that a mask keeps.

    Args:
        sp_input: `SparseTensor` of n elements.
        to_retain: Bools of shape ``(n,)``.

    Raises:
        ValueError: The mask has another length.

    Source: `tf.sparse.retain`.
    """
    where = "sparse.retain"
    tensor = sparse_of(where, sp_input)
    mask = known_value(where, "to_retain", convert_to_tensor(to_retain), "keep all elements")
    if mask.shape != (tensor.values.shape[0],):
        raise ShapeError(
            f"[{where}] expected one bool for each of {tensor.values.shape[0]} elements, got shape "
            f"{mask.shape}: shapes are incompatible."
        )
    places, values = chosen(tensor, mask, where)
    return made(places, values, shape_of(where, tensor))


def reset_shape(sp_input: Any, new_shape: Any = None) -> SparseTensor:
    """The same elements in another dense shape.

    Args:
        sp_input: `SparseTensor`.
        new_shape: Sizes that are at least as large; the smallest that hold all elements when None.

    Raises:
        ValueError: A size is smaller, or the rank differs.

    Source: `tf.sparse.reset_shape`.
    """
    where = "sparse.reset_shape"
    tensor = sparse_of(where, sp_input)
    old = shape_of(where, tensor)
    if new_shape is None:
        indices = known_indices(where, tensor)
        sizes = indices.max(axis=0, initial=-1) + 1
        return made(indices, tensor.values, sizes)
    given = ints_of(where, "new_shape", freeze(new_shape))
    if len(given) != len(old) or any(new < size for new, size in zip(given, old, strict=True)):
        raise ShapeError(
            f"[{where}] expected a new_shape of {len(old)} sizes that are at least {list(old)}, got "
            f"{list(given)}."
        )
    return made(tensor._indices, tensor.values, given)


class FilledTensor(NamedTuple):
    """A sparse tensor without empty rows.

    Attributes:
        tensor: The sparse tensor.
        empty_row_indicator: For each row whether it was empty.
    """

    tensor: Any
    empty_row_indicator: Any


def fill_empty_rows(sp_input: Any, default_value: Any, name: str | None = None) -> FilledTensor:
    """The sparse matrix with a default value at the beginning of each row that was empty.

    Args:
        sp_input: `SparseTensor` of rank 2.
        default_value: Scalar.
        name: Has no effect.

    Returns:
        The `SparseTensor`, and bools of shape ``(rows,)`` that say which rows were empty.

    Example:
        >>> import thalweg as tf
        >>> st, empty = tf.sparse.fill_empty_rows(tf.SparseTensor([[1, 1]], [5], [2, 2]), 9)
        >>> tf.sparse.to_dense(st).numpy().tolist(), empty.numpy().tolist()
        ([[9, 0], [0, 5]], [True, False])

    Source: `tf.sparse.fill_empty_rows`.
    """
    where = "sparse.fill_empty_rows"
    tensor = sparse_of(where, sp_input)
    shape = shape_of(where, tensor)
    if len(shape) != 2:
        raise ShapeError(f"[{where}] expected a sparse matrix, got dense shape {list(shape)}.")
    indices = known_indices(where, tensor)
    empty, order, rows = filled_rows(indices[:, 0], shape[0])
    padded = np.concatenate([indices, np.zeros((1, 2), np.int64)])[order]
    padded[:, 0] = rows
    filler = convert_to_tensor(default_value, tensor.dtype)
    values = gather(joining.concat([tensor.values, filler[None]], 0), Tensor(order))
    return FilledTensor(made(padded, values, shape), from_host(empty))


def mask(a: Any, mask_indices: Any, name: str | None = None) -> Any:
    """The rows of `tf.IndexedSlices` without those of some indices.

    Args:
        a: `tf.IndexedSlices`.
        mask_indices: Indices of rows to leave out.
        name: Has no effect.

    Returns:
        `tf.IndexedSlices`.

    Source: `tf.sparse.mask`.
    """
    where = "sparse.mask"
    indices = known_value(where, "a", a.indices)
    left_out = known_value(where, "mask_indices", convert_to_tensor(mask_indices))
    kept = from_host(np.flatnonzero(~np.isin(indices, left_out)))
    return type(a)(gather(a.values, kept), gather(a.indices, kept), a.dense_shape)
