"""Drawing: calls on symbolic tensors become nodes of a model's graph, their results inferred by probing.

Layers and the functions of `keras.ops` draw themselves here as one node each. The function is traced for
shapes only, with every unknown size 2 and again with 96; sizes that differ are unknown in the result.
Where a size must be divisible by more, or is indexed by constants beyond it, two large round numbers are
tried. Symbols of ragged and sparse tensors are composites themselves: what has no other way of being drawn
hands them its calls.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import IndexRangeError, ShapeError
from thalweg._src.core import dtypes, symbolic, xla
from thalweg._src.core.composite import Composite
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TypeSpec
from thalweg._src.core.symbolic import PROBES, SPARE_PROBES, KerasTensor, symbols_in
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.trace import trace_body
from thalweg._src.keras.base.serialization import enroll
from thalweg._src.ops.ragged.partition import Room
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.sparse.spec import SparseTensorSpec
from thalweg._src.ops.sparse.tensor import SparseTensor

_CONTAINERS = (list, tuple, dict, slice)


def any_symbol(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """True when an argument is a symbolic tensor, or holds one."""
    for value in args:
        if isinstance(value, KerasTensor):
            return True
        if isinstance(value, _CONTAINERS) and next(symbols_in(value), None) is not None:
            return True
    return bool(kwargs) and any_symbol(tuple(kwargs.values()), {})


def infer(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any], name: str
) -> Any:
    """Symbolic results of a call, without adding to a graph.

    Args:
        function: What is called; it sees tensors in place of the symbolic ones.
        args: Positional arguments.
        kwargs: Keyword arguments.
        name: Name of the call, for messages.

    Returns:
        Structure of `KerasTensor`; values that are no tensors (sizes, None) stay as they are.

    Raises:
        ShapeError: The rank of a result depends on unknown sizes.
    """
    symbols = list({id(s): s for s in symbols_in((args, dict(kwargs)))}.values())
    try:
        probes = _probed(function, args, kwargs, name, symbols, PROBES)
    except (ShapeError, IndexRangeError) as refusal:
        if not _unknown(symbols):
            raise
        try:
            probes = _probed(function, args, kwargs, name, symbols, SPARE_PROBES)
        except (ShapeError, IndexRangeError):
            raise refusal from None
    merged: list[Any] = []
    for parts in zip(*(nest.flatten(p) for p in probes), strict=True):
        if isinstance(parts[0], TypeSpec):
            merged.append(_composite_of(name, parts))
            continue
        if not isinstance(parts[0], xla.ShapeDtypeStruct):
            merged.append(parts[0] if all(p == parts[0] for p in parts) else None)
            continue
        merged.append(KerasTensor(*_merged(name, parts)))
    return nest.pack_sequence_as(probes[0], merged)


def _merged(name: str, parts: Sequence[Any]) -> tuple[Any, Any]:
    try:
        return symbolic.merge_probes(list(parts))
    except ValueError as error:
        raise ShapeError(f"[{name}] {error}") from None


def _composite_of(name: str, specs: Sequence[Any]) -> KerasTensor:
    """Symbol of a ragged or sparse tensor that has these specs under the probes."""
    shape, dtype = _merged(name, specs)
    if isinstance(specs[0], SparseTensorSpec):
        return KerasTensor(shape, dtype, sparse=True)
    rank, splits = specs[0].ragged_rank, specs[0].row_splits_dtype.name
    return KerasTensor(shape, dtype, ragged=True, ragged_rank=rank, row_splits_dtype=splits)


def _unknown(symbols: list[KerasTensor]) -> bool:
    return any(None in s.shape or s.static is not None for s in symbols)


def _probed(
    function: Callable[..., Any],
    args: Any,
    kwargs: Any,
    name: str,
    symbols: list[KerasTensor],
    sizes: tuple[int, ...],
) -> list[Any]:
    results: list[Any] = []
    # Sizes taken from shapes keep their value, so that they may be sizes again.
    sized = [s for s in symbols if s.static is not None and sizes is PROBES]

    def run(*tensors: Tensor) -> None:
        fresh, size = iter(tensors), sizes[len(results)]
        given = {id(s): s.packed([next(fresh) for _ in s.probes(size)], size) for s in symbols}
        given |= {id(s): Tensor(s.static[len(results)]) for s in sized if s.static is not None}
        replaced = symbolic.substitute((args, dict(kwargs)), lambda s: given[id(s)])
        results.append(nest.map_structure(_spec_of, function(*replaced[0], **replaced[1])))

    for size in sizes if _unknown(symbols) else sizes[:1]:
        forms = [form for s in symbols for form in s.probes(size)]
        trace_body(run, forms, name, may_create=True)
    return results


def _spec_of(value: Any) -> Any:
    if isinstance(value, symbolic.PLAIN):
        return value
    if isinstance(value, Composite):
        return value._type_spec
    tensor = convert_to_tensor(value)
    return xla.ShapeDtypeStruct(tuple(tensor.array.shape), tensor.array.dtype)


def draw(
    operation: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    specs: Any,
    name: str,
) -> Any:
    """Adds a node to the graph and returns its symbolic results.

    Args:
        operation: What the node calls.
        args: Positional arguments, with symbolic tensors anywhere inside.
        kwargs: Keyword arguments, likewise.
        specs: Structure of symbolic tensors, from `infer`.
        name: Name of the call.
    """
    flat = nest.flatten(specs)
    drawn = [s for s in flat if isinstance(s, KerasTensor)]
    outputs = iter(symbolic.add_node(operation, args, kwargs, drawn, name))
    return nest.pack_sequence_as(
        specs, [next(outputs) if isinstance(s, KerasTensor) else s for s in flat]
    )


class CompositeSymbol(KerasTensor, Composite):
    """Symbol of ragged or of sparse tensors; see `KerasTensor`."""

    @property
    def _depth(self) -> int:
        """Number of dimensions that row splits divide."""
        if self.ragged_rank is not None:
            return self.ragged_rank
        unknown = [axis for axis, size in enumerate(self.shape) if size is None]
        return max(unknown[-1] if unknown else 0, 1)

    def _sizes(self, size: int) -> tuple[int, ...]:
        return tuple(size if n is None else n for n in self.shape)

    def probes(self, size: int) -> list[Any]:
        """Forms of flat values and row splits; of places and elements."""
        sizes, dtype = self._sizes(size), self._dtype.numpy_dtype
        if self.sparse:
            count = math.prod(sizes)
            places = xla.ShapeDtypeStruct((count, len(sizes)), np.dtype(np.int64))
            return [places, xla.ShapeDtypeStruct((count,), dtype)]
        depth, splits = self._depth, dtypes.as_dtype(self.row_splits_dtype or "int64").numpy_dtype
        rows = [math.prod(sizes[: axis + 1]) for axis in range(depth + 1)]
        flat = xla.ShapeDtypeStruct((rows[-1], *sizes[depth + 1 :]), dtype)
        return [flat, *(xla.ShapeDtypeStruct((count + 1,), splits) for count in rows[:-1])]

    def packed(self, tensors: list[Any], size: int) -> Any:
        """Ragged tensor of flat values and row splits; sparse tensor of places and elements."""
        if self.sparse:
            places, values = tensors
            return SparseTensor(places, values, np.asarray(self._sizes(size), np.int64))
        lengths = self.shape[1 : self._depth + 1]
        room = Room(size, True, True)
        fixed = [(length, room if length is None else None) for length in lengths]
        return RaggedTensor._of_parts(tensors, fixed)

    def _flatten_composite(self) -> list[Any]:
        return [self]

    def _pack_composite(self, parts: Sequence[Any]) -> Any:
        return parts[0]

    def _handle(
        self, name: str, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]
    ) -> Any:
        specs = infer(function, tuple(args), kwargs, name)
        return draw(function, tuple(args), kwargs, specs, name)


KerasTensor._composite_kind = CompositeSymbol


def operation(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of a `keras.ops` function: on symbolic tensors the call becomes one node of its own.

    On tensors and arrays the function runs as it is.

    Example:
        >>> @operation
        ... def twice(x):
        ...     return x * 2
        >>> twice(KerasTensor((None, 3))).shape
        (None, 3)
    """

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        if any_symbol(args, kwargs):
            specs = infer(function, args, kwargs, function.__name__)
            return draw(called, args, kwargs, specs, function.__name__)
        return function(*args, **kwargs)

    enroll("keras.ops", called)
    return called
