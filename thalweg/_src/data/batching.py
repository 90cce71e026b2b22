"""Steps that put elements together and take them apart: batch, unbatch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.blocks import Block, spec_of
from thalweg._src.data.node import UNKNOWN, Cursor, Node, Run, SimpleCursor, known


class Batch(Node):
    """Successive elements stacked.

    Args:
        input: The elements, all of one shape.
        size: Elements in a batch, or sizes that take turns.
        drop_remainder: Whether a shorter batch at the end is left out.
    """

    name = "batch"

    def __init__(self, input: Node, size: int | Sequence[int], drop_remainder: bool) -> None:
        super().__init__(input)
        self._sizes = (size,) if isinstance(size, int) else tuple(size)
        self._drops = drop_remainder

    @property
    def spec(self) -> Any:
        """The elements' specs with one more dimension."""
        size = self._sizes[0] if self._drops and len(set(self._sizes)) == 1 else None
        return nest.map_structure(
            lambda s: TensorSpec([size, *s.shape], s.dtype), self.inputs[0].spec
        )

    @property
    def cardinality(self) -> int:
        """Number of batches."""
        inner = self.inputs[0].cardinality
        return batches(inner, self._sizes, self._drops) if known(inner) else inner

    def open(self, run: Run) -> Cursor:
        """Cursor before the first batch."""
        return _BatchCursor(self.inputs[0].open(run), self._sizes, self._drops)

    def settings(self) -> dict[str, Any]:
        """Its size."""
        return {"batch_size": self._sizes, "drop_remainder": self._drops}


def batches(rows: int, sizes: Sequence[int], drops: bool) -> int:
    """Number of batches of sizes that take turns."""
    rounds, left = divmod(rows, sum(sizes))
    count = rounds * len(sizes)
    for size in sizes:
        if left < size:
            return count + (left > 0 and not drops)
        count, left = count + 1, left - size
    return count


class _BatchCursor(SimpleCursor):
    def __init__(self, input: Cursor, sizes: Sequence[int], drops: bool) -> None:
        super().__init__(input)
        self._sizes = sizes
        self._drops = drops
        self._given = 0

    def row(self) -> list[Any] | None:
        size = self._sizes[self._given % len(self._sizes)]
        block = self.input.next(size)
        if block is None or self._drops and block.size < size:
            return None
        self._given += 1
        for column in block.columns:
            if type(column) is list:
                raise _ragged(column)
        return block.columns

    def skip(self, count: int) -> int:
        turns = len(self._sizes)
        sizes = [self._sizes[(self._given + i) % turns] for i in range(turns)]
        rounds, rest = divmod(count, turns)
        passed = self.input.skip(rounds * sum(sizes) + sum(sizes[:rest]))
        whole = batches(passed, sizes, self._drops)
        self._given += whole
        return whole


def _ragged(column: list[Any]) -> InvalidArgumentError:
    specs = [spec_of(value) for value in column]
    other = next(s for s in specs if s != specs[0])
    return InvalidArgumentError(
        f"[Dataset.batch] expected elements of one shape and dtype, got {specs[0]} and, as element "
        f"{specs.index(other)} of the batch, {other}; use padded_batch or ragged_batch, or make them alike "
        "in a map."
    )


class Unbatch(Node):
    """The rows of the elements.

    Args:
        input: Elements whose leaves have one common first size.
    """

    name = "unbatch"

    @property
    def spec(self) -> Any:
        """The elements' specs without their first dimension."""
        return nest.map_structure(lambda s: TensorSpec(s.shape[1:], s.dtype), self.inputs[0].spec)

    @property
    def cardinality(self) -> int:
        """Known where all elements have one known number of rows."""
        inner = self.inputs[0].cardinality
        first = nest.flatten(self.inputs[0].spec)[0].shape
        rows = first[0] if len(first) else None
        return inner * rows if known(inner) and rows is not None else UNKNOWN

    def open(self, run: Run) -> Cursor:
        """Cursor before the first row."""
        return _UnbatchCursor(self.inputs[0].open(run))


class _UnbatchCursor(SimpleCursor):
    def __init__(self, input: Cursor) -> None:
        super().__init__(input)
        self._block: Block | None = None
        self._place = 0

    def _advance(self) -> bool:
        while self._block is None or self._place >= self._block.size:
            row = self.input.row()
            if row is None:
                return False
            sizes = {np.shape(value)[:1] for value in row}
            if len(sizes) != 1 or () in sizes:
                raise InvalidArgumentError(
                    f"[Dataset.unbatch] expected leaves with one common first size, got {sorted(sizes)}."
                )
            self._block, self._place = Block(row, sizes.pop()[0]), 0
        return True

    def row(self) -> list[Any] | None:
        if not self._advance():
            return None
        assert self._block is not None
        self._place += 1
        return self._block.row(self._place - 1)

    def skip(self, count: int) -> int:
        passed = 0
        while passed < count and self._advance():
            assert self._block is not None
            here = min(count - passed, self._block.size - self._place)
            self._place += here
            passed += here
        return passed
