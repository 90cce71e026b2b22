"""Rows of texts: ragged tensors that ops of strings make and take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import ShapeError, UnimplementedError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.ops.ragged.rows import is_ragged
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.shaping import reshape


def rows_of(where: str, function: Callable[[Any], Any], texts: Any, dtype: Any) -> Any:
    """One row of results for each text.

    Args:
        where: Name of the op.
        function: From strings ``(texts,)`` to flat results and their row splits.
        texts: Strings of any shape, or a ragged tensor of them.
        dtype: Dtype of the texts.

    Returns:
        Ragged tensor with one more dimension than `texts`; a tensor ``(results,)`` for a single text. A
        tuple of such where `function` gives several flat results, the splits last.
    """
    _need_values(where, texts)
    if is_ragged(texts):
        found = rows_of(where, function, texts.flat_values, dtype)
        if isinstance(found, tuple):
            return tuple(texts.with_flat_values(part) for part in found)
        return texts.with_flat_values(found)
    texts = convert_to_tensor(texts, dtype)
    *values, splits = function(reshape(texts, (-1,)))
    found = tuple(_nested(part, splits, tuple(texts.shape)) for part in values)
    return found[0] if len(found) == 1 else found


def _need_values(where: str, data: Any) -> None:
    if isinstance(data, KerasTensor):
        raise UnimplementedError(
            f"[{where}] the lengths of its rows depend on values, which a symbolic model does not have. "
            "Call it outside the model, such as in Dataset.map, or use a layer that makes rows of one length."
        )


def _nested(values: Any, splits: Any, shape: tuple[int, ...]) -> Any:
    """Rows with the dimensions before them, all but the first as ragged ones of equal rows."""
    if not shape:
        return values
    found = RaggedTensor.from_row_splits(values, splits, validate=False)
    for axis in range(len(shape) - 1, 0, -1):
        rows = int(np.prod(shape[:axis]))
        found = RaggedTensor.from_uniform_row_length(found, shape[axis], rows, validate=False)
    return found


def of_rows(
    where: str,
    function: Callable[[Any, Any], Any],
    width: Callable[[int], int],
    data: Any,
    dtype: Any,
) -> Any:
    """Rows made of rows: the innermost ones of `data` are given to a function and replaced by its results.

    Args:
        where: Name of the op.
        function: From flat values and row splits to flat results and their row splits.
        width: Number of results that a row of so many values has.
        data: Tensor ``(..., items)``, or a ragged tensor.
        dtype: Dtype of the values.

    Returns:
        What `data` is: a ragged tensor, or a tensor where all rows have the same length.
    """
    _need_values(where, data)
    if is_ragged(data):
        if is_ragged(data.values):
            return data.with_values(of_rows(where, function, width, data.values, dtype))
        values, splits = function(data.values, data.row_splits)
        return RaggedTensor.from_row_splits(values, splits, validate=False)
    data = convert_to_tensor(data, dtype)
    shape = tuple(data.shape)
    if not shape:
        raise ShapeError(f"[{where}] expected data of rank 1 or more, got a single text.")
    rows = int(np.prod(shape[:-1]))
    splits = np.arange(rows + 1, dtype=np.int64) * shape[-1]
    values, _ = function(reshape(data, (-1,)), convert_to_tensor(splits))
    return reshape(values, (*shape[:-1], width(shape[-1])))
