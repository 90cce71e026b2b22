"""Sparse tensors as messages: serialize_sparse, serialize_many_sparse, deserialize_many_sparse."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.base.wire import MalformedError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.io.tensor_proto import tensor_message, tensor_of
from thalweg._src.ops.sparse.tensor import SparseTensor
from thalweg._src.ops.strings.blocks import array_of


def _parts(where: str, sp_input: Any, out_type: Any) -> tuple[Any, Any, Any]:
    if not isinstance(sp_input, SparseTensor):
        raise DTypeError(
            f"[{where}] expected a SparseTensor, got {type(sp_input).__name__}; see tf.sparse.from_dense."
        )
    if dtypes.as_dtype(out_type) is not dtypes.string:
        raise DTypeError(f"[{where}] expected out_type string, got {out_type!r}.")
    values = sp_input.values
    array = np.asarray(values.numpy(), values.dtype.numpy_dtype)
    return sp_input.indices.numpy(), array, sp_input.dense_shape.numpy()


def _messages(*arrays: Any) -> list[bytes]:
    return [tensor_message(np.ascontiguousarray(array)) for array in arrays]


def serialize_sparse(sp_input: Any, out_type: Any = dtypes.string, name: str | None = None) -> Any:
    """Sparse tensor as three messages: of its places, its values and its shape.

    Args:
        sp_input: Sparse tensor.
        out_type: string.
        name: Unused.

    Returns:
        Strings ``(3,)``.

    Source: `tf.io.serialize_sparse`.
    """
    parts = _parts("serialize_sparse", sp_input, out_type)
    return Tensor(array_of(_messages(*parts)))


def serialize_many_sparse(
    sp_input: Any, out_type: Any = dtypes.string, name: str | None = None
) -> Any:
    """Sparse tensor as messages, three for each of its rows.

    Args:
        sp_input: Sparse tensor ``(rows, ...)`` of rank 2 or more, in row-major order.
        out_type: string.
        name: Unused.

    Returns:
        Strings ``(rows, 3)``, which `deserialize_many_sparse` reads.

    Source: `tf.io.serialize_many_sparse`.
    """
    where = "serialize_many_sparse"
    places, values, shape = _parts(where, sp_input, out_type)
    if len(shape) < 2:
        raise ShapeError(f"[{where}] expected rank 2 or more, got shape {shape.tolist()}.")
    bounds = np.searchsorted(places[:, 0], np.arange(shape[0] + 1)).tolist()
    rows = [_messages(places[a:b, 1:], values[a:b], shape[1:]) for a, b in zip(bounds, bounds[1:])]
    return Tensor(array_of([part for row in rows for part in row], (len(rows), 3)))


def _read(row: list[bytes], number: int, dtype: Any) -> tuple[Any, Any, Any]:
    """Places, values and shape of one sparse tensor.

    Raises:
        InvalidArgumentError: They are none.
    """
    where = "deserialize_many_sparse"
    try:
        places, values, shape = map(tensor_of, row)
    except MalformedError as error:
        raise InvalidArgumentError(
            f"[{where}] expected messages of tensors in row {number}, got bytes that are none: {error}"
        ) from None
    if dtypes.BY_NUMPY[values.dtype] is not dtype:
        raise InvalidArgumentError(
            f"[{where}] expected values of dtype {dtype.name}, got {values.dtype} in row {number}."
        )
    fit = places.dtype == shape.dtype == np.int64 and places.ndim == 2 and shape.ndim == 1
    if not fit or places.shape != (len(values), len(shape)) or values.ndim != 1:
        raise InvalidArgumentError(
            f"[{where}] expected places, values and a shape that fit in row {number}, got shapes "
            f"{places.shape}, {values.shape} and {shape.shape}."
        )
    return places, values, shape


def deserialize_many_sparse(
    serialized_sparse: Any, dtype: Any, rank: int | None = None, name: str | None = None
) -> Any:
    """Sparse tensor of rows that were serialised.

    Args:
        serialized_sparse: Strings ``(rows, 3)``, or ``(3,)`` for one sparse tensor.
        dtype: Dtype of the values.
        rank: Rank of the result, to be checked; None for any.
        name: Unused.

    Returns:
        Sparse tensor ``(rows, ...)`` of the largest sizes of the rows; for ``(3,)`` the tensor itself.

    Raises:
        InvalidArgumentError: The messages are no sparse tensors, or do not fit each other.

    Source: `tf.io.deserialize_many_sparse`.
    """
    where = "deserialize_many_sparse"
    messages = convert_to_tensor(serialized_sparse, dtypes.string).numpy()
    if messages.ndim not in (1, 2) or messages.shape[-1] != 3:
        raise ShapeError(f"[{where}] expected strings of shape (rows, 3), got {messages.shape}.")
    rows = [
        _read(row, number, dtypes.as_dtype(dtype))
        for number, row in enumerate(messages.reshape(-1, 3).tolist())
    ]
    if messages.ndim == 1:
        found = SparseTensor(*rows[0])
    else:
        found = _stacked(where, rows)
    if rank is not None and len(found.shape) != rank:
        raise ShapeError(f"[{where}] expected rank {rank}, got {len(found.shape)}.")
    return found


def _stacked(where: str, rows: list[tuple[Any, Any, Any]]) -> SparseTensor:
    ranks = {len(shape) for _, _, shape in rows}
    if len(ranks) != 1:
        raise ShapeError(f"[{where}] expected rows of one rank, got {sorted(ranks) or 'no rows'}.")
    places = [np.insert(found, 0, number, axis=1) for number, (found, _, _) in enumerate(rows)]
    sizes = np.max([shape for _, _, shape in rows], axis=0)
    return SparseTensor(
        np.concatenate(places),
        np.concatenate([values for _, values, _ in rows]),
        np.array([len(rows), *sizes], np.int64),
    )
