"""Combinations of features: every choice of one value from each input's row, joined or hashed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor, from_host
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.ragged.partition import RowPartition
from thalweg._src.ops.ragged.rows import is_ragged, levels
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.sparse.tensor import SparseTensor
from thalweg._src.ops.strings.hash_functions import CROSS_KEY, by_length, farm_hash, together
from thalweg._src.ops.support import known_value


def cross(inputs: Sequence[Any], name: str | None = None) -> RaggedTensor:
    """Every choice of one value from each input's row, joined to one string with ``_X_``.

    Args:
        inputs: Tensors and ragged tensors of strings or integers, ``(batch, None)``.
        name: Has no effect.

    Returns:
        Ragged tensor of strings ``(batch, None)``.

    Example:
        >>> import thalweg as tf
        >>> tf.ragged.cross([tf.ragged.constant([["a"], ["b", "c"]]), tf.constant([["d"], ["e"]])])
        <tf.RaggedTensor [[b'a_X_d'], [b'b_X_e', b'c_X_e']]>

    Source: `tf.ragged.cross`.
    """
    columns, part = chosen("ragged.cross", [_rows(x) for x in inputs])
    return RaggedTensor._of(from_host(joined(columns, b"_X_")), part)


def cross_hashed(
    inputs: Sequence[Any], num_buckets: Any = 0, hash_key: Any = None, name: str | None = None
) -> RaggedTensor:
    """Every choice of one value from each input's row, hashed to one number.

    Args:
        inputs: Tensors and ragged tensors of strings or integers, ``(batch, None)``.
        num_buckets: Number of different results; 0 for all numbers of 63 bits.
        hash_key: Number that the hash begins with.
        name: Has no effect.

    Returns:
        Ragged tensor of int64 ``(batch, None)``.

    Source: `tf.ragged.cross_hashed`.
    """
    columns, part = chosen("ragged.cross_hashed", [_rows(x) for x in inputs])
    return RaggedTensor._of(from_host(hashed(columns, num_buckets, hash_key)), part)


def _rows(value: Any) -> tuple[Any, RowPartition]:
    """Flat values of an input and how they are divided into rows."""
    where = "ragged.cross"
    if isinstance(value, SparseTensor):
        raise DTypeError(f"[{where}] expected tensors and ragged tensors, got a SparseTensor.")
    value = value if is_ragged(value) else convert_to_tensor(value)
    if len(value.shape) != 2:
        raise ShapeError(f"[{where}] expected inputs of rank 2, got shape {value.shape}.")
    flat, (part,) = levels(value, 1, np.dtype(np.int64))
    return flat, part


def chosen(
    where: str, inputs: Sequence[tuple[Any, RowPartition]]
) -> tuple[list[np.ndarray[Any, Any]], RowPartition]:
    """Every choice of one value from each input's row.

    Args:
        where: Name of the function for messages.
        inputs: Values and rows of each input.

    Returns:
        For each input the value of every choice, and how the choices are divided into rows. The values of
        the last input change first.
    """
    if not inputs:
        raise InvalidArgumentError(f"[{where}] expected one input or more, got none.")
    counts = {part.nrows for _, part in inputs}
    if len(counts) > 1:
        raise InvalidArgumentError(
            f"[{where}] expected inputs with one number of rows, got {sorted(counts)}."
        )
    lengths = [np.diff(part.known(where)).astype(np.int64) for _, part in inputs]
    choices = RowPartition.of_lengths(np.prod(lengths, axis=0))
    rows, rest = choices.rowids, choices.offsets
    columns: list[np.ndarray[Any, Any]] = []
    for (values, part), sizes in zip(reversed(inputs), reversed(lengths), strict=True):
        array = known_value(where, "inputs", values)
        columns.append(array[part.starts[rows] + rest % sizes[rows]])
        rest = rest // sizes[rows]
    return columns[::-1], choices


def joined(columns: Sequence[np.ndarray[Any, Any]], separator: bytes) -> np.ndarray[Any, Any]:
    """The values of each choice joined to one text."""
    texts = [c.tolist() if c.dtype == object else [b"%d" % n for n in c.tolist()] for c in columns]
    out = np.empty(len(columns[0]), object)
    out[:] = [separator.join(row) for row in zip(*texts, strict=True)]
    return out


def hashed(
    columns: Sequence[np.ndarray[Any, Any]], num_buckets: Any, hash_key: Any
) -> np.ndarray[Any, Any]:
    """The values of each choice hashed to one number of 63 bits, or to a bucket.

    Source: FarmHash fingerprints, concatenated as TensorFlow's crosses do.
    """
    buckets = int_of("cross_hashed", "num_buckets", num_buckets)
    if buckets < 0:
        raise InvalidArgumentError(
            f"[cross_hashed] expected num_buckets of 0 or more, got {buckets}."
        )
    key = CROSS_KEY if hash_key is None else int_of("cross_hashed", "hash_key", hash_key)
    found = np.full(len(columns[0]), key, np.uint64)
    with np.errstate(over="ignore"):
        for column in columns:
            found = together(found, _fingerprints(column))
    limit = np.uint64(buckets or dtypes.int64.max)
    return (found % limit).astype(np.int64)


def _fingerprints(column: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if column.dtype == object:
        return np.asarray(by_length(column.tolist(), farm_hash), np.uint64)
    return column.astype(np.int64).view(np.uint64)
