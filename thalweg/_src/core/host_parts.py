"""Arrays of a program that live on the host, such as strings, and are known only when it runs."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np

from thalweg._src.base.errors import OperatorNotAllowedInGraphError, UnimplementedError


class HostOpError(UnimplementedError):
    """An op of the host got what a compiled loop, branch, gradient or inner program computes."""


class HostPart:
    """Stands for a host array while a program is traced.

    Ops of the host that take one are noted by the program's scope, to run before or after its compiled
    part; when any other op takes one, it becomes an input of the compiled part.

    Args:
        scope: The scope of the program that it belongs to.
        sample: Array that shows its shape and dtype.
        place: Its number among the host arrays of the program.
        late: Whether it is computed from results of the compiled part.
    """

    __slots__ = ("late", "place", "sample", "scope")

    def __init__(self, scope: Any, sample: np.ndarray[Any, Any], place: int, late: bool) -> None:
        self.scope = scope
        self.sample = sample
        self.place = place
        self.late = late

    @property
    def shape(self) -> tuple[int, ...]:
        """Its sizes."""
        return self.sample.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Its dtype, `object` for strings."""
        return self.sample.dtype

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return self.sample.ndim

    @property
    def size(self) -> int:
        """Number of elements."""
        return self.sample.size

    def __jax_array__(self) -> Any:
        return self.scope.fed(self)

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        raise OperatorNotAllowedInGraphError(
            f"[function] expected a tensor with a value, got one of shape {self.shape} that the compiled "
            "function computes on the host; return it and read it outside."
        )


def compiled_array(tensor: Any) -> Any:
    """Array of a tensor for the compiled part of a program: what the host computes becomes an input."""
    array = tensor.array
    return array.scope.fed(array) if type(array) is HostPart else array
