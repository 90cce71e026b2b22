"""Keras' view of a `Variable`: a path, shapes as tuples, dtypes as names."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from thalweg._src.base.errors import SavingError
from thalweg._src.base.naming import UniqueNames
from thalweg._src.core import dtypes
from thalweg._src.core.tensor import Tensor, is_traced
from thalweg._src.ops.casting import cast
from thalweg._src.variables.variable import UnreadVariable, Variable

names = UniqueNames()


class _Paths(threading.local):
    def __init__(self) -> None:
        self.parts: list[str] = []


_paths = _Paths()


class _Autocast(threading.local):
    """Compute dtype of the running layer, where it is not that of its weights."""

    def __init__(self) -> None:
        self.dtype: str | None = None


autocast = _Autocast()


@contextmanager
def path_scope(*parts: str) -> Iterator[None]:
    """Names of enclosing objects; they become part of the paths of Variables created inside."""
    count = len(_paths.parts)
    _paths.parts.extend(part for part in parts if part)
    try:
        yield
    finally:
        del _paths.parts[count:]


def current_path() -> list[str]:
    """Names of the enclosing objects, outermost first."""
    return list(_paths.parts)


class _Budget(threading.local):
    """Bytes that weights may still take; None for any number."""

    def __init__(self) -> None:
        self.left: int | None = None


_budget = _Budget()


@contextmanager
def weight_budget(nbytes: int) -> Iterator[None]:
    """Within it, new weights may take so many bytes together: a file's config may ask for any size."""
    outer, _budget.left = _budget.left, nbytes
    try:
        yield
    finally:
        _budget.left = outer


def _take_from_budget(shape: tuple[int, ...], dtype: dtypes.DType) -> None:
    if _budget.left is None:
        return
    wanted = math.prod(shape) * dtype.size
    if wanted > _budget.left:
        raise SavingError(
            f"[keras.Variable] expected weights that are in the file too, got shape {shape} and dtype "
            f"{dtype.name}, {wanted} bytes, which the file does not hold; it is damaged."
        )
    _budget.left -= wanted


class KerasVariable(Variable):
    """Weight of a layer, or state of a metric or optimizer.

    Args:
        initializer: Function of (shape, dtype) that makes the value, or the value itself.
        shape: Shape; taken from the value when None.
        dtype: Dtype; the default float when None.
        trainable: Whether optimizers update it.
        autocast: Whether layers may read it in their compute dtype.
        aggregation: How replicas combine it: ``"none"``, ``"mean"``, ``"sum"``, ``"only_first_replica"``.
        synchronization: When replicas are brought together: ``"auto"``.
        name: Name.
        constraint: Function that optimizers apply after each update.
        regularizer: Function whose result is added to the loss.

    Source: `keras.Variable`.
    """

    #: Whether optimizers store the gradient in it instead of a step.
    overwrite_with_gradient = False
    #: Function whose result is added to the loss.
    regularizer: Callable[[Any], Any] | None = None

    def __init__(
        self,
        initializer: Any,
        shape: Any = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,
        aggregation: str = "none",
        synchronization: str = "auto",
        name: str | None = None,
        constraint: Callable[[Any], Any] | None = None,
        regularizer: Callable[[Any], Any] | None = None,
    ) -> None:
        chosen = None if dtype is None else dtypes.as_dtype(dtype)
        value = initializer
        if callable(initializer):
            if shape is None:
                raise ValueError(
                    "[keras.Variable] expected a shape for the initializer, got None; pass shape=."
                )
            dims = tuple(shape)
            chosen = chosen or dtypes.float32
            _take_from_budget(dims, chosen)

            def value() -> Any:
                return initializer(dims, dtype=chosen.name)

        super().__init__(value, trainable=trainable, name=name or "variable", dtype=chosen)
        self._path = "/".join([*current_path(), self._name])
        self._constraint = constraint
        self.regularizer = regularizer
        self.autocast = autocast
        #: Whether it was trainable when it was created, which decides its place among a layer's weights.
        self.begins_trainable = bool(trainable)
        self.keras_aggregation = aggregation
        self.keras_synchronization = synchronization

    @property
    def name(self) -> str:
        """Name, without an output number."""
        return self._name

    @property
    def path(self) -> str:
        """Names of the enclosing layers and the Variable's own, joined by slashes."""
        return self._path

    @property
    def shape(self) -> tuple[int, ...]:  # type: ignore[override]
        """Shape as a tuple."""
        return tuple(self._declared)  # type: ignore[arg-type]

    @property
    def dtype(self) -> str:  # type: ignore[override]
        """Name of the dtype."""
        return self._dtype.name

    @property
    def value(self) -> Tensor:  # type: ignore[override]
        """Value as a tensor, watched by tapes."""
        return self._read_tensor()

    @property
    def trainable(self) -> bool:
        """Whether tapes watch it and optimizers update it."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = bool(value)

    @property
    def handle(self) -> KerasVariable:
        """The Variable itself."""
        return self

    def assign(self, value: Any, use_locking: bool = False, name: Any = None, read_value: bool = True) -> Any:
        """Replaces the value; a number or array of another floating dtype is cast."""
        held = value
        if isinstance(value, Tensor) and value.dtype is not self._dtype and value.dtype.is_floating:
            held = cast(value, self._dtype)
        return super().assign(held, use_locking, name, read_value)

    def _read_tensor(self) -> Tensor:
        tensor = super()._read_tensor()
        wanted = autocast.dtype
        if wanted is not None and self.autocast and self._dtype.is_floating:
            return cast(tensor, wanted)
        return tensor

    def _unread(self) -> UnreadVariable:
        return UnreadVariable(self._handle)

    def __repr__(self) -> str:
        tensor = self._current_tensor()
        value = "" if is_traced(tensor) else f", value={tensor.numpy()}"
        return f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}{value}>"
