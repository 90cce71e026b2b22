"""Linear algebra."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.keras.ops.rows import Call, call

_FLOATS = (("float32",), ("float64",), ("complex64",))
_BOTH = (("float32", "float32"), ("float64", "float64"))


def definite(name: str, label: str = "", **options: Any) -> Call:
    """Row of a function of symmetric positive definite matrices."""
    options.setdefault("rtol", 1e-4)
    return call(name, lambda m: (m.positive_definite(m.n, 3, 3),), label=label, **options)


def matrix(name: str, label: str = "", shape: tuple[int, ...] = (4, 3), **options: Any) -> Call:
    """Row of a function of matrices."""
    options.setdefault("rtol", 1e-4)
    return call(name, lambda m: (m(m.n, *shape),), label=label, **options)


def _lower(m: Any) -> Any:
    return np.linalg.cholesky(m.positive_definite(m.n, 3, 3)).astype(m.dtype)


FACTORS = [
    definite("cholesky", reference=np.linalg.cholesky, dtypes=_FLOATS),
    definite("cholesky", "upper", kwargs={"upper": True}),
    call("cholesky_inverse", lambda m: (_lower(m)[0],), rtol=1e-4, gradient=(0,),
         reference=lambda x: np.linalg.inv(x @ x.T), dtypes=_FLOATS[:2]),
    call("cholesky_inverse", lambda m: (_lower(m).swapaxes(1, 2).copy(),), label="upper", rtol=1e-4,
         kwargs={"upper": True}),
    definite("det", reference=np.linalg.det, gradient=(0,), dtypes=_FLOATS),
    definite("logdet", reference=lambda x: np.linalg.slogdet(x)[1]),
    definite("inv", reference=np.linalg.inv, gradient=(0,), dtypes=_FLOATS),
    call("lu_factor", lambda m: (m(4, 4),), rtol=1e-4, dtypes=_FLOATS[:2]),
    definite("lu_factor", "batch"),
    matrix("matrix_rank", reference=np.linalg.matrix_rank, dtypes=_FLOATS[:2]),
    matrix("matrix_rank", "tol", kwargs={"tol": 2.5}),
    matrix("pinv", reference=np.linalg.pinv, gradient=(0,), dtypes=_FLOATS[:2]),
    matrix("pinv", "rcond", kwargs={"rcond": 0.5}),
    matrix("qr", gradient=(0,), dtypes=_FLOATS[:2]),
    matrix("qr", "complete", kwargs={"mode": "complete"}),
    matrix("svd", "values", kwargs={"compute_uv": False}, gradient=(0,),
           reference=lambda x, compute_uv: np.linalg.svd(x, compute_uv=False)),
    matrix("svd", "magnitudes", via=lambda f, x: [abs(part) for part in f(x)], symbolic=False,
           note="abs is a call of its own", dtypes=()),
    matrix("svd", "reduced", via=lambda f, x: [abs(part) for part in f(x, full_matrices=False)],
           symbolic=False, note="abs is a call of its own"),
    matrix("svd", "drawn", traced=False, note="the signs of vectors are free; only shapes are compared",
           via=lambda f, x: f(x)[1]),
    definite("eigh", "magnitudes", via=lambda f, x: [abs(part) for part in f(x)], symbolic=False,
             note="abs is a call of its own"),
    definite("eigh", dtypes=_FLOATS[:2], reference=None, via=lambda f, x: f(x)[0]),
    definite("eig", via=lambda f, x: f(x)[0], dtypes=_FLOATS[:2]),
]  # fmt: skip

SOLUTIONS = [
    call("solve", lambda m: (m.positive_definite(m.n, 3, 3), m(m.n, 3, 2)), rtol=1e-4, gradient=(0, 1),
         reference=np.linalg.solve, dtypes=_BOTH),
    call("solve", lambda m: (m.positive_definite(m.n, 3, 3), m(m.n, 3)), label="vectors", rtol=1e-4,
         gradient=(0, 1)),
    call("solve_triangular", lambda m: (m.positive_definite(m.n, 3, 3), m(m.n, 3, 2)), rtol=1e-4,
         gradient=(0, 1), dtypes=_BOTH, reference=lambda a, b: np.linalg.solve(np.triu(a), b)),
    call("solve_triangular", lambda m: (m.positive_definite(3, 3), m(3)), label="lower", rtol=1e-4,
         kwargs={"lower": True}),
    call("lstsq", lambda m: (m(5, 3), m(5, 2)), rtol=1e-4, gradient=(0, 1), dtypes=_BOTH,
         reference=lambda a, b: np.linalg.lstsq(a, b)[0]),
    call("lstsq", lambda m: (m(3, 5), m(3)), label="vector", rtol=1e-4),
    call("lstsq", lambda m: (m(m.n, 5, 3), m(m.n, 5, 2)), label="batch", rtol=1e-4,
         reference=lambda a, b: np.linalg.pinv(a) @ b),
    call("lstsq", lambda m: (np.ones((4, 2), m.dtype), m(4)), label="rcond", rtol=1e-4,
         kwargs={"rcond": 0.1}),
]  # fmt: skip


def _norm(label: str, shape: tuple[int, ...] = (4, 3), **options: Any) -> Call:
    kwargs = options.pop("kwargs", {})
    return call("norm", lambda m: (m(m.n, *shape),), label=label, kwargs=kwargs, rtol=1e-4,
                reference=np.linalg.norm, **options)  # fmt: skip


_INF = float("inf")
NORMS = [
    call("norm", lambda m: (m(4),), gradient=(0,), reference=np.linalg.norm,
         dtypes=(("float16",), ("float32",), ("float64",), ("int32",), ("int64",), ("bool",))),
    call("norm", lambda m: (m(4, 3),), label="matrix", gradient=(0,), reference=np.linalg.norm),
    *(_norm(f"vectors-{o}", kwargs={"ord": o, "axis": -1}, gradient=(0,))
      for o in (1, 2, 3, 0.5, -1, _INF, -_INF)),
    _norm("vectors-0", kwargs={"ord": 0, "axis": -1, "keepdims": True}),
    *(_norm(f"matrices-{o}", kwargs={"ord": o, "axis": (1, 2)}, gradient=(0,))
      for o in ("fro", "nuc", 1, -1, 2, -2, _INF, -_INF)),
    _norm("axes", kwargs={"ord": 1, "axis": (2, 0), "keepdims": True}, gradient=(0,)),
    _norm("all"),
]  # fmt: skip

ROWS = [*FACTORS, *SOLUTIONS, *NORMS]
