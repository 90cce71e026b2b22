"""Shapes and specs: `TensorShape`, `TypeSpec` and `TensorSpec`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes


def _dimension(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, (bool, np.bool_, str, float)):
        raise TypeError(
            f"[TensorShape] expected a dimension as int or None, got {value!r} of type "
            f"{type(value).__name__}."
        )
    size = value.__index__() if hasattr(value, "__index__") else int(value)
    if size == -1:
        return None
    if size < 0:
        raise ValueError(f"[TensorShape] expected a dimension >= 0, got {size}.")
    return size


class TensorShape:
    """Shape of a tensor: a sequence of ints, None where a size is unknown, or of unknown rank.

    Args:
        dims: Sequence of dimensions, a single int for a vector, another `TensorShape`, or None for an
            unknown rank.

    Example:
        >>> import thalweg as tf
        >>> tf.TensorShape([None, 32])[1], tf.TensorShape((2, 3)) == (2, 3)
        (32, True)

    Source: `tf.TensorShape`; elements are ints, as in TensorFlow 2.
    """

    __slots__ = ("_dims",)

    def __init__(self, dims: Any) -> None:
        if dims is None:
            self._dims: tuple[int | None, ...] | None = None
        elif type(dims) is TensorShape:
            self._dims = dims._dims
        elif isinstance(dims, (int, np.integer)):
            self._dims = (_dimension(dims),)
        else:
            try:
                self._dims = tuple(_dimension(d) for d in dims)
            except TypeError as error:
                raise TypeError(
                    f"[TensorShape] expected a sequence of ints and None, got {dims!r}: {error}"
                ) from None

    @classmethod
    def of(cls, dims: tuple[int | None, ...]) -> TensorShape:
        """Shape of checked dimensions; skips validation."""
        self = object.__new__(cls)
        self._dims = dims
        return self

    @property
    def rank(self) -> int | None:
        """Number of dimensions; None when unknown."""
        return None if self._dims is None else len(self._dims)

    @property
    def ndims(self) -> int | None:
        """Older name of `rank`."""
        return self.rank

    @property
    def dims(self) -> list[int | None] | None:
        """Dimensions as a list; None when the rank is unknown."""
        return None if self._dims is None else list(self._dims)

    def as_list(self) -> list[int | None]:
        """Dimensions as a list of ints and None."""
        return list(self._known("as_list"))

    def num_elements(self) -> int | None:
        """Product of the dimensions; None when one is unknown."""
        return math.prod(self._dims) if self.is_fully_defined() else None  # type: ignore[arg-type]

    def is_fully_defined(self) -> bool:
        """True when rank and all sizes are known."""
        return self._dims is not None and None not in self._dims

    def is_compatible_with(self, other: Any) -> bool:
        """True when some tensor could have both shapes."""
        other = TensorShape(other)
        if self._dims is None or other._dims is None:
            return True
        return len(self._dims) == len(other._dims) and all(
            a is None or b is None or a == b for a, b in zip(self._dims, other._dims, strict=True)
        )

    def is_subtype_of(self, other: TensorShape) -> bool:
        """True when every tensor of this shape has shape `other` too."""
        if other._dims is None:
            return True
        return (
            self._dims is not None
            and len(self._dims) == len(other._dims)
            and all(b is None or a == b for a, b in zip(self._dims, other._dims, strict=True))
        )

    def most_specific_common_supertype(self, others: Sequence[TensorShape]) -> TensorShape:
        """Narrowest shape that covers this one and all `others`."""
        dims = self._dims
        for other in others:
            if dims is None or other._dims is None or len(dims) != len(other._dims):
                return TensorShape(None)
            dims = tuple(a if a == b else None for a, b in zip(dims, other._dims, strict=True))
        return TensorShape(dims)

    def most_specific_compatible_shape(self, other: Any) -> TensorShape:
        """Narrowest shape that covers this one and `other`."""
        return self.most_specific_common_supertype([TensorShape(other)])

    def merge_with(self, other: Any) -> TensorShape:
        """Shape with what either side knows.

        Raises:
            ValueError: The shapes contradict each other.
        """
        other = TensorShape(other)
        self.assert_is_compatible_with(other)
        if self._dims is None:
            return other
        if other._dims is None:
            return self
        return TensorShape.of(
            tuple(a if b is None else b for a, b in zip(self._dims, other._dims, strict=True))
        )

    def concatenate(self, other: Any) -> TensorShape:
        """Dimensions of this shape followed by those of `other`."""
        other = TensorShape(other)
        if self._dims is None or other._dims is None:
            return TensorShape(None)
        return TensorShape.of(self._dims + other._dims)

    def with_rank(self, rank: int) -> TensorShape:
        """This shape, which must have `rank` dimensions."""
        if self._dims is None:
            return TensorShape([None] * rank)
        self.assert_has_rank(rank)
        return self

    def with_rank_at_least(self, rank: int) -> TensorShape:
        """This shape, which must have at least `rank` dimensions."""
        if self._dims is not None and len(self._dims) < rank:
            raise ShapeError(f"[TensorShape] expected at least rank {rank}, got shape {self}.")
        return self

    def with_rank_at_most(self, rank: int) -> TensorShape:
        """This shape, which must have at most `rank` dimensions."""
        if self._dims is not None and len(self._dims) > rank:
            raise ShapeError(f"[TensorShape] expected at most rank {rank}, got shape {self}.")
        return self

    def assert_has_rank(self, rank: int) -> None:
        """Raises unless the shape can have `rank` dimensions."""
        if self.rank not in (None, rank):
            raise ShapeError(f"[TensorShape] expected rank {rank}, got shape {self}.")

    def assert_same_rank(self, other: Any) -> None:
        """Raises unless both shapes can have the same rank."""
        other = TensorShape(other)
        if None not in (self.rank, other.rank) and self.rank != other.rank:
            raise ShapeError(f"[TensorShape] expected equal ranks, got {self} and {other}.")

    def assert_is_compatible_with(self, other: Any) -> None:
        """Raises unless the shapes are compatible."""
        if not self.is_compatible_with(other):
            raise ShapeError(
                f"[TensorShape] expected compatible shapes, got {self} and {TensorShape(other)}."
            )

    def assert_is_fully_defined(self) -> None:
        """Raises unless rank and all sizes are known."""
        if not self.is_fully_defined():
            raise ShapeError(f"[TensorShape] expected a fully known shape, got {self}.")

    def _known(self, what: str) -> tuple[int | None, ...]:
        if self._dims is None:
            raise ValueError(
                f"[TensorShape.{what}] expected a known rank, got an unknown shape; "
                "state the rank in the spec."
            )
        return self._dims

    def __getitem__(self, key: Any) -> Any:
        if self._dims is None:
            return TensorShape(None) if isinstance(key, slice) else None
        part = self._dims[key]
        return TensorShape.of(part) if isinstance(key, slice) else part  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[int | None]:
        return iter(self._known("__iter__"))

    def __len__(self) -> int:
        return len(self._known("__len__"))

    def __bool__(self) -> bool:
        return self._dims is not None

    def __add__(self, other: Any) -> TensorShape:
        return self.concatenate(other)

    def __radd__(self, other: Any) -> TensorShape:
        return TensorShape(other).concatenate(self)

    def __eq__(self, other: object) -> bool:
        if type(other) is TensorShape:
            return self._dims == other._dims
        if type(other) is tuple and self._dims is not None:
            return self._dims == other
        try:
            return self._dims == TensorShape(other)._dims
        except (TypeError, ValueError):
            return NotImplemented

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._dims)

    def __repr__(self) -> str:
        return f"TensorShape({None if self._dims is None else list(self._dims)})"

    def __str__(self) -> str:
        return "<unknown>" if self._dims is None else str(self._dims)

    def __reduce__(self) -> tuple[Any, ...]:
        return TensorShape, (self._dims,)


class TypeSpec:
    """Base of all specs: what the values of an argument have in common.

    Source: `tf.TypeSpec`. The hooks by which TensorFlow's tracer takes values apart have no meaning
    here and are left out.
    """

    __slots__ = ()

    @property
    def value_type(self) -> Any:
        """Class of the values."""
        raise NotImplementedError(
            f"[{type(self).__name__}] has no value_type; define the property."
        )

    def _stand_in(self, size: int) -> Any:
        """What stands for a value while a program is traced, with every open size as given."""
        raise NotImplementedError(f"[{type(self).__name__}] has no values to trace with.")

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """True when the value or spec fits."""
        raise NotImplementedError(f"[{type(self).__name__}] has no is_compatible_with; define it.")

    def is_subtype_of(self, other: Any) -> bool:
        """True when every value of this spec also satisfies `other`."""
        return self == other

    def most_specific_common_supertype(self, others: Sequence[Any]) -> Any:
        """Narrowest spec that covers this one and all `others`; None when there is none."""
        return self if all(self == other for other in others) else None

    def most_specific_compatible_type(self, other: Any) -> Any:
        """Narrowest spec that covers both.

        Raises:
            ValueError: No spec does.
        """
        found = self.most_specific_common_supertype([other])
        if found is None:
            raise InvalidArgumentError(
                f"[{type(self).__name__}] expected specs of one kind, dtype and name, got {self!r} and "
                f"{other!r}; no spec covers both."
            )
        return found


class TensorSpec(TypeSpec):
    """Shape, dtype and name that a tensor must have; the key of a compiled function's signature.

    Args:
        shape: Shape; None in it for any size, None for any rank.
        dtype: Dtype.
        name: Name of the argument, or None.

    Example:
        >>> import thalweg as tf
        >>> tf.TensorSpec([None, 2], tf.float32).is_compatible_with(tf.zeros((3, 2)))
        True

    Source: `tf.TensorSpec`.
    """

    __slots__ = ("_dtype", "_name", "_shape")
    #: `Tensor`, set where that is defined.
    _value_type: Any = None

    def __init__(self, shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> None:
        self._shape = TensorShape(shape)
        self._dtype = dtypes.as_dtype(dtype)
        self._name = name

    @classmethod
    def from_spec(cls, spec: Any, name: str | None = None) -> TensorSpec:
        """Spec with the shape and dtype of `spec`."""
        return cls(spec.shape, spec.dtype, name or getattr(spec, "name", None))

    @classmethod
    def from_tensor(cls, tensor: Any, name: str | None = None) -> TensorSpec:
        """Spec of an existing tensor."""
        return cls(tensor.shape, tensor.dtype, name)

    @property
    def shape(self) -> TensorShape:
        """Shape, with None where any size is allowed."""
        return self._shape

    @property
    def dtype(self) -> dtypes.DType:
        """Dtype."""
        return self._dtype

    @property
    def value_type(self) -> Any:
        """Class of the values: `Tensor`."""
        return self._value_type

    @property
    def name(self) -> str | None:
        """Name of the argument, or None."""
        return self._name

    def is_compatible_with(self, spec_or_tensor: Any) -> bool:
        """True when the value or spec has this dtype and a compatible shape."""
        return self._dtype == dtypes.as_dtype(
            spec_or_tensor.dtype
        ) and self._shape.is_compatible_with(spec_or_tensor.shape)

    def is_subtype_of(self, other: Any) -> bool:
        """True when every value of this spec also satisfies `other`."""
        return (
            isinstance(other, TensorSpec)
            and self._dtype == other._dtype
            and self._shape.is_subtype_of(other._shape)
        )

    def most_specific_common_supertype(self, others: Sequence[Any]) -> TensorSpec | None:
        """Narrowest spec that covers this one and all `others`; None when dtypes or names differ."""
        for other in others:
            if not isinstance(other, TensorSpec) or (self._dtype, self._name) != (
                other._dtype,
                other._name,
            ):
                return None
        shape = self._shape.most_specific_common_supertype([other._shape for other in others])
        return type(self)(shape, self._dtype, self._name)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, TensorSpec)
            and self._shape == other._shape
            and self._dtype is other._dtype
            and self._name == other._name
        )

    def __hash__(self) -> int:
        return hash((self._shape, self._dtype))

    def __repr__(self) -> str:
        return f"TensorSpec(shape={self._shape}, dtype={self._dtype!r}, name={self._name!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return TensorSpec, (self._shape, self._dtype, self._name)
