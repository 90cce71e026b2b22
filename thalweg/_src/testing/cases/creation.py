"""Rows of ops/creation.py, ranges.py and inspection.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.core import dtypes
from thalweg._src.testing.rows import Row

_F32 = {"dtype": dtypes.float32}


def _one_hot(
    indices: Any, depth: int, on_value: Any = 1.0, off_value: Any = 0.0, axis: int = -1
) -> Any:
    flat = np.full((indices.size, depth), off_value, np.result_type(off_value, np.float32))
    for row, index in zip(flat, indices.reshape(-1), strict=True):
        if 0 <= index < depth:
            row[index] = on_value
    return np.moveaxis(flat.reshape(*indices.shape, depth), -1, axis)


def _size(x: Any) -> Any:
    return np.int32(x.size)


ROWS = [
    Row("zeros", lambda m: ([2, 3],), reference=lambda s: np.zeros(s, np.float32)),
    Row("ones", lambda m: ([2, 3],), reference=lambda s: np.ones(s, np.float32)),
    Row(
        "_src.ops.creation._zeros",
        lambda m: (),
        {"shape": (2, 3), **_F32},
        reference=lambda shape, dtype: np.zeros(shape, np.float32),
    ),
    Row(
        "_src.ops.creation._ones",
        lambda m: (),
        {"shape": (2, 3), **_F32},
        reference=lambda shape, dtype: np.ones(shape, np.float32),
    ),
    Row(
        "_src.ops.creation._eye",
        lambda m: (),
        {"rows": 2, "columns": 3, "batch": (2,), **_F32},
        reference=lambda **_: np.stack([np.eye(2, 3, dtype=np.float32)] * 2),
    ),
    Row(
        "_src.ops.ranges._range",
        lambda m: (),
        {"start": 5, "limit": -4, "delta": -2, "dtype": dtypes.int32},
        reference=lambda start, limit, delta, dtype: np.arange(start, limit, delta, np.int32),
    ),
    Row("_src.ops.creation._zeros_like", lambda m: (m(m.n, 2),), reference=np.zeros_like),
    Row("_src.ops.creation._ones_like", lambda m: (m(m.n, 2),), reference=np.ones_like),
    Row(
        "zeros_like",
        lambda m: (m(m.n, 2), dtypes.int32),
        reference=lambda x, d: np.zeros(x.shape, np.int32),
    ),
    Row("ones_like", lambda m: (m(m.n, 2),), reference=np.ones_like),
    Row(
        "fill",
        lambda m: ([2, 3], m()),
        reference=np.full,
        gradient=(1,),
        second_order=False,
        note="linear",
    ),
    Row("eye", lambda m: (3, 2), reference=lambda n, k: np.eye(n, k, dtype=np.float32)),
    Row("range", lambda m: (1, 9, 3), reference=lambda a, b, c: np.arange(a, b, c, np.int32)),
    Row(
        "linspace",
        lambda m: (m(m.n, 2), m(2), 5),
        {"axis": 1},
        reference=lambda a, b, n, axis: np.linspace(*np.broadcast_arrays(a, b), n, axis=axis),
        gradient=(0, 1),
        second_order=False,
        note="linear",
    ),
    Row("linspace", lambda m: (m(), m(), 1), reference=np.linspace, label="one"),
    Row("one_hot", lambda m: (m.ints(m.n, 2, low=-1, high=5), 4), reference=_one_hot),
    Row(
        "one_hot",
        lambda m: (m.ints(m.n, 2, low=0, high=4), 3),
        {"on_value": 2.0, "off_value": -1.0, "axis": 1},
        reference=_one_hot,
        label="values",
    ),
    Row(
        "one_hot",
        lambda m: (m.ints(m.n, low=0, high=4), 3, m(), m()),
        reference=_one_hot,
        gradient=(2, 3),
        second_order=False,
        label="tensors",
        note="linear",
    ),
    Row(
        "meshgrid",
        lambda m: (m(m.n), m(2), m(4)),
        reference=np.meshgrid,
        gradient=(0, 2),
        second_order=False,
        note="linear",
    ),
    Row(
        "meshgrid", lambda m: (m(m.n), m(2)), {"indexing": "ij"}, reference=np.meshgrid, label="ij"
    ),
    Row("shape", lambda m: (m(m.n, 2),), reference=lambda x: np.int32(x.shape)),
    Row("size", lambda m: (m(m.n, 2),), reference=_size),
    Row("rank", lambda m: (m(m.n, 2),), reference=lambda x: np.int32(x.ndim)),
    Row(
        "identity",
        lambda m: (m(m.n, 2),),
        reference=np.copy,
        gradient=(0,),
        second_order=False,
        note="linear",
    ),
    Row(
        "ensure_shape",
        lambda m: (m(m.n, 2), [None, 2]),
        reference=lambda x, s: x,
        gradient=(0,),
        second_order=False,
        note="linear",
    ),
    Row(
        "broadcast_dynamic_shape",
        lambda m: (np.int32([2, 1]), np.int32([4, 1, 3])),
        reference=lambda a, b: np.int32([4, 2, 3]),
    ),
]
