"""Rows of the op table: for each op, arguments to try and the NumPy twin to compare with."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


class Make:
    """Makes the arguments of a row, reproducibly.

    Args:
        name: Seed: the row's id.
        n: Batch size; rows use it as the size of the dimension that may vary.
        dtype: Floating dtype under test.
    """

    def __init__(self, name: str, n: int = 3, dtype: str = "float32") -> None:
        self.n = n
        self.dtype = dtype
        self.rng = np.random.default_rng(zlib.crc32(name.encode()))

    def __call__(self, *shape: int, low: float = -2.0, high: float = 2.0) -> Any:
        """Floats, uniform in [low, high)."""
        return np.asarray(self.rng.uniform(low, high, shape), self.dtype)

    def distinct(self, *shape: int, low: float = -2.0, high: float = 2.0) -> Any:
        """Floats, no two nearer than a finite difference: for maxima, sorting, kinks away from 0."""
        count = int(np.prod(shape))
        grid = np.linspace(low, high, 2 * count + 1)[1::2]
        return np.asarray(self.rng.permutation(grid).reshape(shape), self.dtype)

    def ints(self, *shape: int, low: int = -5, high: int = 6, dtype: str = "int32") -> Any:
        """Integers in [low, high)."""
        return np.asarray(self.rng.integers(low, high, shape), dtype)

    def bools(self, *shape: int) -> Any:
        """True or False, evenly."""
        return np.asarray(self.rng.random(shape) < 0.5)

    def complex(self, *shape: int) -> Any:
        """Complex numbers of the width that fits `dtype`."""
        wide = "complex128" if self.dtype == "float64" else "complex64"
        return np.asarray(self.rng.normal(size=shape) + 1j * self.rng.normal(size=shape), wide)

    def positive_definite(self, *shape: int) -> Any:
        """Symmetric positive definite matrices of shape ``(..., k, k)``."""
        a = self.rng.normal(size=shape)
        eye = np.eye(shape[-1])
        return np.asarray(a @ np.swapaxes(a, -1, -2) + shape[-1] * eye, self.dtype)


@dataclass(frozen=True)
class Row:
    """One op with one kind of arguments.

    Attributes:
        name: Public name below `thalweg`, such as ``"math.reduce_sum"``.
        args: Makes the positional arguments; arrays become tensors, all else is passed as it is.
        kwargs: Keyword arguments.
        reference: NumPy or SciPy twin, called with the same arguments as arrays; None only where no
            independent twin exists (then `gradient` or a test of its own must cover the values).
        gradient: Positions of the arguments to differentiate; () where there is no gradient.
        rtol: Relative tolerance in float32; float64 uses its square.
        wide: The result is 64-bit on purpose although the arguments are not.
        symbolic: The op can be called on symbolic tensors (False: the shape depends on values).
        traced: The op can be called in a compiled program.
        second_order: The gradient has a gradient worth checking (False only for piecewise linear ops
            whose second derivative is zero everywhere, and says why in `note`).
        via: How to call the function, ``via(function, *args, **kwargs)``: makes arguments symmetric, or
            takes what does not depend on a free sign. None to call it as it is.
        label: Tells rows of one op apart.
        note: Why a switch is off.
    """

    name: str
    args: Callable[[Make], tuple[Any, ...]]
    kwargs: dict[str, Any] = field(default_factory=dict)
    reference: Callable[..., Any] | None = None
    gradient: tuple[int, ...] = ()
    rtol: float = 2e-5
    wide: bool = False
    symbolic: bool = True
    traced: bool = True
    second_order: bool = True
    via: Callable[..., Any] | None = None
    label: str = ""
    note: str = ""

    @property
    def id(self) -> str:
        """Name for test reports."""
        return f"{self.name}-{self.label}" if self.label else self.name

    def make(self, n: int = 3, dtype: str = "float32") -> tuple[Any, ...]:
        """The row's arguments for one batch size and dtype."""
        return self.args(Make(self.id, n, dtype))
