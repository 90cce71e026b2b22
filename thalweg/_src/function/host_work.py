"""The host's part of a compiled function: what runs before and after the compiled part.

Strings, files and tables have no place on a device. A function that uses them is split: ops of the host
whose inputs are known run first, their results are inputs of the compiled part, and ops of the host that
take its results run last. Tracing notes the calls (`HostWork.call`); running repeats them.

Tracing has samples of the arguments, one or several: arrays whose sizes differ from sample to sample stay
on the host, where NumPy computes with them, until results are of one shape. What is traced holds for
arrays of the shapes that the samples show, so that running checks each array for whose shape somebody
asked (`HostWork.checked`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.base.errors import DataDependentShapeError
from thalweg._src.core import xla
from thalweg._src.core.host_parts import HostPart, Samples


class OtherShapesError(DataDependentShapeError):
    """What the host computed has other shapes than those for which the program was traced."""


@dataclass(frozen=True)
class Place:
    """Argument of a call: the host array of this number."""

    number: int


@dataclass(frozen=True)
class Result:
    """Argument of a call: the result of the compiled part of this number."""

    number: int


@dataclass(frozen=True)
class HostCall:
    """One op of the host.

    Attributes:
        name: Name of the op.
        body: Its function of arrays.
        arguments: Arrays, `Place`s and `Result`s.
        settings: Its attributes.
        outputs: Numbers of the host arrays that it makes.
        late: Whether it takes results of the compiled part.
        pointwise: Whether it does to stacked arrays what it does to each of them, if they are of one shape.
        stateful: Whether it reads or changes a state.
    """

    name: str
    body: Callable[..., Any]
    arguments: tuple[Any, ...]
    settings: dict[str, Any]
    outputs: tuple[int, ...]
    late: bool
    pointwise: bool = False
    stateful: bool = False

    @property
    def places(self) -> set[int]:
        """Numbers of the host arrays that it takes."""
        return {a.number for a in self.arguments if type(a) is Place}

    def run(self, known: dict[int, Any], results: Sequence[Any]) -> list[Any]:
        """The host arrays that it makes.

        Args:
            known: Host arrays by number.
            results: Results of the compiled part.
        """
        arguments = [
            known[a.number] if type(a) is Place else results[a.number] if type(a) is Result else a
            for a in self.arguments
        ]
        found = self.body(*arguments, **self.settings)
        if not self.outputs:
            return []
        return list(map(np.asarray, found if isinstance(found, (tuple, list)) else [found]))


class HostWork:
    """What a program does on the host.

    Args:
        scope: The scope of the program, which `HostPart`s name.

    Attributes:
        arguments: Numbers of the host arrays that are arguments of the program, in order.
        calls: The ops of the host, in order.
        feeds: Numbers of the host arrays that are inputs of the compiled part, in order.
        results: Tracers of the compiled part that late calls take, in order.
        drawn: Tracers that depend on a random key alone, by the number of the host array that they become
            before the calls.
    """

    def __init__(self, scope: Any) -> None:
        self._scope = scope
        self._parts: list[HostPart] = []
        self._samples = 1
        self.arguments: list[int] = []
        self.calls: list[HostCall] = []
        self.feeds: list[int] = []
        self.results: list[Any] = []
        self.drawn: dict[int, Any] = {}

    def __bool__(self) -> bool:
        return bool(self._parts)

    def argument(self, samples: Samples) -> HostPart:
        """Stands for an argument of the function."""
        self._samples = len(samples.arrays)
        part = self._new(samples)
        self.arguments.append(part.place)
        return part

    def _new(self, samples: Samples, late: bool = False, of_sizes: bool = False) -> HostPart:
        self._parts.append(HostPart(self._scope, samples, len(self._parts), late, of_sizes))
        return self._parts[-1]

    def part(self, place: int) -> HostPart:
        """What stands for a host array."""
        return self._parts[place]

    def release(self) -> None:
        """Lets the samples go: tracing is over."""
        for part in self._parts:
            part.samples = ()

    def stacks(self, call: HostCall) -> bool:
        """Whether a call may be made for stacked arrays: all of one shape, and else single values."""
        if not call.pointwise:
            return False
        stacked = [self._parts[n] for n in call.places]
        stacked += [self.results[a.number] for a in call.arguments if type(a) is Result]
        fixed = [a for a in call.arguments if type(a) is np.ndarray]
        shapes = [a.shape for a in (*stacked, *map(self.part, call.outputs))]
        one = len({a.shape for a in stacked}) == 1 and not any(None in shape for shape in shapes)
        return one and not any(a.shape for a in fixed)

    def call(self, op: Any, arrays: Sequence[Any], settings: dict[str, Any]) -> tuple[list[HostPart], bool]:
        """Notes a call; returns what stands for its results, and whether it is a single one.

        It is made once now for each sample, which tells the shapes of its results. Samples of what is not
        known yet are zeros and empty strings; the op's `form` is called instead where its body refuses
        these, or has effects.
        """
        parts = [a for a in arrays if type(a) is HostPart]
        late = any(isinstance(a, xla.Tracer) for a in arrays) or any(p.late for p in parts)
        # What has a state keeps its order.
        late = late or op.stateful and any(c.late and c.stateful for c in self.calls)
        samples = [[_sample(a, n) for a in arrays] for n in range(self._samples)]
        found = [self._tried(op, late, s, settings) for s in samples]
        single = not isinstance(found[0], (tuple, list))
        # What is computed from varying sizes alone is a size.
        of_sizes = op.metadata or bool(parts) and all(p.of_sizes for p in parts)
        columns = zip(*([f] if single else f for f in found), strict=True)
        made = [self._new(Samples(list(map(np.asarray, c))), late, of_sizes) for c in columns]
        self.calls.append(
            HostCall(
                op.name,
                op.host or op.body,
                tuple(self._reference(a) for a in arrays),
                settings,
                tuple(p.place for p in made),
                late,
                _is_pointwise(op, arrays, settings),
                op.stateful,
            )
        )
        return made, single

    def _tried(self, op: Any, late: bool, samples: Sequence[Any], settings: dict[str, Any]) -> Any:
        if op.form is not None and (late or op.stateful):
            return op.form(*samples, **settings)
        try:
            return (op.host or op.body)(*samples, **settings)
        except Exception:
            if op.form is None:
                raise
            return op.form(*samples, **settings)

    def effect(self, name: str, body: Callable[..., Any], arrays: Sequence[Any]) -> None:
        """Notes a call for what it does, such as printing; such calls are made last, in their order."""
        self.calls.append(HostCall(name, body, tuple(map(self._reference, arrays)), {}, (), True))

    def _reference(self, array: Any) -> Any:
        if type(array) is HostPart:
            return Place(array.place)
        if isinstance(array, xla.Tracer):
            known = next((i for i, r in enumerate(self.results) if r is array), None)
            if known is None:
                known = len(self.results)
                self.results.append(array)
            return Result(known)
        return array

    def draw(self, tracer: Any) -> HostPart:
        """Stands for what is drawn."""
        for place, known in self.drawn.items():
            if known is tracer:
                return self._parts[place]
        zeros = np.zeros(tracer.shape, tracer.dtype)
        # Sizes that depend on chance are sizes, too.
        part = self._new(Samples([zeros] * self._samples), of_sizes=True)
        self.drawn[part.place] = tracer
        return part

    def feed(self, part: HostPart) -> None:
        """A host array becomes the next input of the compiled part.

        Raises:
            DataDependentShapeError: It is computed from results of the compiled part, or its shape varies.
        """
        if part.late:
            raise DataDependentShapeError(
                "[function] an op of the host stands between two compiled parts; a function has one. Split "
                "it there, or move the op before or behind the rest."
            )
        if part.varies:
            raise DataDependentShapeError(
                f"[function] a compiled part needs one shape, got an array of shape {part.shape}, whose "
                "sizes differ from call to call; bring all to one size before."
            )
        self.feeds.append(part.place)

    def before(self, given: Sequence[np.ndarray[Any, Any]]) -> dict[int, Any]:
        """Host arrays by number, as far as they are known before the compiled part runs.

        Args:
            given: Host arrays among the arguments, in order.

        Raises:
            OtherShapesError: One has another shape than those that tracing was shown.
        """
        known: dict[int, Any] = {}
        for place, array in zip(self.arguments, given, strict=True):
            known[place] = self.checked(place, array)
        return self._run(known, (), late=False)

    def after(self, known: dict[int, Any], results: Sequence[Any]) -> dict[int, Any]:
        """All host arrays by number.

        Args:
            known: What `before` returned.
            results: Arrays of `results`.
        """
        return self._run(known, [np.asarray(r) for r in results], late=True)

    def _run(self, known: dict[int, Any], results: Sequence[Any], late: bool) -> dict[int, Any]:
        for call in self.calls:
            if call.late is late:
                self.make(call, known, results)
        return known

    def make(self, call: HostCall, known: dict[int, Any], results: Sequence[Any] = ()) -> None:
        """Makes a call and adds what comes of it to the host arrays by number.

        Raises:
            OtherShapesError: A result has another shape than those that tracing was shown.
        """
        for place, array in zip(call.outputs, call.run(known, results), strict=True):
            known[place] = array if call.late else self.checked(place, array)

    def checked(self, place: int, array: Any, rows: int = 0) -> Any:
        """The host array of a number.

        Args:
            place: The number.
            array: The array.
            rows: 1 where it holds stacked ones, else 0.

        Raises:
            OtherShapesError: It has another shape than those that tracing was shown, on which decisions of
                Python and the compiled part may depend.
        """
        part = self._parts[place]
        shape = array.shape[rows:]
        if part.seen and shape != part.sizes and not _fits(shape, part.sizes) or array.dtype != part.dtype:
            raise OtherShapesError(
                f"[function {self._scope.name}] was traced for an array of shape {part.sizes} and dtype "
                f"{part.dtype} on the host, got {shape} and {array.dtype}."
            )
        return array


def _fits(shape: tuple[int, ...], form: tuple[int | None, ...]) -> bool:
    return len(shape) == len(form) and all(f is None or n == f for n, f in zip(shape, form, strict=True))


def _is_pointwise(op: Any, arrays: Sequence[Any], settings: dict[str, Any]) -> bool:
    if op.stateful:
        # Calls keep their order, element by element.
        return False
    return bool(op.pointwise(*arrays, **settings) if callable(op.pointwise) else op.pointwise)


def _sample(array: Any, number: int) -> Any:
    if type(array) is HostPart:
        return array.samples[number]
    if isinstance(array, xla.Tracer):
        return np.zeros(array.shape, array.dtype)
    return None if array is None else np.asarray(array)
