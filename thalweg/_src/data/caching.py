"""Elements that are kept from the first pass for all later ones: in memory, or in a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from thalweg._src.data.blocks import Block, joined
from thalweg._src.data.node import Cursor, Node, Run, SimpleCursor, known
from thalweg._src.data.rows_file import RowsFile, RowsWriter
from thalweg._src.data.sources import Gather, Range, Table


class Filling(Protocol):
    """What takes the elements of a pass."""

    def add(self, block: Block) -> None:
        """Takes elements."""

    def finish(self) -> None:
        """The pass is complete."""

    def abandon(self) -> None:
        """There is no more to come; nothing happens after `finish`."""


class Kept(Node):
    """The same elements; those of a complete pass stand for those of all later ones.

    So all passes give what the first would, whatever was random before this step.

    Args:
        input: The elements.
    """

    def kept(self) -> Node | None:
        """Plan of the elements that were kept; None as long as no pass was complete."""
        raise NotImplementedError

    def filling(self) -> Filling:
        """Takes the elements of a pass."""
        raise NotImplementedError

    def open(self, run: Run) -> Cursor:
        """Cursor of what was kept, or of the input, which is kept meanwhile."""
        found = self.kept()
        if found is not None:
            return found.open(run)
        # Which pass is the first must not decide what is kept.
        input = self.inputs[0].open(replace(run, epoch=(0,)))
        return _FillingCursor(input, self.filling, self.inputs[0].cardinality)


class _FillingCursor(SimpleCursor):
    def __init__(self, input: Cursor, filling: Callable[[], Filling], count: int) -> None:
        super().__init__(input)
        self._begin = filling
        self._filling: Filling | None = None
        self._left = count if known(count) else -1
        self._ended = False

    def next(self, size: int) -> Block | None:
        if self._ended:
            return None
        try:
            block = self.input.next(size)
        except BaseException:
            self._give_up()
            raise
        if self._filling is None:
            self._filling = self._begin()
        if block is not None:
            self._filling.add(block)
            self._left -= block.size
        if block is None or block.size < size or self._left == 0:
            self._ended = True
            self._filling.finish()
        return block

    def skip(self, count: int) -> int:
        # What is not looked at is not kept: the pass will not be a complete one.
        self._give_up()
        return self.input.skip(count)

    def _give_up(self) -> None:
        """Lets go of what was kept so far, and keeps nothing more in this pass."""
        if self._filling is not None:
            self._filling.abandon()
        self._filling, self._begin = None, _Nothing

    def close(self) -> None:
        self._give_up()
        super().close()


class _Nothing:
    """Keeps nothing."""

    def add(self, block: Block) -> None:
        """Nothing."""

    def finish(self) -> None:
        """Nothing."""

    def abandon(self) -> None:
        """Nothing."""


class _Memory:
    """Elements in memory, as a table once they are complete."""

    def __init__(self, spec: Any) -> None:
        self._spec = spec
        self.table: Table | None = None

    def filling(self) -> Filling:
        """Takes the elements of a pass."""
        return _MemoryFilling(self)

    def complete(self, blocks: list[Block]) -> None:
        """These are all elements."""
        if self.table is None:
            whole = joined(blocks) if blocks else Block([], 0)
            self.table = Table(whole.columns, whole.size, self._spec)


class _MemoryFilling:
    def __init__(self, memory: _Memory) -> None:
        self._memory = memory
        self._blocks: list[Block] = []

    def add(self, block: Block) -> None:
        self._blocks.append(block)

    def finish(self) -> None:
        self._memory.complete(self._blocks)
        self._blocks = []

    def abandon(self) -> None:
        self._blocks = []


class MemoryCache(Kept):
    """The same elements, kept in memory.

    Args:
        input: The elements.
    """

    name = "cache"

    def __init__(self, input: Node) -> None:
        super().__init__(input)
        # Shared by all plans that this step is part of.
        self._memory = _Memory(input.spec)

    def kept(self) -> Node | None:
        """Plan of the table."""
        table = self._memory.table
        return None if table is None else Gather(table, Range(0, table.length))

    def filling(self) -> Filling:
        """Takes the elements of a pass."""
        return self._memory.filling()


class _Opened:
    """The file of a cache, once it was found."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: RowsFile | None = None

    def file(self, spec: Any) -> RowsFile | None:
        """The file, if it is there."""
        if self._file is None and self.path.exists():
            file = RowsFile(self.path, "Dataset.cache")
            file.check(spec)
            self._file = file
        return self._file


class FileCache(Kept):
    """The same elements, kept in a file.

    Args:
        input: The elements.
        path: The file; used if it is there already.
    """

    name = "cache"

    def __init__(self, input: Node, path: Path) -> None:
        super().__init__(input)
        self._opened = _Opened(path)

    def kept(self) -> Node | None:
        """Plan of the file's elements."""
        file = self._opened.file(self.spec)
        return None if file is None else plan_of_file(file, self.spec)

    def filling(self) -> Filling:
        """Takes the elements of a pass."""
        return RowsWriter(self._opened.path, self.spec, "", "Dataset.cache")

    def settings(self) -> dict[str, Any]:
        """The file."""
        return {"filename": str(self._opened.path)}


@dataclass(frozen=True)
class FileRows:
    """The elements of a file, announced by the spec of the pipeline that made them.

    Attributes:
        file: The file.
        spec: The spec.
    """

    file: RowsFile
    spec: Any

    @property
    def length(self) -> int:
        """Number of elements."""
        return self.file.length

    def take(self, indices: np.ndarray[Any, Any]) -> Block:
        """The elements of these numbers."""
        return self.file.take(indices)


def plan_of_file(file: RowsFile, spec: Any) -> Node:
    """Plan of the elements of a file.

    Args:
        file: The file.
        spec: Spec that they fit.
    """
    return Gather(FileRows(file, spec), Range(0, file.length))
