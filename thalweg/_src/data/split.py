"""Functions of one element in three parts: on the host, as one program over blocks, and on the host again.

Paths become pictures, texts become numbers: such work has no place on a device, but what follows has. A
function is traced on real elements, which show what its ops on the host give. Where a later element shows
that sizes vary, it is traced again on both: NumPy then goes on until all is of one size, as
`function.host_work` says.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import jax
import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import UnimplementedError
from thalweg._src.core import xla
from thalweg._src.core.host_parts import Samples
from thalweg._src.core.recorders import state
from thalweg._src.core.tensor import Tensor
from thalweg._src.data.blocks import (
    Block,
    Column,
    Form,
    joined,
    of_rows,
    stacked,
    structured,
    value_at,
)
from thalweg._src.data.traced import (
    MANY_SHAPES,
    MOST_SHAPES,
    NO_KEY,
    Mapped,
    OverRows,
    Place,
    call_with,
    kept_tensor,
)
from thalweg._src.function.autograph import convert
from thalweg._src.function.host_work import HostCall, HostWork, OtherShapesError
from thalweg._src.function.trace import OUTPUT, HostOutput, outside_programs, trace_body
from thalweg._src.random.global_generator import ElementScope, drawing_from

Row = list[Any]


class NotSplitError(Exception):
    """A function cannot be split into parts; the message says why.

    Args:
        reason: Why.
        row: The row of the block that showed it.
        varies: Whether shapes vary: programs for single elements would not pay either.
    """

    def __init__(self, reason: str, row: int, varies: bool) -> None:
        super().__init__(reason.split("\n", 1)[0])
        self.row = row
        self.varies = varies


class SplitProgram:
    """A function of one element with a part on the host, for all rows of a block.

    Elements of a few shapes, such as batches, have programs of their own; where there are more, one serves
    all of them.

    Args:
        function: Called with the element: a tuple as arguments.
        form: Structure of an element.
        name: Name for messages.
    """

    def __init__(self, function: Callable[..., Any], form: Form, name: str) -> None:
        self._function = convert(function)
        self._form = form
        self._name = name
        self._programs: dict[Any, _Traced] = {}
        self._lock = threading.RLock()

    @property
    def traced(self) -> bool:
        """Whether an element was seen."""
        return bool(self._programs)

    @property
    def depends_on_place(self) -> bool:
        """Whether the same element may give something else at another place."""
        found = list(self._programs.values())
        return not found or any(p.draws or p.stateful for p in found)

    @property
    def only_texts(self) -> bool:
        """Whether all is done for whole columns on the host, so that large blocks pay."""
        found = list(self._programs.values())
        return bool(found) and all(p.only_columns for p in found)

    @property
    def largest(self) -> int:
        """Numbers or texts in the largest leaf of an element that was seen."""
        return max((np.size(leaf) for p in list(self._programs.values()) for leaf in p.rows[0]), default=1)

    @property
    def stateful(self) -> bool:
        """Whether it has effects, which come when an element is asked for."""
        return any(p.stateful for p in list(self._programs.values()))

    def learn(self, row: Row) -> None:
        """Traces the function on an element.

        Raises:
            NotSplitError: It cannot be split.
        """
        self._program(_columns(of_rows([row])))

    def __call__(self, block: Block, where: Place, size: int, mapped: Mapped = map) -> Block:
        """Results for the rows of a block.

        Args:
            block: The elements.
            where: Where the rows are in the data set.
            size: Number of rows for which programs are compiled; fewer are filled up.
            mapped: Computes rows, one after the other or in threads.

        Raises:
            NotSplitError: The function cannot be split, or not for these elements.
        """
        columns = _columns(block)
        if any(type(c) is list for c in columns) and None not in self._programs:
            # Shapes differ, and none serves all yet.
            return joined([self._one(block, i, where) for i in range(block.size)])
        while True:
            program = self._program(columns)
            try:
                return program(columns, block.size, where, size, mapped)
            except _OtherRowError as error:
                self._learn_more(program, _row(columns, error.row), error.row)

    def _one(self, block: Block, index: int, where: Place) -> Block:
        try:
            return self(block.part(index, index + 1), where.later(index), 1)
        except NotSplitError as error:
            error.row = index
            raise

    def _program(self, columns: Sequence[Column]) -> _Traced:
        key = None
        if not any(type(c) is list for c in columns):
            key = tuple((c.shape[1:], c.dtype) for c in columns)
        found = self._programs.get(key) or self._programs.get(None)
        if found is not None:
            return found
        with self._lock:
            row = _row(columns, 0)
            if len(self._programs) < MOST_SHAPES:
                self._programs[key] = self._trace([row], 0)
                return self._programs[key]
            rows = [program.rows[0] for program in self._programs.values()]
            self._programs[None] = self._trace([*rows, row], 0)
            return self._programs[None]

    def _learn_more(self, program: _Traced, row: Row, number: int) -> None:
        with self._lock:
            for key, known in list(self._programs.items()):
                # Another thread may have been faster.
                if known is program:
                    self._programs[key] = self._trace([*program.rows, row], number)
                    return

    def _trace(self, rows: list[Row], number: int) -> _Traced:
        if len(rows) > 2 * MOST_SHAPES:
            raise NotSplitError(MANY_SHAPES, number, True)
        try:
            with outside_programs():
                return _Traced(self._function, self._form, self._name, rows)
        except Exception as error:
            reason = f"{MANY_SHAPES}: " * (len(rows) > 1) + (str(error) or type(error).__name__)
            raise NotSplitError(reason, number, len(rows) > 1) from error

    def parts(self) -> str:
        """How it runs, with the names of the ops of each part."""
        *_, latest = list(self._programs.values())
        return latest.parts()


def _columns(block: Block) -> list[Column]:
    return [stacked(c) if type(c) is list else c for c in block.columns]


def _row(columns: Sequence[Column], index: int) -> Row:
    return [value_at(column, index) for column in columns]


class _OtherRowError(Exception):
    """A row of the block shows other shapes than those that tracing was shown."""

    def __init__(self, row: int) -> None:
        super().__init__()
        self.row = row


class _Traced:
    """The function, traced on some elements.

    Args:
        function: The function.
        form: Structure of an element.
        name: Name for messages.
        rows: The elements.

    Attributes:
        rows: The elements.
        draws: Whether it draws random numbers.
        stateful: Whether an op on the host has a state or effects.
        only_columns: Whether all is done on the host for whole columns.
    """

    def __init__(self, function: Callable[..., Any], form: Form, name: str, rows: list[Row]) -> None:
        self.rows = rows
        self._names = _Names()
        scopes: list[ElementScope] = []

        def run(key: Tensor, *leaves: Tensor) -> Any:
            scopes.append(ElementScope(key))
            state.recorders.append(self._names)
            with drawing_from(scopes[-1]):
                return structured(call_with(function, form.pack(leaves)), kept_tensor)

        samples = [Samples(list(map(np.asarray, values))) for values in zip(*rows, strict=True)]
        self._body = trace_body(run, [NO_KEY, *samples], name, keyed=True)
        self.draws = scopes[-1].draws
        self._leaves = nest.flatten(self._body.structure)
        if any(hasattr(leaf, "element_spec") for leaf in self._leaves):
            raise UnimplementedError("expected results that are tensors, got a data set")
        assert self._body.host is not None
        self._host: HostWork = self._body.host
        states = {call.late for call in self._host.calls if call.stateful}
        if len(states) > 1:
            raise UnimplementedError("a table changes between elements, which are computed side by side")
        self.stateful = bool(states) or any(not call.outputs for call in self._host.calls)
        self._over_rows = OverRows(self._body, self.draws)
        self._drawn = OverRows(self._body, True, before=True) if self._host.drawn else None
        feeds = self._host.feeds
        forms = [jax.ShapeDtypeStruct((2, *p.sizes), p.dtype) for p in map(self._host.part, feeds)]
        self._over_rows.check(forms or [np.zeros(2, bool)])
        late = [call for call in self._host.calls if call.late]
        outputs = nest.flatten(self._body.structure, expand_composites=True)
        self._returned = {leaf.place for leaf in outputs if type(leaf) is HostOutput}
        wanted = {*feeds, *self._returned, *(n for call in late for n in call.places)}
        self._before = _Columns(self._host, [c for c in self._host.calls if not c.late], wanted)
        self._after = _Columns(self._host, late, self._returned)
        self._computes = bool(self._body.output_count or self._body.calls_back)
        self.only_columns = not (feeds or self.draws or self._before.rows or self._after.rows)

    def __call__(
        self, columns: Sequence[Column], count: int, where: Place, size: int, mapped: Mapped
    ) -> Block:
        known: dict[int, Column] = {}
        for place, column in zip(self._host.arguments, columns, strict=True):
            known[place] = self._argument(place, column)
        if self._drawn is not None:
            drawn = self._drawn([np.zeros(count, bool)], where, size)
            known.update(zip(self._host.drawn, map(np.asarray, drawn), strict=True))
        self._before.run(known, (), count, mapped)
        outputs: list[Any] = []
        if self._computes:
            feeds = [known[n] for n in self._host.feeds]
            outputs = self._over_rows(feeds or [np.zeros(count, bool)], where, size)
        late = len(outputs) - len(self._host.results)
        self._after.run(known, list(map(np.asarray, outputs[late:])), count, map)
        return self._block(outputs, known, count)

    def _argument(self, place: int, column: Column) -> Column:
        if type(column) is not list:
            return self._checked(place, column, 0, 1)
        for index, value in enumerate(column):
            self._checked(place, value, index, 0)
        return column

    def _checked(self, place: int, array: Any, row: int, rows: int) -> Any:
        try:
            return self._host.checked(place, array, rows)
        except OtherShapesError:
            raise _OtherRowError(row) from None

    def _block(self, outputs: list[Any], known: dict[int, Column], count: int) -> Block:
        if any(hasattr(leaf, "_flatten_composite") for leaf in self._leaves):
            return of_rows([self._composites(outputs, known, index) for index in range(count)])
        fresh = iter(outputs)
        columns = []
        for leaf in self._leaves:
            if type(leaf) is HostOutput:
                columns.append(known[leaf.place])
            else:
                columns.append(next(fresh) if leaf is OUTPUT else np.repeat(leaf.array[None], count, 0))
        return Block(columns, count)

    def _composites(self, outputs: list[Any], known: dict[int, Column], index: int) -> Row:
        leaves = [Tensor(value_at(column, index)) for column in outputs]
        on_host = {n: value_at(known[n], index) for n in self._returned}
        return nest.flatten(structured(self._body.rebuild(leaves, on_host)))

    def parts(self) -> str:
        """How it runs, with the names of the ops of each part."""
        early, late = ([c.name for c in self._host.calls if c.late is late] for late in (False, True))
        shown = [("host part", early), ("host part", late)]
        if self._computes:
            shown.insert(1, ("one program over blocks", self._names.found))
        found = [f"{what} ({', '.join(dict.fromkeys(names))})" for what, names in shown if names]
        if self._drawn is not None:
            found.insert(0, "one program over blocks")
        return ", ".join(found) or "one program over blocks"


class _Names:
    """Notes the names of ops that go into the compiled part."""

    differentiates = False

    def __init__(self) -> None:
        self.found: list[str] = []

    def follows(self, tensor: Any) -> bool:
        return False

    def followed_tensors(self) -> Sequence[Any]:
        return ()

    def variable_read(self, variable: Any, tensor: Any) -> None:
        """Not noted."""

    def record(self, call: Any) -> None:
        self.found.append(call.op.name)


class _Columns:
    """Calls of the host for all rows of a block: for whole columns where the op allows it, else row by row.

    Args:
        host: The host's part.
        calls: The calls.
        wanted: Numbers of the host arrays that are wanted.

    Attributes:
        rows: Calls that are made row by row.
    """

    def __init__(self, host: HostWork, calls: Sequence[HostCall], wanted: set[int]) -> None:
        self._host = host
        stacks = {id(call): host.stacks(call) for call in calls}
        own = {n for call in calls for n in call.outputs}
        made: set[int] = set()
        self._first: list[HostCall] = []
        rest: list[HostCall] = []
        for call in calls:
            if stacks[id(call)] and not call.places & (own - made):
                self._first.append(call)
                made.update(call.outputs)
            else:
                rest.append(call)
        # A row goes through its calls at once, but for those that nothing else in it waits for.
        self.rows: list[HostCall] = []
        self._last: list[HostCall] = []
        needed: set[int] = set()
        for call in reversed(rest):
            if stacks[id(call)] and not needed & set(call.outputs):
                self._last.insert(0, call)
            else:
                self.rows.insert(0, call)
                needed |= call.places
        made = {n for call in self.rows for n in call.outputs}
        self._taken = sorted(needed - made)
        self._kept = sorted(made & (wanted | {n for call in self._last for n in call.places}))

    def run(self, known: dict[int, Column], results: Sequence[Any], count: int, mapped: Mapped) -> None:
        """Adds columns of what the calls make.

        Args:
            known: Columns by number.
            results: Columns of results of the compiled part.
            count: Number of rows.
            mapped: Computes rows.
        """
        self._whole(self._first, known, results)
        if self.rows:
            taken = [(n, _on_host(known, n)) for n in self._taken]

            def one(index: int) -> Row:
                row = {n: value_at(column, index) for n, column in taken}
                values = [value_at(column, index) for column in results]
                try:
                    for call in self.rows:
                        self._host.make(call, row, values)
                except OtherShapesError:
                    raise _OtherRowError(index) from None
                return [row[n] for n in self._kept]

            found: Iterable[Any] = list(mapped(one, range(count)))
            known.update(zip(self._kept, map(stacked, zip(*found, strict=True)), strict=False))
        self._whole(self._last, known, results)

    def _whole(self, calls: Sequence[HostCall], known: dict[int, Column], results: Sequence[Any]) -> None:
        for call in calls:
            for n in call.places:
                _on_host(known, n)
            known.update(zip(call.outputs, call.run(known, results), strict=True))


def _on_host(known: dict[int, Column], number: int) -> Column:
    """The column, now no longer on the device."""
    if type(known[number]) is xla.ArrayImpl:
        known[number] = np.asarray(known[number])
    return known[number]
