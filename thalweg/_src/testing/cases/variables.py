"""Rows of variables/assignment.py: the ops by which parts of Variables are assigned."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.testing.rows import Row

_ROWS = np.array([2, 0, 2], np.int32)
_APART = np.array([2, 0, 3], np.int32)


def _combined(x: Any, indices: Any, updates: Any, kind: str) -> Any:
    how = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide}
    how |= {"min": np.minimum, "max": np.maximum, "update": lambda old, new: new}
    out = x.copy()
    for row, update in zip(indices, updates, strict=True):
        out[row] = how[kind](out[row], update)
    return out


def _batch_update(x: Any, indices: Any, updates: Any) -> Any:
    out = x.copy()
    for part, rows, update in zip(out, indices, updates, strict=True):
        part[rows] = update
    return out


ROWS = [
    *(
        Row(
            "_src.variables.assignment._scatter_rows",
            lambda m, rows=rows: (m(4, m.n), rows, m(3, m.n, low=0.5)),
            {"kind": kind},
            reference=_combined,
            label=kind,
            note="assignments are not recorded",
        )
        for kind, rows in (
            ("add", _ROWS),
            ("sub", _ROWS),
            ("mul", _ROWS),
            ("div", _ROWS),
            ("min", _ROWS),
            ("max", _ROWS),
            ("update", _APART),
        )
    ),
    Row(
        "_src.variables.assignment._batch_scatter_rows",
        lambda m: (m(2, 4, m.n), np.array([[2, 0], [1, 3]], np.int32), m(2, 2, m.n)),
        reference=_batch_update,
        note="assignments are not recorded",
    ),
]
