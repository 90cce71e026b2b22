"""Quantiles, weighted means, correlations and counts of values."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.keras.ops.rows import EACH, Call, call

_NAN = float("nan")


def quantile(name: str, q: Any, label: str = "", **options: Any) -> Call:
    """Row of a function of a tensor and quantiles."""
    return call(name, lambda m: (m.distinct(m.n, 2, 4), q), label=label, reference=getattr(np, name),
                **options)  # fmt: skip


def with_nan(name: str, q: Any, label: str = "", **options: Any) -> Call:
    """Row of a function that passes over NaN, of a tensor and quantiles."""
    row = (1.0, _NAN, 3.0, 7.0)
    return call(name, lambda m: (np.tile(np.array(row, m.dtype), (m.n, 1)), q), label=label,
                reference=getattr(np, name), **options)  # fmt: skip


QUANTILES = [
    call("median", lambda m: (m.distinct(m.n, 2, 4),), dtypes=EACH, reference=np.median, gradient=(0,)),
    call("median", lambda m: (m.distinct(m.n, 2, 5),), label="axis", kwargs={"axis": 2},
         reference=np.median, gradient=(0,)),
    call("median", lambda m: (m.distinct(m.n, 2, 4),), label="axes", reference=np.median,
         kwargs={"axis": (0, 2), "keepdims": True}),
    call("median", lambda m: (np.tile(np.array([1.0, _NAN, 3.0], m.dtype), (m.n, 1)),), label="nan",
         kwargs={"axis": 1}, reference=np.median),
    call("median", lambda m: (m.ints(m.n, 4),), label="int", kwargs={"axis": 1}, reference=np.median),
    quantile("quantile", 0.3, dtypes=EACH, gradient=(0,)),
    quantile("quantile", 0.4, "axis", kwargs={"axis": 1}, gradient=(0,)),
    quantile("quantile", [0.0, 0.25, 1.0], "several", kwargs={"axis": 2, "keepdims": True}),
    quantile("quantile", [[0.1, 0.9]], "matrix", kwargs={"axis": (0, 2)}),
    *(quantile("quantile", [0.2, 0.5, 0.75], method, kwargs={"axis": 2, "method": method}) for method in (
        "lower", "higher", "midpoint", "nearest")),
    call("quantile", lambda m: (m.distinct(m.n, 4), np.array([0.2, 0.6], m.dtype)), label="tensor",
         kwargs={"axis": 1}, reference=np.quantile, gradient=(0, 1)),
    quantile("percentile", 30, dtypes=EACH, gradient=(0,)),
    quantile("percentile", [10.0, 90.0], "several", kwargs={"axis": 2}),
    with_nan("nanquantile", 0.4, dtypes=EACH, kwargs={"axis": 1}),
    with_nan("nanquantile", [0.0, 0.4], "several"),
    with_nan("nanpercentile", 40.0, dtypes=EACH, kwargs={"axis": 1}),
    with_nan("nanpercentile", [5.0, 40.0], "several"),
    call("nanquantile", lambda m: (np.full((m.n, 3), _NAN, m.dtype), 0.4), label="nothing",
         kwargs={"axis": 1}),
]  # fmt: skip

AVERAGES = [
    call("average", lambda m: (m(m.n, 4),), dtypes=EACH, reference=np.average, gradient=(0,)),
    call("average", lambda m: (m(m.n, 4),), label="axis", kwargs={"axis": 1}, reference=np.average),
    call("average", lambda m: (m(m.n, 4), 1, m(4, low=0.5)), label="weights", gradient=(0, 2),
         reference=np.average, dtypes=tuple((a, b) for a in ("float16", "int32", "float32") for b in (
             "float32", "int32"))),
    call("average", lambda m: (m(m.n, 4), None, m(m.n, 4, low=0.5)), label="all", reference=np.average),
    call("average", lambda m: (m(m.n, 2, 4), (2, 1), m(4, 2, low=0.5)), label="axes",
         reference=np.average),
    call("corrcoef", lambda m: (m(m.n, 5),), dtypes=EACH, reference=np.corrcoef, gradient=(0,)),
    call("corrcoef", lambda m: (m(5),), label="vector", reference=np.corrcoef),
    call("allclose", lambda m: (m(m.n, 4), m(4)), reference=np.allclose, dtypes=EACH),
    call("allclose", lambda m: (np.array([1.0, _NAN], m.dtype), np.array([1.01, _NAN], m.dtype)),
         kwargs={"rtol": 0.1, "equal_nan": True}, label="nan", reference=np.allclose),
]  # fmt: skip

_NARROW = tuple((d, "bytes are not counted in bytes, and edges of integers not cut to integers") for d in (
    "uint8", "int8", "int32", "int64"))  # fmt: skip

COUNTS = [
    call("bincount", lambda m: (m.ints(6, low=0, high=5),), symbolic=False, traced=False,
         reference=np.bincount, note="the length depends on values"),
    call("bincount", lambda m: (m.ints(6, low=0, high=5), m(6)), label="weights", reference=np.bincount,
         kwargs={"minlength": 8}, symbolic=False, traced=False, note="the length depends on values"),
    call("bincount", lambda m: (m.ints(2, 4, low=0, high=5), m(2, 4)), label="rows", symbolic=False,
         traced=False, note="the length depends on values"),
    call("histogram", lambda m: (m(6),), reference=np.histogram, dtypes=EACH[1:], differs_in=_NARROW),
    call("histogram", lambda m: (m(6),), kwargs={"bins": 4, "range": (-1.0, 1.5)}, label="range",
         reference=np.histogram),
    call("histogram", lambda m: (m.ints(m.n, 4),), kwargs={"bins": 3}, label="int",
         reference=np.histogram),
    call("histogram", lambda m: (np.full((4,), 2.0, m.dtype),), kwargs={"bins": 2}, label="equal",
         reference=np.histogram, differs="bins of no width in Keras on TensorFlow"),
]  # fmt: skip

ROWS = [*QUANTILES, *AVERAGES, *COUNTS]
