"""New tensors: filled ones, ranges, even spacing, grids, matrices by rule, windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.keras.ops.rows import EACH, EACH_AND_COMPLEX, Call, call


def new(name: str, *args: Any, label: str = "", **options: Any) -> Call:
    """Row of a function of plain numbers."""
    return call(name, lambda m: args, label=label, **options)


def like(name: str, **options: Any) -> Call:
    """Row of a function that takes the shape of a tensor."""
    return call(name, lambda m: (m(m.n, 4),), dtypes=EACH_AND_COMPLEX, **options)


def single(function: Any) -> Any:
    """NumPy's twin in float32, as Keras' default is."""
    return lambda *args, **kwargs: np.asarray(function(*args, **kwargs)).astype("float32")


FILLED = [
    *(new(name, (2, 3), reference=single(getattr(np, name))) for name in ("zeros", "ones")),
    *(new(name, 3, label="number") for name in ("zeros", "ones")),
    *(new(name, (2,), label="dtype", kwargs={"dtype": "int8"}) for name in ("zeros", "ones")),
    new("empty", (2, 3)),
    new("full", (2, 3), 2.5, reference=single(np.full)),
    new("full", (2,), 3, label="int", kwargs={"dtype": "int32"}, reference=np.full),
    call("full", lambda m: ((2, 4), m(4)), label="tensor", reference=np.full, dtypes=EACH),
    like("zeros_like", reference=np.zeros_like),
    like("ones_like", reference=np.ones_like),
    like("empty_like"),
    call("full_like", lambda m: (m(m.n, 4), 2), dtypes=EACH, reference=np.full_like),
    call("full_like", lambda m: (m.ints(m.n, 4), m(4)), label="dtype", kwargs={"dtype": "float16"},
         reference=np.full_like, rtol=1e-3),
    call("array", lambda m: (m(m.n, 4),), dtypes=EACH_AND_COMPLEX, reference=np.array, gradient=(0,)),
    new("array", [[1, 2], [3, 4]], label="list", reference=np.array),
    new("array", 1.5, label="float"),
    call("array", lambda m: (m(m.n, 4),), label="dtype", kwargs={"dtype": "float16"}, rtol=1e-3),
]  # fmt: skip

RANGES = [
    new("arange", 5, reference=np.arange),
    new("arange", 5.0, label="float", reference=np.arange),
    new("arange", 1, 8, 3, label="step", reference=np.arange),
    new("arange", 5, 0, -2, label="down", reference=np.arange),
    new("arange", 1, 2, 0.1, label="fraction", reference=np.arange),
    new("arange", 4, label="dtype", kwargs={"dtype": "float16"}),
    new("arange", 3, 1, label="empty", reference=np.arange, differs="Keras on TensorFlow refuses it"),
    new("linspace", 0, 1, 5, reference=np.linspace),
    new("linspace", 0, 10, 4, label="open", kwargs={"endpoint": False}, reference=np.linspace),
    new("linspace", 0, 7, 4, label="int", kwargs={"dtype": "int32"}, reference=np.linspace),
    new("linspace", 2.0, 3.0, 1, label="one", reference=np.linspace),
    new("linspace", 2.0, 3.0, 0, label="none", reference=np.linspace),
    call("linspace", lambda m: (m(m.n, 2), m(2)), label="tensors", kwargs={"num": 4, "axis": -1},
         reference=np.linspace, gradient=(0, 1),
         dtypes=(*EACH, ("int8", "float16"), ("float16", "float32"), ("float32", "float64"))),
    call("linspace", lambda m: (m(m.n, 2), 2.0), label="step", kwargs={"num": 3, "retstep": True},
         reference=np.linspace),
    new("logspace", 0, 3, 4, reference=np.logspace),
    new("logspace", 0, 3, 4, label="int", kwargs={"dtype": "int32"}, reference=np.logspace),
    call("logspace", lambda m: (m(m.n, 2), m(2)), label="tensors", reference=np.logspace, gradient=(0, 1),
         kwargs={"num": 4, "base": 2.0, "axis": 1, "endpoint": False}, dtypes=EACH),
    new("geomspace", 1, 1000, 4, reference=np.geomspace),
    new("geomspace", 1, 1000, 4, label="int", kwargs={"dtype": "int32"}, reference=np.geomspace),
    new("geomspace", -1.0, -1000.0, 3, label="negative", kwargs={"endpoint": False},
        reference=np.geomspace),
    call("geomspace", lambda m: (m(m.n, 2, low=1.0), m(2, low=1.0)), label="tensors", kwargs={"num": 3},
         reference=np.geomspace, gradient=(0, 1)),
    call("meshgrid", lambda m: (m(m.n), m(2), m(4)), reference=np.meshgrid, gradient=(0, 1)),
    call("meshgrid", lambda m: (m(m.n), m.ints(2)), label="ij", kwargs={"indexing": "ij"},
         reference=np.meshgrid, differs="Keras on TensorFlow wants one dtype"),
    call("meshgrid", lambda m: (m(m.n, 2),), label="one", reference=np.meshgrid),
]  # fmt: skip

MATRICES = [
    new("eye", 3, reference=single(np.eye)),
    new("eye", 2, 4, 1, label="above", reference=single(np.eye),
        differs="Keras on TensorFlow makes it larger"),
    new("eye", 3, label="below", kwargs={"k": -1, "dtype": "int32"}, reference=np.eye),
    new("identity", 3, reference=single(np.identity)),
    new("identity", 2, label="bool", kwargs={"dtype": "bool"}, reference=np.identity),
    new("tri", 3, reference=single(np.tri)),
    new("tri", 2, 4, 1, label="above", kwargs={"dtype": "int32"}, reference=np.tri),
    *(call(name, lambda m: (m(m.n, 4, 3),), dtypes=EACH, reference=getattr(np, name), gradient=(0,))
      for name in ("tril", "triu")),
    *(call(name, lambda m: (m(m.n, 4, 3),), label="k", kwargs={"k": k}, reference=getattr(np, name))
      for name, k in (("tril", -1), ("triu", 1))),
    call("vander", lambda m: (m(m.n),), dtypes=EACH, reference=np.vander, gradient=(0,)),
    call("vander", lambda m: (m.ints(m.n),), label="int", kwargs={"N": 4, "increasing": True},
         reference=np.vander),
]  # fmt: skip

WINDOWS = [
    *(
        new(name, 5, reference=getattr(np, name))
        for name in ("bartlett", "blackman", "hamming", "hanning")
    ),
    *(new(name, 1, label="one", reference=getattr(np, name)) for name in ("bartlett", "hamming")),
    new("blackman", 6, label="even", reference=np.blackman),
    new("kaiser", 5, 8.6, reference=np.kaiser),
    new("kaiser", 4, 0, label="rectangle", reference=np.kaiser),
]

ROWS = [*FILLED, *RANGES, *MATRICES, *WINDOWS]
