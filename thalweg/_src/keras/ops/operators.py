"""Binds Python's operators to functions of `keras.ops`, for symbolic tensors and Keras' Variables.

Importing it completes the classes: ``inputs + 1.5`` promotes as Keras does, also for integers, and is one
node. `&`, `|`, `^` and `~` of symbolic tensors are logical, as in Keras.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.base.variable import KerasVariable
from thalweg._src.keras.ops import (
    arithmetic,
    comparison,
    logic,
    powers,
    products,
    rounding,
    shaping,
    signs,
)

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": arithmetic.add,
    "sub": arithmetic.subtract,
    "mul": arithmetic.multiply,
    "truediv": arithmetic.divide,
    "floordiv": arithmetic.floor_divide,
    "mod": arithmetic.mod,
    "pow": powers.power,
    "matmul": products.matmul,
}
_LOGICAL: dict[str, Callable[[Any, Any], Any]] = {
    "and": logic.logical_and,
    "or": logic.logical_or,
    "xor": logic.logical_xor,
}
_COMPARISON: dict[str, Callable[[Any, Any], Any]] = {
    "lt": comparison.less,
    "le": comparison.less_equal,
    "gt": comparison.greater,
    "ge": comparison.greater_equal,
}
_UNARY: dict[str, Callable[[Any], Any]] = {
    "neg": arithmetic.negative,
    "abs": signs.absolute,
}


def _bind(cls: type, binary: dict[str, Callable[[Any, Any], Any]]) -> None:
    for name, function in binary.items():
        setattr(cls, f"__{name}__", _method(function))
        setattr(cls, f"__r{name}__", _reflected(function))
    for name, function in _COMPARISON.items():
        setattr(cls, f"__{name}__", _method(function))
    for name, alone in _UNARY.items():
        setattr(cls, f"__{name}__", _unary(alone))
    for name, value in (("__eq__", _equal), ("__ne__", _not_equal), ("__round__", _rounded)):
        setattr(cls, name, value)


def _unsupported(other: Any) -> bool:
    return other is None or isinstance(other, (str, bytes, dict, set)) or callable(other)


def _method(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        return NotImplemented if _unsupported(other) else function(self, other)

    return method


def _reflected(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        return NotImplemented if _unsupported(other) else function(other, self)

    return method


def _unary(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def method(self: Any) -> Any:
        return function(self)

    return method


def _equal(self: Any, other: Any) -> Any:
    return NotImplemented if _unsupported(other) else comparison.equal(self, other)


def _not_equal(self: Any, other: Any) -> Any:
    return NotImplemented if _unsupported(other) else comparison.not_equal(self, other)


def _rounded(self: Any, ndigits: int | None = None) -> Any:
    return rounding.round(self, ndigits or 0)


def _reshape(self: Any, newshape: Any) -> Any:
    """The same values in another shape.

    Args:
        newshape: Sizes; one may be -1.
    """
    return shaping.reshape(self, newshape)


def _squeeze(self: Any, axis: Any = None) -> Any:
    """The same values without dimensions of size 1.

    Args:
        axis: Those to drop; all when None.
    """
    return shaping.squeeze(self, axis)


_bind(KerasTensor, {**_BINARY, **_LOGICAL})
_bind(KerasVariable, _BINARY)
for _name, _value in (
    ("__invert__", _unary(logic.logical_not)),
    ("reshape", _reshape),
    ("squeeze", _squeeze),
):
    setattr(KerasTensor, _name, _value)
