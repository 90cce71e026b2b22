"""Sparse tensors from dense ones, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor, from_host
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.creation import fill, ones
from thalweg._src.ops.gather import gather
from thalweg._src.ops.joining import concat
from thalweg._src.ops.scatter import tensor_scatter_nd_update
from thalweg._src.ops.shaping import expand_dims, reshape
from thalweg._src.ops.sparse.places import check_places, made, shape_of, sparse_of
from thalweg._src.ops.sparse.tensor import SparseTensor
from thalweg._src.ops.support import known_value


def from_dense(tensor: Any, name: str | None = None) -> SparseTensor:
    """Sparse tensor of the elements that are not 0 (for strings: not empty).

    Args:
        tensor: Tensor of rank 1 or more.
        name: Has no effect.

    Returns:
        `SparseTensor` in row-major order.

    Example:
        >>> import thalweg as tf
        >>> tf.sparse.from_dense([[0, 2], [3, 0]]).indices.numpy().tolist()
        [[0, 1], [1, 0]]

    Source: `tf.sparse.from_dense`. Inside compiled programs the number of elements would depend on values.
    """
    where = "sparse.from_dense"
    tensor = convert_to_tensor(tensor)
    if not len(tensor.shape):
        raise InvalidArgumentError(f"[{where}] expected rank 1 or more, got a scalar.")
    values = known_value(where, "tensor", tensor, "keep it dense there")
    present = values != b"" if values.dtype == object else values != 0
    indices = np.argwhere(present)
    flat = gather(reshape(tensor, (-1,)), from_host(np.flatnonzero(present)))
    return made(indices, flat, tensor.shape)


def to_dense(
    sp_input: Any,
    default_value: Any = None,
    validate_indices: bool = True,
    name: str | None = None,
) -> Any:
    """Dense tensor of a sparse one.

    Args:
        sp_input: `SparseTensor`.
        default_value: Value of the elements that are not kept; 0 or an empty text when None.
        validate_indices: Whether the places are checked: each once, and in row-major order.
        name: Has no effect.

    Returns:
        Tensor.

    Raises:
        InvalidArgumentError: A place is out of bounds, out of order or repeated.

    Example:
        >>> import thalweg as tf
        >>> st = tf.SparseTensor([[0, 1], [1, 0]], [5, 6], [2, 2])
        >>> tf.sparse.to_dense(st, default_value=-1).numpy().tolist()
        [[-1, 5], [6, -1]]

    Source: `tf.sparse.to_dense`.
    """
    where = "sparse.to_dense"
    tensor = sparse_of(where, sp_input)
    shape = shape_of(where, tensor)
    check_places(where, tensor._indices, shape, validate_indices)
    if default_value is None:
        texts = tensor.dtype is dtypes.string
        default_value = b"" if texts else np.zeros((), tensor.dtype.numpy_dtype)
    filler = convert_to_tensor(default_value, tensor.dtype)
    if len(filler.shape):
        raise ShapeError(f"[{where}] expected a scalar default_value, got shape {filler.shape}.")
    if not len(shape):
        # A scalar has no dimension to scatter into: it is its only element, or the filler.
        return concat([tensor._values, expand_dims(filler, 0)], 0)[0]
    return tensor_scatter_nd_update(fill(shape, filler), Tensor(tensor._indices), tensor._values)


def eye(
    num_rows: Any, num_columns: Any = None, dtype: Any = dtypes.float32, name: str | None = None
) -> SparseTensor:
    """Sparse matrix with ones on the diagonal.

    Args:
        num_rows: Number of rows.
        num_columns: Number of columns; as many as rows when None.
        dtype: Dtype of the ones.
        name: Has no effect.

    Source: `tf.sparse.eye`.
    """
    rows = int_of("sparse.eye", "num_rows", known_value("sparse.eye", "num_rows", num_rows).item())
    columns = rows
    if num_columns is not None:
        given = known_value("sparse.eye", "num_columns", num_columns)
        columns = int_of("sparse.eye", "num_columns", given.item())
    count = min(rows, columns)
    places = np.repeat(np.arange(count)[:, None], 2, axis=1)
    return made(places, ones((count,), dtypes.as_dtype(dtype)), (rows, columns))


def to_indicator(sp_input: Any, vocab_size: Any, name: str | None = None) -> Any:
    """Bool tensor that is True at the ids which each row holds.

    Args:
        sp_input: `SparseTensor` of int32 or int64 ids.
        vocab_size: Number of ids.
        name: Has no effect.

    Returns:
        Bool tensor of the dense shape, with the last size replaced by `vocab_size`.

    Raises:
        InvalidArgumentError: An id is not below `vocab_size`.

    Example:
        >>> import thalweg as tf
        >>> ids = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [2, 0, 1], [2, 2])
        >>> tf.sparse.to_indicator(ids, 3).numpy().tolist()
        [[True, False, True], [False, True, False]]

    Source: `tf.sparse.to_indicator`.
    """
    where = "sparse.to_indicator"
    tensor = sparse_of(where, sp_input)
    size = int_of(where, "vocab_size", known_value(where, "vocab_size", vocab_size).item())
    shape = (*shape_of(where, tensor)[:-1], size)
    ids = known_value(where, "sp_input", tensor.values, "use tf.one_hot and tf.reduce_max")
    outer = known_value(where, "sp_input", tensor.indices)[:, :-1]
    places = np.concatenate([outer, ids.astype(np.int64)[:, None]], axis=1)
    check_places(where, places, shape, False)
    out = np.zeros(shape, np.bool_)
    out[tuple(places.T)] = True
    return from_host(out)
