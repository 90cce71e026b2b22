"""Products of matrices, vectors and tensors; determinants."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from tests.keras.ops.rows import Call, call

#: Two arrays of one dtype, and of different ones.
_DTYPES = tuple(
    itertools.combinations_with_replacement(
        ("bool", "uint8", "int8", "int32", "int64", "float16", "bfloat16", "float32", "float64"), 2
    )
)
_NO_BOOLS = tuple(pair for pair in _DTYPES if pair != ("bool", "bool"))


def two(
    name: str, one: tuple[int, ...], other: tuple[int, ...], label: str = "", **options: Any
) -> Call:
    """Row of a function of two tensors; -1 stands for the batch."""
    options.setdefault("reference", getattr(np, name))
    options.setdefault("dtypes", () if label else _DTYPES)

    def args(m: Any) -> tuple[Any, ...]:
        return tuple(m(*(m.n if d == -1 else d for d in shape)) for shape in (one, other))

    return call(name, args, label=label, **options)


ROWS = [
    two("matmul", (-1, 3), (3, 4), gradient=(0, 1)),
    two("matmul", (-1, 2, 3), (3, 4), "batch", gradient=(0, 1)),
    two("matmul", (-1, 2, 3), (3,), "vector", gradient=(0, 1)),
    two("matmul", (2,), (-1, 2, 3), "row", gradient=(0, 1)),
    two("matmul", (3,), (3,), "vectors"),
    call("matmul", lambda m: (m.ints(m.n, 3, low=-128, high=128, dtype="int8"),
                              m.ints(3, 2, low=-128, high=128, dtype="int8")), label="bytes",
         reference=lambda a, b: a.astype("int32") @ b),
    call("matmul", lambda m: (m.bools(m.n, 3), m.bools(3, 2)), label="bools", reference=np.matmul),
    two("dot", (-1, 3), (3, 4), gradient=(0, 1)),
    two("dot", (-1, 2, 3), (4, 3, 2), "more", gradient=(0, 1)),
    two("dot", (-1, 3), (3,), "vector"),
    two("dot", (-1, 3), (), "number", gradient=(0, 1)),
    two("inner", (-1, 3), (4, 3), gradient=(0, 1)),
    two("inner", (-1, 3), (), "number"),
    two("vdot", (-1, 3), (-1, 3), gradient=(0, 1)),
    call("vdot", lambda m: (m.complex(m.n, 3), m.complex(m.n, 3)), label="complex", reference=np.vdot,
         differs="Keras on TensorFlow does not conjugate"),
    two("tensordot", (-1, 2, 3), (2, 3, 4), gradient=(0, 1)),
    two("tensordot", (-1, 3), (4, 3), "axes", kwargs={"axes": ([1], [1])}, gradient=(0, 1)),
    two("tensordot", (-1, 3), (2,), "outer", kwargs={"axes": 0}),
    call("einsum", lambda m: ("ij,jk->ik", m(m.n, 3), m(3, 4)), dtypes=_DTYPES, reference=np.einsum,
         gradient=(1, 2)),
    call("einsum", lambda m: ("...ij,...kj,ij->...ki", m(m.n, 2, 3), m(m.n, 4, 3), m(2, 3)), label="three",
         reference=np.einsum, gradient=(1, 2, 3)),
    call("einsum", lambda m: ("bij->bj", m(m.n, 2, 3)), label="one", reference=np.einsum,
         dtypes=(("int8",), ("int32",), ("float16",))),
    call("einsum", lambda m: ("ij,jk", m(m.n, 3), m(3, 4)), label="optimize",
         kwargs={"optimize": "optimal"}, reference=np.einsum),
    two("outer", (-1, 2), (3,), gradient=(0, 1)),
    two("kron", (-1, 2), (2, 3), dtypes=_NO_BOOLS, gradient=(0, 1)),
    two("kron", (2, -1, 2), (3,), "ranks"),
    two("cross", (-1, 3), (3,), dtypes=_NO_BOOLS, gradient=(0, 1)),
    two("cross", (3, -1), (3, -1), "axis", kwargs={"axis": 0}),
    two("cross", (-1, 3), (3, -1), "axes", kwargs={"axisb": 0, "axisc": 0}),
    call("cross", lambda m: (m(m.n, 2), m(m.n, 3)), label="plane", gradient=(0, 1),
         reference=lambda a, b: np.cross(np.pad(a, ((0, 0), (0, 1))), b)),
    call("cross", lambda m: (m(m.n, 2), m(m.n, 2)), label="flat",
         reference=lambda a, b: a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]),
    two("correlate", (6,), (3,), gradient=(0, 1)),
    *(two("correlate", (6,), (3,), mode, kwargs={"mode": mode}, gradient=(0, 1)) for mode in (
        "same", "full")),
    two("correlate", (2,), (5,), "longer", kwargs={"mode": "full"}),
    two("correlate", (2,), (5,), "within", kwargs={"mode": "valid"}),
    call("slogdet", lambda m: (m(m.n, 3, 3),), dtypes=(("float32",), ("float64",)),
         reference=np.linalg.slogdet, gradient=(0,)),
]  # fmt: skip

ELSEWHERE = ("ndim", "vectorize")
