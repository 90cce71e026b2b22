"""Diagonals and bands of matrices: cut out, put in, made into matrices."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import check_kind
from thalweg._src.core.opdef import op
from thalweg._src.ops.matrices import need_rank
from thalweg._src.ops.support import NUMERIC, needs

_ALIGNMENTS = ("LEFT_LEFT", "LEFT_RIGHT", "RIGHT_LEFT", "RIGHT_RIGHT")


class _Band(NamedTuple):
    """Diagonals from `low` to `high` of matrices of one size.

    Attributes:
        low: Lowest diagonal; 0 is the main one, negative numbers lie under it.
        high: Highest diagonal.
        rows: Rows of the matrix.
        columns: Columns of the matrix.
    """

    low: int
    high: int
    rows: int
    columns: int

    def length(self, diagonal: int) -> int:
        """Size of one diagonal."""
        return max(0, min(self.rows + min(diagonal, 0), self.columns - max(diagonal, 0)))

    @property
    def longest(self) -> int:
        """Size of the longest diagonal."""
        return max(0, min(self.rows + min(self.high, 0), self.columns - max(self.low, 0)))

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the diagonals of one matrix: one is a vector, several are rows from `high`."""
        if self.low == self.high:
            return (self.longest,)
        return (self.high - self.low + 1, self.longest)

    def offsets(self, align: str) -> Any:
        """For each diagonal from `high` to `low`, how far its values are shifted to the right."""
        above, below = align.split("_")
        shifts = []
        for diagonal in range(self.high, self.low - 1, -1):
            left = (diagonal >= 0 and above == "LEFT") or (diagonal <= 0 and below == "LEFT")
            shifts.append(0 if left else self.longest - self.length(diagonal))
        return np.array(shifts, np.int32)


def _limits(where: str, k: Any, align: str) -> tuple[int, int]:
    """Lowest and highest diagonal."""
    if align not in _ALIGNMENTS:
        raise InvalidArgumentError(
            f"[{where}] expected align as one of {', '.join(_ALIGNMENTS)}, got {align!r}; the first "
            "word is for diagonals above the main one."
        )
    given = (k,) if isinstance(k, int) else k
    if not isinstance(given, tuple) or len(given) not in (1, 2):
        raise InvalidArgumentError(
            f"[{where}] expected k as a number or a pair (lowest, highest), got {k!r}; 0 is the main "
            "diagonal."
        )
    if given[0] > given[-1]:
        raise InvalidArgumentError(
            f"[{where}] expected k as (lowest, highest), got {k!r}; swap the two numbers."
        )
    return given[0], given[-1]


def _check_inside(where: str, band: _Band) -> None:
    for diagonal in (band.low, band.high):
        if diagonal and not -band.rows < diagonal < band.columns:
            raise InvalidArgumentError(
                f"[{where}] expected diagonals from {1 - band.rows} to {band.columns - 1} in a matrix "
                f"of {band.rows} rows and {band.columns} columns, got {diagonal}; choose k inside."
            )


def _filler(where: str, value: Any, dtype: Any) -> Any:
    wanted = dtypes.BY_NUMPY[np.dtype(dtype)]
    if not wanted.is_bool:
        check_kind(value, wanted, where)
    return jnp.asarray(value, dtype)


def _spread(diagonal: Any, band: _Band, align: str, filler: Any) -> Any:
    """Matrices with these diagonals, and `filler` elsewhere."""
    row = lax.broadcasted_iota(jnp.int32, (band.rows, band.columns), 0)
    column = lax.broadcasted_iota(jnp.int32, (band.rows, band.columns), 1)
    offset = column - row
    if band.low == band.high:
        size = band.rows if band.low >= 0 else band.columns
        kept = diagonal[..., :size]
        kept = jnp.pad(kept, [(0, 0)] * (kept.ndim - 1) + [(0, size - kept.shape[-1])])
        kept = kept[..., :, None] if band.low >= 0 else kept[..., None, :]
        return jnp.where(offset == band.low, kept, filler)
    inside = (offset >= band.low) & (offset <= band.high)
    which = jnp.where(inside, band.high - offset, 0)
    shift = jnp.asarray(band.offsets(align))[which]
    place = which * band.longest + jnp.where(inside, jnp.minimum(row, column) + shift, 0)
    flat = diagonal.reshape(*diagonal.shape[:-2], -1)
    return jnp.where(inside, flat[..., place], filler)


def _cut(x: Any, band: _Band, align: str, filler: Any) -> Any:
    """The diagonals of matrices, padded with `filler` to one size."""
    flat = x.reshape(*x.shape[:-2], -1)
    if band.low == band.high:
        start = max(band.low, 0) - min(band.low, 0) * band.columns
        step = band.columns + 1
        stop = start + max(0, band.longest - 1) * step + (band.longest > 0)
        return flat[..., start:stop:step]
    diagonal = np.arange(band.high, band.low - 1, -1)[:, None]
    place = np.arange(band.longest) - band.offsets(align)[:, None]
    sizes = np.array([band.length(int(d)) for d in diagonal[:, 0]])[:, None]
    inside = (place >= 0) & (place < sizes)
    index = (place - np.minimum(diagonal, 0)) * band.columns + place + np.maximum(diagonal, 0)
    return jnp.where(inside, flat[..., np.where(inside, index, 0).astype(np.int32)], filler)


@op("diag")
def _diag(
    diagonal: Any, *, k: Any, num_rows: int, num_cols: int, padding_value: Any, align: str
) -> Any:
    low, high = _limits("diag", k, align)
    count = high - low + 1
    need_rank("diag", diagonal, "diagonal", 1 if count == 1 else 2)
    if count > 1 and diagonal.shape[-2] != count:
        raise ShapeError(
            f"[diag] expected {count} diagonals for k={k!r}, got {diagonal.dtype} of shape "
            f"{tuple(diagonal.shape)}; the last dimension but one holds them, the highest first."
        )
    longest = diagonal.shape[-1]
    least_rows, least_columns = longest - min(high, 0), longest + max(low, 0)
    square = max(least_rows, least_columns) if num_rows == num_cols == -1 else None
    rows = square or (least_rows if num_rows == -1 else num_rows)
    columns = square or (least_columns if num_cols == -1 else num_cols)
    fits = rows >= least_rows and columns >= least_columns
    if not fits or (square is None and rows != least_rows and columns != least_columns):
        raise InvalidArgumentError(
            f"[diag] expected at least {least_rows} rows and {least_columns} columns, one of them "
            f"exactly, for diagonals of size {longest} and k={k!r}, got num_rows={num_rows} and "
            f"num_cols={num_cols}; leave one of them out."
        )
    filler = _filler("diag", padding_value, diagonal.dtype)
    return _spread(diagonal, _Band(low, high, rows, columns), align, filler)


def diag(
    diagonal: Any,
    name: str | None = "diag",
    k: Any = 0,
    num_rows: Any = -1,
    num_cols: Any = -1,
    padding_value: Any = 0,
    align: str = "RIGHT_LEFT",
) -> Any:
    """Matrices with the given diagonals.

    Args:
        diagonal: Tensor ``(..., size)`` for one diagonal, or ``(..., diagonals, size)`` for several,
            the highest first, shorter ones padded.
        name: Name of the node in a model's graph.
        k: Which diagonal, or the pair (lowest, highest); 0 is the main one, positive lie above.
        num_rows: Rows of the result; -1 for as many as needed.
        num_cols: Columns of the result; -1 for as many as needed.
        padding_value: Value outside the diagonals.
        align: Which end of shorter diagonals is padded, such as ``"RIGHT_LEFT"``: those above the
            main one stand at the right, those under it at the left.

    Returns:
        Tensor ``(..., rows, columns)``.

    Raises:
        ValueError: The number of diagonals does not fit `k`, or the sizes do not fit together.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.diag([1, 2], k=1).numpy().tolist()
        [[0, 1, 0], [0, 0, 2], [0, 0, 0]]

    Source: `tf.linalg.diag`.
    """
    return _diag(
        diagonal,
        k=k,
        num_rows=num_rows,
        num_cols=num_cols,
        padding_value=padding_value,
        align=align,
        name=name,
    )


@op("diag_part", inputs=("input",))
def _diag_part(input: Any, *, k: Any, padding_value: Any, align: str) -> Any:
    need_rank("diag_part", input)
    band = _Band(*_limits("diag_part", k, align), *input.shape[-2:])
    _check_inside("diag_part", band)
    return _cut(input, band, align, _filler("diag_part", padding_value, input.dtype))


def diag_part(
    input: Any,
    name: str | None = "diag_part",
    k: Any = 0,
    padding_value: Any = 0,
    align: str = "RIGHT_LEFT",
) -> Any:
    """Diagonals of matrices.

    Args:
        input: Tensor ``(..., rows, columns)``.
        name: Name of the node in a model's graph.
        k: Which diagonal, or the pair (lowest, highest); 0 is the main one, positive lie above.
        padding_value: Value with which shorter diagonals are padded.
        align: Which end of shorter diagonals is padded, see `diag`.

    Returns:
        Tensor ``(..., size)`` for one diagonal, or ``(..., diagonals, size)``, the highest first.

    Raises:
        ValueError: A diagonal lies outside the matrix.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.diag_part([[1, 2, 3], [4, 5, 6]]).numpy().tolist()
        [1, 5]

    Source: `tf.linalg.diag_part`.
    """
    return _diag_part(input, k=k, padding_value=padding_value, align=align, name=name)


@op("set_diag", inputs=("input", "diagonal"))
def _set_diag(input: Any, diagonal: Any, *, k: Any, align: str) -> Any:
    need_rank("set_diag", input)
    band = _Band(*_limits("set_diag", k, align), *input.shape[-2:])
    _check_inside("set_diag", band)
    wanted = input.shape[:-2] + band.shape
    if diagonal.shape != wanted:
        raise ShapeError(
            f"[set_diag] expected diagonal of shape {tuple(wanted)} for input of shape "
            f"{tuple(input.shape)} and k={k!r}, got {diagonal.dtype} of shape "
            f"{tuple(diagonal.shape)}; pad shorter diagonals to the longest."
        )
    return _spread(diagonal, band, align, input)


def set_diag(
    input: Any,
    diagonal: Any,
    name: str | None = "set_diag",
    k: Any = 0,
    align: str = "RIGHT_LEFT",
) -> Any:
    """Matrices with some of their diagonals replaced.

    Args:
        input: Tensor ``(..., rows, columns)``.
        diagonal: New values, in the shape that `diag_part` gives for the same `k`.
        name: Name of the node in a model's graph.
        k: Which diagonal, or the pair (lowest, highest); 0 is the main one, positive lie above.
        align: Which end of shorter diagonals is padded, see `diag`.

    Returns:
        Tensor like `input`.

    Raises:
        ValueError: `diagonal` has another shape, or lies outside the matrix.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.set_diag([[1, 2], [3, 4]], [0, 0]).numpy().tolist()
        [[0, 2], [3, 0]]

    Source: `tf.linalg.set_diag`.
    """
    return _set_diag(input, diagonal, k=k, align=align, name=name)


@op("band_part", inputs=("input",))
def band_part(input: Any, num_lower: Any, num_upper: Any) -> Any:
    """Matrices with zeros outside a band around the main diagonal.

    Args:
        input: Tensor ``(..., rows, columns)``.
        num_lower: Diagonals to keep under the main one; negative for all.
        num_upper: Diagonals to keep above the main one; negative for all.

    Returns:
        Tensor like `input`.

    Raises:
        ValueError: More diagonals are to be kept than there are.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.band_part([[1, 2], [3, 4]], -1, 0).numpy().tolist()
        [[1, 0], [3, 4]]

    Source: `tf.linalg.band_part`.
    """
    need_rank("band_part", input)
    rows, columns = input.shape[-2:]
    for name, count, most in (("num_lower", num_lower, rows), ("num_upper", num_upper, columns)):
        if count > most:
            raise InvalidArgumentError(
                f"[band_part] expected {name} of at most {most} for input of shape "
                f"{tuple(input.shape)}, got {count}; -1 keeps all."
            )
    row = lax.broadcasted_iota(jnp.int32, (rows, columns), 0)
    column = lax.broadcasted_iota(jnp.int32, (rows, columns), 1)
    kept = jnp.ones((rows, columns), bool)
    if num_lower >= 0:
        kept &= row - column <= num_lower
    if num_upper >= 0:
        kept &= column - row <= num_upper
    return jnp.where(kept, input, jnp.zeros((), input.dtype))


@op("tensor_diag")
def tensor_diag(diagonal: Any) -> Any:
    """Tensor of twice the rank, with the given values where both halves of the index agree.

    Args:
        diagonal: Tensor of shape ``shape``, of rank 1 or more.

    Returns:
        Tensor of shape ``shape + shape``, zero elsewhere.

    Raises:
        ValueError: `diagonal` is a scalar.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.tensor_diag([1, 2]).numpy().tolist()
        [[1, 0], [0, 2]]

    Source: `tf.linalg.tensor_diag`.
    """
    need_rank("tensor_diag", diagonal, "diagonal", 1)
    size = math.prod(diagonal.shape)
    filler = jnp.zeros((), diagonal.dtype)
    flat = _spread(diagonal.reshape(size), _Band(0, 0, size, size), "LEFT_LEFT", filler)
    return flat.reshape(diagonal.shape * 2)


@op("tensor_diag_part", inputs=("input",))
def tensor_diag_part(input: Any) -> Any:
    """Values of a tensor where both halves of the index agree.

    Args:
        input: Tensor of shape ``shape + shape``.

    Returns:
        Tensor of shape ``shape``.

    Raises:
        ValueError: The rank is odd or 0, or the halves of the shape differ.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.tensor_diag_part([[1, 2], [3, 4]]).numpy().tolist()
        [1, 4]

    Source: `tf.linalg.tensor_diag_part`.
    """
    half = input.shape[: input.ndim // 2]
    if not input.ndim or input.shape != half * 2:
        raise ShapeError(
            f"[tensor_diag_part] expected a tensor of shape s + s, got {input.dtype} of shape "
            f"{tuple(input.shape)}; the first half of the sizes must equal the second."
        )
    size = math.prod(half)
    return _cut(input.reshape(size, size), _Band(0, 0, size, size), "LEFT_LEFT", None).reshape(half)


@op("trace")
def trace(x: Any) -> Any:
    """Sum of the main diagonal of matrices.

    Args:
        x: Tensor ``(..., rows, columns)``.

    Returns:
        Tensor ``(...)`` of the same dtype.

    Raises:
        ValueError: The rank is under 2.

    Example:
        >>> import thalweg as tf
        >>> tf.linalg.trace([[1, 2], [3, 4]])
        <tf.Tensor: shape=(), dtype=int32, numpy=5>

    Source: `tf.linalg.trace`.
    """
    needs("trace", NUMERIC, x)
    need_rank("trace", x, "x")
    band = _Band(0, 0, *x.shape[-2:])
    return jnp.sum(_cut(x, band, "LEFT_LEFT", None), axis=-1, dtype=x.dtype)
