"""Ragged tensors as NumPy arrays of rows, as lists, and as text."""

from __future__ import annotations

from collections.abc import Sequence
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


def printed(values: Any, splits: Sequence[Any], summarize: int | None) -> str:
    """Text of a ragged tensor as `tf.print` and `tf.strings.format` write it.

    Args:
        values: Flat values.
        splits: Row splits, outermost first.
        summarize: Number of first and last elements to show in each dimension; all when None or negative.

    Source: TensorFlow's text of ragged tensors: rows with commas, texts in single quotes, floats with six
    decimals.
    """
    count = -1 if summarize is None else int(summarize)

    def of(rows: range, level: int) -> str:
        """Text of the rows from a first to a last place."""
        if level == len(splits):
            parts = [_cell(values[i], count) for i in _ends(rows, count)]
        else:
            bounds = splits[level]
            parts = [of(range(bounds[i], bounds[i + 1]), level + 1) for i in _ends(rows, count)]
        return _listed(parts, rows, count)

    return of(range(len(splits[0]) - 1), 0)


def _ends(rows: range, count: int) -> list[int]:
    """The first and last of some places."""
    if count < 0 or len(rows) <= 2 * count:
        return list(rows)
    return [*rows[:count], *rows[len(rows) - count :]]


def _listed(parts: list[str], rows: range, count: int) -> str:
    if count >= 0 and len(rows) > 2 * count:
        parts.insert(count, "...")
    return f"[{', '.join(parts)}]"


def _cell(value: Any, count: int) -> str:
    if getattr(value, "ndim", 0):
        places = range(len(value))
        return _listed([_cell(value[i], count) for i in _ends(places, count)], places, count)
    if isinstance(value, bytes):
        escaped = value.decode(errors="replace").replace("'", "\\'")
        return f"'{escaped}'"
    kind = np.asarray(value).dtype.kind
    if kind == "b":
        return str(bool(value)).lower()
    if kind == "c":
        return f"({value.real:f},{value.imag:f})"
    return str(int(value)) if kind in "iu" else f"{float(value):f}"
