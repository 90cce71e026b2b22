"""`Optional`: a value, or none."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TypeSpec
from thalweg._src.core.tensor import Tensor
from thalweg._src.data.blocks import leaf_tensor, specs_of, structured
from thalweg._src.data.specs import compatible


class Optional:
    """A value, or none. Made by `from_value` and `empty`.

    Args:
        element_spec: Structure of specs of the value.
        value: The value, in a tuple; () for none.

    Example:
        >>> import thalweg as tf
        >>> iterator = iter(tf.data.Dataset.range(1))
        >>> [bool(iterator.get_next_as_optional().has_value()) for _ in range(2)]
        [True, False]

    Source: `tf.experimental.Optional`.
    """

    def __init__(self, element_spec: Any, value: tuple[Any, ...]) -> None:
        self._element_spec = element_spec
        self._value = value

    @staticmethod
    def empty(element_spec: Any) -> Optional:
        """None of the values of a spec.

        Args:
            element_spec: Structure of specs.
        """
        return Optional(element_spec, ())

    @staticmethod
    def from_value(value: Any) -> Optional:
        """A value.

        Args:
            value: Structure of tensors.
        """
        found = structured(value)
        return Optional(specs_of(found), (nest.map_structure(leaf_tensor, found),))

    @property
    def element_spec(self) -> Any:
        """Structure of specs of the value."""
        return self._element_spec

    @property
    def _type_spec(self) -> OptionalSpec:
        return OptionalSpec(self._element_spec)

    def has_value(self, name: str | None = None) -> Tensor:
        """Whether there is a value, a bool scalar."""
        del name
        return convert_to_tensor(np.bool_(bool(self._value)))

    def get_value(self, name: str | None = None) -> Any:
        """The value.

        Raises:
            InvalidArgumentError: There is none.
        """
        if not self._value:
            raise InvalidArgumentError(
                f"[{name or 'Optional.get_value'}] The given optional does not have a value; ask has_value() "
                "first."
            )
        return self._value[0]

    def __repr__(self) -> str:
        return f"<Optional {self._value[0] if self._value else 'without a value'}>"


class OptionalSpec(TypeSpec):
    """Spec of an `Optional`.

    Args:
        element_spec: Structure of specs of its value.

    Source: `tf.OptionalSpec`.
    """

    def __init__(self, element_spec: Any) -> None:
        self._element_spec = element_spec

    @classmethod
    def from_value(cls, value: Any) -> OptionalSpec:
        """Spec of an optional value."""
        return cls(value.element_spec)

    @property
    def value_type(self) -> Any:
        """`Optional`."""
        return Optional

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """True for optional values of such a spec."""
        other = spec_or_value._type_spec if isinstance(spec_or_value, Optional) else spec_or_value
        return isinstance(other, OptionalSpec) and compatible(self._element_spec, other._element_spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, OptionalSpec) and self._element_spec == other._element_spec

    def __hash__(self) -> int:
        return hash(repr(self._element_spec))

    def __repr__(self) -> str:
        return f"OptionalSpec({self._element_spec})"
