"""What elementwise functions do with symbolic tensors: unknown sizes that broadcast, and static values."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from thalweg._src.core import symbolic
from thalweg._src.core.symbolic import PROBES, KerasTensor, substitute, symbols_in
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.drawing import any_symbol, draw, infer
from thalweg._src.keras.base.serialization import enroll


def pointwise(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator like `operation`, for functions that give one value for each, of tensors that broadcast.

    An unknown size that meets a known one other than 1 can only be that size (or 1), so that the result
    has it; probing the unknown size with other numbers would refuse the call. What is computed from sizes
    alone may serve as a size again.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.add(KerasTensor((None, None, 8)), KerasTensor((50, 8))).shape
        (None, 50, 8)
    """

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        if not any_symbol(args, kwargs):
            return function(*args, **kwargs)
        symbols = list(symbols_in((args, kwargs)))
        values = _static_values(function, args, kwargs, symbols)
        if values is not None:
            specs = [(values[0].shape, values[0].dtype, values)]
            return symbolic.add_node(called, args, kwargs, specs, function.__name__)[0]
        known_args, known_kwargs = _with_sizes(args, kwargs, symbols)
        inferred = infer(function, known_args, known_kwargs, function.__name__)
        return draw(called, args, kwargs, inferred, function.__name__)

    enroll("keras.ops", called)
    return called


def _static_values(
    function: Callable[..., Any], args: Any, kwargs: Any, symbols: list[KerasTensor]
) -> tuple[np.ndarray[Any, Any], ...] | None:
    """The result under each probe, where all symbols are values computed from sizes; else None."""
    if any(symbol.static is None for symbol in symbols):
        return None
    found = []
    for index in range(len(PROBES)):

        def value(symbol: KerasTensor, index: int = index) -> Any:
            return Tensor(symbol.static[index]) if symbol.static else symbol

        known_args, known_kwargs = substitute((args, kwargs), value)
        result = function(*known_args, **known_kwargs)
        if not isinstance(result, Tensor) or not isinstance(result.array, np.ndarray):
            return None
        found.append(result.array)
    return tuple(found)


def _with_sizes(args: Any, kwargs: Any, symbols: list[KerasTensor]) -> tuple[Any, Any]:
    """The arguments with symbolic tensors whose unknown sizes are those that they meet."""
    if not any(None in s.shape for s in symbols):
        return args, kwargs
    met: dict[int, int] = {}
    for shape in _shapes((args, kwargs)):
        for place, size in enumerate(reversed(shape)):
            if size is not None and size != 1:
                met[place] = size

    def known(symbol: KerasTensor) -> KerasTensor:
        last = symbol.ndim - 1
        shape = tuple(met.get(last - i) if d is None else d for i, d in enumerate(symbol.shape))
        return symbol if shape == symbol.shape else KerasTensor(shape, symbol.dtype, symbol.name)

    known_args, known_kwargs = substitute((args, kwargs), known)
    return known_args, known_kwargs


def _shapes(value: Any) -> list[tuple[int | None, ...]]:
    if isinstance(value, (list, tuple)):
        return [shape for part in value for shape in _shapes(part)]
    if isinstance(value, Mapping):
        return _shapes(list(value.values()))
    shape = getattr(value, "shape", None)
    return [] if shape is None else [tuple(shape)]
