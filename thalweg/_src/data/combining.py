"""Steps that make one data set of several: zip, concatenate, and choosing among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.blocks import Block, joined
from thalweg._src.data.node import INFINITE, UNKNOWN, Cursor, Node, Run, generator_for, known


class Zip(Node):
    """Elements side by side, as long as each input has one.

    Args:
        structure: Structure (tuple, dict) of numbers of the inputs.
        inputs: The inputs.
    """

    name = "zip"

    def __init__(self, structure: Any, *inputs: Node) -> None:
        super().__init__(*inputs)
        self.structure = structure

    @property
    def spec(self) -> Any:
        """The inputs' specs in the structure."""
        return nest.pack_sequence_as(self.structure, [i.spec for i in self.inputs])

    @property
    def cardinality(self) -> int:
        """That of the shortest input."""
        return shortest([i.cardinality for i in self.inputs])

    def open(self, run: Run) -> Cursor:
        """Cursor of all inputs."""
        return _ZipCursor([i.open(run) for i in self.inputs])


def shortest(cardinalities: Sequence[int]) -> int:
    """Cardinality of what ends with the first of several inputs that ends."""
    if 0 in cardinalities:
        return 0
    if UNKNOWN in cardinalities:
        return UNKNOWN
    return min((c for c in cardinalities if c != INFINITE), default=INFINITE)


class ManyCursor(Cursor):
    """Cursor of a node with several inputs.

    Args:
        inputs: Cursors of the inputs.
    """

    def __init__(self, inputs: Sequence[Cursor]) -> None:
        self.inputs = list(inputs)

    def close(self) -> None:
        """Closes the inputs."""
        for cursor in self.inputs:
            cursor.close()


class _ZipCursor(ManyCursor):
    def next(self, size: int) -> Block | None:
        columns: list[Any] = []
        for cursor in self.inputs:
            block = cursor.next(size)
            if block is None:
                return None
            if block.size < size:
                # One input ends: what the others have beyond is not for anybody.
                columns = Block(columns, size).part(0, block.size).columns if columns else []
                size = block.size
            columns += block.columns
        return Block(columns, size)

    def skip(self, count: int) -> int:
        return min(cursor.skip(count) for cursor in self.inputs)


class Concatenate(Node):
    """The elements of one input, then those of the other.

    Args:
        first: The one.
        second: The other; its elements have the same structure and dtypes.
    """

    name = "concatenate"

    def __init__(self, first: Node, second: Node) -> None:
        super().__init__(first, second)
        self._spec = wider_spec(first.spec, second.spec, "Dataset.concatenate")

    @property
    def spec(self) -> Any:
        """What both inputs fit."""
        return self._spec

    @property
    def cardinality(self) -> int:
        """The sum."""
        counts = [i.cardinality for i in self.inputs]
        if INFINITE in counts:
            return INFINITE
        return sum(counts) if known(*counts) else UNKNOWN

    def open(self, run: Run) -> Cursor:
        """Cursor of the first input; the second is opened when it ends."""
        return _ConcatenateCursor(self.inputs, run)


class _ConcatenateCursor(Cursor):
    def __init__(self, nodes: Sequence[Node], run: Run) -> None:
        self._waiting = list(nodes)
        self._run = run
        self._cursor: Cursor | None = None

    def _advance(self) -> bool:
        """Opens the next input; False when there is none."""
        self.close()
        self._cursor = self._waiting.pop(0).open(self._run) if self._waiting else None
        return self._cursor is not None

    def next(self, size: int) -> Block | None:
        parts: list[Block] = []
        while size and (self._cursor is not None or self._advance()):
            assert self._cursor is not None
            block = self._cursor.next(size)
            if block is not None:
                parts.append(block)
                size -= block.size
            if size and not self._advance():
                break
        return joined(parts) if parts else None

    def skip(self, count: int) -> int:
        passed = 0
        while passed < count and (self._cursor is not None or self._advance()):
            assert self._cursor is not None
            passed += self._cursor.skip(count - passed)
            if passed < count and not self._advance():
                break
        return passed

    def close(self) -> None:
        if self._cursor is not None:
            self._cursor.close()


def wider_spec(first: Any, second: Any, where: str) -> Any:
    """Structure of specs that two structures fit: sizes that differ are unknown.

    Raises:
        TypeError: They differ in structure or dtype.
    """
    try:
        nest.assert_same_structure(first, second)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"[{where}] expected elements of the same structure, got {first} and {second}: {error}"
        ) from None
    wide = [_wider(a, b) for a, b in zip(nest.flatten(first), nest.flatten(second), strict=True)]
    if None in wide:
        raise TypeError(
            f"[{where}] expected elements of the same dtypes, got {first} and {second}; cast in a map."
        )
    return nest.pack_sequence_as(first, wide)


def _wider(first: Any, second: Any) -> Any:
    return first.most_specific_common_supertype([second])


class Choose(Node):
    """Elements of several inputs, in turns that another one gives.

    Args:
        turns: Numbers of the inputs to take from.
        inputs: The inputs; their elements have the same structure and dtypes.
        stop_on_empty: Whether the first input that ends ends it all; else its turns are passed over.
    """

    name = "choose"

    def __init__(self, turns: Node, inputs: Sequence[Node], stop_on_empty: bool) -> None:
        super().__init__(turns, *inputs)
        self._stops = stop_on_empty
        self._spec = inputs[0].spec
        for other in inputs[1:]:
            self._spec = wider_spec(self._spec, other.spec, "Dataset.choose_from_datasets")

    @property
    def spec(self) -> Any:
        """What all inputs fit."""
        return self._spec

    @property
    def cardinality(self) -> int:
        """Unknown, unless all goes on for ever."""
        counts = [i.cardinality for i in self.inputs]
        endless = counts[0] == INFINITE and (all if self._stops else any)(c == INFINITE for c in counts[1:])
        return INFINITE if endless else UNKNOWN

    def open(self, run: Run) -> Cursor:
        """Cursor of all inputs."""
        return _ChooseCursor([i.open(run) for i in self.inputs], self._stops)

    def settings(self) -> dict[str, Any]:
        """When it ends."""
        return {"stop_on_empty": self._stops}


class _ChooseCursor(ManyCursor):
    def __init__(self, inputs: Sequence[Cursor], stops: bool) -> None:
        super().__init__(inputs)
        self._open = set(range(1, len(self.inputs)))
        self._stops = stops

    def row(self) -> list[Any] | None:
        while self._open:
            turn = self.inputs[0].row()
            if turn is None:
                return None
            number = int(turn[0]) + 1
            if not 1 <= number < len(self.inputs):
                raise InvalidArgumentError(
                    f"[Dataset.choose_from_datasets] expected numbers from 0 to {len(self.inputs) - 2}, got "
                    f"{number - 1}."
                )
            if number in self._open:
                row = self.inputs[number].row()
                if row is not None:
                    return row
                self._open.discard(number)
                if self._stops:
                    return None
        return None


class Draws(Node):
    """Random numbers without end.

    Args:
        seed: Words that name them.
        rerandomize_each_iteration: Whether each pass has numbers of its own.
        weights: Chances of 0, 1, ...; None for whole numbers from 0 to before 2^32.
    """

    name = "random"

    def __init__(
        self, seed: tuple[int, ...], rerandomize_each_iteration: bool, weights: Sequence[float] | None = None
    ) -> None:
        super().__init__()
        self._seed = seed
        self._afresh = rerandomize_each_iteration
        self._weights = None if weights is None else np.asarray(weights, np.float64) / np.sum(weights)

    @property
    def spec(self) -> Any:
        """A whole number."""
        return TensorSpec((), dtypes.int64)

    @property
    def cardinality(self) -> int:
        """No end."""
        return INFINITE

    def open(self, run: Run) -> Cursor:
        """Cursor of a fresh generator."""
        return _DrawsCursor(generator_for(self._seed, run if self._afresh else None), self._weights)


class _DrawsCursor(Cursor):
    def __init__(self, random: np.random.Generator, weights: Any) -> None:
        self._random = random
        self._bounds = None if weights is None else np.cumsum(weights)[:-1]

    def next(self, size: int) -> Block | None:
        # One double for each number, so that the numbers do not depend on how they are asked for.
        uniform = self._random.random(size)
        if self._bounds is None:
            return Block([(uniform * 2.0**32).astype(np.int64)], size)
        return Block([np.searchsorted(self._bounds, uniform, side="right").astype(np.int64)], size)

    def skip(self, count: int) -> int:
        self._random.random(count)
        return count


class Counter(Node):
    """Numbers without end.

    Args:
        start: The first.
        step: Difference.
        dtype: Their dtype.
    """

    name = "counter"

    def __init__(self, start: Any, step: Any, dtype: Any = dtypes.int64) -> None:
        super().__init__()
        self._start = start
        self._step = step
        self._dtype = dtypes.as_dtype(dtype)

    @property
    def spec(self) -> Any:
        """A number."""
        return TensorSpec((), self._dtype)

    @property
    def cardinality(self) -> int:
        """No end."""
        return INFINITE

    def open(self, run: Run) -> Cursor:
        """Cursor before the first number."""
        return _CounterCursor(self._start, self._step, self._dtype.numpy_dtype)

    def settings(self) -> dict[str, Any]:
        """Where it begins."""
        return {"start": self._start, "step": self._step}


class _CounterCursor(Cursor):
    def __init__(self, start: Any, step: Any, dtype: Any) -> None:
        self._start = start
        self._step = step
        self._dtype = dtype
        self._index = 0

    def next(self, size: int) -> Block | None:
        numbers = self._start + self._step * np.arange(self._index, self._index + size, dtype=np.int64)
        self._index += size
        return Block([numbers.astype(self._dtype)], size)

    def skip(self, count: int) -> int:
        self._index += count
        return count
