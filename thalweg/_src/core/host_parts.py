"""Arrays of a program that live on the host, such as strings, and are known only when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from thalweg._src.base.errors import (
    DataDependentShapeError,
    OperatorNotAllowedInGraphError,
    UnimplementedError,
)


class HostOpError(UnimplementedError):
    """An op of the host got what a compiled loop, branch, gradient or inner program computes."""


class HostSettingError(OperatorNotAllowedInGraphError):
    """A static argument is what the host computes when the program runs."""


class Samples:
    """Arrays that an argument of a program had in some calls, which show what of its shape varies.

    Args:
        arrays: One for each call, of one dtype.

    Attributes:
        shape: Sizes; None for those that differ.

    Raises:
        DataDependentShapeError: They differ in more than sizes.
    """

    __slots__ = ("arrays", "shape")

    def __init__(self, arrays: Sequence[np.ndarray[Any, Any]]) -> None:
        self.arrays = tuple(arrays)
        first = self.arrays[0]
        if any(a.ndim != first.ndim or a.dtype != first.dtype for a in self.arrays):
            kinds = sorted({f"{a.dtype} of rank {a.ndim}" for a in self.arrays})
            raise DataDependentShapeError(
                f"[function] expected arrays of one dtype and rank in each call, got {' and '.join(kinds)}."
            )
        sizes = zip(*(a.shape for a in self.arrays), strict=True)
        self.shape = tuple(s[0] if len(set(s)) == 1 else None for s in sizes)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Their dtype, `object` for strings."""
        return self.arrays[0].dtype


class HostPart:
    """Stands for a host array while a program is traced.

    Ops of the host that take one are noted by the program's scope, to run before or after its compiled
    part. When any other op takes one, it becomes an input of the compiled part, unless its shape varies
    from call to call: then the op's NumPy twin runs on the host, until results are of one shape.

    Args:
        scope: The scope of the program that it belongs to.
        samples: Arrays that show its shape and dtype.
        place: Its number among the host arrays of the program.
        late: Whether it is computed from results of the compiled part.
        of_sizes: Whether it is computed from sizes that vary, and so serves as a size on the host.

    Attributes:
        dtype: Its dtype, `object` for strings.
        sizes: Its sizes; None for those that vary.
        seen: Whether somebody asked for its shape, so that the program may depend on it.
    """

    __slots__ = ("dtype", "late", "of_sizes", "place", "samples", "scope", "seen", "sizes")

    def __init__(
        self, scope: Any, samples: Samples, place: int, late: bool = False, of_sizes: bool = False
    ) -> None:
        self.scope = scope
        self.samples = samples.arrays
        self.dtype = samples.dtype
        self.sizes = samples.shape
        self.seen = False
        self.place = place
        self.late = late
        self.of_sizes = of_sizes

    @property
    def shape(self) -> tuple[int | None, ...]:
        """Its sizes; None for those that vary."""
        self.seen = True
        return self.sizes

    @property
    def varies(self) -> bool:
        """Whether its sizes differ from call to call."""
        return None in self.sizes

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements, of the first sample where it varies."""
        self.seen = True
        return self.samples[0].size

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
