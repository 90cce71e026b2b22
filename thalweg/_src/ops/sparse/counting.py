"""Values counted, and combinations of features, as sparse tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.convert import convert_to_tensor, from_host
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.ragged import crossing
from thalweg._src.ops.ragged.partition import RowPartition
from thalweg._src.ops.ragged.rows import is_ragged, levels
from thalweg._src.ops.sparse.places import check_places, known_indices, made, shape_of
from thalweg._src.ops.sparse.tensor import SparseTensor
from thalweg._src.ops.strings.blocks import one_text
from thalweg._src.ops.support import known_value


def _values_and_rows(where: str, value: Any) -> tuple[Any, np.ndarray[Any, Any], int, int]:
    """Values of a tensor of any kind, the row of each, the number of rows, and the rank."""
    if isinstance(value, SparseTensor):
        shape = shape_of(where, value)
        indices = known_indices(where, value)
        check_places(where, indices, shape, False)
        rows = indices[:, 0] if len(shape) > 1 else np.zeros(len(indices), np.int64)
        return value.values, rows, shape[0] if len(shape) > 1 else 1, len(shape)
    if is_ragged(value):
        part = value._partition
        part.known(where)
        return value.flat_values, part.rowids, part.nrows, len(value.shape)
    tensor = convert_to_tensor(value)
    rank = len(tensor.shape)
    if rank == 1:
        return tensor, np.zeros(tensor.shape[0], np.int64), 1, 1
    if rank != 2:
        raise ShapeError(f"[{where}] expected rank 1 or 2, got shape {tensor.shape}.")
    flat, (part,) = levels(tensor, 1, np.dtype(np.int64))
    return flat, part.rowids, part.nrows, 2


def bincount(
    values: Any,
    weights: Any = None,
    axis: Any = 0,
    minlength: Any = None,
    maxlength: Any = None,
    binary_output: bool = False,
    name: str | None = None,
) -> SparseTensor:
    """How often each of the values 0, 1, 2, ... occurs, as a sparse tensor.

    Args:
        values: Integers of 0 or more: a tensor, ragged tensor or `SparseTensor` of rank 1 or 2.
        weights: Of the kind of `values`; added up instead of ones.
        axis: 0 or None to count all together, -1 to count each row.
        minlength: Least length of the result.
        maxlength: Greatest length of the result; larger values are not counted.
        binary_output: Give 1 where a value occurs, instead of how often.
        name: Has no effect.

    Returns:
        `SparseTensor` of shape ``(length,)``, or ``(rows, length)`` with ``axis=-1``.

    Raises:
        InvalidArgumentError: A value is negative.

    Example:
        >>> import thalweg as tf
        >>> counts = tf.sparse.bincount([[1, 1, 3], [0, 2, 2]], axis=-1)
        >>> tf.sparse.to_dense(counts).numpy().tolist()
        [[0, 2, 0, 1], [1, 0, 2, 0]]

    Source: `tf.sparse.bincount`.
    """
    where = "sparse.bincount"
    if axis not in (None, 0, -1):
        raise InvalidArgumentError(f"[{where}] expected axis 0 or -1, got {axis!r}; choose one.")
    if binary_output and weights is not None:
        raise InvalidArgumentError(
            f"[{where}] expected no weights with binary_output=True, got both."
        )
    flat, rows, nrows, rank = _values_and_rows(where, values)
    bins = known_value(where, "values", flat, "use tf.math.bincount").astype(np.int64)
    if bins.size and bins.min() < 0:
        raise InvalidArgumentError(f"[{where}] expected values of 0 or more, got {bins.min()}.")
    length = int(bins.max()) + 1 if bins.size else 0
    length = max(length, 0 if minlength is None else int_of(where, "minlength", minlength))
    if maxlength is not None:
        length = min(length, int_of(where, "maxlength", maxlength))
    each = axis == -1 and rank > 1
    kept = bins < length
    numbers = (rows[kept] if each else 0) * length + bins[kept]
    union, places = np.unique(numbers, return_inverse=True)
    if weights is None:
        counts = np.bincount(places.reshape(-1), minlength=len(union)).astype(np.int32)
        found = np.ones_like(counts) if binary_output else counts
    else:
        heavy = known_value(where, "weights", _values_and_rows(where, weights)[0])[kept]
        found = np.zeros(len(union), heavy.dtype)
        np.add.at(found, places.reshape(-1), heavy)
    columns = [union // length, union % length] if each else [union]
    shape = (nrows, length) if each else (length,)
    return made(np.stack(columns, 1).astype(np.int64), from_host(found), shape)


def cross(inputs: Sequence[Any], name: str | None = None, separator: Any = None) -> SparseTensor:
    """Every choice of one value from each input's row, joined to one string.

    Args:
        inputs: Tensors and `SparseTensor`s of strings or integers, ``(batch, None)``.
        name: Has no effect.
        separator: Text between two values; ``_X_`` when None.

    Returns:
        `SparseTensor` of strings ``(batch, most choices of a row)``.

    Source: `tf.sparse.cross`.
    """
    glue = b"_X_" if separator is None else one_text("sparse.cross", "separator", separator)
    columns, part = crossing.chosen("sparse.cross", [_rows(x) for x in inputs])
    return _of_rows(crossing.joined(columns, glue), part)


def cross_hashed(
    inputs: Sequence[Any], num_buckets: Any = 0, hash_key: Any = None, name: str | None = None
) -> SparseTensor:
    """Every choice of one value from each input's row, hashed to one number.

    Args:
        inputs: Tensors and `SparseTensor`s of strings or integers, ``(batch, None)``.
        num_buckets: Number of different results; 0 for all numbers of 63 bits.
        hash_key: Number that the hash begins with.
        name: Has no effect.

    Returns:
        `SparseTensor` of int64 ``(batch, most choices of a row)``.

    Source: `tf.sparse.cross_hashed`.
    """
    columns, part = crossing.chosen("sparse.cross_hashed", [_rows(x) for x in inputs])
    return _of_rows(crossing.hashed(columns, num_buckets, hash_key), part)


def _rows(value: Any) -> tuple[Any, RowPartition]:
    values, rows, nrows, rank = _values_and_rows("sparse.cross", value)
    if rank != 2:
        raise ShapeError(f"[sparse.cross] expected inputs of rank 2, got rank {rank}.")
    if (rows[1:] < rows[:-1]).any():
        raise InvalidArgumentError(
            "[sparse.cross] expected indices in row-major order; sort them with tf.sparse.reorder."
        )
    lengths = np.bincount(rows, minlength=nrows).astype(np.int64)
    return values, RowPartition.of_lengths(lengths)


def _of_rows(values: np.ndarray[Any, Any], part: RowPartition) -> SparseTensor:
    places = np.stack([part.rowids, part.offsets], axis=1)
    return made(places, from_host(values), (part.nrows, part.longest("sparse.cross")))
