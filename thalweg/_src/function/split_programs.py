"""Compiled functions with a part on the host: which program serves the shapes that it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from thalweg._src.core import xla
from thalweg._src.core.tensor import Tensor
from thalweg._src.function import signature
from thalweg._src.function.concrete import ConcreteFunction
from thalweg._src.function.host_work import OtherShapesError

Arguments = tuple[tuple[Any, ...], dict[str, Any]]


class SplitPrograms:
    """The programs of one signature: one for each combination of shapes that the host's part gave.

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
        forms = [Tensor(xla.ShapeDtypeStruct(t.array.shape, t.array.dtype)) for t in tensors]
        self._arguments: Arguments = signature.substitute(arguments, forms)
        self._programs = [first]

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
        fresh = self._trace(signature.substitute(self._arguments, list(tensors)), tensors)
        self._programs.append(fresh)
        return fresh.run(tensors)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._programs[0](*args, **kwargs)


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
