"""Signatures: which arguments of a compiled function are tensors, and the key of its program.

Tensors, arrays and Variables-as-values vary between calls of one program; all other arguments are
Python values that a program is specialised on.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import SignatureError
from thalweg._src.core import xla
from thalweg._src.core.composite import Composite
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorSpec, TypeSpec
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor


class ByIdentity:
    """Key of an unhashable Python object: equal to itself only, without keeping it alive."""

    __slots__ = ("_hash", "_reference")

    def __init__(self, value: Any) -> None:
        try:
            self._reference: Any = weakref.ref(value)
        except TypeError:
            self._reference = lambda: value
        self._hash = id(value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ByIdentity):
            return False
        mine = self._reference()
        return mine is not None and mine is other._reference()

    def __hash__(self) -> int:
        return self._hash


def split(args: Sequence[Any], kwargs: dict[str, Any]) -> tuple[Any, list[Tensor]]:
    """Hashable key of the arguments, and the tensors among them.

    Args:
        args: Positional arguments.
        kwargs: Keyword arguments, already in the order of the function's parameters.
    """
    tensors: list[Tensor] = []
    key = tuple(_key(a, tensors) for a in args)
    if kwargs:
        key = (key, tuple((name, _key(value, tensors)) for name, value in kwargs.items()))
    return key, tensors


def _key(value: Any, tensors: list[Tensor]) -> Any:
    kind = type(value)
    if kind is Tensor:
        array = value.array
        tensors.append(value)
        return (array.shape, array.dtype)
    if kind is np.ndarray or isinstance(value, (np.generic, xla.jax.Array, Tensor)):
        tensor = as_argument(value)
        tensors.append(tensor)
        return (tensor.array.shape, tensor.array.dtype)
    if kind in (int, float, bool, str, type(None), complex, bytes):
        return (kind, value)
    if isinstance(value, Composite):
        parts = tuple(_key(part, tensors) for part in value._flatten_composite())
        return (kind, value._fixed(), parts)
    if kind in (list, tuple) or nest.is_nested(value):
        if isinstance(value, dict):
            return (kind, tuple((k, _key(value[k], tensors)) for k in sorted(value)))
        return (kind, tuple(_key(v, tensors) for v in value))
    if hasattr(value, "_handle"):
        return ByIdentity(value._handle)
    try:
        hash(value)
    except TypeError:
        return ByIdentity(value)
    return value


def as_argument(value: Any) -> Tensor:
    """Tensor of an array argument."""
    tensor = convert_to_tensor(value)
    return Tensor(tensor.array) if type(tensor) is not Tensor else tensor


def substitute(structure: Any, tensors: list[Any]) -> Any:
    """The arguments with their tensors replaced, in the order of `split`."""
    fresh = iter(tensors)

    def leaf(value: Any) -> Any:
        if isinstance(value, Composite):
            return value._pack_composite([leaf(part) for part in value._flatten_composite()])
        return next(fresh) if _is_tensor(value) else value

    return nest.map_structure(leaf, structure)


def described(structure: Any) -> Any:
    """The arguments with the specs of their tensors in place of these."""

    def leaf(value: Any) -> Any:
        if isinstance(value, Composite):
            return value._type_spec
        if not _is_tensor(value):
            return value
        return TensorSpec(value.shape, convert_to_tensor(value).dtype)

    return nest.map_structure(leaf, structure)


def _is_tensor(value: Any) -> bool:
    return isinstance(value, (Tensor, np.ndarray, np.generic, xla.jax.Array))


def has_symbols(args: Sequence[Any], kwargs: dict[str, Any]) -> bool:
    """True when an argument holds a symbolic tensor."""
    return any(isinstance(x, KerasTensor) for x in nest.flatten([list(args), kwargs]))


def check_against(
    where: str, specs: Sequence[Any], args: Sequence[Any]
) -> list[Any]:
    """Arguments converted to what an `input_signature` asks for.

    Raises:
        SignatureError: An argument does not fit its spec.
    """
    if len(args) != len(specs):
        raise SignatureError(
            f"[function {where}] expected {len(specs)} arguments as in input_signature, got {len(args)}."
        )
    return [_fitted(where, spec, value) for spec, value in zip(specs, args, strict=True)]


def _fitted(where: str, spec: Any, value: Any) -> Any:
    """A value converted to its spec; a structure of specs takes a structure of values."""
    if isinstance(spec, TensorSpec):
        tensor = convert_to_tensor(value, spec.dtype, name=f"function {where}")
        if not spec.is_compatible_with(tensor):
            raise SignatureError(
                f"[function {where}] expected {spec}, got a tensor of shape {tensor.shape} and dtype "
                f"{tensor.dtype.name}; pass what input_signature says, or leave it out."
            )
        return Tensor(tensor.array) if type(tensor) is not Tensor else tensor
    if isinstance(spec, TypeSpec):
        if not isinstance(value, Composite) or not spec.is_compatible_with(value):
            raise SignatureError(
                f"[function {where}] expected {spec}, got {getattr(value, '_type_spec', value)!r}; pass what "
                "input_signature says, or leave it out."
            )
        return value
    if isinstance(spec, dict) and isinstance(value, dict) and set(spec) == set(value):
        return {key: _fitted(where, part, value[key]) for key, part in spec.items()}
    if nest.is_nested(spec) and nest.is_nested(value) and len(spec) == len(value):
        return type(spec)(_fitted(where, s, v) for s, v in zip(spec, value, strict=True))
    if nest.is_nested(spec):
        raise SignatureError(
            f"[function {where}] expected arguments of the structure {spec}, got {value!r}."
        )
    return value
