"""Steps that compute: map, filter."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.blocks import Block, joined, of_rows, specs_of
from thalweg._src.data.debugging import debug_mode
from thalweg._src.data.node import UNKNOWN, Cursor, Node, Run, SimpleCursor, first_row
from thalweg._src.data.sources import Gather, Range
from thalweg._src.data.traced import NOT_TRACEABLE, ElementCalls, ElementProgram, as_bool
from thalweg._src.ops.ragged.spec import RaggedTensorSpec
from thalweg._src.random.keys import element_key

# Rows that a program computes at once where elements are asked for one by one.
_AHEAD = 16


class ElementFunction:
    """A user's function of one element, as a program where it can be one.

    Args:
        function: The function.
        input: Node of the elements.
        where: Name of the step for messages.
        seed: Words of the step's random numbers.

    Attributes:
        program: The program over blocks; None where the function is called for each element.
        reason: Why it is.
    """

    def __init__(self, function: Callable[..., Any], input: Node, where: str, seed: tuple[int, ...]) -> None:
        self.where = f"{where} {getattr(function, '__name__', type(function).__name__)!r}"
        self.program: ElementProgram | None = None
        self._calls = ElementCalls(function, input.form, self.where)
        self._key = np.random.SeedSequence(seed).generate_state(2, np.uint32).astype(np.uint32)
        self._made_of = (function, seed)
        self._spec: Any = None
        self._reason = ""
        if debug_mode.on:
            self._reason = "debug mode is on"
            return
        try:
            self.program = ElementProgram(function, input.spec, self.where)
        except NOT_TRACEABLE as error:
            self._reason = str(error).split("\n", 1)[0]

    def _identity(self) -> tuple[Any, ...]:
        return self._made_of

    @property
    def reason(self) -> str:
        """Why there is no program over blocks, or not even a compiled one for each element."""
        return self._calls.reason or self._reason

    def spec(self, input: Node) -> Any:
        """Specs of the results: those of the program, else of tries, else of the first element's result."""
        if self.program is not None:
            return self.program.spec
        if self._spec is None:
            self._spec = self._calls.spec(input.spec)
        if self._spec is None:
            found = specs_of(self._structure_of(first_row(input, self.where), 0, 0))
            # Of other elements it may give other sizes.
            self._spec = nest.map_structure(open_sizes, found)
        return self._spec

    def _structure_of(self, row: list[Any], epoch: int, index: int) -> Any:
        def key() -> Any:
            return element_key(self._key, np.uint32(epoch), np.uint64(index))

        try:
            return self._calls(row, key)
        except Exception as error:
            error.add_note(f"[{self.where}] while element {index} was computed")
            raise

    def of_row(self, row: list[Any], epoch: int, index: int) -> list[Any]:
        """Leaf values for one element, by a call of its own."""
        return nest.flatten(self._structure_of(row, epoch, index))

    def of_one(self, row: list[Any], epoch: int, index: int) -> list[Any]:
        """Leaf values for one element, by the program where there is one."""
        if self.program is None:
            return self.of_row(row, epoch, index)
        return self.program(of_rows([row]), self._key, epoch, index).row(0)

    def holds(self, row: list[Any], epoch: int, index: int) -> bool:
        """What a predicate says of one element."""
        (answer,) = self.of_one(row, epoch, index)
        return as_bool(answer, self.where)

    def of_block(self, block: Block, epoch: int, first: int, size: int) -> Block:
        """Results for a block of at most `size` rows, filled up so that one program serves all."""
        assert self.program is not None
        missing = size - block.size
        if missing:
            rows = np.concatenate([np.arange(block.size), np.full(missing, block.size - 1)])
            out = self.program(block.take(rows), self._key, epoch, first)
            return out.part(0, block.size)
        return self.program(block, self._key, epoch, first)


def open_sizes(spec: Any) -> Any:
    """The spec with all sizes unknown."""
    if isinstance(spec, TensorSpec):
        return TensorSpec([None] * len(spec.shape), spec.dtype)
    if isinstance(spec, RaggedTensorSpec):
        shape = [None] * len(spec.shape)
        return RaggedTensorSpec(shape, spec.dtype, spec.ragged_rank, spec.row_splits_dtype)
    return spec


class Map(Node):
    """Results of a function of each element.

    Args:
        input: The elements.
        function: The function.
        seed: Words of its random numbers.
        parallel: Elements computed at once in threads, where the function runs in Python; `AUTOTUNE` for
            as many as there are processors.
    """

    name = "map"

    def __init__(
        self, input: Node, function: Callable[..., Any], seed: tuple[int, ...], parallel: int | None = None
    ) -> None:
        super().__init__(input)
        self.computed = ElementFunction(function, input, "Dataset.map", seed)
        self._parallel = parallel

    @property
    def spec(self) -> Any:
        """What the function returns."""
        return self.computed.spec(self.inputs[0])

    def open(self, run: Run) -> Cursor:
        """Cursor that computes."""
        input = self.inputs[0].open(run)
        epoch = run_number(run)
        if self.computed.program is not None:
            return _ProgramCursor(input, self.computed, epoch, reads_anywhere(self.inputs[0]))
        threads = run.workers.count(self._parallel)
        if threads > 1 and run.threads:
            return _ThreadsCursor(input, self.computed, epoch, threads)
        return _PythonCursor(input, self.computed, epoch)

    def settings(self) -> dict[str, Any]:
        """Its function and how it runs."""
        found: dict[str, Any] = {"function": self.computed.where.partition(" ")[2].strip("'")}
        if self.computed.program is None:
            found |= {"runs": "for each element", "because": self.computed.reason}
            found |= {"threads": self._parallel} if self._parallel else {}
        else:
            found["runs"] = "as one program over blocks"
        return found


def reads_anywhere(node: Node) -> bool:
    """True where elements come from a table: reading some beforehand then waits for nobody."""
    if isinstance(node, Map):
        return node.computed.program is not None and reads_anywhere(node.inputs[0])
    return isinstance(node, (Gather, Range)) or node.reorders and all(map(reads_anywhere, node.inputs))


def run_number(run: Run) -> int:
    """One number for a pass, for the keys of its random draws."""
    number = 0
    for part in run.epoch:
        number = (number * 1000003 + part) & 0xFFFFFFFF
    return number


class _ProgramCursor(SimpleCursor):
    """Computes blocks; where elements are asked for one by one and `ahead` allows it, some beforehand."""

    def __init__(self, input: Cursor, computed: ElementFunction, epoch: int, ahead: bool) -> None:
        super().__init__(input)
        self._computed = computed
        self._epoch = epoch
        self._least = _AHEAD if ahead else 1
        self._index = 0
        self._size = 0
        self._ready: Block | None = None
        self._place = 0

    def next(self, size: int) -> Block | None:
        if self._ready is not None:
            part = self._ready.part(self._place, self._place + size)
            self._place += part.size
            if self._place >= self._ready.size:
                self._ready = None
            return part if part.size == size else self._completed(part, size)
        block = self._compute(max(size, self._least))
        if block is None or block.size <= size:
            return block
        self._ready, self._place = block, size
        return block.part(0, size)

    def _completed(self, part: Block, size: int) -> Block:
        rest = self.next(size - part.size)
        return part if rest is None else joined([part, rest])

    def _compute(self, size: int) -> Block | None:
        block = self.input.next(size)
        if block is None:
            return None
        first, self._index = self._index, self._index + block.size
        # A shorter block, at the end, is filled up to the usual size: one program serves both.
        self._size = max(self._size, block.size)
        try:
            return self._computed.of_block(block, self._epoch, first, self._size)
        except Exception as error:
            last = first + block.size - 1
            error.add_note(f"[{self._computed.where}] while elements {first} to {last} were computed")
            raise

    def skip(self, count: int) -> int:
        here = 0
        if self._ready is not None:
            here = min(count, self._ready.size - self._place)
            self._place += here
            if self._place >= self._ready.size:
                self._ready = None
        passed = self.input.skip(count - here)
        self._index += passed
        return here + passed


class _PythonCursor(SimpleCursor):
    def __init__(self, input: Cursor, computed: ElementFunction, epoch: int) -> None:
        super().__init__(input)
        self._computed = computed
        self._epoch = epoch
        self._index = 0

    def row(self) -> list[Any] | None:
        row = self.input.row()
        if row is None:
            return None
        index, self._index = self._index, self._index + 1
        return self._computed.of_row(row, self._epoch, index)

    def skip(self, count: int) -> int:
        passed = self.input.skip(count)
        self._index += passed
        return passed


class _ThreadsCursor(_PythonCursor):
    """Computes some elements ahead in threads and gives them in order."""

    def __init__(self, input: Cursor, computed: ElementFunction, epoch: int, threads: int) -> None:
        super().__init__(input, computed, epoch)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="thalweg-map")
        self._ahead = 2 * threads
        self._waiting: deque[Future[list[Any]]] = deque()

    def _fill(self) -> None:
        while len(self._waiting) < self._ahead and (row := self.input.row()) is not None:
            index, self._index = self._index, self._index + 1
            self._waiting.append(self._pool.submit(self._computed.of_row, row, self._epoch, index))

    def row(self) -> list[Any] | None:
        self._fill()
        return self._waiting.popleft().result() if self._waiting else None

    def skip(self, count: int) -> int:
        passed = min(count, len(self._waiting))
        for _ in range(passed):
            self._waiting.popleft()
        return passed + super().skip(count - passed)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        super().close()


class Filter(Node):
    """The elements for which a predicate is True.

    Args:
        input: The elements.
        predicate: Function of an element that returns a scalar bool.
        seed: Words of its random numbers.
    """

    name = "filter"

    def __init__(self, input: Node, predicate: Callable[..., Any], seed: tuple[int, ...]) -> None:
        super().__init__(input)
        self._computed = ElementFunction(predicate, input, "Dataset.filter", seed)

    @property
    def cardinality(self) -> int:
        """Unknown before they are looked at; none of none."""
        return 0 if self.inputs[0].cardinality == 0 else UNKNOWN

    def open(self, run: Run) -> Cursor:
        """Cursor that leaves out."""
        return _FilterCursor(self.inputs[0].open(run), self._computed, run_number(run))

    def settings(self) -> dict[str, Any]:
        """Its predicate."""
        return {"predicate": self._computed.where.partition(" ")[2].strip("'")}


class _FilterCursor(SimpleCursor):
    def __init__(self, input: Cursor, computed: ElementFunction, epoch: int) -> None:
        super().__init__(input)
        self._computed = computed
        self._epoch = epoch
        self._index = 0
        self._kept: Block | None = None
        self._place = 0

    def row(self) -> list[Any] | None:
        if self._computed.program is None:
            return self._row_in_python()
        while self._kept is None or self._place >= self._kept.size:
            block = self.input.next(_AHEAD)
            if block is None:
                return None
            first, self._index = self._index, self._index + block.size
            answers = self._computed.of_block(block, self._epoch, first, _AHEAD).columns[0]
            mask = np.asarray(answers)
            if mask.dtype != np.bool_ or mask.ndim != 1:
                as_bool(mask[0], self._computed.where)
            self._kept, self._place = block.take(np.flatnonzero(mask)), 0
        self._place += 1
        return self._kept.row(self._place - 1)

    def _row_in_python(self) -> list[Any] | None:
        while (row := self.input.row()) is not None:
            index, self._index = self._index, self._index + 1
            if self._computed.holds(row, self._epoch, index):
                return row
        return None

    def skip(self, count: int) -> int:
        passed = 0
        while passed < count and self.row() is not None:
            passed += 1
        return passed
