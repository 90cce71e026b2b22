"""`InputSpec`: what a layer expects of an input, checked before it computes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import ShapeError


class InputSpec:
    """Rank, sizes and dtype that an input must have.

    Args:
        dtype: Expected dtype, or None for any.
        shape: Expected shape, None where any size will do; or None.
        ndim: Expected rank, or None.
        max_ndim: Largest rank, or None.
        min_ndim: Smallest rank, or None.
        axes: Size of some axes, such as ``{-1: 64}``.
        allow_last_axis_squeeze: Accept a last axis of 1 more or less than expected.
        name: Name of the input where inputs come in a dict.
        optional: Whether None will do.

    Example:
        >>> InputSpec(ndim=3, axes={-1: 4})
        InputSpec(ndim=3, axes={-1: 4})

    Source: `keras.InputSpec`.
    """

    def __init__(
        self,
        dtype: Any = None,
        shape: Any = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: Mapping[int, int | None] | None = None,
        allow_last_axis_squeeze: bool = False,
        name: str | None = None,
        optional: bool = False,
    ) -> None:
        self.dtype = None if dtype is None else str(getattr(dtype, "name", dtype))
        self.shape = None if shape is None else tuple(shape)
        self.ndim = ndim if shape is None else len(tuple(shape))
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.axes = {int(axis): size for axis, size in (axes or {}).items()}
        self.allow_last_axis_squeeze = allow_last_axis_squeeze
        self.name = name
        self.optional = optional
        limit = self.ndim if self.ndim is not None else max_ndim
        for axis in self.axes:
            if limit is not None and not -limit <= axis < limit:
                raise ValueError(f"[InputSpec] expected axes within rank {limit}, got axis {axis}.")

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal spec."""
        return dict(self.__dict__)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> InputSpec:
        """Spec made from `get_config()`'s result."""
        return cls(**config)

    def __repr__(self) -> str:
        shown = [
            f"{name}={value!r}"
            for name, value in self.__dict__.items()
            if value not in (None, {}, False) and not (name == "ndim" and self.shape is not None)
        ]
        return f"InputSpec({', '.join(shown)})"


def check_inputs(spec: Any, inputs: Any, where: str) -> None:
    """Refuses inputs that do not fit a layer's `input_spec`.

    Args:
        spec: `InputSpec`, or a structure of them.
        inputs: Tensor, or a structure of them.
        where: The layer, for messages.

    Raises:
        ValueError: A number of inputs, a rank, a size or a dtype does not fit.
    """
    specs = nest.flatten(spec)
    if isinstance(inputs, Mapping) and all(s.name for s in specs):
        missing = [s.name for s in specs if s.name not in inputs and not s.optional]
        if missing:
            raise ValueError(
                f"[{where}] expected an input called {missing[0]!r}, got {sorted(inputs)}."
            )
        values = [inputs.get(s.name) for s in specs]
    else:
        values = nest.flatten(inputs)
    if len(values) != len(specs):
        raise ValueError(
            f"[{where}] expected {len(specs)} input(s), got {len(values)}: "
            f"{[tuple(getattr(v, 'shape', ())) for v in values]}."
        )
    for index, (one, value) in enumerate(zip(specs, values, strict=True)):
        if one is None or (value is None and one.optional):
            continue
        _check(one, value, f"{where}] input {index}" if len(specs) > 1 else f"{where}] input")


def _check(spec: InputSpec, value: Any, which: str) -> None:
    shape = tuple(getattr(value, "shape", ()))
    rank, wanted = len(shape), spec.ndim

    def refuse(expected: str) -> ShapeError:
        return ShapeError(
            f"[{which} is incompatible with the layer: expected {expected}, got shape {shape}."
        )

    if spec.allow_last_axis_squeeze and spec.shape is not None:
        if rank == wanted + 1 and shape[-1] == 1:  # type: ignore[operator]
            shape, rank = shape[:-1], rank - 1
        elif rank + 1 == wanted and spec.shape[-1] == 1:
            shape, rank = (*shape, 1), rank + 1
    if wanted is not None and rank != wanted:
        raise refuse(f"ndim={wanted} (found ndim={rank})")
    if spec.max_ndim is not None and rank > spec.max_ndim:
        raise refuse(f"max_ndim={spec.max_ndim} (found ndim={rank})")
    if spec.min_ndim is not None and rank < spec.min_ndim:
        raise refuse(f"min_ndim={spec.min_ndim} (found ndim={rank})")
    for axis, size in spec.axes.items():
        if size is not None and -rank <= axis < rank and shape[axis] not in (size, None):
            raise refuse(f"size {size} on axis {axis}")
    for axis, size in enumerate(spec.shape or ()):
        if size is not None and shape[axis] not in (size, None):
            raise refuse(f"shape {spec.shape}")
    if spec.dtype is not None:
        dtype = getattr(value, "dtype", None)
        found = str(getattr(dtype, "name", dtype))
        if found != spec.dtype:
            raise refuse(f"dtype={spec.dtype} (found {found})")
