"""Order, membership, distinct values, and elements picked by index."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.keras.ops.rows import EACH, EACH_AND_COMPLEX, Call, call

_NAN = float("nan")
_ON_VALUES = {"symbolic": False, "traced": False, "note": "the shape depends on values"}


def over(name: str, label: str = "", **options: Any) -> Call:
    """Row of a function of distinct numbers along an axis."""
    return call(name, lambda m: (m.distinct(m.n, 4),), label=label, **options)


def stable(x: Any, axis: Any = -1) -> Any:
    """NumPy's positions, equal values in order, as int32."""
    return np.argsort(x, axis, kind="stable").astype("int32")


def int32(function: Any) -> Any:
    """NumPy's positions as int32."""
    return lambda *args, **kwargs: np.asarray(function(*args, **kwargs)).astype("int32")


SORTED = [
    over("sort", dtypes=EACH, reference=np.sort, gradient=(0,)),
    over("sort", "axis", kwargs={"axis": 0}, reference=np.sort),
    over("sort", "flat", kwargs={"axis": None}, reference=np.sort),
    call("sort", lambda m: (np.tile(np.array([2.0, _NAN, 1.0], m.dtype), (m.n, 1)),), label="nan",
         reference=np.sort),
    over("argsort", dtypes=EACH, reference=stable),
    over("argsort", "flat", kwargs={"axis": None}, reference=stable),
    call("argsort", lambda m: (m.ints(m.n, 6, low=0, high=3),), label="equal", reference=stable),
    call("argpartition", lambda m: (m.distinct(m.n, 5), 2), dtypes=EACH,
         differs="the order within the parts is free, and Keras on TensorFlow errs for matrices"),
    call("searchsorted", lambda m: (np.sort(m.distinct(5)), m(m.n)), reference=int32(np.searchsorted),
         dtypes=tuple((d, d) for (d,) in EACH[1:])),
    call("searchsorted", lambda m: (np.arange(5, dtype="int32"), m.ints(m.n, 2)), label="right",
         kwargs={"side": "right"}, reference=int32(np.searchsorted)),
    call("digitize", lambda m: (m(m.n, 4), np.array([-1.0, 0.0, 0.5], m.dtype)), dtypes=EACH,
         reference=int32(np.digitize)),
    call("digitize", lambda m: (m.ints(m.n, 4), [-2, 0, 3]), label="int", reference=int32(np.digitize)),
]  # fmt: skip

DISTINCT = [
    call("isin", lambda m: (m.ints(m.n, 4), m.ints(3)), reference=np.isin,
         dtypes=tuple((a, b) for a in ("bool", "int8", "float16", "float32") for b in ("int32", "float32"))),
    call("isin", lambda m: (m.ints(m.n, 4), [1, 2]), label="invert", kwargs={"invert": True},
         reference=np.isin),
    call("unique", lambda m: (m.ints(m.n, 4, low=0, high=4),), reference=np.unique, **_ON_VALUES),
    call("unique", lambda m: (m.ints(m.n, 4, low=0, high=4),), label="parts", **_ON_VALUES,
         kwargs={"return_index": True, "return_inverse": True, "return_counts": True}),
    call("unique", lambda m: (m.ints(6, low=0, high=4),), label="appearance", **_ON_VALUES,
         kwargs={"sorted": False, "return_inverse": True, "return_counts": True}),
    call("unique", lambda m: (m.ints(5, 2, low=0, high=2),), label="axis", **_ON_VALUES,
         kwargs={"axis": 0, "return_counts": True}),
    call("unique", lambda m: (m.ints(m.n, 4, low=0, high=4),), label="size", dtypes=EACH[1:],
         kwargs={"size": 6, "return_index": True, "return_inverse": True, "return_counts": True}),
    call("unique", lambda m: (m.ints(5, 2, low=0, high=2),), label="fill",
         kwargs={"size": 5, "axis": 0, "fill_value": -1}),
    call("nonzero", lambda m: (m.ints(m.n, 4, low=0, high=2),), reference=lambda x: [
        i.astype("int32") for i in np.nonzero(x)], **_ON_VALUES),
]  # fmt: skip

PICKED = [
    call("take", lambda m: (m(m.n, 4), [[0, 2], [-1, 1]]), kwargs={"axis": 1}, dtypes=EACH_AND_COMPLEX,
         reference=np.take, gradient=(0,)),
    call("take", lambda m: (m(2, 4), 5), label="flat", reference=np.take),
    call("take", lambda m: (m(m.n, 4), m.ints(m.n, low=-4, high=4, dtype="int8")), label="tensor",
         kwargs={"axis": -1}, reference=np.take),
    call("take", lambda m: (m(5, 2), 4), label="far", kwargs={"axis": 0}, reference=np.take),
    call("take_along_axis", lambda m: (m(m.n, 4), m.ints(m.n, 2, low=-4, high=4)), kwargs={"axis": 1},
         dtypes=tuple((d, "int32") for (d,) in EACH), reference=np.take_along_axis, gradient=(0,)),
    call("take_along_axis", lambda m: (m(2, 4), [0, 5, -1]), label="flat",
         reference=lambda x, i: np.take_along_axis(x, np.array(i), None)),
    call("take_along_axis", lambda m: (m(m.n, 4), [[1]]), kwargs={"axis": 1}, label="broadcast",
         reference=lambda x, i, axis: np.take_along_axis(x, np.array(i), axis)),
    call("get_item", lambda m: (m(m.n, 4), (slice(None), 1)), dtypes=EACH, gradient=(0,),
         reference=lambda x, key: x[key]),
    call("get_item", lambda m: (m(m.n, 4), (Ellipsis, None, slice(None, None, -2))), label="slices",
         reference=lambda x, key: x[key]),
    call("unravel_index", lambda m: (m.ints(m.n, low=0, high=6), (2, 3)), dtypes=EACH[1:5],
         reference=lambda i, s: [p.astype("int32") for p in np.unravel_index(i, s)]),
    call("unravel_index", lambda m: (5, (2, 3)), label="number",
         reference=lambda i, s: [p.astype("int32") for p in np.unravel_index(i, s)],
         differs="Keras on TensorFlow turns the order round for a number"),
]  # fmt: skip

ROWS = [*SORTED, *DISTINCT, *PICKED]
