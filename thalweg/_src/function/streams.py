"""Loops over data sets in compiled functions: Python takes the elements, a program works on each of them.

A program cannot take elements from a data set. So a function with such a loop runs in Python, converted,
and the body of the loop is compiled instead: what it changes and all tensors that it reads are arguments
and results of its program. The program serves later loops over elements of the same shapes and dtypes.
"""

from __future__ import annotations

import threading
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base import nest
from thalweg._src.base.errors import DataDependentShapeError
from thalweg._src.core import xla
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.core.tensor import Tensor
from thalweg._src.function import signature
from thalweg._src.function.autograph_statements import (
    Getter,
    Setter,
    State,
    Undefined,
    UndefinedReturnValue,
)
from thalweg._src.function.concrete import ConcreteFunction
from thalweg._src.function.staging import NUMBERS
from thalweg._src.function.trace import OUTPUT
from thalweg._src.function.uncompiled import Uncompiled

# Programs of one body, more than which are thought to be of objects that are new each time.
_MOST_PROGRAMS = 32
_END = object()
# Variables that conversion adds to a function.
_OF_CONVERSION = ("fscope", "ag__")


class StreamLoopError(DataDependentShapeError):
    """A loop over a data set was met while a program was traced."""


class _Running(threading.local):
    def __init__(self) -> None:
        self.loops: Loops | None = None
        self.frame: _Frame | None = None


_running = _Running()


def is_stream(value: Any) -> bool:
    """True for what gives elements one by one: data sets and their iterators."""
    return hasattr(type(value), "element_spec")


def refuse_streams(iterable: Any) -> None:
    """Refuses to trace a loop over a data set, whose elements would become constants of the program.

    Raises:
        StreamLoopError: A program is being traced; the function then runs as `Streaming`.
    """
    if xla.tracing() and is_stream(iterable):
        raise StreamLoopError(
            f"[for] expected tensors to loop over in a compiled function, got {type(iterable).__name__}; "
            "loop outside, and compile the function that works on one element."
        )


def streaming() -> Loops | None:
    """Programs of the bodies of loops over data sets, where the running function has such; else None."""
    return None if xla.tracing() else _running.loops


class Loops:
    """Compiled bodies of the loops over data sets in one function.

    Args:
        make: Compiles a function of tensors and Python values.
    """

    def __init__(self, make: Callable[[Callable[..., Any]], Any]) -> None:
        self._make = make
        self._steps: dict[Any, Any] = {}

    @contextmanager
    def used(self) -> Iterator[None]:
        """Context in which loops over data sets run with these programs."""
        before, _running.loops = _running.loops, self
        try:
            yield
        finally:
            _running.loops = before

    def run(
        self,
        stream: Any,
        extra_test: Callable[[], Any] | None,
        body: Callable[[Any], None],
        get_state: Getter,
        set_state: Setter,
        symbol_names: Sequence[str],
    ) -> None:
        """``for target in stream: body(target)``, as long as `extra_test` holds (break and return)."""
        code = body.__code__
        step = self._steps.get(code)
        if step is None or step.program_count > _MOST_PROGRAMS:
            step = self._steps[code] = self._make(_step)
        frame = _Frame(body, get_state, set_state, symbol_names)
        before, iterator, begun = get_state(), iter(stream), False
        while extra_test is None or extra_test():
            element = next(iterator, _END)
            if element is _END:
                break
            if not begun:
                frame.settle(step, element)
                begun = True
            frame.run(step, element)
        frame.end(before)


class Streaming(Uncompiled):
    """Stands in the place of a program; runs the converted function, whose loops over data sets compile.

    Args:
        function: The converted function.
        arguments: ``(args, kwargs)`` of the call.
        loops: Programs of its loops.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: tuple[tuple[Any, ...], dict[str, Any]],
        loops: Loops,
    ) -> None:
        super().__init__(function, arguments)
        self._loops = loops

    def run(self, tensors: Sequence[Tensor]) -> Any:
        """Result for the tensors among the arguments, in order."""
        with self._loops.used():
            return super().run(tensors)


class _Key:
    """Hashable form of what a body reads and does not change, made once a loop."""

    def __init__(self, key: Any) -> None:
        self._key, self._hash = key, hash(key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._key == other._key

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"<values read in the loop: {self._key}>"


class _Frame:
    """One run of a loop: its body, what the body changes and what it reads besides.

    Args:
        body: The body; its closure holds the variables of the function around it.
        get_state: Reads what the loop changes.
        set_state: Writes it.
        names: Names of these variables.
    """

    def __init__(
        self, body: Callable[[Any], None], get_state: Getter, set_state: Setter, names: Sequence[str]
    ) -> None:
        self.body, self.get, self.set = body, get_state, set_state
        self._names = list(names)
        cells, codes = _cells_of(body, names)
        self._cells = cells
        self._read = {name: cell.cell_contents for name, cell in cells.items()}
        key, self._tensors = signature.split([self._read, codes], {})
        self._key = _Key(key)

    def _arguments(self, element: Any) -> tuple[Any, ...]:
        return tuple(map(_marked, self.get())), self._key, self._tensors, element

    def run(self, step: Any, element: Any) -> None:
        """Works on one element."""
        before, _running.frame = _running.frame, self
        try:
            values = step(*self._arguments(element))
        finally:
            _running.frame = before
        self._put(values)

    def _put(self, values: Sequence[Any]) -> None:
        pairs = zip(self._names, values, strict=True)
        self.set(tuple(_unmarked(name, value) for name, value in pairs))

    def settle(self, step: Any, element: Any) -> None:
        """Gives numbers the dtype, and what has no value yet the form, that they have after an iteration.

        So that one program serves the first iteration and all others.
        """
        values = self.get()
        if not any(isinstance(leaf, (*NUMBERS, *_MISSING)) for leaf in nest.flatten(values)):
            return
        before, _running.frame = _running.frame, self
        try:
            program = step.get_concrete_function(*self._arguments(element))
        finally:
            _running.frame = before
        if not isinstance(program, ConcreteFunction) or program.on_host:
            return
        specs = iter(program.outputs)
        after = nest.map_structure(
            lambda leaf: next(specs) if leaf is OUTPUT else leaf,
            program.structured_outputs,
            expand_composites=True,
        )
        self.set(tuple(map(_settled, values, after)))

    def end(self, before: State) -> None:
        """Takes back the return value that a program carried when no return has run."""
        values = self.get()
        if not any(isinstance(value, UndefinedReturnValue) for value in before):
            return
        flags = [v for n, v in zip(self._names, values, strict=True) if n.startswith("do_return")]
        if not any(flags):
            self.set(
                tuple(
                    old if isinstance(old, UndefinedReturnValue) else new
                    for old, new in zip(before, values, strict=True)
                )
            )

    def trace(self, state: Sequence[Any], tensors: Sequence[Any], element: Any) -> tuple[Any, ...]:
        """New state for traced tensors; the variables of the function are afterwards as before."""
        before = self.get()
        read = signature.substitute(self._read, list(tensors))
        form = nest.map_structure(id, read)
        self._fill(read)
        try:
            self._put(state)
            self.body(element)
            changed = [name for name, ids in form.items() if nest.map_structure(id, read[name]) != ids]
            if changed:
                raise DataDependentShapeError(
                    f"[for] expected {changed[0]!r} to stay as it is in a compiled loop, got items added or "
                    "replaced; collect results in a tf.TensorArray."
                )
            return tuple(map(_marked, self.get()))
        finally:
            self._fill(self._read)
            self.set(before)

    def _fill(self, values: dict[str, Any]) -> None:
        for name, cell in self._cells.items():
            cell.cell_contents = values[name]

    def plainly(self, state: Sequence[Any], element: Any) -> tuple[Any, ...]:
        """New state where the body cannot be compiled."""
        self._put(state)
        self.body(element)
        return tuple(map(_marked, self.get()))


def _step(state: Sequence[Any], key: _Key, tensors: Sequence[Any], element: Any) -> tuple[Any, ...]:
    """What is compiled: the body of the loop that runs."""
    frame = _running.frame
    assert frame is not None
    return frame.trace(state, tensors, element) if xla.tracing() else frame.plainly(state, element)


_MISSING = (Undefined, UndefinedReturnValue)


def _marked(value: Any) -> Any:
    """A value that is missing as its class, which is the same in every run; else the value."""
    return type(value) if isinstance(value, _MISSING) else value


def _unmarked(name: str, value: Any) -> Any:
    if value is Undefined:
        return Undefined(name)
    return UndefinedReturnValue() if value is UndefinedReturnValue else value


def _settled(value: Any, after: Any) -> Any:
    specs = nest.flatten(after)
    if isinstance(value, _MISSING):
        if not all(isinstance(spec, TensorSpec) for spec in specs):
            return value
        return nest.map_structure(lambda s: Tensor(jnp.zeros(s.shape, s.dtype.numpy_dtype)), after)
    leaves = nest.flatten(value)
    if len(leaves) != len(specs):
        return value
    return nest.pack_sequence_as(value, list(map(_as_after, leaves, specs)))


def _as_after(leaf: Any, spec: Any) -> Any:
    if isinstance(leaf, NUMBERS) and isinstance(spec, TensorSpec) and spec.shape == ():
        return Tensor(np.asarray(leaf, spec.dtype.numpy_dtype))
    return leaf


def _cells_of(body: Any, changed: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Cells of variables that a body reads and does not change, and the local functions that it reads.

    A function defined around the loop is another one in each call. So it goes by its code, and what it reads
    counts as read by the body.
    """
    cells: dict[str, Any] = {}
    functions: dict[str, Any] = {}
    met: set[int] = set()

    def walk(function: Any, path: str, left_out: Sequence[str]) -> None:
        free = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        for name, cell in sorted(free, key=lambda pair: pair[0] not in left_out):
            seen = id(cell) in met
            met.add(id(cell))
            if seen or name in left_out or name in _OF_CONVERSION or _is_empty(cell):
                continue
            value = cell.cell_contents
            if isinstance(value, types.FunctionType) and value.__closure__:
                functions[path + name] = (value.__code__, value.__defaults__, value.__kwdefaults__)
                walk(value, f"{path}{name}.", ())
            else:
                cells[path + name] = cell

    walk(body, "", changed)
    return cells, functions


def _is_empty(cell: Any) -> bool:
    try:
        return isinstance(cell.cell_contents, Undefined)
    except ValueError:
        return True
