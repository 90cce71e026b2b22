"""Functions whose arguments broadcast, on symbolic tensors of unknown sizes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from thalweg._src.core.symbolic import KerasTensor, substitute, symbols_in
from thalweg._src.keras.base.drawing import any_symbol, draw, infer


def broadcast_operation(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator like `operation`, for functions of several tensors that broadcast.

    An unknown size that meets a known one other than 1 can only be that size (or 1), so that the result
    has it; probing the unknown size with other numbers would refuse the call.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.add(KerasTensor((None, None, 8)), KerasTensor((50, 8))).shape
        (None, 50, 8)
    """

    @functools.wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        if any_symbol(args, kwargs):
            known_args, known_kwargs = _with_sizes(args, kwargs)
            specs = infer(function, known_args, known_kwargs, function.__name__)
            return draw(called, args, kwargs, specs, function.__name__)
        return function(*args, **kwargs)

    return called


def _with_sizes(args: Any, kwargs: Any) -> tuple[Any, Any]:
    """The arguments with symbolic tensors whose unknown sizes are those that they meet."""
    symbols = list(symbols_in((args, kwargs)))
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

    return substitute((args, kwargs), known)


def _shapes(value: Any) -> list[tuple[int | None, ...]]:
    if isinstance(value, (list, tuple)):
        return [shape for part in value for shape in _shapes(part)]
    if isinstance(value, Mapping):
        return _shapes(list(value.values()))
    shape = getattr(value, "shape", None)
    return [] if shape is None else [tuple(shape)]
