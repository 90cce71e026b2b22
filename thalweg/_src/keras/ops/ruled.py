"""Symbolic calls of which a rule of one line knows more than probing does.

Probing unknown sizes with numbers refuses calls where the numbers do not fit: a batch of unknown size
that is broadcast to 5, or an unknown size that is summed with one of 50.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from thalweg._src.core.symbolic import KerasTensor, symbols_in
from thalweg._src.keras.base.drawing import any_symbol, draw, infer, operation


def ruled(rule: Callable[..., tuple[int | None, ...] | None]) -> Callable[..., Any]:
    """Decorator like `operation`, for a function of one tensor `x` of which a rule knows the shape.

    Args:
        rule: ``rule(x, *args, **kwargs)`` gives the shape of the result for a symbolic `x`, or None where
            probing serves better.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        probed = operation(function)

        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            x = args[0] if args else kwargs.get("x")
            rest = (args[1:], {k: v for k, v in kwargs.items() if k != "x"})
            if isinstance(x, KerasTensor) and next(symbols_in(rest), None) is None:
                shape = rule(x, *rest[0], **rest[1])
                if shape is None:
                    return draw(called, args, kwargs, infer(function, args, kwargs, name), name)
                return draw(called, args, kwargs, KerasTensor(shape, x.dtype), name)
            return probed(*args, **kwargs)

        name = function.__name__
        return called

    return decorate


def matched(labels: Callable[..., list[tuple[Any, ...]] | None]) -> Callable[..., Any]:
    """Decorator like `operation`, for functions of tensors whose dimensions meet under labels.

    Args:
        labels: ``labels(*args)`` gives for each positional argument a label for each of its dimensions; an
            unknown size is what another argument has under its label. None where there is nothing to say.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            if any_symbol(args, kwargs):
                found = labels(*args) if all(hasattr(a, "shape") for a in args) else None
                known = args if found is None else _with_sizes(args, found)
                specs = infer(function, known, kwargs, function.__name__)
                return draw(called, args, kwargs, specs, function.__name__)
            return function(*args, **kwargs)

        return called

    return decorate


def _with_sizes(args: tuple[Any, ...], labels: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    met: dict[Any, int] = {}
    for value, names in zip(args, labels, strict=True):
        for name, size in zip(names, getattr(value, "shape", ()), strict=True):
            if size is not None and size != 1:
                met[name] = size

    def known(value: Any, names: tuple[Any, ...]) -> Any:
        if not isinstance(value, KerasTensor) or None not in value.shape:
            return value
        shape = [met.get(n) if d is None else d for n, d in zip(names, value.shape, strict=True)]
        return KerasTensor(shape, value.dtype)

    return tuple(known(value, names) for value, names in zip(args, labels, strict=True))
