"""Compiled functions with a part on the host: which program serves the shapes that it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from thalweg._src.core import xla
from thalweg._src.core.host_parts import Samples
from thalweg._src.core.tensor import Tensor
from thalweg._src.function import signature
from thalweg._src.function.concrete import ConcreteFunction
from thalweg._src.function.host_work import OtherShapesError
from thalweg._src.function.trace import NOT_TRACEABLE

Arguments = tuple[tuple[Any, ...], dict[str, Any]]


# So many combinations of shapes have programs of their own, before one is to serve all.
_MOST = 8


class SplitPrograms:
    """The programs of one signature: one for each combination of shapes that the host's part gave.

    Where there are many, one that leaves to the host what varies takes their place, if what it brings to
    the compiled part is of one shape.

    Args:
        trace: ``(arguments, tensors) -> ConcreteFunction``.
        arguments: ``(args, kwargs)`` of the call that was traced.
        tensors: The tensors among them.
        first: Its program.
    """

    def __init__(
        self,
        trace: Callable[[Arguments, Sequence[Tensor]], ConcreteFunction],
        arguments: Arguments,
        tensors: Sequence[Tensor],
        first: ConcreteFunction,
    ) -> None:
        self._trace = trace
        # Only the form is kept, not the tensors of the first call.
        self._forms = [Tensor(xla.ShapeDtypeStruct(t.array.shape, t.array.dtype)) for t in tensors]
        self._arguments: Arguments = signature.substitute(arguments, self._forms)
        self._programs = [first]
        self._texts = [_texts_of(tensors)]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._programs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._programs[0], name)

    def run(self, tensors: Sequence[Tensor]) -> Any:
        """Result for the tensors among the arguments, in order."""
        for program in reversed(self._programs):
            try:
                return program.run(tensors)
            except OtherShapesError:
                continue
        fresh = self._fresh(tensors)
        self._programs.append(fresh)
        return fresh.run(tensors)

    def _fresh(self, tensors: Sequence[Tensor]) -> ConcreteFunction:
        if len(self._texts) <= _MOST:
            self._texts.append(_texts_of(tensors))
        if len(self._programs) == _MOST:
            samples = iter(zip(*self._texts, strict=True))
            open_ones = [
                Tensor(Samples(next(samples))) if f.array.dtype == object else f for f in self._forms
            ]
            with suppress(*NOT_TRACEABLE):
                return self._trace(self._arguments, open_ones)
        return self._trace(signature.substitute(self._arguments, list(tensors)), tensors)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._programs[0](*args, **kwargs)


def _texts_of(tensors: Sequence[Tensor]) -> list[Any]:
    return [t.array for t in tensors if t.array.dtype == object]


class Inlined:
    """A call inside another program that runs as a part of it.

    Args:
        call: The Python function with its arguments.
    """

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call

    def run(self, tensors: Sequence[Tensor]) -> Any:
        """Result of the call."""
        return self._call()
