"""Conversion, scattering, control flow, functions over elements, derivatives, patterns of axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.keras.ops.rows import EACH, Call, call


def _places(*rows: tuple[int, ...]) -> Any:
    return np.array(rows, np.int32)


CONVERSION = [
    call("cast", lambda m: (m(m.n, 3, low=0.5), "int32"), dtypes=EACH,
         reference=lambda x, dtype: x.astype(dtype)),
    call("cast", lambda m: (m.ints(m.n, 3), "float16"), label="half", dtypes=EACH),
    call("saturate_cast", lambda m: (m(m.n, 3, low=-400.0, high=400.0), "uint8"),
         dtypes=(("float32",), ("int32",), ("float16",))),
    call("convert_to_tensor", lambda m: (m(m.n, 3),), dtypes=EACH),
    call("convert_to_tensor", lambda m: ([1, 2.5],), label="list", kwargs={"dtype": "float32"}),
    call("convert_to_tensor", lambda m: (1.5,), label="number", kwargs={"sparse": False, "ragged": False}),
    call("stop_gradient", lambda m: (m(m.n, 3),), dtypes=EACH, reference=np.copy),
]  # fmt: skip

SCATTERING = [
    call("scatter", lambda m: (_places((0, 1), (2, 0), (0, 1)), m(3), (3, 2)), gradient=(1,),
         dtypes=(("int32", "float32"), ("int64", "int32"), ("int32", "float16"))),
    call("scatter", lambda m: (_places((2,), (0,)), m(2, m.n), (4, 3)), label="rows", symbolic=False,
         note="the rows of the result must be those of the values"),
    *(call("scatter_update", lambda m: (m(3, 2), _places((0, 1), (2, 0)), m(2)), label=str(kind),
           kwargs={"reduction": kind}, gradient=(0, 2)) for kind in (None, "add", "max", "min", "mul")),
    *(call("scatter_update", lambda m: (m(4, m.n), _places((0,), (2,), (0,)), m(3, m.n)),
           label=f"rows-{kind}", kwargs={"reduction": kind}, gradient=(0, 2)) for kind in ("add", "mul")),
    call("scatter_update", lambda m: (m(3, 2), _places((0, 1)), m.ints(1)), label="int",
         dtypes=(("float32", "int32", "int32"), ("int32", "int32", "float32"))),
    call("slice", lambda m: (m(m.n, 4), [1, 2], [-1, 2]), gradient=(0,), dtypes=EACH),
    call("slice", lambda m: (m(3, 4), (0, 1), (2, 2)), label="tuple"),
    call("slice_update", lambda m: (m(3, 4), [1, 1], m(2, 2)), gradient=(0, 2),
         dtypes=(("float32", "float32"), ("int32", "float32"), ("float16", "int32"))),
    call("slice_update", lambda m: (m(3, 4), _places(2, -5), m(2, 2)), label="edge"),
    call("unstack", lambda m: (m(m.n, 3),), kwargs={"axis": 1}, gradient=(0,), dtypes=EACH),
    call("unstack", lambda m: (m(2, m.n),), label="num", kwargs={"num": 2}),
]  # fmt: skip


def over(name: str, via: Any, label: str = "", **options: Any) -> Call:
    """Row of a function that takes functions, given a tensor ``(3, 2)``."""
    return call(name, lambda m: (m(3, 2),), label=label, via=via, **options)


def _switched(index: int) -> Any:
    return lambda f, x: f(index, [lambda a: a + 1.0, lambda a: a * 5.0, lambda a: a * a], x)


CONTROL_FLOW = [
    over("cond", lambda f, x: f(x[0, 0] > 9.0, lambda: x * 2.0, lambda: x - 1.0), symbolic=False,
         note="a branch cannot use symbolic tensors from outside", gradient=(0,)),
    over("cond", lambda f, x: f(True, lambda: {"a": x}, lambda: {"a": x * 2.0}), "bool", symbolic=False,
         note="Python's bool chooses before anything is drawn"),
    *(over("switch", _switched(i), str(i), gradient=(0,)) for i in (1, 7, -7)),
    call("switch", lambda m: (np.int32(2).reshape(()), m(m.n, 2)), label="tensor",
         via=lambda f, i, x: f(i, [lambda a: a + 1.0, lambda a: a * 5.0, lambda a: a * a], x)),
    over("while_loop", lambda f, x: f(lambda i, a: i < 4, lambda i, a: (i + 1, a * 1.5), (0, x)),
         gradient=(0,)),
    over("while_loop", lambda f, x: f(lambda i, a: i < 9, lambda i, a: [i + 1, a * a], [0, x], 2),
         "limit", gradient=(0,)),
    over("while_loop", lambda f, x: f(lambda a: a[0, 0] < 50.0, lambda a: a + 20.0, x), "single"),
    over("fori_loop", lambda f, x: f(1, 4, lambda i, a: a * 1.5 + 1.0, x), gradient=(0,)),
    over("fori_loop", lambda f, x: f(0, 3, lambda i, s: (s[0] + i, s[1] * 2.0), (0, x)), "structure"),
]  # fmt: skip

ELEMENTS = [
    over("map", lambda f, x: f(lambda row: row * row + 1.0, x), gradient=(0,)),
    over("map", lambda f, x: f(lambda r: {"sum": r["a"] + r["b"]}, {"a": x, "b": x * 2.0})["sum"],
         "structure", symbolic=False, note="the elements are made of another call"),
    over("vectorized_map", lambda f, x: f(lambda row: row * row + 1.0, x), gradient=(0,)),
    call("vectorized_map", lambda m: ([m(m.n, 2), m(m.n, 2)],), label="list",
         via=lambda f, xs: f(lambda row: row[0] * row[1], xs)),
    call("scan", lambda m: (m(2), m(3, 2)), via=lambda f, c, x: f(lambda a, b: (a * b, a + b), c, x),
         gradient=(0, 1)),
    call("scan", lambda m: (m(2), m(3, 2)), label="reverse", gradient=(0, 1),
         via=lambda f, c, x: f(lambda a, b: (a * b, a + b), c, x, reverse=True)),
    call("scan", lambda m: (m(2), m(3, 2)), label="unroll", gradient=(0, 1),
         via=lambda f, c, x: f(lambda a, b: (a * b, a + b), c, x, unroll=True)),
    call("scan", lambda m: (m(2),), label="length",
         via=lambda f, c: f(lambda a, _: (a * 2.0, a), c, length=3)),
    call("scan", lambda m: (m(2), m(3, 2)), label="nothing",
         via=lambda f, c, x: f(lambda a, b: (a * b, None), c, x)[0], symbolic=False,
         note="only a part of the results is looked at"),
    over("associative_scan", lambda f, x: f(lambda a, b: a + b, x), gradient=(0,)),
    call("associative_scan", lambda m: (m(m.n, 6),), label="reverse",
         via=lambda f, x: f(lambda a, b: a * b, x, reverse=True, axis=1), gradient=(0,)),
    call("associative_scan", lambda m: ([m(5, m.n), m(5, m.n)],), label="structure",
         via=lambda f, xs: f(lambda a, b: [a[0] * b[0], a[1] * b[0] + b[1]], xs)),
]  # fmt: skip

DERIVATIVES = [
    call("jvp", lambda m: (m(m.n, 2), m(m.n, 2)),
         via=lambda f, x, t: f(lambda a: a * a * a, (x,), (t,)), gradient=(0, 1)),
    call("jvp", lambda m: (m(m.n, 2), m(m.n, 2)), label="aux",
         via=lambda f, x, t: f(lambda a, b: (a * b, a), [x, t], [t, x], has_aux=True)),
]  # fmt: skip

_AXES = [
    ("b c d -> d b c", {}),
    ("b (c e) d -> b e (d c)", {"c": 2}),
    ("b c d -> (b c d)", {}),
    ("(f b) c d -> b c (d f)", {"b": 1}),
]

PATTERNS = [
    call("rearrange", lambda m, p=pattern: (m(m.n, 4, 3), p), label=pattern.replace(" ", ""), kwargs=sizes,
         gradient=(0,))
    for pattern, sizes in _AXES
]  # fmt: skip

ROWS = [*CONVERSION, *SCATTERING, *CONTROL_FLOW, *ELEMENTS, *DERIVATIVES, *PATTERNS]
# Results are no tensors, or the function is tried in `test_core.py`.
ELSEWHERE = ("convert_to_numpy", "custom_gradient", "dtype", "is_tensor", "shape")
