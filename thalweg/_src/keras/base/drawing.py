"""Drawing: calls on symbolic tensors become nodes of a model's graph, their results inferred by probing.

Layers and the functions of `keras.ops` draw themselves here as one node each. The function is traced for
shapes only, with every unknown size 2 and again with 96; sizes that differ are unknown in the result.
Where a size must be divisible by more, two large round numbers are tried.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import ShapeError
from thalweg._src.core import symbolic, xla
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.symbolic import PROBES, SPARE_PROBES, KerasTensor, symbols_in
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.trace import trace_body
from thalweg._src.keras.base.serialization import enroll

_CONTAINERS = (list, tuple, dict, slice)


def any_symbol(args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """True when an argument is a symbolic tensor, or holds one."""
    for value in args:
        if type(value) is KerasTensor:
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
    except ShapeError as refusal:
        if not _unknown(symbols):
            raise
        try:
            probes = _probed(function, args, kwargs, name, symbols, SPARE_PROBES)
        except ShapeError:
            raise refusal from None
    merged = []
    for parts in zip(*(nest.flatten(p) for p in probes), strict=True):
        if not isinstance(parts[0], xla.ShapeDtypeStruct):
            merged.append(parts[0] if all(p == parts[0] for p in parts) else None)
            continue
        try:
            shape, dtype = symbolic.merge_probes(list(parts))
        except ValueError as error:
            raise ShapeError(f"[{name}] {error}") from None
        merged.append(KerasTensor(shape, dtype))
    return nest.pack_sequence_as(probes[0], merged)


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
        given = {id(s): t for s, t in zip(symbols, tensors, strict=True)}
        given |= {id(s): Tensor(s.static[len(results)]) for s in sized if s.static is not None}
        replaced = symbolic.substitute((args, dict(kwargs)), lambda s: given[id(s)])
        results.append(nest.map_structure(_spec_of, function(*replaced[0], **replaced[1])))

    for size in sizes if _unknown(symbols) else sizes[:1]:
        trace_body(run, [s.probe(size) for s in symbols], name, may_create=True)
    return results


def _spec_of(value: Any) -> Any:
    if isinstance(value, symbolic.PLAIN):
        return value
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
    outputs = iter(symbolic.add_node(operation, args, kwargs, [(s.shape, s.dtype) for s in drawn], name))
    return nest.pack_sequence_as(
        specs, [next(outputs) if isinstance(s, KerasTensor) else s for s in flat]
    )


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
