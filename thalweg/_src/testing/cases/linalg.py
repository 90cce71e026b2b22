"""Rows of tf.linalg.

Decompositions are called `via` functions that make the argument symmetric and take what does not depend
on the free signs of vectors.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import scipy.linalg

import thalweg as tf
from thalweg._src.testing.rows import Row


def _adjoint(x):
    return np.conj(np.swapaxes(x, -1, -2))


def _symmetric(x):
    return (x + _adjoint(x)) / 2


def _with_symmetric(function, x, *rest, **options):
    """The function of the Hermitian part of its first argument."""
    return function((x + tf.linalg.adjoint(x)) / 2, *rest, **options)


def _batched(function):
    """A SciPy function of one matrix, for a batch."""

    def call(x):
        flat = x.reshape(-1, *x.shape[-2:])
        return np.stack([function(m) for m in flat]).reshape(x.shape).astype(x.dtype)

    return call


def _projectors(vectors):
    """``v[i] * conj(v[j])`` for each column v: does not depend on the column's phase."""
    columns = tf.linalg.matrix_transpose(vectors)
    return columns[..., :, None] * tf.math.conj(columns)[..., None, :]


def _free_eigh(function, x):
    values, vectors = _with_symmetric(function, x)
    return values, _projectors(vectors)


def _free_eig(function, x):
    values, vectors = function(x)
    order = [0, 2, 1]
    return tf.gather(values, order, axis=-1), tf.gather(_projectors(vectors), order, axis=-3)


def _free_svd(function, x, **options):
    s, u, v = function(x, **options)
    u, v = tf.linalg.matrix_transpose(u), tf.linalg.matrix_transpose(v)
    k = s.shape[-1]
    return s, u[..., :k, :, None] * tf.math.conj(v)[..., :k, None, :]


def _free_qr(function, x, **options):
    q, r = function(x, **options)
    return q @ r, tf.math.abs(r)


def _numpy_eigh(x):
    values, vectors = np.linalg.eigh(_symmetric(x))
    columns = np.swapaxes(vectors, -1, -2)
    projectors = columns[..., :, None] * np.conj(columns)[..., None, :]
    return values.astype(x.dtype), projectors


def _numpy_svd(x, full_matrices=False):
    u, s, vh = np.linalg.svd(x, full_matrices=False)
    return s, np.swapaxes(u, -1, -2)[..., :, :, None] * vh[..., :, None, :]


def _numpy_qr(x, full_matrices=False):
    return x, np.abs(np.linalg.qr(x, "complete" if full_matrices else "reduced")[1])


def _diagonals(x, k):
    """Compact diagonals from k[1] to k[0], cut out one by one, aligned right above and left below."""
    lists = [np.diagonal(x, d, -2, -1) for d in range(k[1], k[0] - 1, -1)]
    longest = max(part.shape[-1] for part in lists)
    rows = []
    for d, part in zip(range(k[1], k[0] - 1, -1), lists, strict=True):
        gap = longest - part.shape[-1]
        pads = [(0, 0)] * (part.ndim - 1) + [(gap, 0) if d >= 0 else (0, gap)]
        rows.append(np.pad(part, pads))
    return np.stack(rows, -2)


def _diag(x, k=0, **_):
    return np.stack([np.diag(v, k) for v in x.reshape(-1, x.shape[-1])]).reshape(
        *x.shape[:-1], x.shape[-1] + abs(k), x.shape[-1] + abs(k)
    )


def _set_diag(x, diagonal):
    out = x.copy()
    for place in np.ndindex(x.shape[:-2]):
        np.fill_diagonal(out[place], diagonal[place])
    return out


def _band_part(x, low, high):
    return np.triu(x, -low) if high < 0 else np.tril(np.triu(x, -low), high)


def _norm(x, ord="euclidean", axis=None, keepdims=False):
    kind = {"euclidean": None, "fro": "fro"}.get(ord, ord)
    if axis is None:
        return np.linalg.norm(x.reshape(-1), kind)
    return np.linalg.norm(x, kind, axis, keepdims)


def _normalize(x, ord="euclidean", axis=None):
    size = _norm(x, ord, axis, True)
    return x / size, size


def _l2_normalize(x, axis=None):
    return x / np.linalg.norm(x, axis=axis, keepdims=True)


def _slogdet(x):
    sign, size = np.linalg.slogdet(x)
    return sign, size.astype(x.dtype)


def _three(x):
    """Full matrices of compact diagonals."""
    size = x.shape[-1]
    out = np.zeros((*x.shape[:-2], size, size), x.dtype)
    for i in range(size):
        out[..., i, i] = x[..., 1, i]
        if i + 1 < size:
            out[..., i, i + 1], out[..., i + 1, i] = x[..., 0, i], x[..., 2, i + 1]
    return out


def _lower_bands(x, lower=True, adjoint=False):
    count, size = x.shape[-2:]
    out = np.zeros((*x.shape[:-2], size, size), x.dtype)
    for k in range(count):
        for i in range(size - k):
            if lower:
                out[..., i + k, i] = x[..., k, i + k]
            else:
                out[..., i, i + k] = x[..., count - 1 - k, i]
    return _adjoint(out) if adjoint else out


def _lstsq(a, b, l2_regularizer=0.0, fast=True):
    if not fast:
        return np.linalg.pinv(a) @ b
    square = _adjoint(a) @ a + l2_regularizer * np.eye(a.shape[-1])
    return np.linalg.solve(square, _adjoint(a) @ b)


def _round_trip(function, x, **options):
    """The factors as LAPACK gives them are checked by what they multiply to."""
    return function(*tf.linalg.lu(x), **options)


def _solve_round_trip(function, x, rhs):
    return function(*tf.linalg.lu(x), rhs)


def _eigvals(function, x):
    """Real parts in ascending order."""
    return tf.sort(tf.math.real(function(_with_symmetric(tf.identity, x))))


def _diagonal_heavy(m, *shape):
    x = m(*shape)
    x[..., 1, :] += 5.0
    return x


def _dominant(m, *shape):
    return m(*shape) + 4 * np.eye(shape[-1], dtype=m.dtype)


ROWS = [
    Row("linalg.adjoint", lambda m: (m.complex(m.n, 2, 3),), reference=_adjoint, gradient=(0,)),
    Row(
        "linalg.matrix_transpose",
        lambda m: (m(m.n, 2, 3),),
        reference=lambda x: np.swapaxes(x, -1, -2),
        gradient=(0,),
    ),
    Row("norm", lambda m: (m(m.n, 4),), reference=_norm, gradient=(0,)),
    Row("norm", lambda m: (m(m.n, 4),), {"ord": 3, "axis": 1}, _norm, (0,), label="three"),
    Row(
        "linalg.norm",
        lambda m: (m.distinct(m.n, 4, low=0.2),),
        {"ord": 1, "axis": -1, "keepdims": True},
        _norm,
        (0,),
        label="one",
    ),
    Row(
        "norm",
        lambda m: (m.distinct(m.n, 4),),
        {"ord": np.inf, "axis": 1},
        _norm,
        (0,),
        label="infinity",
    ),
    Row(
        "norm",
        lambda m: (m(m.n, 2, 3),),
        {"ord": 1, "axis": (-2, -1), "keepdims": True},
        _norm,
        (0,),
        label="columns",
    ),
    Row(
        "norm",
        lambda m: (m(m.n, 2, 3),),
        {"ord": np.inf, "axis": (1, 2)},
        _norm,
        (0,),
        label="rows",
    ),
    Row(
        "norm",
        lambda m: (m(m.n, 2, 3),),
        {"ord": 2, "axis": (2, 1)},
        _norm,
        (0,),
        label="spectral",
    ),
    Row("linalg.normalize", lambda m: (m(m.n, 4),), {"axis": 1}, _normalize, (0,)),
    Row("math.l2_normalize", lambda m: (m(m.n, 4),), {"axis": 1}, _l2_normalize, (0,)),
    Row(
        "linalg.trace",
        lambda m: (m(m.n, 2, 3),),
        reference=lambda x: np.trace(x, 0, -2, -1),
        gradient=(0,),
    ),
    Row("linalg.det", lambda m: (m(m.n, 3, 3),), reference=np.linalg.det, gradient=(0,)),
    Row(
        "linalg.slogdet",
        lambda m: (_dominant(m, m.n, 3, 3),),
        reference=_slogdet,
        gradient=(0,),
    ),
    Row(
        "linalg.logdet",
        lambda m: (m.positive_definite(m.n, 3, 3),),
        reference=lambda x: np.linalg.slogdet(x)[1],
        gradient=(0,),
        via=_with_symmetric,
    ),
    Row("linalg.inv", lambda m: (_dominant(m, m.n, 3, 3),), reference=np.linalg.inv, gradient=(0,)),
    Row(
        "linalg.inv",
        lambda m: (m.complex(m.n, 2, 2),),
        {"adjoint": True},
        lambda x, adjoint: np.linalg.inv(_adjoint(x)),
        (0,),
        label="adjoint",
        rtol=2e-4,
    ),
    # Diagonals
    Row("linalg.diag", lambda m: (m(m.n, 3),), reference=_diag, gradient=(0,)),
    Row("linalg.diag", lambda m: (m(m.n, 3),), {"k": -2}, _diag, (0,), label="below"),
    Row(
        "linalg.diag",
        lambda m: (m(m.n, 3, 3),),
        {"k": (-1, 1), "num_rows": 3},
        lambda x, k, num_rows: np.stack(
            [[[a[1, 0], a[0, 1], 0], [a[2, 0], a[1, 1], a[0, 2]], [0, a[2, 1], a[1, 2]]] for a in x]
        ),
        (0,),
        label="band",
    ),
    Row(
        "linalg.diag_part",
        lambda m: (m(m.n, 3, 4),),
        reference=lambda x: np.diagonal(x, 0, -2, -1),
        gradient=(0,),
    ),
    Row(
        "linalg.diag_part",
        lambda m: (m(m.n, 3, 4),),
        {"k": (-2, 1)},
        _diagonals,
        (0,),
        label="band",
    ),
    Row(
        "linalg.set_diag",
        lambda m: (m(m.n, 3, 4), m(m.n, 3)),
        reference=_set_diag,
        gradient=(0, 1),
    ),
    Row(
        "linalg.set_diag",
        lambda m: (m(m.n, 3, 3), m(m.n, 2, 2)),
        {"k": (1, 2)},
        lambda x, d, k: np.stack(
            [
                [[a[0, 0], e[1, 0], e[0, 1]], [a[1, 0], a[1, 1], e[1, 1]], a[2]]
                for a, e in zip(x, d, strict=True)
            ]
        ),
        (0, 1),
        label="band",
    ),
    Row("linalg.band_part", lambda m: (m(m.n, 3, 4), 1, -1), reference=_band_part, gradient=(0,)),
    Row(
        "linalg.band_part",
        lambda m: (m.ints(m.n, 4, 3), 0, 1),
        reference=_band_part,
        label="ints",
    ),
    Row(
        "linalg.tensor_diag",
        lambda m: (m(2, 3),),
        reference=lambda x: np.diag(x.reshape(-1)).reshape(2, 3, 2, 3),
        gradient=(0,),
    ),
    Row(
        "linalg.tensor_diag_part",
        lambda m: (m(2, 3, 2, 3),),
        reference=lambda x: np.diag(x.reshape(6, 6)).reshape(2, 3),
        gradient=(0,),
    ),
    # Decompositions
    Row(
        "linalg.cholesky",
        lambda m: (m.positive_definite(m.n, 3, 3),),
        reference=np.linalg.cholesky,
        gradient=(0,),
        via=_with_symmetric,
    ),
    Row("linalg.qr", lambda m: (m(m.n, 4, 2),), reference=_numpy_qr, gradient=(0,), via=_free_qr),
    Row(
        "linalg.qr",
        lambda m: (m(m.n, 2, 4),),
        {"full_matrices": True},
        _numpy_qr,
        (0,),
        via=_free_qr,
        label="wide",
    ),
    Row(
        "linalg.qr",
        lambda m: (m(m.n, 4, 2),),
        {"full_matrices": True},
        _numpy_qr,
        via=_free_qr,
        label="full",
    ),
    Row(
        "linalg.svd", lambda m: (m(m.n, 3, 3),), reference=_numpy_svd, gradient=(0,), via=_free_svd
    ),
    Row(
        "linalg.svd",
        lambda m: (m(m.n, 4, 2),),
        reference=_numpy_svd,
        gradient=(0,),
        via=_free_svd,
        label="tall",
    ),
    Row(
        "linalg.svd",
        lambda m: (m(m.n, 2, 4),),
        {"full_matrices": True},
        _numpy_svd,
        via=_free_svd,
        label="full",
    ),
    Row(
        "linalg.svd",
        lambda m: (m(m.n, 2, 3),),
        {"compute_uv": False},
        lambda x, compute_uv: np.linalg.svd(x, compute_uv=False),
        (0,),
        label="values",
    ),
    Row(
        "linalg.eigh",
        lambda m: (m.positive_definite(m.n, 3, 3),),
        reference=_numpy_eigh,
        gradient=(0,),
        via=_free_eigh,
        rtol=5e-5,
    ),
    Row(
        "linalg.eigh",
        lambda m: (m.complex(m.n, 2, 2),),
        reference=_numpy_eigh,
        gradient=(0,),
        via=_free_eigh,
        rtol=5e-5,
        label="complex",
    ),
    Row(
        "linalg.eigvalsh",
        lambda m: (m(m.n, 3, 3),),
        reference=lambda x: np.linalg.eigvalsh(_symmetric(x)),
        gradient=(0,),
        via=_with_symmetric,
    ),
    Row(
        "linalg.eig",
        lambda m: (m(m.n, 3, 3) + np.diag(np.arange(3.0) * 9).astype(m.dtype),),
        gradient=(0,),
        via=_free_eig,
        note="the order of the eigenvalues is LAPACK's: tests/ops/test_linalg.py",
    ),
    Row(
        "linalg.eigvals",
        lambda m: (m(m.n, 3, 3),),
        reference=lambda x: np.linalg.eigvalsh(_symmetric(x)),
        gradient=(0,),
        via=_eigvals,
        rtol=5e-5,
    ),
    Row(
        "linalg.eigh_tridiagonal",
        lambda m: (m.distinct(4), m(3)),
        reference=scipy.linalg.eigvalsh_tridiagonal,
        gradient=(0, 1),
        rtol=5e-5,
    ),
    Row(
        "linalg.lu_reconstruct",
        lambda m: (m(m.n, 3, 3),),
        reference=lambda x: x,
        gradient=(0,),
        via=_round_trip,
    ),
    Row(
        "linalg.lu_matrix_inverse",
        lambda m: (_dominant(m, m.n, 3, 3),),
        reference=np.linalg.inv,
        gradient=(0,),
        via=_round_trip,
    ),
    # Equations
    Row(
        "linalg.solve",
        lambda m: (_dominant(m, m.n, 3, 3), m(m.n, 3, 2)),
        reference=np.linalg.solve,
        gradient=(0, 1),
    ),
    Row(
        "linalg.solve",
        lambda m: (_dominant(m, 3, 3), m(m.n, 3, 2)),
        {"adjoint": True},
        lambda a, b, adjoint: np.linalg.solve(_adjoint(a), b),
        (0, 1),
        label="adjoint",
    ),
    Row(
        "linalg.triangular_solve",
        lambda m: (_dominant(m, m.n, 3, 3), m(3, 2)),
        reference=lambda a, b: np.linalg.solve(np.tril(a), b),
        gradient=(0, 1),
    ),
    Row(
        "linalg.triangular_solve",
        lambda m: (_dominant(m, m.n, 3, 3), m(m.n, 3, 2)),
        {"lower": False, "adjoint": True},
        lambda a, b, **_: np.linalg.solve(_adjoint(np.triu(a)), b),
        (0, 1),
        label="upper_adjoint",
    ),
    Row(
        "linalg.cholesky_solve",
        lambda m: (_dominant(m, 3, 3), m(m.n, 3, 2)),
        reference=lambda a, b: np.linalg.solve(np.tril(a) @ _adjoint(np.tril(a)), b),
        gradient=(0, 1),
        rtol=5e-5,
    ),
    Row(
        "linalg.lu_solve",
        lambda m: (_dominant(m, 3, 3), m(m.n, 3, 2)),
        reference=np.linalg.solve,
        gradient=(0, 1),
        via=_solve_round_trip,
    ),
    Row(
        "linalg.lstsq",
        lambda m: (m(m.n, 4, 2), m(m.n, 4, 3)),
        {"l2_regularizer": 0.5},
        _lstsq,
        (0, 1),
        rtol=5e-5,
    ),
    Row(
        "linalg.lstsq",
        lambda m: (m(2, 4), m(m.n, 2, 3)),
        {"fast": False},
        _lstsq,
        (0, 1),
        rtol=2e-4,
        label="wide",
    ),
    Row(
        "linalg.pinv", lambda m: (m(m.n, 2, 4),), reference=np.linalg.pinv, gradient=(0,), rtol=2e-4
    ),
    Row(
        "linalg.matrix_rank",
        lambda m: (np.concatenate([m(m.n, 2, 3), np.zeros((m.n, 1, 3), m.dtype)], 1),),
        reference=lambda x: np.linalg.matrix_rank(x).astype(np.int32),
    ),
    Row(
        "linalg.tridiagonal_matmul",
        lambda m: (m(m.n, 3, 4), m(m.n, 4, 2)),
        reference=lambda d, x: _three(d) @ x,
        gradient=(0, 1),
    ),
    Row(
        "linalg.tridiagonal_solve",
        lambda m: (_diagonal_heavy(m, m.n, 3, 4), m(m.n, 4)),
        reference=lambda d, x: np.linalg.solve(_three(d), x[..., None])[..., 0],
        gradient=(0, 1),
    ),
    Row(
        "linalg.tridiagonal_solve",
        lambda m: ([5 + m(m.n, 4), 9 + m(m.n, 4), m(m.n, 4)], m(m.n, 2, 4)),
        {"diagonals_format": "sequence", "transpose_rhs": True},
        lambda d, x, **_: np.linalg.solve(_three(np.stack(d, -2)), np.swapaxes(x, -1, -2)),
        (1,),
        label="sequence",
    ),
    Row(
        "linalg.banded_triangular_solve",
        lambda m: (3 + m(m.n, 3, 4), m(4, 2)),
        reference=lambda d, x: np.linalg.solve(_lower_bands(d), x),
        gradient=(0, 1),
        rtol=5e-5,
    ),
    Row(
        "linalg.banded_triangular_solve",
        lambda m: (3 + m(2, 4), m(m.n, 4, 2)),
        {"lower": False, "adjoint": True},
        lambda d, x, **how: np.linalg.solve(_lower_bands(d, **how), x),
        (0, 1),
        rtol=5e-5,
        label="upper_adjoint",
    ),
    # Functions of matrices
    Row(
        "linalg.expm",
        lambda m: (m(m.n, 3, 3),),
        reference=_batched(scipy.linalg.expm),
        gradient=(0,),
    ),
    Row(
        "linalg.sqrtm",
        lambda m: (m.positive_definite(m.n, 3, 3),),
        reference=_batched(scipy.linalg.sqrtm),
        gradient=(0,),
    ),
    Row(
        "linalg.logm",
        lambda m: (m.complex(m.n, 2, 2) + 4 * np.eye(2),),
        reference=_batched(scipy.linalg.logm),
        gradient=(0,),
    ),
]

_LINEAR = (
    "adjoint",
    "matrix_transpose",
    "trace",
    "diag",
    "diag_part",
    "set_diag",
    "band_part",
    "tensor_diag",
    "tensor_diag_part",
)
ROWS = [
    dataclasses.replace(row, second_order=False, note="linear: its second derivative is 0")
    if row.name.removeprefix("linalg.") in _LINEAR
    else row
    for row in ROWS
]
