"""Steps about numbers of elements: assert_cardinality, pad_to_cardinality."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import FailedPreconditionError
from thalweg._src.core import dtypes
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.blocks import Block, joined
from thalweg._src.data.node import INFINITE, Cursor, Node, Run, SimpleCursor


class AssertCardinality(Node):
    """The same elements, whose number the program knows.

    Args:
        input: The elements.
        count: Their number; `INFINITE` for no end.
    """

    name = "assert_cardinality"

    def __init__(self, input: Node, count: int) -> None:
        super().__init__(input)
        self._count = count

    @property
    def cardinality(self) -> int:
        """What the program said."""
        return self._count

    def open(self, run: Run) -> Cursor:
        """Cursor that counts."""
        return _CountingCursor(self.inputs[0].open(run), self._count)

    def settings(self) -> dict[str, Any]:
        """The number."""
        return {"expected_cardinality": self._count}


class _CountingCursor(SimpleCursor):
    def __init__(self, input: Cursor, count: int) -> None:
        super().__init__(input)
        self._count = count
        self._given = 0

    def _counted(self, size: int, wanted: int) -> None:
        self._given += size
        if self._count != INFINITE and self._given > self._count:
            raise FailedPreconditionError(
                f"[assert_cardinality] expected {self._count} elements, got at least {self._given}."
            )
        if size < wanted and self._given != self._count:
            expected = "elements without end" if self._count == INFINITE else f"{self._count} elements"
            raise FailedPreconditionError(
                f"[assert_cardinality] expected {expected}, got only {self._given}."
            )

    def next(self, size: int) -> Block | None:
        block = self.input.next(size)
        self._counted(0 if block is None else block.size, size)
        return block

    def skip(self, count: int) -> int:
        passed = self.input.skip(count)
        self._counted(passed, count)
        return passed


class PadToCardinality(Node):
    """Dicts with a mark whether they are real, and zeros after the last one up to a number of elements.

    Args:
        input: The elements, dicts.
        count: How many there are in the end.
        key: Name of the mark.
    """

    name = "pad_to_cardinality"

    def __init__(self, input: Node, count: int, key: str) -> None:
        super().__init__(input)
        self._count = count
        self._key = key

    @property
    def spec(self) -> Any:
        """The input's, and a bool."""
        return {**self.inputs[0].spec, self._key: TensorSpec((), dtypes.bool)}

    @property
    def cardinality(self) -> int:
        """The number that was asked for."""
        return self._count

    def open(self, run: Run) -> Cursor:
        """Cursor of the input, and of what follows."""
        return _PaddingCursor(self, self.inputs[0].open(run), self._count)

    def marked(self, block: Block, real: bool) -> Block:
        """Elements with marks."""
        spec = self.inputs[0].spec
        columns = nest.pack_sequence_as(spec, list(range(len(block.columns))))
        marks = np.full(block.size, real, np.bool_)
        order = nest.flatten({**columns, self._key: len(block.columns)})
        return Block([[*block.columns, marks][i] for i in order], block.size)

    def zeros(self, size: int) -> Block:
        """Elements of zeros and empty strings."""
        specs = nest.flatten(self.inputs[0].spec)
        return self.marked(Block([_zeros(spec, size) for spec in specs], size), False)

    def settings(self) -> dict[str, Any]:
        """The number."""
        return {"cardinality": self._count, "mask_key": self._key}


def _zeros(spec: TensorSpec, size: int) -> np.ndarray[Any, Any]:
    shape = [size, *(d or 0 for d in spec.shape)]
    fill: Any = b"" if spec.dtype is dtypes.string else 0
    return np.full(shape, fill, spec.dtype.numpy_dtype)


class _PaddingCursor(SimpleCursor):
    def __init__(self, node: PadToCardinality, input: Cursor, count: int) -> None:
        super().__init__(input)
        self._node = node
        self._left = count

    def next(self, size: int) -> Block | None:
        size = min(size, self._left)
        self._left -= size
        if not size:
            return None
        block = self.input.next(size)
        if block is None:
            return self._node.zeros(size)
        found = self._node.marked(block, True)
        return found if block.size == size else joined([found, self._node.zeros(size - block.size)])

    def skip(self, count: int) -> int:
        passed = min(count, self._left)
        self._left -= passed
        self.input.skip(passed)
        return passed
