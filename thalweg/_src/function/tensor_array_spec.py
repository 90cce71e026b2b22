"""`TensorArraySpec`: the kind of a `TensorArray`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.core.shapes import TensorShape
from thalweg._src.function.tensor_array import TensorArray


class TensorArraySpec:
    """Kind of a `TensorArray`.

    Args:
        element_shape: Shape of the elements.
        dtype: Dtype of the elements.
        dynamic_size: Whether the array may grow.
        infer_shape: Whether all elements have one shape.

    Source: `tf.TensorArraySpec`.
    """

    def __init__(
        self,
        element_shape: Any = None,
        dtype: Any = dtypes.float32,
        dynamic_size: bool = False,
        infer_shape: bool = True,
    ) -> None:
        self._element_shape = TensorShape(element_shape)
        self._dtype = dtypes.as_dtype(dtype)
        self._dynamic_size = bool(dynamic_size)
        self._infer_shape = bool(infer_shape)

    @property
    def value_type(self) -> type:
        """`TensorArray`."""
        return TensorArray

    @staticmethod
    def from_value(value: TensorArray) -> TensorArraySpec:
        """The kind of an array."""
        return TensorArraySpec(value.element_shape, value.dtype, value.dynamic_size, value._infers)

    def _key(self) -> tuple[Any, ...]:
        return self._dtype, self._dynamic_size, self._infer_shape

    def is_subtype_of(self, other: Any) -> bool:
        """True when every array of this kind is one of the other."""
        return (
            isinstance(other, TensorArraySpec)
            and self._dtype is other._dtype
            and self._dynamic_size == other._dynamic_size
        )

    def is_compatible_with(self, other: Any) -> bool:
        """True when an array, or another kind, fits this one."""
        if isinstance(other, TensorArray):
            other = TensorArraySpec.from_value(other)
        return (
            isinstance(other, TensorArraySpec)
            and self._dtype is other._dtype
            and self._dynamic_size == other._dynamic_size
            and self._element_shape.is_compatible_with(other._element_shape)
        )

    def most_specific_common_supertype(self, others: Sequence[Any]) -> TensorArraySpec | None:
        """The narrowest kind that holds this one and `others`; None when there is none."""
        if not all(isinstance(o, TensorArraySpec) and o._key() == self._key() for o in others):
            return None
        shape = self._element_shape
        for other in others:
            shape = shape.most_specific_compatible_shape(other._element_shape)
        return TensorArraySpec(shape, *self._key())

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, TensorArraySpec)
            and self._key() == other._key()
            and self._element_shape == other._element_shape
        )

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return (
            f"TensorArraySpec({self._element_shape!r}, {self._dtype!r}, {self._dynamic_size}, "
            f"{self._infer_shape})"
        )
