"""Matrices given by their diagonals: products and solutions in linear time."""

from __future__ import annotations

from typing import Any

from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.band import diag_part
from thalweg._src.ops.matrices import batch_of, need_matrix, need_rank, with_batch

_FORMATS = ("compact", "matrix", "sequence")


@op("stack_diagonals")
def _stack_diagonals(upper: Any, main: Any, lower: Any) -> Any:
    """Compact form of three diagonals; the outer ones may lack the element that is not read."""
    size = main.shape[-1]
    for where, part in (("superdiagonal", upper), ("subdiagonal", lower)):
        if part.shape[-1] not in (size, size - 1):
            raise ShapeError(
                f"[tridiagonal] expected a {where} of size {size - 1} or {size} for a main diagonal of "
                f"size {size}, got {part.dtype} of shape {tuple(part.shape)}; its first or last "
                "element may be missing."
            )
    quiet = [(0, 0)] * (main.ndim - 1)
    upper = jnp.pad(upper, [*quiet, (0, size - upper.shape[-1])])
    lower = jnp.pad(lower, [*quiet, (size - lower.shape[-1], 0)])
    return jnp.stack([upper, main, lower], axis=-2)


def _compact(where: str, diagonals: Any, diagonals_format: str) -> Any:
    if diagonals_format == "compact":
        return diagonals
    if diagonals_format == "sequence":
        return _stack_diagonals(*diagonals)
    if diagonals_format == "matrix":
        return diag_part(diagonals, k=(-1, 1), align="LEFT_RIGHT")
    raise InvalidArgumentError(
        f"[{where}] expected diagonals_format as one of {', '.join(_FORMATS)}, got "
        f"{diagonals_format!r}; compact is a tensor (..., 3, n)."
    )


def _check_compact(where: str, diagonals: Any) -> None:
    need_matrix(where, diagonals, "diagonals")
    if diagonals.shape[-2] != 3:
        raise ShapeError(
            f"[{where}] expected diagonals of shape (..., 3, n), got {diagonals.dtype} of shape "
            f"{tuple(diagonals.shape)}; the rows are the superdiagonal, the main one, the subdiagonal."
        )


def _check_rows(where: str, diagonals: Any, rhs: Any) -> None:
    need_rank(where, rhs, "rhs")
    if diagonals.shape[-1] != rhs.shape[-2]:
        raise ShapeError(
            f"[{where}] expected rhs with {diagonals.shape[-1]} rows for diagonals of shape "
            f"{tuple(diagonals.shape)}, got {rhs.dtype} of shape {tuple(rhs.shape)}; rhs is "
            "(..., rows, columns)."
        )


@op("tridiagonal_matmul")
def _tridiagonal_matmul(diagonals: Any, rhs: Any) -> Any:
    _check_compact("tridiagonal_matmul", diagonals)
    _check_rows("tridiagonal_matmul", diagonals, rhs)
    upper, main, lower = (diagonals[..., i, :, None] for i in range(3))
    quiet = [(0, 0)] * (rhs.ndim - 2)
    after = jnp.pad(rhs[..., 1:, :], [*quiet, (0, 1), (0, 0)])
    before = jnp.pad(rhs[..., :-1, :], [*quiet, (1, 0), (0, 0)])
    return upper * after + main * rhs + lower * before


def tridiagonal_matmul(
    diagonals: Any, rhs: Any, diagonals_format: str = "compact", name: str | None = None
) -> Any:
    """Product of tridiagonal matrices and matrices.

    Args:
        diagonals: The matrix's diagonals, see `diagonals_format`.
        rhs: Tensor ``(..., n, columns)`` of the same dtype.
        diagonals_format: ``"compact"``: a tensor ``(..., 3, n)`` of superdiagonal (its last element is
            not read), main diagonal and subdiagonal (its first element is not read); ``"sequence"``:
            a list of these three; ``"matrix"``: the full ``(..., n, n)``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor like `rhs`.

    Raises:
        ValueError: The shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> diagonals = [[1.0, 0.0], [2.0, 2.0], [0.0, 1.0]]
        >>> tf.linalg.tridiagonal_matmul(diagonals, [[1.0], [0.0]]).numpy().tolist()
        [[2.0], [1.0]]

    Source: `tf.linalg.tridiagonal_matmul`.
    """
    compact = _compact("tridiagonal_matmul", diagonals, diagonals_format)
    return _tridiagonal_matmul(compact, rhs, name=name)


@op("tridiagonal_solve")
def _tridiagonal_solve(
    diagonals: Any, rhs: Any, *, transpose: bool, conjugate: bool, perturb: bool
) -> Any:
    _check_compact("tridiagonal_solve", diagonals)
    need_rank("tridiagonal_solve", rhs, "rhs", 1)
    vector = rhs.ndim == diagonals.ndim - 1
    rhs = rhs[..., None] if vector else rhs
    rhs = jnp.swapaxes(rhs, -1, -2) if transpose and not vector else rhs
    rhs = jnp.conj(rhs) if conjugate else rhs
    _check_rows("tridiagonal_solve", diagonals, rhs)
    batch = batch_of("tridiagonal_solve", diagonals.shape[:-2], rhs.shape[:-2])
    # The elements that are not read must be zero for LAPACK's and for the gradient's sake.
    size = diagonals.shape[-1]
    upper, main, lower = (with_batch(diagonals[..., i, :], batch, 1) for i in range(3))
    place = jnp.arange(size, dtype=jnp.int32)
    zero = jnp.zeros((), main.dtype)
    upper, lower = jnp.where(place < size - 1, upper, zero), jnp.where(place > 0, lower, zero)
    rhs = with_batch(rhs, batch)
    out = lax.linalg.tridiagonal_solve(lower, main, upper, rhs, perturb_singular=perturb)
    return out[..., 0] if vector else out


def tridiagonal_solve(
    diagonals: Any,
    rhs: Any,
    diagonals_format: str = "compact",
    transpose_rhs: bool = False,
    conjugate_rhs: bool = False,
    name: str | None = None,
    partial_pivoting: bool = True,
    perturb_singular: bool = False,
) -> Any:
    """Solution of ``matrix @ x = rhs`` for tridiagonal matrices, in linear time.

    Args:
        diagonals: The matrix's diagonals, see `diagonals_format`.
        rhs: Tensor ``(..., n)`` or ``(..., n, right sides)`` of the same dtype.
        diagonals_format: ``"compact"``: a tensor ``(..., 3, n)`` of superdiagonal (its last element is
            not read), main diagonal and subdiagonal (its first element is not read); ``"sequence"``:
            a list of these three; ``"matrix"``: the full ``(..., n, n)``.
        transpose_rhs: `rhs` is ``(..., right sides, n)``.
        conjugate_rhs: Conjugate `rhs` first.
        name: Name of the node in a model's graph.
        partial_pivoting: Accepted for TensorFlow's sake; rows are exchanged where needed in any case.
        perturb_singular: Replace vanishing pivots by small numbers where the backend can, so that
            singular matrices give finite values.

    Returns:
        Tensor of the shape of `rhs` as it is solved for; NaN or infinite for singular matrices.

    Raises:
        ValueError: The shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> diagonals = [[0.0, 0.0], [2.0, 4.0], [0.0, 0.0]]
        >>> tf.linalg.tridiagonal_solve(diagonals, [1.0, 1.0]).numpy().tolist()
        [0.5, 0.25]

    Source: `tf.linalg.tridiagonal_solve`.
    """
    del partial_pivoting
    return _tridiagonal_solve(
        _compact("tridiagonal_solve", diagonals, diagonals_format),
        rhs,
        transpose=transpose_rhs,
        conjugate=conjugate_rhs,
        perturb=perturb_singular,
        name=name,
    )


def _shifted_rows(bands: Any, lower: bool) -> Any:
    """Bands of the adjoint, from bands with the main diagonal first (lower) or last (upper)."""
    count, size = bands.shape[-2:]
    quiet = [(0, 0)] * (bands.ndim - 2)
    rows = []
    for i in range(count):
        shift = min(size, i if lower else count - 1 - i)
        row = bands[..., i, :]
        row = row[..., shift:] if lower else row[..., : size - shift]
        pad = (0, shift) if lower else (shift, 0)
        rows.append(jnp.pad(row, [*quiet, pad]))
    return jnp.conj(jnp.stack(rows[::-1], axis=-2))


@op("banded_triangular_solve")
def _banded_triangular_solve(bands: Any, rhs: Any, *, lower: bool, adjoint: bool) -> Any:
    need_matrix("banded_triangular_solve", bands, "bands")
    _check_rows("banded_triangular_solve", bands, rhs)
    batch = batch_of("banded_triangular_solve", bands.shape[:-2], rhs.shape[:-2])
    if adjoint:
        bands, lower = _shifted_rows(bands, lower), not lower
    # Always forward: an upper matrix with rows and columns reversed is a lower one.
    bands = bands if lower else bands[..., ::-1, ::-1]
    rhs = rhs if lower else rhs[..., ::-1, :]
    count, size = bands.shape[-2:]
    read = jnp.arange(size) >= jnp.arange(count)[:, None]
    bands = jnp.where(read, bands, jnp.zeros((), bands.dtype))
    bands, rhs = with_batch(bands, batch), with_batch(rhs, batch)
    before = bands.shape[-2] - 1
    known = jnp.zeros((*batch, before, rhs.shape[-1]), rhs.dtype)

    def step(known: Any, row: tuple[Any, Any]) -> tuple[Any, Any]:
        band, right = row
        used = jnp.sum(band[..., 1:, None] * known, -2, dtype=rhs.dtype)
        value = (right - used) / band[..., :1]
        return jnp.concatenate([value[..., None, :], known], -2)[..., :before, :], value

    rows = jnp.moveaxis(bands, -1, 0), jnp.moveaxis(rhs, -2, 0)
    solution = jnp.moveaxis(lax.scan(step, known, rows)[1], 0, -2)
    return solution if lower else solution[..., ::-1, :]


def banded_triangular_solve(
    bands: Any, rhs: Any, lower: bool = True, adjoint: bool = False, name: str | None = None
) -> Any:
    """Solution of ``matrix @ x = rhs`` for triangular matrices with few diagonals.

    Args:
        bands: Tensor ``(..., diagonals, n)``. Lower: the main diagonal first, each further one
            starting with as many elements that are not read as it lies below. Upper: the main
            diagonal last, each one above it ending with elements that are not read.
        rhs: Tensor ``(..., n, right sides)`` of the same dtype; batch dimensions broadcast.
        lower: Whether the matrix is lower triangular.
        adjoint: Solve with the conjugate transpose.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(..., n, right sides)``.

    Raises:
        ValueError: The shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> bands = [[1.0, 1.0], [0.0, 2.0]]
        >>> tf.linalg.banded_triangular_solve(bands, [[1.0], [3.0]]).numpy().tolist()
        [[1.0], [1.0]]

    Source: `tf.linalg.banded_triangular_solve`.
    """
    return _banded_triangular_solve(bands, rhs, lower=lower, adjoint=adjoint, name=name)
