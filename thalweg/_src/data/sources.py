"""Sources: where elements come from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.blocks import Block, leaf_value, spec_of, specs_of, structured, taken
from thalweg._src.data.composites import row_spec, sparse_rows
from thalweg._src.data.node import (
    AUTOTUNE,
    INFINITE,
    UNKNOWN,
    AheadCursor,
    Cursor,
    Node,
    Run,
    SimpleCursor,
)
from thalweg._src.ops.sparse.tensor import SparseTensor


class Range(Node):
    """The numbers from `start` to before `stop`.

    Args:
        start: First number.
        stop: End.
        step: Difference, not 0.
        dtype: An integer or floating dtype.
    """

    name = "range"
    at_hand = True

    def __init__(self, start: int, stop: int, step: int = 1, dtype: Any = dtypes.int64) -> None:
        super().__init__()
        if not step:
            raise InvalidArgumentError("[Dataset.range] expected a step other than 0, got 0.")
        self.numbers = range(start, stop, step)
        self.dtype = dtypes.as_dtype(dtype)

    @property
    def spec(self) -> Any:
        """A scalar."""
        return TensorSpec((), self.dtype)

    @property
    def cardinality(self) -> int:
        """How many numbers there are."""
        return len(self.numbers)

    def open(self, run: Run) -> Cursor:
        """Cursor before the first number."""
        return _RangeCursor(self.numbers, self.dtype.numpy_dtype)

    def settings(self) -> dict[str, Any]:
        """Its bounds."""
        return {"start": self.numbers.start, "stop": self.numbers.stop, "step": self.numbers.step}


class _RangeCursor(Cursor):
    def __init__(self, numbers: range, dtype: Any) -> None:
        self._left = numbers
        self._dtype = dtype

    def next(self, size: int) -> Block | None:
        now, self._left = self._left[:size], self._left[size:]
        if not now:
            return None
        column = np.arange(now.start, now.stop, now.step, dtype=np.int64)
        return Block([column.astype(self._dtype, copy=False)], len(now))

    def skip(self, count: int) -> int:
        passed = min(count, len(self._left))
        self._left = self._left[passed:]
        return passed


class Rows(Protocol):
    """Elements that can be taken by number."""

    @property
    def spec(self) -> Any:
        """Structure of specs of an element."""

    @property
    def length(self) -> int:
        """Number of elements."""

    def take(self, indices: np.ndarray[Any, Any]) -> Block:
        """The elements of these numbers."""


class Gather(Node):
    """The elements of a table in the order of an index.

    Shuffling, repeating or cutting the elements is done to the index, so that it costs nothing for each
    element (`planning.py`).

    Args:
        table: The elements by number.
        index: Node of their numbers.
    """

    name = "gather"
    at_hand = True

    def __init__(self, table: Rows, index: Node) -> None:
        super().__init__(index)
        self.table = table

    @property
    def spec(self) -> Any:
        """What the table holds."""
        return self.table.spec

    def open(self, run: Run) -> Cursor:
        """Cursor of the index, which looks up."""
        index = self.inputs[0].open(run)
        if isinstance(self.table, Table) and self.table.ahead:
            return _TableCursor(self.table, index, run.workers.count(AUTOTUNE) if run.threads else 1)
        return _GatherCursor(self.table, index)

    def settings(self) -> dict[str, Any]:
        """The table."""
        return {"table": self.table}


class _GatherCursor(SimpleCursor):
    def __init__(self, table: Rows, index: Cursor) -> None:
        super().__init__(index)
        self._table = table

    def next(self, size: int) -> Block | None:
        index = self.input.next(size)
        return None if index is None else self._table.take(index.columns[0])


class _TableCursor(AheadCursor):
    """Looks up some elements before they are asked for, so that threads can share the work."""

    def __init__(self, table: Table, index: Cursor, threads: int) -> None:
        super().__init__(index, threads - 1, "thalweg-gather")
        self._table = table
        self._threads = threads

    def _made(self, missing: int, asked: int) -> Iterator[Block | Exception] | None:
        index = self.input.next(max(missing, self._table.ahead))
        if index is None:
            return None
        return iter([self._table.take(index.columns[0], self._pool, self._threads)])


# Bytes of rows that are looked up at once: a thread's share then takes longer than its start.
_AT_ONCE = 1 << 23
_MOST_AT_ONCE = 4096


class Table:
    """Elements in memory that can be taken by number.

    Args:
        columns: Column of each leaf.
        length: Number of elements.
        spec: Structure of specs of an element.
    """

    def __init__(self, columns: list[Any], length: int, spec: Any) -> None:
        self.columns = columns
        self.length = length
        self.spec = spec

    @functools.cached_property
    def ahead(self) -> int:
        """Rows that are looked up before they are asked for; 0 where they are no arrays of numbers."""
        if any(type(c) is not np.ndarray or c.dtype == object for c in self.columns) or not self.length:
            return 0
        row = sum(c.nbytes for c in self.columns) // self.length
        return min(_AT_ONCE // max(row, 1), _MOST_AT_ONCE)

    @classmethod
    def of_rows(cls, structure: Any, where: str) -> Table:
        """Table of the rows of arrays.

        Args:
            structure: Structure of arrays ``(rows, ...)``, NumPy's or memory maps; composites with rows.
            where: Name for messages.

        Raises:
            InvalidArgumentError: The parts have other numbers of rows than each other, or none.
        """
        lengths = {_rows_of(c, where) for c in nest.flatten(structure)}
        if len(lengths) != 1:
            raise InvalidArgumentError(
                f"[{where}] expected tensors with the same number of rows, got {sorted(lengths) or 'none'}; "
                "check how they were cut."
            )
        columns = [sparse_rows(c) if isinstance(c, SparseTensor) else c for c in nest.flatten(structure)]
        specs = nest.map_structure(lambda c: row_spec(spec_of(c)), structure)
        return cls(columns, lengths.pop(), specs)

    def take(
        self, indices: np.ndarray[Any, Any], pool: ThreadPoolExecutor | None = None, shares: int = 1
    ) -> Block:
        """The elements of these numbers.

        Args:
            indices: The numbers.
            pool: Threads that do all shares but one, where all columns are arrays of numbers.
            shares: Parts into which the work is cut.
        """
        count = len(indices)
        if pool is None or count < self.ahead // 2:
            return Block([taken(column, indices) for column in self.columns], count)
        columns = [np.empty((count, *c.shape[1:]), c.dtype) for c in self.columns]

        def share(start: int, stop: int) -> None:
            for column, out in zip(self.columns, columns, strict=True):
                # "clip", as otherwise NumPy writes to a buffer first; the numbers are in range.
                column.take(indices[start:stop], 0, out=out[start:stop], mode="clip")

        ends = [count * n // shares for n in range(shares + 1)]
        others = [pool.submit(share, *pair) for pair in zip(ends[1:], ends[2:], strict=False)]
        share(*ends[:2])
        for other in others:
            other.result()
        return Block(list(columns), count)

    def __repr__(self) -> str:
        return f"<{self.length} rows of {self.spec}>"


def _rows_of(column: Any, where: str) -> int:
    shape: Any = spec_of(column).shape
    if not len(shape):
        raise InvalidArgumentError(f"[{where}] expected tensors of rank 1 or more, got a scalar.")
    return int(shape[0])


class Tensors(Node):
    """One element.

    Args:
        structure: The element.
    """

    name = "tensors"

    def __init__(self, structure: Any) -> None:
        super().__init__()
        # The program may write to its arrays later.
        self._structure = nest.map_structure(_owned, structured(structure))

    @property
    def spec(self) -> Any:
        """Specs of the element."""
        return specs_of(self._structure)

    @property
    def cardinality(self) -> int:
        """One."""
        return 1

    def open(self, run: Run) -> Cursor:
        """Cursor before the element."""
        return RowCursor(iter([nest.flatten(self._structure)]))


def _owned(leaf: Any) -> Any:
    return leaf.copy() if type(leaf) is np.ndarray else leaf


class RowCursor(Cursor):
    """Cursor of an iterator of rows.

    Args:
        rows: Leaf values, row by row.
    """

    def __init__(self, rows: Iterator[list[Any]]) -> None:
        self._rows = rows

    def row(self) -> list[Any] | None:
        """The iterator's next."""
        return next(self._rows, None)

    def close(self) -> None:
        """Closes a generator."""
        close = getattr(self._rows, "close", None)
        if close is not None:
            close()


class Generator(Node):
    """What a Python function yields.

    Args:
        function: Called for each pass; returns an iterable.
        spec: Structure of specs of what it yields.
        args: Its arguments.
    """

    name = "generator"
    waits = True

    def __init__(self, function: Callable[..., Any], spec: Any, args: Sequence[Any] = ()) -> None:
        super().__init__()
        self._function = function
        self._spec = spec
        self._args = args

    @property
    def spec(self) -> Any:
        """What was announced."""
        return self._spec

    @property
    def cardinality(self) -> int:
        """Unknown; None of a generator's business."""
        return UNKNOWN

    def open(self, run: Run) -> Cursor:
        """Cursor of a fresh iterator."""
        return RowCursor(self._rows(iter(self._function(*self._args))))

    def _rows(self, values: Iterator[Any]) -> Iterator[list[Any]]:
        specs = nest.flatten(self._spec)
        for index, value in enumerate(values):
            yield [
                _fitted(leaf, spec, index)
                for leaf, spec in zip(_leaves_like(self._spec, value, index), specs, strict=True)
            ]

    def settings(self) -> dict[str, Any]:
        """The function's name."""
        return {"function": getattr(self._function, "__name__", repr(self._function))}


def _leaves_like(spec: Any, value: Any, index: int) -> list[Any]:
    """Leaves of a yielded value, whose lists stand for tuples where the spec has tuples."""
    if isinstance(spec, dict):
        if not isinstance(value, dict) or sorted(spec) != sorted(value):
            raise _unlike(spec, value, index)
        return [leaf for key in sorted(spec) for leaf in _leaves_like(spec[key], value[key], index)]
    if isinstance(spec, (tuple, list)):
        if not isinstance(value, (tuple, list)) or len(value) != len(spec):
            raise _unlike(spec, value, index)
        return [leaf for s, v in zip(spec, value, strict=True) for leaf in _leaves_like(s, v, index)]
    return [value]


def _unlike(spec: Any, value: Any, index: int) -> TypeError:
    return TypeError(
        f"[Dataset.from_generator] expected elements of the structure {spec}, got {value!r} as element "
        f"{index}; yield what output_signature says."
    )


def _fitted(value: Any, spec: Any, index: int) -> Any:
    if not isinstance(spec, TensorSpec):
        if not spec.is_compatible_with(value):
            raise TypeError(
                f"[Dataset.from_generator] expected elements of {spec}, got {value!r} as element {index}; "
                "yield what output_signature says."
            )
        return leaf_value(value)
    try:
        found = leaf_value(convert_to_tensor(value, spec.dtype))
    except (TypeError, ValueError) as error:
        error.add_note(f"[Dataset.from_generator] while element {index} was converted to {spec}")
        raise
    if not spec.shape.is_compatible_with(found.shape):
        raise TypeError(
            f"[Dataset.from_generator] expected elements of shape {spec.shape}, got {found.shape} as "
            f"element {index}; yield what output_signature says."
        )
    return found


def repeated_once(cardinality: int, count: int) -> int:
    """Cardinality of `count` passes (-1 for no end) over so many elements."""
    if count == 0 or cardinality == 0:
        return 0
    if cardinality == INFINITE or count < 0:
        return INFINITE
    return UNKNOWN if cardinality == UNKNOWN else cardinality * count
