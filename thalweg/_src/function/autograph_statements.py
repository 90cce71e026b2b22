"""What ``if``, ``and``, ``or``, ``not`` and ``assert`` mean in converted code.

With values known now, what they mean in Python. With traced values they become branches of the program. A
statement's *state* is what the converted function may change in it: the values of the symbols
that live on, read and written through a getter and a setter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base import nest
from thalweg._src.base.errors import DataDependentShapeError, InvalidArgumentError
from thalweg._src.core import xla
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.door import call
from thalweg._src.core.tensor import Tensor, is_traced
from thalweg._src.function.control_flow import truth
from thalweg._src.function.looping import LoopState, run_for, run_while
from thalweg._src.function.staging import (
    ANY,
    NUMBERS,
    Part,
    Shared,
    make_op,
    run_branches,
    same_value,
)
from thalweg._src.function.tensor_array import arrays_in, finding_shapes, growing_in
from thalweg._src.ops.comparison import logical_and, logical_not, logical_or
from thalweg._src.ops.debugging import Assert

State = tuple[Any, ...]
Getter = Callable[[], State]
Setter = Callable[[State], None]


class UnsupportedSource(Exception):
    """A function's source cannot be found or converted."""


class Undefined:
    """Value of a symbol that has none yet.

    Args:
        symbol_name: Name of the symbol.
    """

    __slots__ = ("symbol_name",)

    def __init__(self, symbol_name: str) -> None:
        self.symbol_name = symbol_name

    def read(self) -> Any:
        """Raises as Python does."""
        raise UnboundLocalError(f"'{self.symbol_name}' is used before assignment")

    def __repr__(self) -> str:
        return f"<{self.symbol_name} without a value>"


class UndefinedReturnValue:
    """Value that a function returns until a return statement has run."""


def ld(value: Any) -> Any:
    """Reads a symbol."""
    return value.read() if isinstance(value, Undefined) else value


def ldu(load: Callable[[], Any], name: str) -> Any:
    """Reads what may not exist, such as an attribute or an item."""
    try:
        return load()
    except (KeyError, AttributeError, NameError):
        return Undefined(name)


def is_staged(value: Any) -> bool:
    """True for a traced tensor, which Python's own statements cannot test."""
    tensor = as_tensor(value) if may_be_tensor(value) else None
    return tensor is not None and is_traced(tensor)


def may_be_tensor(value: Any) -> bool:
    return isinstance(value, (Tensor, xla.jax.Array)) or hasattr(value, "_read_tensor")


def if_stmt(
    cond: Any,
    body: Callable[[], None],
    orelse: Callable[[], None],
    get_state: Getter,
    set_state: Setter,
    symbol_names: Sequence[str],
    nouts: int,
) -> None:
    """``if cond: body() else: orelse()``; only the first `nouts` symbols live on after it."""
    if not is_staged(cond):
        if cond:
            body()
        else:
            orelse()
        return
    before = get_state()

    def branch(block: Callable[[], None]) -> Callable[[], State]:
        def run() -> State:
            set_state(before)
            block()
            return get_state()[:nouts]

        return run

    labels = ["the if branch", "the else branch"]
    symbols: list[str] = []

    def adjust(parts: list[Part]) -> None:
        symbols[:] = _meet(parts, symbol_names[:nouts], labels)

    final = run_branches(
        truth(cond, "if"),
        [branch(body), branch(orelse)],
        "if",
        labels,
        lambda position: repr(symbols[position]),
        adjust,
        keep_variables=True,
    )
    set_state((*final, *before[nouts:]))


def _meet(parts: list[Part], names: Sequence[str], labels: Sequence[str]) -> list[str]:
    """Brings the branches' values of each symbol into one form; returns the symbol of each leaf.

    Raises:
        InvalidArgumentError: A symbol has a value in one branch only.
    """
    values: list[list[Any]] = [[] for _ in parts]
    leaves: list[list[Any]] = [[] for _ in parts]
    symbols: list[str] = []
    chunks = [_by_symbol(part) for part in parts]
    for name, *found in zip(names, *chunks, strict=True):
        missing = [isinstance(v, (Undefined, UndefinedReturnValue)) for v, _ in found]
        form = found[missing.index(False)] if not all(missing) else found[0]
        if any(missing) and not all(missing):
            _check_missing(name, [v for v, _ in found], missing, labels)
        for i, (value, own) in enumerate(found):
            absent = missing[i] and not all(missing)
            values[i].append(form[0] if absent else value)
            leaves[i] += [ANY] * len(form[1]) if absent else own
        symbols += [name] * len(form[1])
    for part, new, own in zip(parts, values, leaves, strict=True):
        part.structure, part.leaves = tuple(new), own
    return symbols


def _by_symbol(part: Part) -> list[tuple[Any, list[Any]]]:
    """For each symbol its value and its leaves."""
    found, position = [], 0
    for value in part.structure:
        count = len(nest.flatten(value, expand_composites=True))
        found.append((value, part.leaves[position : position + count]))
        position += count
    return found


def _check_missing(
    name: str, values: Sequence[Any], missing: Sequence[bool], labels: Sequence[str]
) -> None:
    for value, absent, label in zip(values, missing, labels, strict=True):
        if absent and isinstance(value, Undefined):
            raise InvalidArgumentError(
                f"[if] {name!r} must also be given a value in {label}, because the condition is a "
                f"traced tensor: assign it before the if, or in both branches."
            )


def stages(value: Any) -> bool:
    """True when a loop on this condition is part of the program: for every tensor while tracing."""
    return xla.tracing() and may_be_tensor(value)


def if_exp(
    cond: Any, if_true: Callable[[], Any], if_false: Callable[[], Any], expr_repr: str
) -> Any:
    """``if_true() if cond else if_false()``."""
    if not is_staged(cond):
        return if_true() if cond else if_false()
    labels = ["the first value", "the value after else"]
    name = f"... if {expr_repr} else ..."
    return run_branches(truth(cond, name), [if_true, if_false], name, labels)


def and_(a: Callable[[], Any], b: Callable[[], Any]) -> Any:
    """``a() and b()``."""
    left = a()
    if not is_staged(left):
        return left and b()
    return _lazily(left, b, "and")


def or_(a: Callable[[], Any], b: Callable[[], Any]) -> Any:
    """``a() or b()``."""
    left = a()
    if not is_staged(left):
        return left or b()
    return _lazily(left, b, "or")


def _lazily(left: Any, right: Callable[[], Any], name: str) -> Any:
    """The second operand runs only where it matters, if running it can be noticed at all."""
    left = truth(left, name)
    part = Part(lambda: truth(right(), name), [], name)
    shared = Shared([part])
    if part.body.writes or part.body.calls_back:
        if name == "and":
            return run_branches(left, [right, lambda: left], name, ["the right side", "the left"])
        return run_branches(left, [lambda: left, right], name, ["the left side", "the right"])

    def run(*arrays: Any) -> tuple[Any, ...]:
        variables, constants = shared.split([], arrays)
        return tuple(part.run([], variables, constants)[0])

    (value,) = call(make_op(name, run), shared.tensors(), ())
    return logical_and(left, value) if name == "and" else logical_or(left, value)


def not_(a: Any) -> Any:
    """``not a``; of a tensor in a program, a tensor."""
    return logical_not(truth(a, "not")) if stages(a) else not a


def assert_stmt(test: Any, message: Callable[[], Any]) -> None:
    """``assert test, message()``; in a program a check of its own."""
    if not is_staged(test):
        if not test:
            raise AssertionError(*[m for m in (message(),) if m != ""])
        return
    said = message()
    Assert(truth(test, "assert"), [said if may_be_tensor(said) else str(said) or "assert failed"])
