"""Encodings of categories: one hot, multi hot, counts, weighted counts."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.tensor import is_traced
from thalweg._src.ops.casting import cast
from thalweg._src.ops.counting import bincount
from thalweg._src.ops.elementwise import multiply
from thalweg._src.ops.inspection import shape as shape_of
from thalweg._src.ops.joining import concat
from thalweg._src.ops.ranges import one_hot
from thalweg._src.ops.shaping import reshape, transpose
from thalweg._src.ops.sparse.conversion import from_dense

OUTPUT_MODES = ("int", "one_hot", "multi_hot", "count", "tf_idf")

_OLDER_NAMES = {"binary": "multi_hot", "tf-idf": "tf_idf"}


def current_mode(name: str) -> str:
    """Name of an output mode that older programs call something else."""
    return _OLDER_NAMES.get(name, name)


def encoded(
    indices: Any, depth: int, mode: str, weights: Any, dtype: Any, sparse: bool = False
) -> Any:
    """Encoding of categories.

    Args:
        indices: Integers ``(..., n)``; a scalar or vector is one sample.
        depth: Number of categories; larger ones and negative ones have no place.
        mode: ``"one_hot"`` of each index; ``"multi_hot"`` (is it there), ``"count"`` (how often) or
            ``"tf_idf"`` (counts times weights) of the axis behind the batch.
        weights: Weight of each category for ``"tf_idf"``, or of each index for ``"count"``.
        dtype: Dtype of the result.
        sparse: Whether to give a sparse tensor. Inside compiled programs the result is dense all the same:
            the number of its elements would depend on values.

    Returns:
        Tensor ``(batch, ..., depth)`` without the axis that was counted; with ``"one_hot"``
        ``(..., n, depth)``, without a last axis of size 1.
    """
    if mode == "one_hot":
        if len(indices.shape) > 1 and indices.shape[-1] == 1:
            indices = reshape(indices, shape_of(indices)[:-1])
        result = one_hot(indices, depth, dtype=dtype)
    else:
        result = cast(_counts(indices, depth, mode, weights), dtype)
        if mode == "tf_idf":
            result = multiply(result, cast(convert_to_tensor(weights), dtype))
    return from_dense(result) if sparse and not is_traced(result) else result


def encoded_shape(
    shape: tuple[int | None, ...], depth: int, mode: str
) -> tuple[int | None, ...]:
    """Shape of an encoding of categories of a shape; see `encoded`."""
    if mode == "int":
        return shape
    if mode != "one_hot":
        return (*shape[:1], *shape[2:], depth) if len(shape) > 1 else (depth,)
    squeezed = len(shape) > 1 and shape[-1] == 1
    return (*(shape[:-1] if squeezed else shape), depth)


def _counts(indices: Any, depth: int, mode: str, weights: Any) -> Any:
    rank = len(indices.shape)
    settings: dict[str, Any] = {
        "weights": weights if mode == "count" else None,
        "minlength": depth,
        "maxlength": depth,
        "dtype": dtypes.int64,
        "axis": -1,
        "binary_output": mode == "multi_hot",
    }
    if rank == 0:
        return bincount(reshape(indices, (1,)), **settings)
    if rank <= 2:
        return bincount(indices, **settings)
    # As in Keras the axis behind the batch is counted, not the last one.
    order = [0, *range(2, rank), 1]
    indices = transpose(indices, order)
    leading = shape_of(indices)[:-1]
    if settings["weights"] is not None:
        settings["weights"] = reshape(transpose(weights, order), (-1, indices.shape[-1]))
    rows = bincount(reshape(indices, (-1, indices.shape[-1])), **settings)
    return reshape(rows, concat([leading, [depth]], 0))
