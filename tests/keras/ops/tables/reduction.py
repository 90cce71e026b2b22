"""Reductions over axes, those that pass over NaN, and running sums."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.keras.ops.rows import EACH, EACH_AND_COMPLEX, Call, call

_NAN = float("nan")


def over(name: str, label: str = "", **options: Any) -> Call:
    """Row of a reduction of a tensor of distinct numbers."""
    options.setdefault("reference", getattr(np, name))
    return call(name, lambda m: (m.distinct(m.n, 2, 4, low=-1.6),), label=label, **options)


def all_ways(name: str, axes: bool = True, gradient: bool = True, **options: Any) -> list[Call]:
    """Rows of one reduction: over all, one axis, several, with kept dimensions."""
    options.setdefault("reference", getattr(np, name))
    smooth = {"gradient": (0,)} if gradient else {}
    return [
        over(name, dtypes=EACH, **smooth, **options),
        over(name, "axis", kwargs={"axis": 1}, **smooth, **options),
        over(name, "kept", kwargs={"axis": -1, "keepdims": True}, **options),
        *([over(name, "axes", kwargs={"axis": (0, 2)}, **options)] if axes else []),
    ]


def int32(function: Any) -> Any:
    """NumPy's positions as int32."""
    return lambda *args, **kwargs: np.asarray(function(*args, **kwargs)).astype("int32")


def holes(name: str, **options: Any) -> list[Call]:
    """Rows of a reduction that passes over NaN."""

    def args(m: Any) -> tuple[Any, ...]:
        x = m.distinct(m.n, 2, 4)
        x[0, 0, 1] = x[-1, 1, 2] = x[0, 1, 0] = _NAN
        return (x,)

    options.setdefault("reference", getattr(np, name))
    return [
        call(name, args, **options),
        call(name, args, kwargs={"axis": 2}, label="axis", dtypes=EACH, **options),
    ]


def nothing(name: str, **options: Any) -> Call:
    """Row of a reduction of NaN alone."""
    return call(name, lambda m: (np.full((m.n, 2), _NAN, m.dtype),), kwargs={"axis": 1}, label="nothing",
                **options)  # fmt: skip


PLAIN = [
    *all_ways("sum"),
    *all_ways("mean"),
    *all_ways("prod"),
    *all_ways("var"),
    *all_ways("std"),
    *all_ways("max"),
    *all_ways("min"),
    *all_ways("amax"),
    *all_ways("amin"),
    *all_ways("ptp"),
    *all_ways("all", gradient=False),
    *all_ways("any", gradient=False),
    *all_ways("argmax", axes=False, gradient=False, reference=int32(np.argmax)),
    *all_ways("argmin", axes=False, gradient=False, reference=int32(np.argmin)),
    over("argmax", "kept_all", kwargs={"keepdims": True}, reference=int32(np.argmax)),
    *(call(name, lambda m: (m.complex(m.n, 4),), label="complex", kwargs={"axis": 1},
           reference=getattr(np, name)) for name in ("sum", "mean", "prod", "std")),
    over("sum", "none", kwargs={"axis": ()}),
    call("sum", lambda m: (np.full((m.n, 4), 120, "int8"),), label="bytes", kwargs={"axis": 1},
         reference=lambda x, axis: np.sum(x, axis, dtype="int32")),
    call("var", lambda m: (np.full((m.n, 4), 3e4, "float16") * np.array([1, -1, 1, -1], "float16"),),
         label="half", kwargs={"axis": 1}),
    call("mean", lambda m: (m.ints(m.n, 4),), label="int", kwargs={"axis": 1},
         reference=lambda x, axis: np.mean(x, axis, dtype="float32")),
    call("prod", lambda m: (m.ints(m.n, 4),), label="dtype", kwargs={"axis": 1, "dtype": "float16"},
         reference=np.prod, rtol=1e-3, differs="Keras on TensorFlow passes over dtype"),
    over("max", "initial", kwargs={"axis": 1, "initial": 0.5}),
    over("min", "initial", kwargs={"axis": 1, "initial": 0.5}),
    call("max", lambda m: (np.zeros((0, 3), m.dtype),), label="empty", kwargs={"axis": 0, "initial": -1.0},
         reference=np.max),
    call("max", lambda m: (m.bools(m.n, 4),), label="bool", kwargs={"axis": 1}, reference=np.max),
    call("min", lambda m: (m.bools(m.n, 4),), label="bool", kwargs={"axis": 1, "initial": False},
         reference=np.min),
    call("argmax", lambda m: (np.tile(np.array([1.0, 3.0, 3.0], m.dtype), (m.n, 1)),), label="equal",
         kwargs={"axis": 1}, reference=int32(np.argmax)),
    call("count_nonzero", lambda m: (m.ints(m.n, 2, 4, low=0, high=2),), dtypes=EACH_AND_COMPLEX,
         reference=int32(np.count_nonzero)),
    call("count_nonzero", lambda m: (m.ints(m.n, 2, 4, low=0, high=2),), label="axes",
         kwargs={"axis": (0, 2)}, reference=int32(np.count_nonzero)),
    call("size", lambda m: (m(m.n, 4),), reference=int32(np.size), via=lambda f, x: f(x)),
]  # fmt: skip

HOLES = [
    *holes("nansum", gradient=(0,)),
    *holes("nanprod", gradient=(0,)),
    *holes("nanmean", gradient=(0,)),
    *holes("nanvar", gradient=(0,)),
    *holes("nanstd", gradient=(0,)),
    *holes("nanmax", gradient=(0,)),
    *holes("nanmin", gradient=(0,)),
    *holes("nanmedian", gradient=(0,)),
    *holes("nanargmax", reference=int32(np.nanargmax)),
    *holes("nanargmin", reference=int32(np.nanargmin)),
    *holes("nancumsum", gradient=(0,)),
    *holes("nancumprod", gradient=(0,)),
    nothing("nansum", reference=np.nansum),
    nothing("nanprod", reference=np.nanprod),
    *(nothing(name) for name in (
        "nanmean", "nanvar", "nanstd", "nanmax", "nanmin", "nanmedian", "nanargmax", "nanargmin")),
]  # fmt: skip

RUNNING = [
    *(over(name, dtypes=EACH, gradient=(0,)) for name in ("cumsum", "cumprod")),
    *(over(name, "axis", kwargs={"axis": -1}, gradient=(0,)) for name in ("cumsum", "cumprod")),
    call("cumsum", lambda m: (m.ints(m.n, 4),), label="dtype", kwargs={"axis": 1, "dtype": "float32"},
         reference=np.cumsum),
    over("diff", dtypes=EACH, gradient=(0,)),
    over("diff", "twice", kwargs={"n": 2, "axis": 0}),
    call("diff", lambda m: (m.bools(m.n, 4),), label="bool", reference=np.diff),
    over("trapezoid", dtypes=EACH, gradient=(0,)),
    over("trapezoid", "step", kwargs={"dx": 0.5, "axis": 1}),
    call("trapezoid", lambda m: (m(m.n, 4), m.distinct(4)), label="places", reference=np.trapezoid,
         gradient=(0, 1), dtypes=tuple((a, b) for a in ("float16", "int32", "float32") for b in (
             "float32", "int32"))),
]  # fmt: skip

ROWS = [*PLAIN, *HOLES, *RUNNING]
