"""Functions that cannot be compiled for their arguments: they run in Python, op by op.

A program needs sizes that are known when it is traced. Where TensorFlow's graphs allow a size that
depends on values, such as a list of results that grows with the data, the Python function itself does
the same work, only slower.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from thalweg._src.core import xla
from thalweg._src.core.tensor import Tensor
from thalweg._src.function import signature


class Uncompiled:
    """Stands in the place of a program; calls the Python function.

    Args:
        function: The Python function.
        arguments: ``(args, kwargs)`` of the call for which tracing failed.

    Attributes:
        variables: None known.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: tuple[tuple[Any, ...], dict[str, Any]],
    ) -> None:
        self._function = function
        tensors = [
            Tensor(xla.ShapeDtypeStruct(t.array.shape, t.array.dtype))
            for t in signature.split(*arguments)[1]
        ]
        # Only the form is kept, not the tensors of the first call.
        self._arguments = signature.substitute(arguments, tensors)
        self.variables: tuple[Any, ...] = ()
        self.structured_input_signature = signature.described(arguments)

    def run(self, tensors: Sequence[Tensor]) -> Any:
        """Result for the tensors among the arguments, in order."""
        args, kwargs = signature.substitute(self._arguments, list(tensors))
        return self._function(*args, **kwargs)
