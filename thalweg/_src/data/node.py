"""Nodes of a plan and the cursors that walk it.

A data set is a plan: a tree of nodes, one for each step, which says what comes out (`spec`,
`cardinality`). Nothing runs until it is iterated: then each node opens a cursor on those of its inputs.

A cursor gives elements in order, in blocks or one by one, and can pass over elements without making
them. So a place in a data set is two numbers, which pass it is and how many elements it gave; all else,
permutations and buffers included, follows from the seeds (`iterator.py`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from thalweg._src.data.blocks import Block, Form, joined, of_rows

INFINITE = -1
UNKNOWN = -2
AUTOTUNE = -1
# Attributes of nodes that follow from the others.
_FOUND_OUT = ("_form", "_memory", "_opened", "_spec", "skipped")


@dataclass(frozen=True)
class Workers:
    """Threads of a pipeline.

    Attributes:
        usual: How many `AUTOTUNE` stands for.
        most: Most for one step; 0 for no bound.
        implied: Whether functions that run in Python have threads where nothing was said.
        at_once: Whether work ahead begins before the first element is asked for.
    """

    usual: int = os.cpu_count() or 1
    most: int = 0
    implied: bool = False
    at_once: bool = False

    def count(self, asked: int | None) -> int:
        """Threads for a step: as many as it asks for, within bounds."""
        found = self.usual if asked == AUTOTUNE or asked is None and self.implied else asked or 1
        return min(found, self.most) if self.most else found


@dataclass(frozen=True)
class Run:
    """Which pass over a data set is made.

    Attributes:
        epoch: Numbers of the pass: how often the data set was iterated before, then for each `repeat` on
            the way the number of its repetition.
        threads: Whether steps may work ahead in threads of their own.
        workers: How many.
    """

    epoch: tuple[int, ...] = (0,)
    threads: bool = True
    workers: Workers = Workers()

    def repetition(self, number: int) -> Run:
        """The pass in which a `repeat` goes through its input for the time `number`."""
        return replace(self, epoch=(*self.epoch, number))


class Node:
    """A step of a plan.

    Args:
        inputs: Nodes whose elements it takes.

    Attributes:
        name: Name of the step, as `explain` and messages show it.
        reorders: Whether it only chooses and orders elements, whatever they are.
        waits: Whether its elements come from files, other programs or Python code.
        at_hand: Whether reading some of its elements beforehand waits for nobody, if those of its inputs are.
    """

    name = "step"
    reorders = False
    waits = False
    at_hand = False

    def __init__(self, *inputs: Node) -> None:
        self.inputs = inputs
        self._form: Form | None = None

    @property
    def spec(self) -> Any:
        """Structure of specs of an element."""
        return self.inputs[0].spec

    @property
    def form(self) -> Form:
        """Structure of an element."""
        if self._form is None:
            self._form = Form(self.spec)
        return self._form

    @property
    def cardinality(self) -> int:
        """Number of elements; `INFINITE` or `UNKNOWN`."""
        return self.inputs[0].cardinality

    def open(self, run: Run) -> Cursor:
        """Cursor before the first element."""
        raise NotImplementedError

    def with_inputs(self, *inputs: Node) -> Node:
        """The same step on other inputs that give elements of the same form."""
        made = object.__new__(type(self))
        made.__dict__.update(vars(self))
        made.inputs = inputs
        return made

    def _identity(self) -> list[Any]:
        """What makes the step: all it was told, and its inputs."""
        own = vars(self).items()
        told = [(key, value) for key, value in sorted(own) if key not in _FOUND_OUT]
        return [type(self).__name__, told]

    def describe(self) -> str:
        """One line for `explain`."""
        settings = ", ".join(f"{k}={v!r}" for k, v in self.settings().items())
        return f"{self.name}({settings})"

    def settings(self) -> dict[str, Any]:
        """What the step was told, for `explain`."""
        return {}


class Cursor:
    """Walks through the elements of a node once. A subclass gives blocks (`next`) or rows (`row`)."""

    def next(self, size: int) -> Block | None:
        """Up to `size` elements, fewer only at the end; None there.

        Args:
            size: At least 1.
        """
        rows: list[list[Any]] = []
        while len(rows) < size and (row := self.row()) is not None:
            rows.append(row)
        return of_rows(rows) if rows else None

    def row(self) -> list[Any] | None:
        """Leaf values of the next element; None at the end."""
        block = self.next(1)
        return None if block is None else block.row(0)

    def skip(self, count: int) -> int:
        """Passes over elements; returns how many there were, fewer than `count` only at the end."""
        passed = 0
        while passed < count and self.row() is not None:
            passed += 1
        return passed

    def close(self) -> None:
        """Ends threads and closes files. The elements that were given stay valid."""


class SimpleCursor(Cursor):
    """Cursor of a node with one input.

    Args:
        input: Cursor of the input.
    """

    def __init__(self, input: Cursor) -> None:
        self.input = input

    def skip(self, count: int) -> int:
        """Passes over elements."""
        return self.input.skip(count)

    def close(self) -> None:
        """Closes the input."""
        self.input.close()


class BlocksCursor(Cursor):
    """Cursor of blocks of any sizes.

    Args:
        blocks: The blocks, or errors, which are raised in their place; the blocks after an error can be taken
            all the same. Closed in the end if they come from a generator.
        input: What they are made of, closed too.
    """

    def __init__(self, blocks: Iterator[Block | Exception], input: Cursor | None = None) -> None:
        self._blocks = blocks
        self._input = input
        self._block: Block | None = None
        self._place = 0

    def _advance(self) -> bool:
        """Goes to the next block when this one is at its end; False when there is none."""
        while self._block is None or self._place >= self._block.size:
            self._block, self._place = None, 0
            found = next(self._blocks, None)
            if found is None:
                return False
            if isinstance(found, Exception):
                raise found
            self._block = found
        return True

    def next(self, size: int) -> Block | None:
        """Parts of blocks, put together."""
        parts: list[Block] = []
        while size and self._advance():
            assert self._block is not None
            part = self._block.part(self._place, self._place + size)
            self._place += part.size
            size -= part.size
            parts.append(part)
        return joined(parts) if parts else None

    def skip(self, count: int) -> int:
        """Passes over rows; the blocks are read all the same."""
        passed = 0
        while passed < count and self._advance():
            assert self._block is not None
            here = min(count - passed, self._block.size - self._place)
            self._place += here
            passed += here
        return passed

    def close(self) -> None:
        """Closes what is read."""
        close = getattr(self._blocks, "close", None)
        if close is not None:
            close()
        if self._input is not None:
            self._input.close()


class AheadCursor(BlocksCursor):
    """Cursor that makes blocks of the elements of its input, often more than are asked for.

    A subclass writes `_made`.

    Args:
        input: Cursor of the input.
        workers: Threads that help, in `_pool`; 0 for none.
        name: Name of the threads.
    """

    def __init__(self, input: Cursor, workers: int, name: str) -> None:
        super().__init__(iter(()), input)
        self.input = input
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix=name) if workers else None

    def _made(self, missing: int, asked: int) -> Iterator[Block | Exception] | None:
        """Blocks of at least `missing` further elements, and errors in place of some; None at the end.

        Args:
            missing: Elements that are not at hand.
            asked: Elements that are asked for at once.
        """
        raise NotImplementedError

    def _skip_input(self, count: int) -> int:
        """Passes over elements of which nothing was made."""
        return self.input.skip(count)

    def next(self, size: int) -> Block | None:
        """Parts of blocks, put together."""
        block, start = self._block, self._place
        if block is not None and start + size <= block.size:
            # Mostly the next rows are at hand.
            self._place += size
            return block.part(start, start + size)
        parts: list[Block] = []
        missing = size
        while missing and (self._advance() or self._begin(missing, size)):
            assert self._block is not None
            part = self._block.part(self._place, self._place + missing)
            self._place += part.size
            missing -= part.size
            parts.append(part)
        return joined(parts) if parts else None

    def _begin(self, missing: int, asked: int) -> bool:
        made = self._made(missing, asked)
        if made is None:
            return False
        self._blocks = made
        return self._advance()

    def skip(self, count: int) -> int:
        """Passes over what is at hand, errors included, then over elements of the input."""
        passed = 0
        while passed < count:
            try:
                if not self._advance():
                    break
            except Exception:
                passed += 1
                continue
            assert self._block is not None
            here = min(count - passed, self._block.size - self._place)
            self._place += here
            passed += here
        return passed + self._skip_input(count - passed)

    def close(self) -> None:
        """Ends the threads, then closes what is read."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        super().close()


def first_row(node: Node, where: str) -> list[Any]:
    """Leaf values of the first element, for steps that learn from it what they give.

    Raises:
        ValueError: There is none.
    """
    cursor = node.open(Run(threads=False))
    try:
        row = cursor.row()
    finally:
        cursor.close()
    if row is None:
        raise ValueError(
            f"[{where}] expected an element to find out what the function returns, got an empty data set."
        )
    return row


def known(*cardinalities: int) -> bool:
    """True when all are numbers of elements."""
    return all(c >= 0 for c in cardinalities)


def generator_for(seed: tuple[int, ...], run: Run | None) -> np.random.Generator:
    """Random numbers of a step: of this pass, or the same in all passes where `run` is None."""
    words: Sequence[int] = (*seed, *(() if run is None else run.epoch))
    return np.random.Generator(np.random.Philox(np.random.SeedSequence(words)))
