"""Symbolic calls of which a rule of one line knows more than probing does.

Probing unknown sizes with numbers refuses calls where the numbers do not fit: a batch of unknown size
that is broadcast to 5, or an unknown size that is summed with one of 50.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.base.drawing import any_symbol, draw, infer
from thalweg._src.keras.base.serialization import enroll


def ruled(rule: Callable[..., tuple[int | None, ...] | None]) -> Callable[..., Any]:
    """Decorator like `operation`, for a function of one tensor `x` of which a rule knows the shape.

    Args:
        rule: ``rule(x, *args, **kwargs)`` gives the shape of the result for a symbolic `x`, or None where
            probing serves better.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        name = function.__name__

        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            if not any_symbol(args, kwargs):
                return function(*args, **kwargs)
            shape = None
            x: Any = args[0] if args else kwargs.get("x")
            rest, named = args[1:], {k: v for k, v in kwargs.items() if k != "x"}
            if isinstance(x, KerasTensor) and not any_symbol(rest, named):
                shape = rule(x, *rest, **named)
            known = None if shape is None else KerasTensor(shape, x.dtype)
            specs = infer(function, args, kwargs, name) if known is None else known
            return draw(called, args, kwargs, specs, name)

        enroll("keras.ops", called)
        return called

    return decorate


def matched(labels: Callable[..., list[tuple[Any, ...]] | None]) -> Callable[..., Any]:
    """Decorator like `operation`, for functions of tensors whose dimensions meet under labels.

    Args:
        labels: ``labels(*args)`` gives for each positional argument a label for each of its dimensions, none
            for what is no tensor; an unknown size is what another argument has under its label. None where
            there is nothing to say.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)

        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            if any_symbol(args, kwargs):
                bound = signature.bind(*args, **kwargs)
                args, kwargs = bound.args, bound.kwargs
                found = labels(*args)
                known = args if found is None else _with_sizes(args, found)
                specs = infer(function, known, kwargs, function.__name__)
                return draw(called, args, kwargs, specs, function.__name__)
            return function(*args, **kwargs)

        enroll("keras.ops", called)
        return called

    return decorate


def _with_sizes(args: tuple[Any, ...], labels: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    met: dict[Any, int] = {}
    for value, names in zip(args, labels, strict=True):
        # A label too many or too few is for the function to refuse.
        for name, size in zip(names, getattr(value, "shape", ()), strict=False):
            if size is not None and size != 1:
                met[name] = size

    def known(value: Any, names: tuple[Any, ...]) -> Any:
        if not isinstance(value, KerasTensor) or len(names) != value.ndim:
            return value
        shape = [met.get(n) if d is None else d for n, d in zip(names, value.shape, strict=True)]
        return KerasTensor(shape, value.dtype)

    return tuple(known(value, names) for value, names in zip(args, labels, strict=True))
