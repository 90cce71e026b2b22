"""Parts of Variables: slices that can be assigned, and rows with their indices."""

from __future__ import annotations

from typing import Any

from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorShape
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.indexing import getitem
from thalweg._src.ops.scatter import scatter_nd
from thalweg._src.variables import assignment


class VariableSlice(Tensor):
    """Tensor ``variable[key]`` that also knows where it came from, so that it can be assigned.

    Example:
        >>> import thalweg as tf
        >>> v = tf.Variable([1.0, 2.0])
        >>> v[1:].assign([5.0]).numpy().tolist()
        [1.0, 5.0]

    Source: `tf.Variable.__getitem__`.
    """

    __slots__ = ("_key", "_part", "_variable")

    def __init__(self, variable: Any, key: Any) -> None:
        self._variable = variable
        self._key = key
        self._part = getitem(variable._read_tensor(), key)
        super().__init__(self._part.array)

    def _read_tensor(self) -> Tensor:
        return self._part

    def assign(self, value: Any, use_locking: bool = False, name: Any = None) -> Any:
        """Replaces this part of the Variable; returns the Variable."""
        variable = self._variable
        with assignment.unrecorded():
            part = convert_to_tensor(value, variable.dtype)
            new = assignment.setitem(variable._current_tensor(), self._key, part)
        variable._set(new, shared=False)
        return variable._unread()

    def assign_add(self, delta: Any, use_locking: bool = False, name: Any = None) -> Any:
        """Adds to this part of the Variable; returns the Variable."""
        return self.assign(self._fresh() + delta)

    def assign_sub(self, delta: Any, use_locking: bool = False, name: Any = None) -> Any:
        """Subtracts from this part of the Variable; returns the Variable."""
        return self.assign(self._fresh() - delta)

    def _fresh(self) -> Any:
        return getitem(self._variable._current_tensor(), self._key)


class IndexedSlices:
    """Rows `values` that belong at `indices` of the first dimension of a larger tensor.

    Args:
        values: Tensor of shape ``(rows, ...)``.
        indices: Integer tensor of shape ``(rows,)``.
        dense_shape: Shape of the larger tensor, or None.

    Source: `tf.IndexedSlices`. Gradients here are dense; this class serves `Variable.scatter_*`.
    """

    def __init__(self, values: Any, indices: Any, dense_shape: Any = None) -> None:
        self.values = convert_to_tensor(values)
        self.indices = convert_to_tensor(indices)
        self.dense_shape = None if dense_shape is None else convert_to_tensor(dense_shape)

    @property
    def dtype(self) -> Any:
        """Dtype of the values."""
        return self.values.dtype

    @property
    def shape(self) -> TensorShape:
        """Shape of the larger tensor; the first size is unknown without `dense_shape`."""
        if self.dense_shape is not None:
            return TensorShape(self.dense_shape.numpy().tolist())
        return TensorShape([None]).concatenate(self.values.shape[1:])

    @property
    def device(self) -> str:
        """Device of the values."""
        return self.values.device

    def _to_dense_tensor(self) -> Tensor:
        if self.dense_shape is None:
            raise ValueError(
                "[IndexedSlices] expected a dense_shape to make a dense tensor, got None; pass "
                "dense_shape=."
            )
        return scatter_nd(self.indices[:, None], self.values, self.dense_shape)

    def __neg__(self) -> IndexedSlices:
        return IndexedSlices(-self.values, self.indices, self.dense_shape)

    def __repr__(self) -> str:
        return f"IndexedSlices(indices={self.indices!r}, values={self.values!r})"
