"""The host's part of a compiled function: what runs before and after the compiled part.

Strings, files and tables have no place on a device. A function that uses them is split: ops of the host
whose inputs are known run first, their results are inputs of the compiled part, and ops of the host that
take its results run last. Tracing notes the calls (`HostWork.call`); running repeats them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.base.errors import DataDependentShapeError
from thalweg._src.core import xla
from thalweg._src.core.host_parts import HostPart


@dataclass(frozen=True)
class _Place:
    """Argument of a call: the host array of this number."""

    number: int


@dataclass(frozen=True)
class _Result:
    """Argument of a call: the result of the compiled part of this number."""

    number: int


@dataclass(frozen=True)
class _Call:
    """One op of the host.

    Attributes:
        body: Its function of arrays.
        arguments: Arrays, `_Place`s and `_Result`s.
        settings: Its attributes.
        outputs: Numbers of the host arrays that it makes.
        late: Whether it takes results of the compiled part.
    """

    body: Callable[..., Any]
    arguments: tuple[Any, ...]
    settings: dict[str, Any]
    outputs: tuple[int, ...]
    late: bool


class HostWork:
    """What a program does on the host.

    Args:
        scope: The scope of the program, which `HostPart`s name.

    Attributes:
        feeds: Numbers of the host arrays that are inputs of the compiled part, in order.
        results: Tracers of the compiled part that late calls take, in order.
    """

    def __init__(self, scope: Any) -> None:
        self._scope = scope
        self._samples: list[np.ndarray[Any, Any]] = []
        self._arguments: list[int] = []
        self._calls: list[_Call] = []
        self.feeds: list[int] = []
        self.results: list[Any] = []

    def __bool__(self) -> bool:
        return bool(self._samples)

    def argument(self, sample: np.ndarray[Any, Any]) -> HostPart:
        """Stands for an argument of the function."""
        part = self._new(sample, False)
        self._arguments.append(part.place)
        return part

    def _new(self, sample: np.ndarray[Any, Any], late: bool) -> HostPart:
        self._samples.append(sample)
        return HostPart(self._scope, sample, len(self._samples) - 1, late)

    def call(
        self,
        body: Callable[..., Any],
        form: Callable[..., Any] | None,
        arrays: Sequence[Any],
        settings: dict[str, Any],
    ) -> tuple[list[HostPart], bool]:
        """Notes a call; returns what stands for its results, and whether it is a single one.

        It is made once now, on samples, which tells the shapes of its results. Samples of what is not
        known yet are zeros and empty strings; `form` is called instead where the body refuses these.
        """
        late = any(isinstance(a, xla.Tracer) or type(a) is HostPart and a.late for a in arrays)
        samples = list(map(_sample, arrays))
        try:
            found = (form if late and form is not None else body)(*samples, **settings)
        except Exception:
            if form is None:
                raise
            found = form(*samples, **settings)
        single = not isinstance(found, (tuple, list))
        parts = [self._new(np.asarray(f), late) for f in ([found] if single else found)]
        arguments = tuple(self._reference(a) for a in arrays)
        self._calls.append(_Call(body, arguments, settings, tuple(p.place for p in parts), late))
        return parts, single

    def effect(self, body: Callable[..., Any], arrays: Sequence[Any]) -> None:
        """Notes a call for what it does, such as printing; such calls are made last, in their order."""
        self._calls.append(_Call(body, tuple(map(self._reference, arrays)), {}, (), True))

    def _reference(self, array: Any) -> Any:
        if type(array) is HostPart:
            return _Place(array.place)
        if isinstance(array, xla.Tracer):
            known = next((i for i, r in enumerate(self.results) if r is array), None)
            if known is None:
                known = len(self.results)
                self.results.append(array)
            return _Result(known)
        return array

    def feed(self, part: HostPart) -> None:
        """A host array becomes the next input of the compiled part.

        Raises:
            DataDependentShapeError: It is computed from results of the compiled part.
        """
        if part.late:
            raise DataDependentShapeError(
                "[function] an op of the host stands between two compiled parts; a function has one. Split "
                "it there, or move the op before or behind the rest."
            )
        self.feeds.append(part.place)

    def before(self, given: Sequence[np.ndarray[Any, Any]]) -> dict[int, Any]:
        """Host arrays by number, as far as they are known before the compiled part runs.

        Args:
            given: Host arrays among the arguments, in order.
        """
        known: dict[int, Any] = dict(zip(self._arguments, given, strict=True))
        return self._run(known, (), late=False)

    def fits(self, known: dict[int, Any]) -> bool:
        """Whether the inputs of the compiled part have the shapes for which it was made."""
        return all(
            known[n].shape == self._samples[n].shape and known[n].dtype == self._samples[n].dtype
            for n in self.feeds
        )

    def after(self, known: dict[int, Any], results: Sequence[Any]) -> dict[int, Any]:
        """All host arrays by number.

        Args:
            known: What `before` returned.
            results: Arrays of `results`.
        """
        return self._run(known, [np.asarray(r) for r in results], late=True)

    def _run(self, known: dict[int, Any], results: Sequence[Any], late: bool) -> dict[int, Any]:
        for call in self._calls:
            if call.late is not late:
                continue
            arguments = [
                known[a.number] if type(a) is _Place else results[a.number] if type(a) is _Result else a
                for a in call.arguments
            ]
            found = call.body(*arguments, **call.settings)
            if call.outputs:
                parts = found if isinstance(found, (tuple, list)) else [found]
                known.update(zip(call.outputs, map(np.asarray, parts), strict=True))
        return known


def _sample(array: Any) -> Any:
    if type(array) is HostPart:
        return array.sample
    if isinstance(array, xla.Tracer):
        return np.zeros(array.shape, array.dtype)
    return None if array is None else np.asarray(array)
