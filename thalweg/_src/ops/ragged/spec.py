"""`RaggedTensorSpec`: what ragged tensors of one kind have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.base.errors import DTypeError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.composite import Composite
from thalweg._src.core.shapes import TensorShape, TensorSpec, TypeSpec
from thalweg._src.core.tensor import Tensor, stand_in


class RaggedTensorSpec(TypeSpec):
    """Shape, dtype and ragged rank that a ragged tensor must have.

    Args:
        shape: Shape; None in it for ragged dimensions and for any size, None for any rank.
        dtype: Dtype of the values; None to take that of `flat_values_spec`.
        ragged_rank: Number of dimensions that row splits divide; rank - 1 when None.
        row_splits_dtype: int32 or int64.
        flat_values_spec: Spec of the innermost values where these are no plain tensors.

    Raises:
        ValueError: The ragged rank does not fit the shape, or neither is known.

    Example:
        >>> import thalweg as tf
        >>> tf.RaggedTensorSpec([2, None], tf.int32).is_compatible_with(tf.ragged.constant([[1], [2, 3]]))
        True

    Source: `tf.RaggedTensorSpec`.
    """

    __slots__ = ("_dtype", "_flat_values_spec", "_ragged_rank", "_row_splits_dtype", "_shape")
    #: `RaggedTensor`, set where that is defined.
    _ragged_type: Any = None

    def __init__(
        self,
        shape: Any = None,
        dtype: Any = dtypes.float32,
        ragged_rank: int | None = None,
        row_splits_dtype: Any = dtypes.int64,
        flat_values_spec: Any = None,
    ) -> None:
        self._shape = TensorShape(shape)
        rank = self._shape.rank
        if ragged_rank is None and rank is None:
            raise ShapeError(
                "[RaggedTensorSpec] Must specify ragged_rank or a shape with a known rank; got neither."
            )
        self._ragged_rank: int = max(rank - 1, 0) if ragged_rank is None else int(ragged_rank)  # type: ignore[operator]
        if rank is not None and self._ragged_rank and self._ragged_rank >= rank:
            raise ShapeError(
                f"[RaggedTensorSpec] Argument `ragged_rank` ({ragged_rank}) must be less than rank ({rank})."
            )
        if flat_values_spec is not None and dtype not in (None, flat_values_spec.dtype):
            raise DTypeError(
                "[RaggedTensorSpec] dtype must be the same as flat_values_spec.dtype, "
                f"{flat_values_spec.dtype!r}, got {dtype!r}; pass dtype=None."
            )
        self._dtype = dtypes.as_dtype(flat_values_spec.dtype if dtype is None else dtype)
        self._row_splits_dtype = dtypes.as_dtype(row_splits_dtype)
        self._flat_values_spec = flat_values_spec

    @classmethod
    def from_value(cls, value: Any) -> RaggedTensorSpec:
        """Spec of a ragged tensor."""
        splits = dtypes.BY_NUMPY[value._partition.dtype]
        return cls(value.shape, value.dtype, value.ragged_rank, splits)

    @property
    def shape(self) -> TensorShape:
        """Shape, with None for ragged dimensions and where any size is allowed."""
        return self._shape

    @property
    def dtype(self) -> dtypes.DType:
        """Dtype of the values."""
        return self._dtype

    @property
    def ragged_rank(self) -> int:
        """Number of dimensions that row splits divide."""
        return self._ragged_rank

    @property
    def row_splits_dtype(self) -> dtypes.DType:
        """Dtype of the row splits."""
        return self._row_splits_dtype

    @property
    def flat_values_spec(self) -> Any:
        """Spec of the innermost values, or None for plain tensors."""
        return self._flat_values_spec

    @property
    def value_type(self) -> Any:
        """`RaggedTensor`; `Tensor` for ragged rank 0."""
        return self._ragged_type if self._ragged_rank else Tensor

    def _stand_in(self, size: int) -> Any:
        sizes = [size if n is None else n for n in self._shape] if self._shape.rank else []
        if self._flat_values_spec is not None or len(sizes) <= self._ragged_rank:
            return super()._stand_in(size)
        rows, found = sizes[0], []
        for length in sizes[1 : self._ragged_rank + 1]:
            found.append(stand_in((rows + 1,), self._row_splits_dtype))
            rows *= length
        flat = stand_in((rows, *sizes[self._ragged_rank + 1 :]), self._dtype)
        lengths = self._shape[1 : self._ragged_rank + 1]
        return self._ragged_type._of_parts([flat, *found], [(length, None) for length in lengths])

    def _kind(self) -> tuple[Any, ...]:
        return self._dtype, self._ragged_rank, self._row_splits_dtype, self._flat_values_spec

    def _of(self, spec_or_value: Any) -> RaggedTensorSpec | None:
        """The spec of a value; None where it can be none of this kind."""
        if isinstance(spec_or_value, RaggedTensorSpec):
            return spec_or_value
        if isinstance(spec_or_value, Composite):
            found = spec_or_value._type_spec  # type: ignore[attr-defined]
            return found if isinstance(found, RaggedTensorSpec) else None
        if isinstance(spec_or_value, (Tensor, TensorSpec)) and not self._ragged_rank:
            value = spec_or_value
            return RaggedTensorSpec(value.shape, value.dtype, 0, self._row_splits_dtype)
        return None

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """True when the ragged tensor or spec is of this kind and has a compatible shape."""
        other = self._of(spec_or_value)
        return (
            other is not None
            and self._kind()[:3] == other._kind()[:3]
            and self._shape.is_compatible_with(other._shape)
        )

    def is_subtype_of(self, other: Any) -> bool:
        """True when every ragged tensor of this spec also satisfies `other`."""
        return (
            isinstance(other, RaggedTensorSpec)
            and self._kind() == other._kind()
            and self._shape.is_subtype_of(other._shape)
        )

    def most_specific_common_supertype(self, others: Sequence[Any]) -> RaggedTensorSpec | None:
        """Narrowest spec that covers this one and all `others`; None when they differ in more than sizes."""
        if not all(isinstance(o, RaggedTensorSpec) and o._kind() == self._kind() for o in others):
            return None
        shape = self._shape.most_specific_common_supertype([o._shape for o in others])
        return RaggedTensorSpec(shape, *self._kind())

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, RaggedTensorSpec)
            and self._shape == other._shape
            and self._kind() == other._kind()
        )

    def __hash__(self) -> int:
        return hash((self._shape, self._dtype, self._ragged_rank))

    def __repr__(self) -> str:
        parts = [repr(self._shape), repr(self._dtype), str(self._ragged_rank)]
        parts.append(repr(self._row_splits_dtype))
        if self._flat_values_spec is not None:
            parts.append(repr(self._flat_values_spec))
        return f"RaggedTensorSpec({', '.join(parts)})"

    def __reduce__(self) -> tuple[Any, ...]:
        return RaggedTensorSpec, (self._shape, *self._kind())
