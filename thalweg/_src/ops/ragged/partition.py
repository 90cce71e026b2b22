"""`RowPartition`: how values are divided into rows.

A partition is host data wherever it can be: its row splits are a NumPy array, whatever they came as,
and all that follows from them is vectorised NumPy. Only inside a compiled program that gets them as an
argument are they traced. What keeps its size works there too (`jax.numpy` in NumPy's place); what makes
a size depend on them asks for `known` splits, and so raises an error that says what to do.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import (
    DataDependentShapeError,
    DTypeError,
    InvalidArgumentError,
    ShapeError,
)
from thalweg._src.core import dtypes, xla
from thalweg._src.core.composite import LONGEST, TOTAL, WIDTH, wishes
from thalweg._src.core.convert import convert_to_tensor, from_host
from thalweg._src.core.host_parts import HostPart
from thalweg._src.core.tensor import Tensor

_WIDTHS = (np.dtype(np.int32), np.dtype(np.int64))


def index_array(
    where: str, what: str, value: Any, rank: int = 1, dtype: Any = None, on_host: bool = False
) -> Any:
    """Integers that divide values, as a NumPy array where they are known, else as they are.

    Args:
        where: Name of the function, for messages.
        what: Name of the argument, for messages.
        value: Tensor, array, or list of numbers, which become int64.
        rank: Expected number of dimensions.
        dtype: NumPy dtype for lists.
        on_host: Whether what the host's part of a program computes may stay there.

    Raises:
        DTypeError: They are no integers of 32 or 64 bits.
        ShapeError: They have another rank.
    """
    array = value if type(value) is np.ndarray else convert_to_tensor(value).array
    if type(array) is xla.ArrayImpl:
        array = np.asarray(array)
    plain = isinstance(value, (list, tuple, range, int)) and array.dtype.kind in "iu"
    if plain or not array.size and array.dtype not in _WIDTHS:
        array = array.astype(dtype or np.int64)
    if array.dtype not in _WIDTHS:
        raise DTypeError(
            f"[{where}] expected {what} must have dtype int32 or int64, got "
            f"{dtypes.BY_NUMPY[array.dtype].name}; cast it with tf.cast."
        )
    if array.ndim != rank:
        raise ShapeError(
            f"[{where}] expected {what} of rank {rank}, got shape {tuple(array.shape)}; reshape it."
        )
    return array if on_host else _compiled(array)


def _compiled(array: Any) -> Any:
    """The array for computing: of what the host's part of a program computes the input that brings it."""
    return array.scope.fed(array) if type(array) is HostPart else array


def is_known(array: Any) -> bool:
    """True for a NumPy array; False for a tracer."""
    return type(array) is np.ndarray


def module_of(*arrays: Any) -> ModuleType:
    """NumPy for known arrays; `jax.numpy` where one is traced."""
    return np if all(is_known(a) for a in arrays) else jnp


def picked(array: Any, indices: Any) -> Any:
    """Elements of an array, either of which may be traced."""
    if is_known(array) and not is_known(indices):
        array = jnp.asarray(array)
    return array[indices]


def as_public(array: Any) -> Tensor:
    """Tensor that a user gets of an array of a partition."""
    return from_host(array) if is_known(array) else Tensor(array)


def ranges(starts: np.ndarray[Any, Any], lengths: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """``[starts[0], starts[0] + 1, ..., starts[1], ...]``, `lengths[i]` numbers from each start."""
    ends = np.cumsum(lengths, dtype=lengths.dtype)
    total = int(ends[-1]) if ends.size else 0
    return np.arange(total, dtype=starts.dtype) + np.repeat(starts - (ends - lengths), lengths)


class Room(NamedTuple):
    """What a program knows of the lengths of rows that are its argument.

    Attributes:
        longest: No row is longer; None where nobody asked.
        is_longest: Whether one is that long.
        is_full: Whether all values lie in rows; else there may be more, after the end of the last row.
    """

    longest: int | None
    is_longest: bool
    is_full: bool


class RowPartition:
    """Division of `nvals` values into rows: row i holds the values from ``splits[i]`` to ``splits[i + 1]``.

    Args:
        splits: Integers of shape ``(nrows + 1,)`` that begin with 0 and never decrease: a NumPy array, a
            tracer, or what the host's part of a program computes.
        nvals: Number of values.
        uniform: Length that all rows have by construction, or None.
        room: What is known of the lengths of rows inside a program, or None.

    Attributes:
        size: Number of values, those that lie in no row included.

    Source: `tf.experimental.RowPartition`, of which this is the inside.
    """

    __slots__ = ("_rowids", "given", "room", "size", "uniform")

    def __init__(
        self, splits: Any, nvals: int, uniform: int | None = None, room: Room | None = None
    ) -> None:
        self.given = splits
        self.size = nvals
        self.uniform = uniform
        self.room = room
        self._rowids: Any = None

    @classmethod
    def of_lengths(cls, lengths: Any, nvals: int | None = None) -> RowPartition:
        """Partition of rows of these lengths; `nvals` is needed where they are traced."""
        xp = module_of(lengths)
        ends = xp.cumsum(lengths, dtype=lengths.dtype)
        splits = xp.concatenate([xp.zeros(1, lengths.dtype), ends])
        return cls(splits, int(splits[-1]) if nvals is None else nvals)

    @classmethod
    def of_uniform(cls, length: int, nrows: int, dtype: Any) -> RowPartition:
        """Partition of `nrows` rows of one length."""
        splits = np.arange(nrows + 1, dtype=dtype) * np.asarray(length, dtype)
        return cls(splits, length * nrows, length)

    @property
    def splits(self) -> Any:
        """The splits, a NumPy array or a tracer."""
        return _compiled(self.given)

    @property
    def dtype(self) -> Any:
        """NumPy dtype of the splits."""
        return self.given.dtype

    @property
    def nvals(self) -> int:
        """Number of values; a program that asks is made for that very number."""
        if self.room is not None and not self.room.is_full:
            wishes.found.add(TOTAL)
        return self.size

    @property
    def nrows(self) -> int:
        """Number of rows."""
        return int(self.given.shape[0]) - 1

    @property
    def is_known(self) -> bool:
        """Whether the splits are known now."""
        return is_known(self.given)

    @property
    def starts(self) -> Any:
        """Place of the first value of each row."""
        return self.splits[:-1]

    @property
    def limits(self) -> Any:
        """Place after the last value of each row."""
        return self.splits[1:]

    @property
    def lengths(self) -> Any:
        """Number of values of each row."""
        return self.splits[1:] - self.splits[:-1]

    @property
    def owners(self) -> Any:
        """Row of each value; the number of rows for values that lie in none."""
        if self.room is None or self.room.is_full:
            return self.rowids
        ends = jnp.asarray(self.limits)
        places = jnp.arange(self.size, dtype=self.dtype)
        return jnp.searchsorted(ends, places, side="right").astype(self.dtype)

    @property
    def rowids(self) -> Any:
        """Row of each value."""
        if self._rowids is not None:
            return self._rowids
        if self.is_known:
            self._rowids = np.repeat(np.arange(self.nrows, dtype=self.dtype), self.lengths)
            return self._rowids
        # A tracer is not kept: it might belong to a branch or loop that ends before this partition.
        numbers = jnp.arange(self.nrows, dtype=self.dtype)
        return jnp.repeat(numbers, self.lengths, total_repeat_length=self.nvals)

    @property
    def offsets(self) -> Any:
        """Place of each value in its row."""
        xp = module_of(self.splits)
        return xp.arange(self.nvals, dtype=self.dtype) - self.starts[self.rowids]

    def known(self, where: str, hint: str = "") -> np.ndarray[Any, Any]:
        """The splits, which decide a size.

        Raises:
            DataDependentShapeError: They are traced.
        """
        if not self.is_known:
            raise DataDependentShapeError(
                f"[{where}] the size of its result depends on the lengths of rows, which are not known "
                "inside a compiled program that gets them as an argument. "
                f"{hint or 'Call it outside, or make the tensor dense with to_tensor(shape=[None, n]).'}"
            )
        return self.given  # type: ignore[no-any-return]

    def longest(self, where: str, hint: str = "") -> int:
        """Length of the longest row; 0 where there is none."""
        if self.uniform is not None:
            return self.uniform if self.nrows else 0
        if self.room is not None:
            if not self.room.is_longest:
                wishes.found.add(LONGEST)
            return self.size if self.room.longest is None else self.room.longest
        self.known(where, hint)
        return int(self.lengths.max(initial=0))

    @property
    def width(self) -> int:
        """Length that no row exceeds, and that is known in any program."""
        if self.uniform is None and self.room is not None:
            if self.room.longest is None:
                wishes.found.add(WIDTH)
            return self.size if self.room.longest is None else self.room.longest
        return self.longest("") if self.is_known or self.uniform is not None else self.size

    def with_dtype(self, dtype: Any) -> RowPartition:
        """The same with splits of another dtype."""
        return RowPartition(self.splits.astype(dtype), self.size, self.uniform, self.room)

    def same_as(self, other: RowPartition) -> bool:
        """True where both divide alike, as far as that is known.

        Inside compiled programs two partitions of one number of rows and values count as equal when one of
        them is traced: a program cannot stop to complain.
        """
        if self.given is other.given:
            return True
        if self.nrows != other.nrows or self.size != other.size:
            return False
        if not (self.is_known and other.is_known):
            return True
        return bool(np.array_equal(self.splits, other.splits))


def from_splits(where: str, splits: Any, nvals: int, validate: bool) -> RowPartition:
    """Partition of row splits.

    Raises:
        ShapeError: There is no split at all.
        InvalidArgumentError: They do not begin with 0, decrease, or do not end with the number of values.
    """
    if not splits.shape[0]:
        raise ShapeError(
            f"[{where}] row_splits tensor may not be empty: expected one split more than rows, got none; "
            "write [0] for no rows."
        )
    if validate and is_known(splits):
        if splits[0] != 0:
            raise _invalid(where, f"to begin with 0, got {splits[0]}")
        if np.any(splits[1:] < splits[:-1]):
            raise _invalid(where, f"rows of 0 or more values, got {_some(splits)}, which decreases")
        if splits[-1] != nvals:
            raise _invalid(where, f"as many values as the rows have, {splits[-1]}, got {nvals}")
    return RowPartition(splits, nvals)


def from_lengths(where: str, lengths: Any, nvals: int, validate: bool) -> RowPartition:
    """Partition of row lengths.

    Raises:
        InvalidArgumentError: One is negative, or their sum is not the number of values.
    """
    if validate and is_known(lengths) and np.any(lengths < 0):
        raise _invalid(where, f"lengths of 0 or more, got {_some(lengths)}")
    partition = RowPartition.of_lengths(lengths, nvals)
    return from_splits(where, partition.splits, nvals, validate)


def from_rowids(
    where: str, rowids: Any, nrows: int | None, nvals: int, validate: bool
) -> RowPartition:
    """Partition of the row of each value.

    Raises:
        ShapeError: There is not one number for each value, or `nrows` is too small.
        InvalidArgumentError: They decrease, or one is negative.
    """
    if rowids.shape[0] != nvals:
        raise ShapeError(
            f"[{where}] expected one row for each value, got {rowids.shape[0]} rows of {nvals} values; "
            "shapes are incompatible."
        )
    if nrows is not None and nrows < 0:
        raise InvalidArgumentError(f"[{where}] Expected nrows >= 0; got {nrows}.")
    if not is_known(rowids):
        if nrows is None:
            raise DataDependentShapeError(
                f"[{where}] the number of rows depends on the last of value_rowids, which a compiled program "
                "does not know while it is traced; pass nrows."
            )
        counts = jnp.bincount(rowids, length=nrows).astype(rowids.dtype)
        return RowPartition.of_lengths(counts, nvals)
    last = int(rowids[-1]) if nvals else -1
    nrows = last + 1 if nrows is None else nrows
    if last >= nrows:
        raise ShapeError(
            f"[{where}] Expected nrows >= value_rowids[-1] + 1; got nrows={nrows}, value_rowids[-1]={last}."
        )
    if validate and (np.any(rowids[1:] < rowids[:-1]) or nvals and rowids[0] < 0):
        raise _invalid(where, f"rows of 0 or more that never decrease, got {_some(rowids)}")
    lengths = np.bincount(rowids, minlength=nrows).astype(rowids.dtype)
    partition = RowPartition.of_lengths(lengths, nvals)
    partition._rowids = rowids
    return partition


def from_length(where: str, length: int, nrows: int | None, nvals: int, dtype: Any) -> RowPartition:
    """Partition of rows of one length.

    Raises:
        ShapeError: The values do not divide into such rows.
    """
    if length < 0:
        raise InvalidArgumentError(f"[{where}] expected a length of 0 or more, got {length}.")
    rows = nrows if nrows is not None else nvals // length if length else 0
    if rows < 0:
        raise InvalidArgumentError(f"[{where}] expected nrows of 0 or more, got {rows}.")
    if rows * length != nvals:
        raise ShapeError(
            f"[{where}] uniform_row_length={length} times nrows={rows} must equal nvals={nvals}; pass as "
            "many values as the rows have."
        )
    return RowPartition.of_uniform(length, rows, dtype)


def _invalid(where: str, what: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"[{where}] arguments do not form a valid RaggedTensor: expected {what}; correct them, or pass "
        "tensors that were checked with validate=False."
    )


def _some(array: np.ndarray[Any, Any]) -> str:
    return str(array.tolist() if array.size <= 20 else [*array[:20].tolist(), "..."])
