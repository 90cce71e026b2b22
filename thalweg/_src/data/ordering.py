"""Steps that choose and order elements without looking at them: shuffle, repeat, take, skip, shard."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.data.blocks import Block, joined, of_rows
from thalweg._src.data.node import (
    INFINITE,
    UNKNOWN,
    Cursor,
    Node,
    Run,
    SimpleCursor,
    generator_for,
    known,
)
from thalweg._src.data.sources import repeated_once


class Shuffle(Node):
    """The elements in random order: each is drawn from the next `buffer_size` that were not drawn yet.

    Args:
        input: The elements.
        buffer_size: Elements to draw from; all of them where it is at least their number.
        seed: Words that name the order.
        reshuffle_each_iteration: Whether each pass has an order of its own.
    """

    name = "shuffle"
    reorders = True

    def __init__(
        self, input: Node, buffer_size: int, seed: tuple[int, ...], reshuffle_each_iteration: bool
    ) -> None:
        super().__init__(input)
        self._buffer_size = buffer_size
        self._seed = seed
        self._reshuffles = reshuffle_each_iteration

    def open(self, run: Run) -> Cursor:
        """Cursor with an empty buffer."""
        random = generator_for(self._seed, run if self._reshuffles else None)
        size = self._buffer_size
        count = self.inputs[0].cardinality
        if known(count):
            size = min(size, count + 1)
        return _ShuffleCursor(self.inputs[0].open(run), size, random)

    def settings(self) -> dict[str, Any]:
        """Its buffer."""
        return {"buffer_size": self._buffer_size, "reshuffle_each_iteration": self._reshuffles}


class _ShuffleCursor(SimpleCursor):
    """Fills the buffer; when the input ends meanwhile, what remains is permuted in one go."""

    def __init__(self, input: Cursor, size: int, random: np.random.Generator) -> None:
        super().__init__(input)
        self._size = size
        self._random = random
        self._buffer: list[Any] | None = None
        self._rest: Block | None = None
        self._place = 0

    def next(self, size: int) -> Block | None:
        if self._rest is None and self._buffer is None:
            self._fill()
        parts = []
        if self._buffer is not None:
            drawn = self._draw(size)
            if drawn is not None:
                parts.append(drawn)
                size -= drawn.size
        if size and self._rest is not None and self._place < self._rest.size:
            part = self._rest.part(self._place, self._place + size)
            self._place += part.size
            parts.append(part)
        return joined(parts) if parts else None

    def _fill(self) -> None:
        first = self.input.next(self._size)
        if first is None or first.size < self._size:
            self._permute(first)
        else:
            self._buffer = _rows(first)

    def _permute(self, block: Block | None) -> None:
        self._rest = Block([], 0) if block is None else block.take(self._random.permutation(block.size))
        self._buffer = None

    def _draw(self, size: int) -> Block | None:
        """Elements drawn while the input lasts; each makes room for the next."""
        buffer: Any = self._buffer
        fresh = self.input.next(size)
        drawn = []
        if fresh is not None:
            for row, slot in zip(
                _rows(fresh), self._random.integers(0, len(buffer), fresh.size).tolist(), strict=True
            ):
                drawn.append(buffer[slot])
                buffer[slot] = row
        if fresh is None or fresh.size < size:
            self._permute(_of_rows(buffer))
        return _of_rows(drawn) if drawn else None

    def skip(self, count: int) -> int:
        passed = 0
        while passed < count and (block := self.next(min(count - passed, 65536))) is not None:
            passed += block.size
        return passed


def _rows(block: Block) -> list[Any]:
    """Rows that can be kept one by one: numbers of an index as Python's."""
    (first, *others) = block.columns
    if not others and type(first) is np.ndarray and first.ndim == 1 and first.dtype == np.int64:
        return list(first.tolist())
    return [block.row(i) for i in range(block.size)]


def _of_rows(rows: list[Any]) -> Block:
    if type(rows[0]) is int:
        return Block([np.array(rows, np.int64)], len(rows))
    return of_rows(rows)


class Repeat(Node):
    """The elements again and again.

    Args:
        input: The elements.
        count: Number of passes; -1 for no end.
    """

    name = "repeat"
    reorders = True

    def __init__(self, input: Node, count: int) -> None:
        super().__init__(input)
        self._count = count

    @property
    def cardinality(self) -> int:
        """Passes times elements."""
        return repeated_once(self.inputs[0].cardinality, self._count)

    def open(self, run: Run) -> Cursor:
        """Cursor before the first pass."""
        return _RepeatCursor(self.inputs[0], run, self._count)

    def settings(self) -> dict[str, Any]:
        """How often."""
        return {"count": self._count}


class _RepeatCursor(Cursor):
    def __init__(self, node: Node, run: Run, count: int) -> None:
        self._node = node
        self._run = run
        self._count = count
        self._pass = 0
        self._cursor: Cursor | None = None
        # Elements of this pass so far: an input without any would be asked for ever.
        self._given = 0

    def _advance(self) -> bool:
        """Opens the next pass; False when there is none."""
        if self._cursor is not None:
            self._cursor.close()
            self._cursor = None
            self._pass += 1
            if not self._given:
                self._count = self._pass
        if self._pass == self._count:
            return False
        self._cursor = self._node.open(self._run.repetition(self._pass))
        self._given = 0
        return True

    def next(self, size: int) -> Block | None:
        parts: list[Block] = []
        while size:
            if self._cursor is None and not self._advance():
                break
            assert self._cursor is not None
            block = self._cursor.next(size)
            if block is not None:
                parts.append(block)
                size -= block.size
                self._given += block.size
            if size and not self._advance():
                break
        return joined(parts) if parts else None

    def skip(self, count: int) -> int:
        passed = 0
        length = self._node.cardinality
        if self._cursor is None and known(length) and length:
            whole = count // length
            whole = whole if self._count < 0 else min(whole, self._count - self._pass)
            self._pass += whole
            passed = whole * length
        while passed < count:
            if self._cursor is None and not self._advance():
                break
            assert self._cursor is not None
            here = self._cursor.skip(count - passed)
            self._given += here
            passed += here
            if passed < count and not self._advance():
                break
        return passed

    def close(self) -> None:
        if self._cursor is not None:
            self._cursor.close()


class Take(Node):
    """The first elements.

    Args:
        input: The elements.
        count: How many; -1 for all.
    """

    name = "take"
    reorders = True

    def __init__(self, input: Node, count: int) -> None:
        super().__init__(input)
        self._count = count

    @property
    def cardinality(self) -> int:
        """At most `count`."""
        inner = self.inputs[0].cardinality
        if self._count < 0 or inner == UNKNOWN and self._count:
            return inner
        return self._count if inner == INFINITE else min(inner, self._count) if self._count else 0

    def open(self, run: Run) -> Cursor:
        """Cursor of the input, which ends early."""
        return _TakeCursor(self.inputs[0].open(run), self._count)

    def settings(self) -> dict[str, Any]:
        """How many."""
        return {"count": self._count}


class _TakeCursor(SimpleCursor):
    def __init__(self, input: Cursor, count: int) -> None:
        super().__init__(input)
        self._left = count

    def next(self, size: int) -> Block | None:
        if self._left >= 0:
            size = min(size, self._left)
        block = self.input.next(size) if size else None
        if block is not None and self._left > 0:
            self._left -= block.size
        return block

    def row(self) -> list[Any] | None:
        if not self._left:
            return None
        row = self.input.row()
        self._left -= row is not None and self._left > 0
        return row

    def skip(self, count: int) -> int:
        passed = self.input.skip(count if self._left < 0 else min(count, self._left))
        self._left -= passed if self._left > 0 else 0
        return passed


class Skip(Node):
    """All but the first elements.

    Args:
        input: The elements.
        count: How many to leave out; -1 for all.
    """

    name = "skip"
    reorders = True

    def __init__(self, input: Node, count: int) -> None:
        super().__init__(input)
        self._count = count

    @property
    def cardinality(self) -> int:
        """What is left."""
        inner = self.inputs[0].cardinality
        if self._count < 0:
            return 0
        return max(0, inner - self._count) if known(inner) else inner

    def open(self, run: Run) -> Cursor:
        """Cursor of the input, behind the first elements."""
        return _SkipCursor(self.inputs[0].open(run), self._count)

    def settings(self) -> dict[str, Any]:
        """How many."""
        return {"count": self._count}


class _SkipCursor(SimpleCursor):
    def __init__(self, input: Cursor, count: int) -> None:
        super().__init__(input)
        self._count = count

    def _go(self) -> bool:
        """Passes over the first elements, once; False where all are left out."""
        if self._count > 0:
            self.input.skip(self._count)
            self._count = 0
        return self._count == 0

    def next(self, size: int) -> Block | None:
        return self.input.next(size) if self._go() else None

    def row(self) -> list[Any] | None:
        return self.input.row() if self._go() else None

    def skip(self, count: int) -> int:
        return self.input.skip(count) if self._go() else 0


class Shard(Node):
    """Every `count`-th element, from number `index` on.

    Args:
        input: The elements.
        count: Number of shards.
        index: Number of this one.
    """

    name = "shard"
    reorders = True

    def __init__(self, input: Node, count: int, index: int) -> None:
        super().__init__(input)
        self._count = count
        self._index = index

    @property
    def cardinality(self) -> int:
        """Its part of the elements."""
        inner = self.inputs[0].cardinality
        return len(range(self._index, inner, self._count)) if known(inner) else inner

    def open(self, run: Run) -> Cursor:
        """Cursor that leaves out what is between."""
        return _ShardCursor(self.inputs[0].open(run), self._count, self._index)

    def settings(self) -> dict[str, Any]:
        """Which part."""
        return {"num_shards": self._count, "index": self._index}


class _ShardCursor(SimpleCursor):
    def __init__(self, input: Cursor, count: int, index: int) -> None:
        super().__init__(input)
        self._count = count
        self._before = index

    def next(self, size: int) -> Block | None:
        if self._before:
            self.input.skip(self._before)
            self._before = 0
        block = self.input.next((size - 1) * self._count + 1)
        if block is None:
            return None
        self._before = self._count - 1 - (block.size - 1) % self._count
        return block.take(np.arange(0, block.size, self._count))

    def skip(self, count: int) -> int:
        if not count:
            return 0
        passed = self.input.skip(self._before + (count - 1) * self._count + 1) - self._before
        whole = 0 if passed <= 0 else (passed - 1) // self._count + 1
        self._before = self._count - 1
        return whole
