"""Indexing of ragged tensors: every key in vectors over values and splits."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, IndexRangeError, InvalidArgumentError, ShapeError
from thalweg._src.core.convert import as_tensor
from thalweg._src.ops.ragged.partition import RowPartition
from thalweg._src.ops.ragged.rows import is_ragged, take
from thalweg._src.ops.shaping import expand_dims
from thalweg._src.ops.support import known_value

_WHERE = "RaggedTensor.getitem"
_FULL = slice(None)


def getitem(ragged: Any, key: Any) -> Any:
    """Rows, and parts of rows; see `RaggedTensor.__getitem__`."""
    return _outer(ragged, _written_out(list(key) if isinstance(key, tuple) else [key], ragged))


def _written_out(keys: list[Any], ragged: Any) -> list[Any]:
    """Plain keys, with the slices that ``...`` stands for."""
    keys = [_plain(key) for key in keys]
    rank = len(ragged.shape)
    used = sum(1 for key in keys if key is not None and key is not Ellipsis)
    dots = [place for place, key in enumerate(keys) if key is Ellipsis]
    if len(dots) > 1:
        raise InvalidArgumentError(f"[{_WHERE}] expected at most one ..., got {len(dots)}.")
    if used > rank:
        raise IndexRangeError(
            f"[{_WHERE}] expected at most {rank} indices for shape {ragged.shape}, got {used}: too many."
        )
    if dots:
        keys[dots[0] : dots[0] + 1] = [_FULL] * (rank - used)
    while keys and isinstance(keys[-1], slice) and keys[-1] == _FULL:
        keys.pop()
    return keys


def _plain(key: Any) -> Any:
    if key is None or key is Ellipsis:
        return key
    if isinstance(key, slice):
        bounds = [None if b is None else _integer(b) for b in (key.start, key.stop, key.step)]
        if bounds[2] == 0:
            raise InvalidArgumentError(f"[{_WHERE}] slice step cannot be zero.")
        return slice(*bounds)
    return _integer(key)


def _integer(key: Any) -> int:
    tensor = as_tensor(key)
    if tensor is not None and not tensor.shape:
        key = known_value(_WHERE, "an index", tensor).item()
    try:
        if isinstance(key, bool):
            raise TypeError
        return operator.index(key)
    except TypeError:
        raise DTypeError(
            f"[{_WHERE}] expected integers, slices, ... and None as indices, got {key!r} of type "
            f"{type(key).__name__}; use tf.gather or tf.ragged.boolean_mask for lists and masks."
        ) from None


def _outer(ragged: Any, keys: list[Any]) -> Any:
    """The keys applied to a tensor, whose first dimension they begin with."""
    if not is_ragged(ragged):
        return ragged[tuple(keys)] if keys else ragged
    if not keys:
        return ragged
    key, rest = keys[0], keys[1:]
    made = ragged._partition
    if key is None:
        inner = _outer(ragged, rest)
        if not is_ragged(inner):
            return expand_dims(inner, 0)
        count = inner._partition.nrows
        return ragged._of(inner, RowPartition.of_uniform(count, 1, made.dtype))
    if isinstance(key, slice):
        if key != _FULL:
            ragged = take(ragged, np.arange(made.nrows)[key], _WHERE)
        return _inner(ragged, rest)
    if not -made.nrows <= key < made.nrows:
        raise IndexRangeError(
            f"[{_WHERE}] Row key {key} out of bounds: expected {-made.nrows} to {made.nrows - 1}."
        )
    start, limit = made.known(_WHERE)[key % made.nrows :][:2]
    return _outer(take(ragged._values, np.arange(start, limit), _WHERE), rest)


def _inner(rows: Any, keys: list[Any]) -> Any:
    """The keys applied to each row."""
    if not keys:
        return rows
    if not is_ragged(rows):
        return rows[(_FULL, *keys)]
    key, rest = keys[0], keys[1:]
    made = rows._partition
    if key is None:
        return rows._of(_inner(rows, rest), RowPartition.of_uniform(1, made.nrows, made.dtype))
    if isinstance(key, slice):
        if key == _FULL:
            return rows._of(_inner(rows._values, rest), made)
        places, part = _sliced(made, key)
        return rows._of(_inner(take(rows._values, places, _WHERE), rest), part)
    if made.uniform is None:
        raise ShapeError(
            f"[{_WHERE}] Cannot index into an inner ragged dimension: expected a slice, got {key}, as some "
            f"rows may be too short; write {key}:{key + 1 or ''}, or use to_tensor()."
        )
    if not -made.uniform <= key < made.uniform:
        raise IndexRangeError(
            f"[{_WHERE}] index {key} out of bounds: expected {-made.uniform} to {made.uniform - 1}."
        )
    return _inner(take(rows._values, made.starts + key % made.uniform, _WHERE), rest)


def _sliced(made: RowPartition, key: slice) -> tuple[np.ndarray[Any, Any], RowPartition]:
    """Places of the values in a slice of each row, and how they are divided into rows."""
    made.known(_WHERE)
    step = 1 if key.step is None else key.step
    sizes = made.lengths
    low, high = (0, sizes) if step > 0 else (-1, sizes - 1)

    def bound(value: int | None, default: Any) -> Any:
        if value is None:
            return default
        return np.clip(value + sizes if value < 0 else np.full_like(sizes, value), low, high)

    first = bound(key.start, np.zeros_like(sizes) if step > 0 else high)
    last = bound(key.stop, high if step > 0 else np.full_like(sizes, -1))
    counts = np.maximum(0, -((first - last) // step)).astype(made.dtype)
    if made.uniform is not None:
        count = int(counts[0]) if made.nrows else 0
        part = RowPartition.of_uniform(count, made.nrows, made.dtype)
    else:
        part = RowPartition.of_lengths(counts)
    return (made.starts + first)[part.rowids] + part.offsets * step, part
