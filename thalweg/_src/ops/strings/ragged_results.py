"""Ragged tensors of texts: made of flat values and row splits, here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.ops.shaping import reshape


@dataclass(frozen=True)
class Ragged:
    """Rows of different lengths: row `i` is ``values[row_splits[i]:row_splits[i + 1]]``."""

    values: Any
    row_splits: Any

    @property
    def dtype(self) -> Any:
        """Element type."""
        return self.values.dtype

    @property
    def flat_values(self) -> Any:
        """The innermost values."""
        return self.values.flat_values if isinstance(self.values, Ragged) else self.values

    def with_flat_values(self, values: Any) -> Ragged:
        """The same rows of other values."""
        inner = self.values
        return Ragged(
            inner.with_flat_values(values) if isinstance(inner, Ragged) else values, self.row_splits
        )

    def to_list(self) -> list[Any]:
        """Nested list of the values."""
        inner = self.values
        rows = inner.to_list() if isinstance(inner, Ragged) else inner.numpy().tolist()
        splits = self.row_splits.numpy().tolist()
        return [rows[a:b] for a, b in zip(splits, splits[1:])]


def is_ragged(value: Any) -> bool:
    """True for a ragged tensor."""
    return isinstance(value, Ragged)


def ragged_of(values: Any, row_splits: Any) -> Any:
    """Ragged tensor of rows of `values`, which may be ragged itself.

    Args:
        values: Tensor ``(values, ...)``, or a ragged tensor.
        row_splits: int64 tensor ``(rows + 1,)``.
    """
    return Ragged(values, row_splits)


def rows_of(function: Callable[[Any], Any], texts: Any, dtype: Any) -> Any:
    """One row of results for each text.

    Args:
        function: From strings ``(texts,)`` to flat results and their row splits.
        texts: Strings of any shape, or a ragged tensor of them.
        dtype: Dtype of the texts.

    Returns:
        Ragged tensor with one more dimension than `texts`; a tensor ``(results,)`` for a single text. A
        tuple of such where `function` gives several flat results, the splits last.
    """
    if is_ragged(texts):
        found = rows_of(function, texts.flat_values, dtype)
        if isinstance(found, tuple):
            return tuple(texts.with_flat_values(part) for part in found)
        return texts.with_flat_values(found)
    texts = convert_to_tensor(texts, dtype)
    *values, splits = function(reshape(texts, (-1,)))
    found = tuple(_nested(part, splits, tuple(texts.shape)) for part in values)
    return found[0] if len(found) == 1 else found


def _nested(values: Any, splits: Any, shape: tuple[int, ...]) -> Any:
    """Rows with the dimensions before them, all but the first as ragged ones of equal rows."""
    if not shape:
        return values
    found = ragged_of(values, splits)
    for axis in range(len(shape) - 1, 0, -1):
        rows = int(np.prod(shape[:axis]))
        found = ragged_of(
            found, convert_to_tensor(np.arange(rows + 1, dtype=np.int64) * shape[axis])
        )
    return found


def of_rows(where: str, function: Callable[[Any, Any], Any], data: Any, dtype: Any) -> Any:
    """Rows made of rows: the innermost ones of `data` are given to a function and replaced by its results.

    Args:
        where: Name of the op.
        function: From flat values and row splits to flat results and their row splits.
        data: Tensor ``(..., items)``, or a ragged tensor.
        dtype: Dtype of the values.

    Returns:
        What `data` is: a ragged tensor, or a tensor where all rows have the same length.
    """
    if is_ragged(data):
        if is_ragged(data.values):
            return ragged_of(of_rows(where, function, data.values, dtype), data.row_splits)
        return ragged_of(*function(data.values, data.row_splits))
    data = convert_to_tensor(data, dtype)
    shape = tuple(data.shape)
    if not shape:
        raise ShapeError(f"[{where}] expected data of rank 1 or more, got a single text.")
    rows = int(np.prod(shape[:-1]))
    splits = np.arange(rows + 1, dtype=np.int64) * shape[-1]
    values, splits = function(reshape(data, (-1,)), convert_to_tensor(splits))
    width = int(splits[1]) if rows else 0
    return reshape(values, (*shape[:-1], width))
