"""Rows of ops/nn/group_normalization.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.testing.rows import Row


def _normalized(x: Any, gamma: Any, beta: Any, groups: int, axis: int, epsilon: float) -> Any:
    last = np.moveaxis(x, axis, -1)
    parts = last.reshape(len(x), -1, groups, x.shape[axis] // groups)
    mean = parts.mean((1, 3), keepdims=True)
    parts = (parts - mean) / np.sqrt(parts.var((1, 3), keepdims=True) + epsilon)
    y = parts.reshape(last.shape) * (1 if gamma is None else gamma)
    return np.moveaxis(y + (0 if beta is None else beta), -1, axis)


_OP = "_src.ops.nn.group_normalization.group_normalize"

ROWS = [
    Row(
        _OP,
        lambda m: (m(m.n, 2, 4), m(4), m(4)),
        {"groups": 2, "axis": -1, "epsilon": 0.1},
        reference=_normalized,
        gradient=(0, 1, 2),
    ),
    Row(
        _OP,
        lambda m: (m(m.n, 4, 3), None, None),
        {"groups": 2, "axis": 1, "epsilon": 0.1},
        reference=_normalized,
        gradient=(0,),
        label="axis",
    ),
]
