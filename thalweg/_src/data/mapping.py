"""Steps that compute: map, filter."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, pairwise
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.blocks import Block, joined, of_rows, specs_of, value_at
from thalweg._src.data.debugging import debug_mode
from thalweg._src.data.node import (
    UNKNOWN,
    AheadCursor,
    BlocksCursor,
    Cursor,
    Node,
    Run,
    SimpleCursor,
)
from thalweg._src.data.split import NotSplitError, SplitProgram
from thalweg._src.data.traced import (
    MANY_SHAPES,
    ElementCalls,
    ElementProgram,
    Mapped,
    Place,
    as_bool,
)
from thalweg._src.function.trace import NOT_TRACEABLE
from thalweg._src.ops.ragged.spec import RaggedTensorSpec
from thalweg._src.ops.sparse.spec import SparseTensorSpec
from thalweg._src.random.keys import element_key

# Rows that a program computes at once where elements are asked for one by one; of texts alone.
_AHEAD = 16
_TEXTS_AHEAD = 256
# So many elements without a result are looked at in order to find out what results are like.
_MOST_ERRORS = 16


class ElementFunction:
    """A user's function of one element, as a program where it can be one.

    Args:
        function: The function.
        input: Node of the elements.
        where: Name of the step for messages.
        seed: Words of the step's random numbers.

    Attributes:
        program: The program over blocks; None where the function is called for each element. One with a part
            on the host is tried until an element shows that it does not work.
        reason: Why there is none.
    """

    def __init__(self, function: Callable[..., Any], input: Node, where: str, seed: tuple[int, ...]) -> None:
        self.where = f"{where} {getattr(function, '__name__', type(function).__name__)!r}"
        self.program: ElementProgram | SplitProgram | None = None
        self._calls = ElementCalls(function, input.form, self.where)
        self._key = np.random.SeedSequence(seed).generate_state(2, np.uint32).astype(np.uint32)
        self._made_of = (function, seed)
        self._spec: Any = None
        self._reason = ""
        self._worked = False
        if debug_mode.on:
            self._reason = "debug mode is on"
            return
        try:
            self.program = ElementProgram(function, input.spec, self.where)
        except NOT_TRACEABLE as error:
            self._reason = str(error).split("\n", 1)[0]
            if all(isinstance(leaf, TensorSpec) for leaf in nest.flatten(input.spec)):
                self.program = SplitProgram(function, input.form, self.where)

    def _identity(self) -> tuple[Any, ...]:
        return self._made_of

    @property
    def reason(self) -> str:
        """Why there is no program over blocks, or not even a compiled one for each element."""
        return self._calls.reason or self._reason

    def spec(self, input: Node) -> Any:
        """Specs of the results: those of the program, else of tries, else of the first element's result."""
        if isinstance(self.program, ElementProgram):
            return self.program.spec
        if self._spec is None:
            self._spec = self._calls.spec(input.spec)
        if self._spec is None:
            # Of other elements it may give other sizes.
            self._spec = nest.map_structure(open_sizes, specs_of(self._first_result(input)))
        return self._spec

    def _first_result(self, input: Node) -> Any:
        """Structure of leaf values for the first element that has a result."""
        cursor = input.open(Run(threads=False))
        failure: Exception | None = None
        try:
            for index in range(_MOST_ERRORS):
                found = self._next_result(cursor, index)
                if not isinstance(found, Exception):
                    return found
                failure = failure or found
        finally:
            cursor.close()
        assert failure is not None
        raise failure

    def _next_result(self, cursor: Cursor, index: int) -> Any:
        """Structure of leaf values for the next element, or an error."""
        try:
            row = cursor.row()
            if row is None:
                raise ValueError(
                    f"[{self.where}] expected an element to find out what the function returns, got an empty "
                    "data set."
                )
            return self._structure_of(row, 0, index)
        except Exception as error:
            return error

    def look_at(self, input: Node) -> None:
        """Finds out from the first element how it runs, where that is had without others."""
        if isinstance(self.program, SplitProgram) and not self.program.traced and _begins_at_once(input):
            cursor = input.open(Run(threads=False))
            try:
                row = cursor.row()
                if row is not None:
                    self.program.learn(row)
            except NotSplitError:
                # Whether the element is to blame shows when it is called.
                next(self.results(of_rows([row or []]), 0, 0, 1))
            except Exception:
                # Elements that cannot be made are met again, where it matters.
                pass
            finally:
                cursor.close()

    @property
    def only_texts(self) -> bool:
        """Whether all is done for whole columns on the host."""
        return isinstance(self.program, SplitProgram) and self.program.only_texts

    def ahead(self, input: Node) -> int:
        """Rows that are computed at once where elements are asked for one by one."""
        split = self.program if isinstance(self.program, SplitProgram) else None
        if not is_at_hand(input) or split is not None and split.stateful:
            return 1
        if split is None or not self.only_texts:
            return _AHEAD
        return max(1, _TEXTS_AHEAD // split.largest)

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
        (found,) = self.results(of_rows([row]), epoch, index, 1)
        if isinstance(found, Exception):
            raise found
        return found.row(0)

    @property
    def function_name(self) -> str:
        """Name of the function."""
        return self.where.partition(" ")[2].strip("'")

    def settings(self, input: Node, threads: dict[str, Any]) -> dict[str, Any]:
        """How it runs, for `explain`."""
        self.look_at(input)
        if isinstance(self.program, ElementProgram):
            return {"runs": "as one program over blocks"}
        if self.program is None:
            return {"runs": "for each element", "because": self.reason, **threads}
        parts = self.program.parts() if self.program.traced else "the first element tells"
        return {"runs": f"as {parts}", **threads}

    def holds(self, row: list[Any], epoch: int, index: int) -> bool:
        """What a predicate says of one element."""
        (answer,) = self.of_one(row, epoch, index)
        return as_bool(answer, self.where)

    def results(
        self, block: Block, epoch: int, first: int, size: int, mapped: Mapped = map
    ) -> Iterator[Block | Exception]:
        """Results for the rows of a block, in parts; in place of rows that have none their errors.

        Args:
            block: The rows.
            epoch: Number of the pass.
            first: Number of the first element.
            size: Number of rows for which programs are compiled; fewer are filled up.
            mapped: Computes what is done row by row.
        """
        if self.program is None:
            yield from self._called(block, epoch, first, mapped)
            return
        place = Place(self._key, np.uint32(epoch), np.uint64(first))
        found = self._tried(self.program, block, place, size, mapped)
        if isinstance(found, Exception) and block.size == 1:
            (called,) = self._called(block, epoch, first, map)
            if isinstance(called, Block):
                self._doubt(found)
            yield called
        elif isinstance(found, Exception):
            cuts = [block.size // 2]
            if isinstance(found, NotSplitError):
                cuts = [found.row, found.row + 1]
            for start, stop in pairwise([0, *cuts, block.size]):
                if start < stop:
                    yield from self.results(block.part(start, stop), epoch, first + start, size, mapped)
        else:
            self._worked = True
            yield found

    def _tried(
        self, program: ElementProgram | SplitProgram, block: Block, place: Place, size: int, mapped: Mapped
    ) -> Block | Exception:
        try:
            return program(block, place, size, mapped)
        except Exception as error:
            return error

    def _doubt(self, failure: Exception) -> None:
        """The program failed for an element that is not to blame: it is of no use, or had bad luck."""
        if isinstance(failure, NotSplitError) or not self._worked:
            self.program, self._reason = None, str(failure).split("\n", 1)[0]
        if isinstance(failure, NotSplitError) and failure.varies:
            self._calls.give_up(self._reason)

    def _called(self, block: Block, epoch: int, first: int, mapped: Mapped) -> Iterable[Block | Exception]:
        def one(index: int) -> Block | Exception:
            try:
                return of_rows([self.of_row(block.row(index), epoch, first + index)])
            except Exception as error:
                return error

        return mapped(one, range(block.size))


def open_sizes(spec: Any) -> Any:
    """The spec with all sizes unknown."""
    if isinstance(spec, TensorSpec):
        return TensorSpec([None] * len(spec.shape), spec.dtype)
    if isinstance(spec, RaggedTensorSpec):
        shape = [None] * len(spec.shape)
        return RaggedTensorSpec(shape, spec.dtype, spec.ragged_rank, spec.row_splits_dtype)
    if isinstance(spec, SparseTensorSpec):
        return SparseTensorSpec([None] * len(spec.shape), spec.dtype)
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
        threads = run.workers.count(self._parallel) if run.threads else 1
        if self.computed.program is not None:
            return _ProgramCursor(self, input, epoch, threads)
        if threads > 1:
            return _ThreadsCursor(input, self.computed, epoch, threads)
        return _PythonCursor(input, self.computed, epoch)

    def settings(self) -> dict[str, Any]:
        """Its function and how it runs."""
        threads = {"threads": self._parallel} if self._parallel else {}
        return {"function": self.computed.function_name, **self.computed.settings(self.inputs[0], threads)}


def is_at_hand(node: Node) -> bool:
    """True where elements come from tables and files: reading some beforehand then waits for nobody."""
    if isinstance(node, Map):
        ready = node.computed.program is not None
    else:
        ready = node.at_hand or node.reorders
    return ready and all(map(is_at_hand, node.inputs))


def _begins_at_once(node: Node) -> bool:
    """True where the first element waits for nobody, and for no others to be computed."""
    if isinstance(node, Map):
        return node.computed.program is not None and _begins_at_once(node.inputs[0])
    return is_at_hand(node) and _without_maps(node)


def _without_maps(node: Node) -> bool:
    return not isinstance(node, Map) and all(map(_without_maps, node.inputs))


def run_number(run: Run) -> int:
    """One number for a pass, for the keys of its random draws."""
    number = 0
    for part in run.epoch:
        number = (number * 1000003 + part) & 0xFFFFFFFF
    return number


class _ProgramCursor(AheadCursor):
    """Computes blocks; where elements are asked for one by one and nobody waits for it, some beforehand."""

    def __init__(self, node: Map, input: Cursor, epoch: int, threads: int) -> None:
        split = threads > 1 and isinstance(node.computed.program, SplitProgram)
        super().__init__(input, threads if split else 0, "thalweg-map")
        self._node = node
        self._computed = node.computed
        self._epoch = epoch
        self._threads = threads
        self._least = 2 * threads if split else 1
        self._index = 0
        self._size = 0

    def _made(self, missing: int, asked: int) -> Iterator[Block | Exception] | None:
        least = max(self._least, self._computed.ahead(self._node.inputs[0]))
        block = self.input.next(max(missing, least))
        if block is None:
            return None
        first, self._index = self._index, self._index + block.size
        # A shorter block, at the end, is filled up to the usual size: one program serves both.
        self._size = max(self._size, block.size)
        if self._pool is not None and self._computed.only_texts:
            return self._in_shares(self._pool, block, first)
        mapped = map if self._pool is None else self._pool.map
        return self._computed.results(block, self._epoch, first, self._size, mapped)

    def _in_shares(
        self, pool: ThreadPoolExecutor, block: Block, first: int
    ) -> Iterator[Block | Exception]:
        """Results for the rows, of which each thread computes some: what is done for columns takes one."""

        def share(ends: tuple[int, int]) -> list[Block | Exception]:
            part = block.part(*ends)
            return list(self._computed.results(part, self._epoch, first + ends[0], part.size))

        count = min(self._threads, block.size)
        ends = [block.size * n // count for n in range(count + 1)]
        return chain.from_iterable(pool.map(share, pairwise(ends)))

    def _skip_input(self, count: int) -> int:
        passed = super()._skip_input(count)
        self._index += passed
        return passed


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
        input = self.inputs[0].open(run)
        return BlocksCursor(self._kept(input, run_number(run)), input)

    def _kept(self, input: Cursor, epoch: int) -> Iterator[Block | Exception]:
        """The rows of blocks for which the predicate is True, and errors."""
        index = 0
        while True:
            size = 1 if self._computed.program is None else max(_AHEAD, self._computed.ahead(self.inputs[0]))
            block = input.next(size)
            if block is None:
                return
            start = 0
            for answers in self._computed.results(block, epoch, index, size):
                if isinstance(answers, Exception):
                    yield answers
                    start += 1
                    continue
                part = block.part(start, start + answers.size)
                start += answers.size
                (column,) = answers.columns
                mask = np.asarray(column)
                if mask.dtype != np.bool_ or mask.ndim != 1:
                    as_bool(value_at(column, 0), self._computed.where)
                yield part.take(np.flatnonzero(mask))
            index += block.size

    def settings(self) -> dict[str, Any]:
        """Its predicate, and how it runs."""
        return {"predicate": self._computed.function_name, **self._computed.settings(self.inputs[0], {})}
