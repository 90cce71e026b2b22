"""Fingerprints of plans: the same for pipelines that are written alike, in every process."""

from __future__ import annotations

import functools
import hashlib
import types
from collections.abc import Mapping
from typing import Any

import numpy as np

from thalweg._src.core import xla
from thalweg._src.core.dtypes import DType
from thalweg._src.core.shapes import TensorShape, TypeSpec
from thalweg._src.core.tensor import Tensor
from thalweg._src.data.node import Node
from thalweg._src.random.global_generator import UnnamedSeed
from thalweg._src.variables.variable import Variable

_PLAIN = (
    type(None), type(...), bool, int, float, complex, str, bytes, range, slice, DType, TensorShape, TypeSpec,
)  # fmt: skip


def fingerprint(node: Node) -> int:
    """64 bits that stand for a plan: its steps, what they were told, the code and constants of functions.

    Seeds count that a step was given; those of chance do not, nor do values of Variables. Objects that have
    a configuration, such as layers, count by that.

    Args:
        node: The plan's last step.
    """
    walk = _Walk()
    walk.take(node)
    return int.from_bytes(walk.digest.digest(), "little")


class _Walk:
    """Feeds values to a digest. What was seen before is told by when it was."""

    def __init__(self) -> None:
        self.digest = hashlib.blake2b(digest_size=8)
        self._seen: dict[int, int] = {}
        # Keeps what was seen alive, so that no other object takes its identity.
        self._alive: list[Any] = []

    def _say(self, *texts: Any) -> None:
        for text in texts:
            data = text if isinstance(text, bytes) else repr(text).encode()
            self.digest.update(len(data).to_bytes(8, "little") + data)

    def take(self, value: Any) -> None:
        """Feeds a value."""
        if isinstance(value, UnnamedSeed):
            self._say("unnamed")
        elif isinstance(value, _PLAIN):
            self._say(type(value).__name__, value)
        elif isinstance(value, (np.ndarray, np.generic, xla.ArrayImpl)):
            self._take_array(np.asarray(value))
        elif id(value) in self._seen:
            self._say("seen", self._seen[id(value)])
        else:
            self._seen[id(value)] = len(self._seen)
            self._alive.append(value)
            self._take_object(value)

    def _take_array(self, array: np.ndarray[Any, Any]) -> None:
        self._say(array.dtype.str, array.shape)
        if array.dtype == object:
            for item in array.reshape(-1).tolist():
                self.take(item)
        else:
            self.digest.update(np.ascontiguousarray(array).view(np.uint8).data)

    def _take_object(self, value: Any) -> None:
        self._say(type(value).__name__)
        if isinstance(value, Mapping):
            self._take_all([part for item in sorted(value.items(), key=repr) for part in item])
        elif isinstance(value, (tuple, list)):
            self._take_all(value)
        elif isinstance(value, (set, frozenset)):
            self._take_all(sorted(value, key=repr))
        elif isinstance(value, Variable):
            self._say(value.shape, value.dtype)
        elif isinstance(value, Tensor):
            self.take(value.array)
        elif isinstance(value, types.FunctionType):
            self._take_function(value)
        elif isinstance(value, types.CodeType):
            self._take_code(value)
        elif isinstance(value, types.MethodType):
            self._take_all([value.__func__, value.__self__])
        elif isinstance(value, functools.partial):
            self._take_all([value.func, value.args, value.keywords])
        elif isinstance(value, (type, types.ModuleType, types.BuiltinFunctionType)):
            self._say(getattr(value, "__module__", None), value.__name__)
        else:
            self._take_instance(value)

    def _take_instance(self, value: Any) -> None:
        if hasattr(value, "_identity"):
            self._take_all(value._identity())
        elif hasattr(value, "_flatten_composite"):
            self._take_all(value._flatten_composite())
        elif hasattr(value, "__wrapped__"):
            self.take(value.__wrapped__)
        elif hasattr(value, "get_config"):
            self.take(value.get_config())
        else:
            self.take(type(value).__module__)
            self._take_all([part for item in sorted(_vars_of(value).items()) for part in item])

    def _take_all(self, values: Any) -> None:
        self._say(len(values))
        for value in values:
            self.take(value)

    def _take_function(self, function: types.FunctionType) -> None:
        self._take_code(function.__code__)
        cells = [cell.cell_contents for cell in function.__closure__ or () if _is_full(cell)]
        self._take_all([function.__defaults__, function.__kwdefaults__, cells])
        known = function.__globals__
        # What its code calls by name may be changed, too; libraries are taken as they are.
        self._take_all([known[name] for name in _names_in(function.__code__) if name in known])

    def _take_code(self, code: types.CodeType) -> None:
        self._say(code.co_code, code.co_names, code.co_varnames)
        self._take_all(code.co_consts)


def _is_full(cell: Any) -> bool:
    try:
        return cell.cell_contents is not cell
    except ValueError:
        return False


def _names_in(code: types.CodeType) -> list[str]:
    """Names of globals that code may use, those of functions inside it included."""
    found = set(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found.update(_names_in(constant))
    return sorted(found)


def _vars_of(value: Any) -> dict[str, Any]:
    """Attributes of an instance."""
    return dict(getattr(value, "__dict__", {}))
