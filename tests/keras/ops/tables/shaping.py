"""Same elements in another shape, order or number: reshape, transpose, flip, tile, pad, diagonals."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.keras.ops.rows import EACH, EACH_AND_COMPLEX, Call, call


def one(
    name: str, *more: Any, label: str = "", shape: tuple[int, ...] = (4,), **options: Any
) -> Call:
    """Row of a function of one tensor of shape ``(n, *shape)`` and plain arguments."""
    options.setdefault("reference", getattr(np, name, None))
    options.setdefault("gradient", () if label else (0,))
    options.setdefault("dtypes", () if label else EACH_AND_COMPLEX)
    return call(name, lambda m: (m(m.n, *shape), *more), label=label, **options)


SHAPES = [
    one("reshape", (-1, 2, 2)),
    one("reshape", (2, -1), label="batch"),
    one("reshape", (None, 4, 1), label="none", reference=lambda x, s: x.reshape(-1, 4, 1)),
    one("reshape", -1, label="flat"),
    one("ravel"),
    one("expand_dims", 1),
    one("expand_dims", (0, -1), label="two"),
    one("squeeze", shape=(1, 4, 1), dtypes=EACH),
    one("squeeze", 1, label="axis", shape=(1, 4, 1)),
    one("squeeze", (1, -1), label="axes", shape=(1, 4, 1)),
    one("transpose"),
    one("transpose", (1, 0, -1), label="axes", shape=(4, 2)),
    one("moveaxis", 0, -1, shape=(4, 2)),
    one("moveaxis", [0, 2], [1, 0], label="two", shape=(4, 2)),
    one("swapaxes", 0, -1, shape=(4, 2)),
    call("broadcast_to", lambda m: (m(4, 1), (2, 4, 3)), dtypes=EACH, reference=np.broadcast_to,
         gradient=(0,)),
    one("view", "int32", dtypes=(), reference=lambda x, d: x.view(d), gradient=()),
    one("view", "int8", label="narrow", reference=lambda x, d: x.view(d)),
    one("view", "float64", label="wide", reference=lambda x, d: x.view(d), wide=True),
    one("view", label="same", reference=lambda x: x),
]  # fmt: skip

ORDER = [
    one("flip"),
    one("flip", 0, label="axis"),
    one("flip", (0, -1), label="axes", shape=(4, 2)),
    one("fliplr"),
    one("flipud"),
    one("rot90"),
    one("rot90", label="back", kwargs={"k": -1, "axes": (0, 2)}, shape=(4, 2)),
    one("rot90", 2, label="half", differs="Keras on TensorFlow does not turn the second axis"),
    one("rot90", 4, label="whole"),
    one("roll", 1),
    one("roll", -2, 1, label="axis"),
    one("roll", (1, 2), (0, 1), label="axes"),
    one("roll", 1, (0, 1), label="both"),
]

REPEATED = [
    one("tile", 2),
    one("tile", (2, 1), label="first"),
    one("tile", (2, 1, 3), label="more"),
    one("repeat", 2),
    one("repeat", 3, 0, label="axis"),
    one("repeat", [1, 0, 2, 1], 1, label="each"),
    one("pad", ((1, 2), (0, 1))),
    one("pad", 1, label="number"),
    one("pad", (1, 2), label="pair"),
    one("pad", ((1, 0), (2, 1)), label="value", kwargs={"constant_values": 5}),
    *(one("pad", ((1, 1), (2, 1)), label=mode, kwargs={"mode": mode}, gradient=(0,)) for mode in (
        "reflect", "symmetric", "edge", "wrap", "linear_ramp", "mean")),
    *(one("pad", ((1, 1), (2, 1)), label=mode, kwargs={"mode": mode}) for mode in (
        "minimum", "maximum", "median")),
]  # fmt: skip

DIAGONALS = [
    one("diag", dtypes=EACH),
    one("diag", 1, label="above"),
    one("diag", -1, label="vector", shape=(), gradient=(0,)),
    one("diagflat", shape=(2,), dtypes=EACH),
    one("diagflat", 1, label="above", shape=(2,)),
    one("diagonal", dtypes=EACH),
    one("diagonal", label="axes", kwargs={"offset": -1, "axis1": 1, "axis2": 2}, shape=(4, 2)),
    one("trace", dtypes=EACH),
    one("trace", label="axes", kwargs={"offset": 1, "axis1": 1, "axis2": -1}, shape=(4, 3)),
]

ROWS = [*SHAPES, *ORDER, *REPEATED, *DIAGONALS]
