"""Rows of ops/contraction.py and ops/einsum.py."""

from __future__ import annotations

import numpy as np

from thalweg._src.testing.rows import Row


def _turned(x, transpose, adjoint):
    x = np.conj(x) if adjoint else x
    return np.swapaxes(x, -1, -2) if transpose or adjoint else x


def _matmul(a, b, transpose_a=False, transpose_b=False, adjoint_a=False, adjoint_b=False, **_):
    return _turned(a, transpose_a, adjoint_a) @ _turned(b, transpose_b, adjoint_b)


def _matvec(a, b, transpose_a=False, adjoint_a=False):
    return (_turned(a, transpose_a, adjoint_a) @ b[..., None])[..., 0]


def _wide_matmul(a, b, output_type):
    return a.astype(output_type) @ b.astype(output_type)


def _einsum(label, equation, shapes, gradient=True):
    """Row of an equation; the letter n in a shape is the batch size."""

    def make(m):
        return (equation, *(m(*(m.n if s == "n" else s for s in shape)) for shape in shapes))

    return Row(
        "einsum",
        make,
        reference=np.einsum,
        gradient=tuple(range(1, len(shapes) + 1)) if gradient else (),
        label=label,
    )


ROWS = [
    Row("matmul", lambda m: (m(m.n, 4), m(4, 2)), reference=_matmul, gradient=(0, 1)),
    Row(
        "matmul",
        lambda m: (m(m.n, 1, 4, 2), m(3, 5, 4)),
        {"transpose_a": True, "transpose_b": True},
        reference=_matmul,
        gradient=(0, 1),
        label="batch",
    ),
    Row(
        "linalg.matmul",
        lambda m: (m.complex(m.n, 3), m.complex(m.n, 2)),
        {"adjoint_a": True},
        reference=_matmul,
        gradient=(0, 1),
        label="adjoint",
    ),
    Row(
        "matmul",
        lambda m: (m.complex(m.n, 2, 3), m.complex(4, 3)),
        {"adjoint_b": True, "b_is_sparse": True},
        reference=_matmul,
        gradient=(0, 1),
        label="adjoint_b",
    ),
    Row(
        "matmul",
        lambda m: (m.ints(m.n, 4, dtype="int8"), m.ints(4, 2, dtype="int8")),
        {"output_type": "int32"},
        reference=_wide_matmul,
        label="int8",
    ),
    Row("linalg.matvec", lambda m: (m(m.n, 2, 3), m(3)), reference=_matvec, gradient=(0, 1)),
    Row(
        "linalg.matvec",
        lambda m: (m.complex(3, 2), m.complex(m.n, 3)),
        {"adjoint_a": True},
        reference=_matvec,
        gradient=(0, 1),
        label="adjoint",
    ),
    Row(
        "tensordot",
        lambda m: (m(m.n, 2, 3), m(3, 2, 4), [[1, 2], [1, 0]]),
        reference=np.tensordot,
        gradient=(0, 1),
    ),
    Row(
        "linalg.tensordot",
        lambda m: (m(m.n), m(2, 3), 0),
        reference=np.tensordot,
        gradient=(0, 1),
        label="outer",
    ),
    Row("linalg.cross", lambda m: (m(m.n, 3), m(m.n, 3)), reference=np.cross, gradient=(0, 1)),
    _einsum("matrix", "ij,jk->ik", (("n", 4), (4, 2))),
    _einsum("two_sums", "sub,szb->uz", (("n", 2, 4), ("n", 3, 4))),
    _einsum("ellipsis", "...ij,j...->i...", (("n", 1, 2, 3), (3, 4))),
    _einsum("diagonal", "iij,jk->ki", ((3, 3, "n"), ("n", 2))),
    _einsum("private", "aij,jk", ((2, "n", 3), (3, 2))),
    _einsum("one", "...ij->j...", (("n", 2, 3),)),
    _einsum("trace", "ii", ((3, 3),)),
    _einsum("chain", "ij,jk,kl,m->iml", (("n", 2), (2, 3), (3, 2), (4,))),
]
