"""Binds Python's operators and indexing to ops, for tensors, symbolic tensors and Variables.

`core` names no op; this file is where ``a + b`` becomes `add`. Importing it completes the classes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.core.convert import Hooks
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops import bitwise, comparison, elementwise, joining
from thalweg._src.ops.casting import cast
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.indexing import getitem

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": elementwise.add,
    "sub": elementwise.subtract,
    "mul": elementwise.multiply,
    "truediv": elementwise.truediv,
    "floordiv": elementwise.floordiv,
    "mod": elementwise.floormod,
    "pow": elementwise.pow,
    "matmul": matmul,
    "and": bitwise.and_,
    "or": bitwise.or_,
    "xor": bitwise.xor_,
}
_COMPARISON: dict[str, Callable[[Any, Any], Any]] = {
    "lt": comparison.less,
    "le": comparison.less_equal,
    "gt": comparison.greater,
    "ge": comparison.greater_equal,
    "eq": comparison.tensor_equals,
    "ne": comparison.tensor_not_equals,
}
_UNARY: dict[str, Callable[[Any], Any]] = {
    "neg": elementwise.negative,
    "pos": lambda x: x,
    "abs": elementwise.abs,
    "invert": bitwise.not_,
}


def bind_operators(cls: type, indexing: bool = True) -> None:
    """Gives `cls` all operators of a tensor, and its indexing unless it has its own."""
    # A symbolic tensor's own operators decide how it is combined with tensors, on either side.
    refused = (dict, set) if cls is KerasTensor else (dict, set, KerasTensor)
    for name, function in _BINARY.items():
        setattr(cls, f"__{name}__", _method(function, refused))
        setattr(cls, f"__r{name}__", _reflected(function, refused))
    for name, function in _COMPARISON.items():
        setattr(cls, f"__{name}__", _method(function, refused))
    for name, operation in _UNARY.items():
        setattr(cls, f"__{name}__", _unary(operation))
    if indexing:
        setattr(cls, "__getitem__", getitem)  # noqa: B010 mypy knows no such attribute


def _method(
    function: Callable[[Any, Any], Any], refused: tuple[type, ...]
) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        if isinstance(other, refused) or callable(other):
            return NotImplemented
        return function(self, other)

    return method


def _reflected(
    function: Callable[[Any, Any], Any], refused: tuple[type, ...]
) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        if isinstance(other, refused) or callable(other):
            return NotImplemented
        return function(other, self)

    return method


def _unary(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def method(self: Any) -> Any:
        return function(self)

    return method


bind_operators(Tensor)
bind_operators(KerasTensor)
Hooks.pack = staticmethod(lambda values: joining.stack(values))
Hooks.cast = staticmethod(cast)
