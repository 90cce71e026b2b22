"""Constraints: functions applied to weights after each update."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.registry import resolve, table_of
from thalweg._src.keras.base.serialization import Serializable, plain
from thalweg._src.keras.base.settings import epsilon
from thalweg._src.ops import clipping, elementwise, exponential, reduction


class Constraint(Serializable):
    """Function of a weight that gives its nearest allowed value; subclasses define `__call__`.

    Source: `keras.constraints.Constraint`.
    """

    keras_module = "keras.constraints"

    def __call__(self, w: Any) -> Any:
        """Allowed value for the weight `w`."""
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a subclass to define __call__."
        )

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal constraint."""
        return dict(self.__dict__)

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Constraint made from `get_config()`'s result."""
        return cls(**config)


def _norm(w: Any, axis: Any) -> Any:
    return exponential.sqrt(reduction.reduce_sum(elementwise.square(w), axis=axis, keepdims=True))


class MaxNorm(Constraint):
    """Shortens vectors along `axis` to at most `max_value`.

    Args:
        max_value: Largest norm.
        axis: Axis of the vectors, such as 0 for the columns of a `Dense` kernel.

    Source: `keras.constraints.MaxNorm`.
    """

    def __init__(self, max_value: float = 2, axis: Any = 0) -> None:
        self.max_value, self.axis = max_value, axis

    def __call__(self, w: Any) -> Any:
        """The weight with short enough vectors."""
        norms = _norm(w, self.axis)
        wanted = clipping.minimum(norms, float(self.max_value))
        return elementwise.multiply(
            w, elementwise.truediv(wanted, elementwise.add(norms, epsilon()))
        )


class NonNeg(Constraint):
    """Sets negative elements to zero. Source: `keras.constraints.NonNeg`."""

    def __call__(self, w: Any) -> Any:
        """The weight without negative elements."""
        return clipping.maximum(w, 0.0)


class UnitNorm(Constraint):
    """Scales vectors along `axis` to norm 1.

    Args:
        axis: Axis of the vectors.

    Source: `keras.constraints.UnitNorm`.
    """

    def __init__(self, axis: Any = 0) -> None:
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        """The weight with vectors of norm 1."""
        return elementwise.truediv(w, elementwise.add(_norm(w, self.axis), epsilon()))


class MinMaxNorm(Constraint):
    """Moves the norms of vectors along `axis` into a range.

    Args:
        min_value: Smallest norm.
        max_value: Largest norm.
        rate: Part of the way to the range that one update goes, in (0, 1].
        axis: Axis of the vectors.

    Source: `keras.constraints.MinMaxNorm`.
    """

    def __init__(
        self, min_value: float = 0.0, max_value: float = 1.0, rate: float = 1.0, axis: Any = 0
    ) -> None:
        self.min_value, self.max_value, self.rate, self.axis = min_value, max_value, rate, axis

    def __call__(self, w: Any) -> Any:
        """The weight with norms nearer to the range."""
        norms = _norm(w, self.axis)
        inside = clipping.maximum(
            clipping.minimum(norms, float(self.max_value)), float(self.min_value)
        )
        wanted = elementwise.add(
            elementwise.multiply(inside, float(self.rate)),
            elementwise.multiply(norms, float(1 - self.rate)),
        )
        return elementwise.multiply(
            w, elementwise.truediv(wanted, elementwise.add(norms, epsilon()))
        )


_TABLE = table_of(MaxNorm, NonNeg, UnitNorm, MinMaxNorm)


def get(identifier: Any) -> Any:
    """Constraint that a name, config or function stands for; None stays None.

    Args:
        identifier: Such as ``"non_neg"``.

    Raises:
        ValueError: An unknown name; the message suggests the nearest.

    Source: `keras.constraints.get`.
    """
    return None if identifier is None else resolve("constraint", identifier, _TABLE)


def serialize(constraint: Constraint) -> Any:
    """Config from which `get` makes an equal constraint.

    Args:
        constraint: The object.

    Source: `keras.constraints.serialize`.
    """
    return plain(constraint)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Constraint of a config made by `serialize`.

    Args:
        config: The config.
        custom_objects: Further classes by name.

    Source: `keras.constraints.deserialize`.
    """
    return resolve("constraint", config, _TABLE | (custom_objects or {}))
