"""Rows of ops/indexing.py, slicing.py, gather.py, selection.py and scatter.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.testing.rows import Make, Row

_LINEAR = {"second_order": False, "note": "linear"}
_EAGER = {"symbolic": False, "traced": False, "note": "the shape depends on values"}


def _at(x: Any, key: Any) -> Any:
    return x[key]


def _strided(x: Any, begin: Any, end: Any, strides: Any) -> Any:
    return x[tuple(map(slice, begin, end, strides))]


def _block(x: Any, begin: Any, size: Any) -> Any:
    return x[tuple(slice(a, None if n == -1 else a + n) for a, n in zip(begin, size, strict=True))]


def _gather_batch(x: Any, indices: Any, axis: int, batch_dims: int) -> Any:
    assert batch_dims == 1
    return np.stack([np.take(a, i, axis - 1) for a, i in zip(x, indices, strict=True)])


def _gather_nd(x: Any, indices: Any, batch_dims: int = 0) -> Any:
    if batch_dims:
        return np.stack([_gather_nd(a, i, batch_dims - 1) for a, i in zip(x, indices, strict=True)])
    return x[tuple(np.moveaxis(indices, -1, 0))]


def _scatter(how: Any) -> Any:
    def reference(x: Any, indices: Any, updates: Any) -> Any:
        out = x.copy()
        for place in np.ndindex(indices.shape[:-1]):
            at = tuple(indices[place])
            out[at] = how(out[at], updates[place])
        return out

    return reference


def _scatter_nd(indices: Any, updates: Any, shape: Any) -> Any:
    return _scatter(np.add)(np.zeros(shape, updates.dtype), indices, updates)


def _places(m: Make) -> tuple[Any, ...]:
    values = m.distinct(4 * m.n + 3 * m.n)
    indices = np.int32([[3], [1], [3]])
    return values[: 4 * m.n].reshape(4, m.n), indices, values[4 * m.n :].reshape(3, m.n)


def _setitem(x: Any, value: Any, low: Any, **_: Any) -> Any:
    out = x.copy()
    out[:, 3:0:-2] = value
    return out


_KEYS: dict[str, Any] = {
    "int": 1,
    "negative": (0, -1),
    "strides": (slice(None), slice(None, None, -2), slice(0, 3, 2)),
    "newaxis": (..., None, slice(1, 3)),
    "long": (slice(0, 100), slice(3, 1)),
}

ROWS = [
    *[
        Row(
            "_src.ops.indexing.getitem",
            lambda m, key=key: (m(2, 3, 4), key),
            reference=_at,
            gradient=(0,) if label in ("int", "strides") else (),
            label=label,
            **_LINEAR,
        )
        for label, key in _KEYS.items()
    ],
    Row(
        "_src.ops.indexing.getitem", lambda m: (m(m.n, 4), (..., 1)), reference=_at, label="unknown"
    ),
    Row(
        "_src.ops.indexing._getitem",
        lambda m: (m(3, 4), (("slice", 2, None, -1), None, 1)),
        reference=lambda x, key: x[2::-1, None, 1],
        gradient=(0,),
        label="static",
        **_LINEAR,
    ),
    Row(
        "_src.ops.array_indexing.getitem_arrays",
        lambda m: (m(m.n, 4), (slice(None), np.array([0, 2, 2]))),
        reference=_at,
        gradient=(0,),
        second_order=False,
        note="linear",
    ),
    Row(
        "_src.ops.indexing._getitem_at",
        lambda m: (m(m.n, 4, 3), np.int32(-1), np.int64(2)),
        {"key": (..., ("at", 0), ("at", 1))},
        reference=lambda x, i, j, key: x[:, i, j],
        gradient=(0,),
        label="computed",
        **_LINEAR,
    ),
    Row(
        "_src.ops.indexing._setitem",
        lambda m: (m(m.n, 4), m(2), np.int32([0, 1])),
        {"extent": (3, 3), "strides": (1, -2), "out": (3, 2)},
        reference=_setitem,
        gradient=(0, 1),
        symbolic=False,
        second_order=False,
        note="extent is that of one batch size",
    ),
    Row(
        "_src.ops.indexing._starts",
        lambda m: (np.int32(-1), np.int64(1)),
        {"sizes": (4, 5, 6), "low": (0, 2, 0), "at": (0, 2)},
        reference=lambda i, j, **_: np.int32([3, 2, 1]),
    ),
    Row(
        "slice", lambda m: (m(m.n, 4), [0, 1], [-1, 2]), reference=_block, gradient=(0,), **_LINEAR
    ),
    Row(
        "_src.ops.slicing._slice_at",
        lambda m: (m(m.n, 4), np.int32([0, 1]), [1, 2]),
        reference=_block,
        gradient=(0,),
        label="computed",
        **_LINEAR,
    ),
    Row(
        "_src.ops.slicing._slice",
        lambda m: (m(m.n, 4), [0, 1], [1, -1]),
        reference=_block,
        label="static",
    ),
    Row(
        "strided_slice",
        lambda m: (m(m.n, 4), [0, 3], [1, 0], [1, -2]),
        reference=_strided,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "gather",
        lambda m: (m(4, m.n), np.int32([[1, 0], [3, 1]])),
        reference=lambda x, i: x[i],
        gradient=(0,),
    ),
    Row(
        "gather",
        lambda m: (m(m.n, 4, 2), np.int64([3, 1, 3])),
        {"axis": -2},
        reference=lambda x, i, axis: np.take(x, i, axis),
        gradient=(0,),
        label="axis",
        **_LINEAR,
    ),
    Row(
        "gather",
        lambda m: (m(m.n, 2, 4), m.ints(m.n, 3, low=0, high=4)),
        {"axis": 2, "batch_dims": 1},
        reference=_gather_batch,
        gradient=(0,),
        label="batch",
        **_LINEAR,
    ),
    Row(
        "gather_nd",
        lambda m: (m(3, 4, 2), np.int32([[[0, 3]], [[2, 1]]])),
        reference=_gather_nd,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "gather_nd",
        lambda m: (m(m.n, 3, 2), m.ints(m.n, 4, 1, low=0, high=3)),
        {"batch_dims": 1},
        reference=_gather_nd,
        gradient=(0,),
        label="batch",
        **_LINEAR,
    ),
    Row(
        "unravel_index",
        lambda m: (m.ints(5, low=0, high=24), [2, 3, 4]),
        reference=lambda i, dims: np.int32(np.unravel_index(i, dims)),
    ),
    Row(
        "where",
        lambda m: (m.bools(m.n, 1), m(m.n, 4), m(4)),
        reference=np.where,
        gradient=(1, 2),
        **_LINEAR,
    ),
    Row(
        "where",
        lambda m: (m.ints(3, 4, low=0, high=2),),
        reference=np.argwhere,
        wide=True,
        label="places",
        **_EAGER,
    ),
    Row(
        "boolean_mask",
        lambda m: (m(2, 3, 4), np.array([[True, False, True], [False, False, True]])),
        reference=_at,
        gradient=(0,),
        symbolic=False,
        traced=False,
        second_order=False,
        note="the shape depends on values; linear",
    ),
    Row(
        "dynamic_partition",
        lambda m: (m(4, 2), np.int32([1, 0, 1, 2]), 3),
        reference=lambda x, p, n: [x[p == k] for k in range(n)],
        gradient=(0,),
        symbolic=False,
        traced=False,
        second_order=False,
        note="the shape depends on values; linear",
    ),
    Row(
        "sequence_mask",
        lambda m: (m.ints(m.n, 2, low=-1, high=6), 4),
        reference=lambda lengths, n: np.arange(n) < lengths[..., None],
    ),
    Row(
        "scatter_nd",
        lambda m: (np.int32([[0, 1], [2, 0], [0, 1]]), m(3, m.n), [3, 2, m.n]),
        reference=_scatter_nd,
        gradient=(1,),
        symbolic=False,
        second_order=False,
        note="shape is that of one batch size; linear",
    ),
    Row(
        "scatter_nd",
        lambda m: (np.int64([[0], [3]]), m(2), [5]),
        reference=_scatter_nd,
        label="vector",
    ),
    Row(
        "tensor_scatter_nd_update",
        lambda m: (m(4, m.n), np.int32([[3], [1]]), m(2, m.n)),
        reference=_scatter(lambda old, new: new),
        gradient=(0, 2),
    ),
    Row("tensor_scatter_nd_add", _places, reference=_scatter(np.add), gradient=(0, 2), **_LINEAR),
    Row(
        "tensor_scatter_nd_sub",
        _places,
        reference=_scatter(np.subtract),
        gradient=(0, 2),
        **_LINEAR,
    ),
    Row("tensor_scatter_nd_max", _places, reference=_scatter(np.maximum), gradient=(0, 2)),
    Row("tensor_scatter_nd_min", _places, reference=_scatter(np.minimum), gradient=(0, 2)),
]
