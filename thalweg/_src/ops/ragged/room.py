"""Ragged tensors with room: of like sizes from batch to batch, so that few programs serve all of them.

The number of values and the length of the longest row are rounded up to powers of two. Values that fill up
are copies of the last one and lie in no row: what is finite for real values is so for them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.core.composite import LONGEST, TOTAL, WIDTH, bucket
from thalweg._src.core.convert import host_array
from thalweg._src.core.tensor import HostTensor
from thalweg._src.ops.ragged.partition import Room, RowPartition

# Fewer values than this are not worth a program of their own.
_LEAST = 8


def roomy(ragged: Any, exact: frozenset[str]) -> Any:
    """The ragged tensor with rounded sizes.

    Args:
        ragged: Ragged tensor whose rows are known.
        exact: What the program asks for: of `TOTAL`, `LONGEST` and `WIDTH`.
    """
    flat = host_array(ragged._flat)
    if flat.dtype == object:
        return ragged
    rows, made = ragged._partitions()[0].nrows, []
    for part in ragged._partitions():
        splits: Any = part.splits
        splits = np.pad(splits, (0, rows + 1 - len(splits)), mode="edge")
        if part.uniform is not None:
            made.append(RowPartition.of_uniform(part.uniform, rows, part.dtype))
            rows *= part.uniform
            continue
        longest: int | None = None
        if exact & {WIDTH, LONGEST}:
            longest = part.longest("ragged batch")
            longest = longest if LONGEST in exact else bucket(longest)
        size = part.size if TOTAL in exact else bucket(part.size, _LEAST)
        room = Room(longest, LONGEST in exact, TOTAL in exact)
        made.append(RowPartition(splits, size, None, room))
        rows = size
    return _nested(ragged, _filled(flat, rows), made)


def tight(ragged: Any) -> Any:
    """The ragged tensor without values that lie in no row, on the host."""
    flat, *divided = (host_array(part) for part in ragged._flatten_composite())
    rows, made = len(divided[0]) - 1, []
    for part, splits in zip(ragged._partitions(), divided, strict=True):
        splits = splits[: rows + 1]
        rows = int(splits[-1])
        made.append(RowPartition(splits, rows, part.uniform))
    return _nested(ragged, flat[:rows], made)


def _filled(flat: np.ndarray[Any, Any], size: int) -> np.ndarray[Any, Any]:
    missing = size - len(flat)
    if not missing:
        return flat
    filler = flat[-1:] if len(flat) else np.zeros((1, *flat.shape[1:]), flat.dtype)
    return np.concatenate([flat, np.repeat(filler, missing, axis=0)])


def _nested(like: Any, flat: np.ndarray[Any, Any], parts: list[RowPartition]) -> Any:
    values: Any = HostTensor(flat)
    for part in reversed(parts):
        values = like._of(values, part)
    return values
