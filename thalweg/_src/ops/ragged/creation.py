"""Ragged tensors from nested lists and from limits of ranges."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from thalweg._src.base.errors import ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor, from_host, to_host
from thalweg._src.ops.ragged.tensor import RaggedTensor

_LISTS = (list, tuple, np.ndarray)


def constant(
    pylist: Any,
    dtype: Any = None,
    ragged_rank: int | None = None,
    inner_shape: Any = None,
    name: str | None = None,
    row_splits_dtype: Any = dtypes.int64,
) -> Any:
    """Ragged tensor of nested lists.

    Args:
        pylist: Nested lists, tuples or NumPy arrays; all numbers at one depth.
        dtype: Dtype of the values; None to infer it.
        ragged_rank: Number of ragged dimensions; None for all but the first and those of `inner_shape`.
        inner_shape: Shape of what the innermost ragged dimension holds; None for single values, or for what
            is there below `ragged_rank`.
        name: Has no effect.
        row_splits_dtype: int32 or int64.

    Returns:
        Ragged tensor; a tensor for ragged rank 0.

    Raises:
        ValueError: Numbers stand at several depths, or the lists do not fit `ragged_rank` or `inner_shape`.

    Example:
        >>> import thalweg as tf
        >>> tf.ragged.constant([[1, 2], [3], []])
        <tf.RaggedTensor [[1, 2], [3], []]>

    Source: `tf.ragged.constant`.
    """
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    depth, deepest = _depths(pylist)
    depth = _checked_depth(depth, deepest)
    inner = None if inner_shape is None else tuple(int(n) for n in inner_shape)
    if ragged_rank is None:
        ragged_rank = max(0, depth - 1 - len(inner or ()))
    if not 0 <= ragged_rank < max(depth, 1):
        raise ShapeError(
            f"[ragged.constant] expected a ragged_rank below {max(depth, 1)}, the depth of the lists, got "
            f"{ragged_rank}."
        )
    if not depth:
        return convert_to_tensor(pylist, wanted)
    level, lengths = pylist, []
    for _ in range(ragged_rank):
        lengths.append([len(part) for part in level])
        level = list(itertools.chain.from_iterable(level))
    values = from_host(_inner_values(level, wanted, inner, depth - ragged_rank))
    splits = dtypes.as_dtype(row_splits_dtype).numpy_dtype
    return RaggedTensor.from_nested_row_lengths(
        values, [np.asarray(part, splits) for part in lengths], validate=False
    )


def _depths(value: Any) -> tuple[int | None, int]:
    """Depth at which numbers stand (None without any), and that of the deepest list."""
    if isinstance(value, np.ndarray):
        return (value.ndim, value.ndim) if value.size else (None, value.ndim)
    if not isinstance(value, _LISTS):
        return 0, 0
    depth, deepest = None, 1
    for part in value:
        inner, inner_deepest = _depths(part)
        deepest = max(deepest, inner_deepest + 1)
        if inner is None:
            continue
        if depth not in (None, inner + 1):
            raise ShapeError(
                "[ragged.constant] all scalar values must have the same nesting depth, got some at depth "
                f"{depth} and some at {inner + 1}."
            )
        depth = inner + 1
    return depth, deepest


def _checked_depth(depth: int | None, deepest: int) -> int:
    if depth is not None and deepest > depth:
        raise ShapeError(
            f"[ragged.constant] expected lists nested as deep as the numbers, {depth}, got empty lists "
            f"nested deeper, {deepest}."
        )
    return deepest if depth is None else depth


def _inner_values(
    level: list[Any], dtype: Any, inner: tuple[int, ...] | None, depth: int
) -> np.ndarray[Any, Any]:
    """What the innermost ragged dimension holds, of shape ``(n, *inner)``."""
    if inner is not None and len(inner) > depth - 1 and level and depth > 1:
        raise ShapeError(
            f"[ragged.constant] expected an inner_shape of rank {depth - 1} at most, got {list(inner)}."
        )
    if dtype is None and not _has_leaf(level):
        dtype = dtypes.float32
    array = to_host(list(level), dtype, "ragged.constant")
    if inner is None:
        return array.reshape(array.shape + (0,) * (depth - array.ndim))
    shape = (len(level), *inner)
    if array.size and array.shape[1:] != inner:
        raise ShapeError(
            f"[ragged.constant] expected values of the inner shape {list(inner)}, got "
            f"{list(array.shape[1:])}."
        )
    return array.reshape(shape)


def _has_leaf(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return True
    return not isinstance(value, _LISTS) or any(_has_leaf(part) for part in value)
