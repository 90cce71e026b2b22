"""`SparseTensorSpec`: what sparse tensors of one kind have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError
from thalweg._src.core import dtypes
from thalweg._src.core.shapes import TensorShape, TypeSpec
from thalweg._src.core.tensor import stand_in


class SparseTensorSpec(TypeSpec):
    """Dense shape and dtype that a sparse tensor must have.

    Args:
        shape: Dense shape; None in it for any size, None for any rank.
        dtype: Dtype of the elements.

    Source: `tf.SparseTensorSpec`.
    """

    __slots__ = ("_dtype", "_shape")
    #: `SparseTensor`, set where that is defined.
    _sparse_type: Any = None

    def __init__(self, shape: Any = None, dtype: Any = dtypes.float32) -> None:
        self._shape = TensorShape(shape)
        self._dtype = dtypes.as_dtype(dtype)

    @classmethod
    def from_value(cls, value: Any) -> SparseTensorSpec:
        """Spec of a sparse tensor.

        Raises:
            TypeError: The value is none.
        """
        if not isinstance(value, cls._sparse_type):
            raise DTypeError(
                f"[SparseTensorSpec.from_value] Expected SparseTensor, got {value!r} of type "
                f"{type(value).__name__}."
            )
        return cls(value.shape, value.dtype)

    @property
    def shape(self) -> TensorShape:
        """Dense shape, with None where any size is allowed."""
        return self._shape

    @property
    def dtype(self) -> dtypes.DType:
        """Dtype of the elements."""
        return self._dtype

    @property
    def value_type(self) -> Any:
        """`SparseTensor`."""
        return self._sparse_type

    def _stand_in(self, size: int) -> Any:
        if self._shape.rank is None:
            return super()._stand_in(size)
        shape = np.asarray([size if n is None else n for n in self._shape], np.int64)
        indices = stand_in((size, len(shape)), dtypes.int64)
        return self._sparse_type(indices, stand_in((size,), self._dtype), shape)

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        """True when the sparse tensor or spec has this dtype and a compatible shape."""
        return (
            isinstance(spec_or_value, (SparseTensorSpec, self._sparse_type))
            and self._dtype is spec_or_value.dtype
            and self._shape.is_compatible_with(spec_or_value.shape)
        )

    def is_subtype_of(self, other: Any) -> bool:
        """True when every sparse tensor of this spec also satisfies `other`."""
        return (
            isinstance(other, SparseTensorSpec)
            and self._dtype is other._dtype
            and self._shape.is_subtype_of(other._shape)
        )

    def most_specific_common_supertype(self, others: Sequence[Any]) -> SparseTensorSpec | None:
        """Narrowest spec that covers this one and all `others`; None where dtypes differ."""
        if not all(isinstance(o, SparseTensorSpec) and o._dtype is self._dtype for o in others):
            return None
        shape = self._shape.most_specific_common_supertype([o._shape for o in others])
        return SparseTensorSpec(shape, self._dtype)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, SparseTensorSpec)
            and self._shape == other._shape
            and self._dtype is other._dtype
        )

    def __hash__(self) -> int:
        return hash((self._shape, self._dtype))

    def __repr__(self) -> str:
        return f"SparseTensorSpec({self._shape!r}, {self._dtype!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return SparseTensorSpec, (self._shape, self._dtype)
