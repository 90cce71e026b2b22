"""Ragged tensors as NumPy arrays of rows, as lists, and as text."""

from __future__ import annotations

from typing import Any

import numpy as np


def rows_of(values: np.ndarray[Any, Any], splits: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The rows as one array where all have the same shape, else as an array of arrays."""
    if len(splits) < 2:
        return values.reshape((0, 0, *values.shape[1:]))
    rows = np.split(values, splits[1:-1])
    shapes = {row.shape for row in rows}
    if len(shapes) == 1:
        return values.reshape((len(rows), *shapes.pop()))
    out = np.empty(len(rows), object)
    for position, row in enumerate(rows):
        out[position] = row
    return out


def list_of(values: list[Any], splits: np.ndarray[Any, Any]) -> list[Any]:
    """The rows as nested lists."""
    places = splits.tolist()
    return [values[a:b] for a, b in zip(places, places[1:], strict=False)]


def shown(array: Any) -> str:
    """Text of nested arrays, shortened as NumPy shortens its own."""
    if not isinstance(array, np.ndarray):
        return repr(array) if isinstance(array, (bytes, str)) else str(array)
    if array.ndim > 1 and not array.size:
        return f"[{', '.join(shown(row) for row in array)}]"
    return np.array2string(array, separator=", ", formatter={"all": shown})
