"""Steps that carry something from element to element: scan, take_while, unique, ignore_errors."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.core import xla
from thalweg._src.data.blocks import Form, specs_of, structured
from thalweg._src.data.debugging import debug_mode
from thalweg._src.data.mapping import ElementFunction, open_sizes, run_number
from thalweg._src.data.node import UNKNOWN, Cursor, Node, Run, SimpleCursor, first_row
from thalweg._src.function.function import Function

_log = logging.getLogger("thalweg")


class StateFunction:
    """A function of (state, element), compiled.

    Args:
        function: The function.
        where: Name for messages.
    """

    def __init__(self, function: Callable[..., Any], where: str) -> None:
        self._where = f"{where} {getattr(function, '__name__', type(function).__name__)!r}"
        self._made_of = function
        compiled = Function(function, self._where, reduce_retracing=True)
        self._function: Callable[..., Any] = function if debug_mode.on else compiled

    def _identity(self) -> list[Any]:
        return [self._made_of]

    def __call__(self, state: Any, element: Any, index: int) -> Any:
        """What the function returns, as a structure of leaf values."""
        try:
            found = self._function(state, element)
            return structured(tuple(found) if type(found) is list else found)
        except Exception as error:
            error.add_note(f"[{self._where}] while element {index} was computed")
            raise


class Scan(Node):
    """Results of a function that carries a state from element to element.

    Args:
        input: The elements.
        state: The first state.
        function: ``(state, element) -> (new state, result)``.
    """

    name = "scan"

    def __init__(self, input: Node, state: Any, function: Callable[..., Any]) -> None:
        super().__init__(input)
        self.state = structured(state)
        self.function = StateFunction(function, "Dataset.scan")
        self._spec: Any = None

    @property
    def spec(self) -> Any:
        """What the function returns for the first element."""
        if self._spec is None:
            row = first_row(self.inputs[0], "Dataset.scan")
            found = specs_of(self.step(self.state, row, 0)[1])
            closed = all(s.shape.is_fully_defined() for s in nest.flatten(self.inputs[0].spec))
            # Of elements of other sizes it may give other sizes.
            self._spec = found if closed else nest.map_structure(open_sizes, found)
        return self._spec

    def step(self, state: Any, row: list[Any], index: int) -> tuple[Any, Any]:
        """New state and result for an element."""
        tensors = Form(state).tensors(nest.flatten(state))
        found = self.function(tensors, self.inputs[0].form.tensors(row), index)
        if not isinstance(found, tuple) or len(found) != 2:
            raise TypeError(
                f"[Dataset.scan] expected scan_func to return (state, result), got {type(found).__name__}."
            )
        nest.assert_same_structure(state, found[0])
        return found

    def open(self, run: Run) -> Cursor:
        """Cursor with the first state."""
        return _ScanCursor(self, self.inputs[0].open(run))


class _ScanCursor(SimpleCursor):
    def __init__(self, node: Scan, input: Cursor) -> None:
        super().__init__(input)
        self._node = node
        self._state = node.state
        self._index = 0

    def row(self) -> list[Any] | None:
        row = self.input.row()
        if row is None:
            return None
        self._state, result = self._node.step(self._state, row, self._index)
        self._index += 1
        return nest.flatten(result)

    def skip(self, count: int) -> int:
        return Cursor.skip(self, count)


class TakeWhile(Node):
    """The elements before the first for which a predicate is False.

    Args:
        input: The elements.
        predicate: Function of an element that returns a scalar bool.
        seed: Words of its random draws.
    """

    name = "take_while"

    def __init__(self, input: Node, predicate: Callable[..., Any], seed: tuple[int, ...]) -> None:
        super().__init__(input)
        self.predicate = ElementFunction(predicate, input, "Dataset.take_while", seed)

    @property
    def cardinality(self) -> int:
        """Unknown; none of none."""
        return 0 if self.inputs[0].cardinality == 0 else UNKNOWN

    def open(self, run: Run) -> Cursor:
        """Cursor that may end early."""
        return _WhileCursor(self, self.inputs[0].open(run), run_number(run))


class _WhileCursor(SimpleCursor):
    def __init__(self, node: TakeWhile, input: Cursor, epoch: int) -> None:
        super().__init__(input)
        self._node = node
        self._epoch = epoch
        self._index = 0
        self._ended = False

    def row(self) -> list[Any] | None:
        row = None if self._ended else self.input.row()
        if row is None:
            return None
        if not self._node.predicate.holds(row, self._epoch, self._index):
            self._ended = True
            return None
        self._index += 1
        return row

    def skip(self, count: int) -> int:
        return Cursor.skip(self, count)


class Unique(Node):
    """The elements that were not there before.

    Args:
        input: Elements of one leaf: numbers or strings.
    """

    name = "unique"

    @property
    def cardinality(self) -> int:
        """Unknown; none of none."""
        return 0 if self.inputs[0].cardinality == 0 else UNKNOWN

    def open(self, run: Run) -> Cursor:
        """Cursor that has seen none."""
        return _UniqueCursor(self.inputs[0].open(run))


class _UniqueCursor(SimpleCursor):
    def __init__(self, input: Cursor) -> None:
        super().__init__(input)
        self._seen: set[Any] = set()

    def row(self) -> list[Any] | None:
        while (row := self.input.row()) is not None:
            key = tuple(map(_key_of, row))
            if key not in self._seen:
                self._seen.add(key)
                return row
        return None

    def skip(self, count: int) -> int:
        return Cursor.skip(self, count)


def _key_of(value: Any) -> Any:
    array = np.asarray(value)
    return tuple(array.reshape(-1).tolist()) if array.dtype == object else array.tobytes()


class IgnoreErrors(Node):
    """The elements that can be made; the others are left out and counted.

    Args:
        input: The elements.
        log_warning: Whether each error is logged.

    Attributes:
        skipped: Elements left out so far, in all passes.
    """

    name = "ignore_errors"

    def __init__(self, input: Node, log_warning: bool) -> None:
        super().__init__(input)
        self._logs = log_warning
        self.skipped = [0]

    @property
    def cardinality(self) -> int:
        """Unknown; none of none."""
        return 0 if self.inputs[0].cardinality == 0 else UNKNOWN

    def open(self, run: Run) -> Cursor:
        """Cursor that goes on after errors."""
        return _IgnoreCursor(self.inputs[0].open(run), self._logs, self.skipped)

    def settings(self) -> dict[str, Any]:
        """How many were left out so far."""
        return {"skipped": self.skipped[0]}


class _IgnoreCursor(SimpleCursor):
    # So many errors without an element between them are no bad elements, but a bad source.
    _MOST = 10_000

    def __init__(self, input: Cursor, logs: bool, skipped: list[int]) -> None:
        super().__init__(input)
        self._logs = logs
        self._skipped = skipped

    def row(self) -> list[Any] | None:
        for _ in range(self._MOST):
            try:
                row = self.input.row()
                # What a program computed may fail only when it is looked at.
                for value in row or ():
                    if type(value) is xla.ArrayImpl:
                        value.block_until_ready()
                return row
            except Exception as error:
                latest = error
                self._skipped[0] += 1
                if self._logs:
                    told = [str(error), *getattr(error, "__notes__", ())]
                    _log.warning("[Dataset.ignore_errors] left out an element: %s", "\n".join(told))
        raise latest

    def skip(self, count: int) -> int:
        return Cursor.skip(self, count)
