"""``x[indices]``: elements picked by arrays of integers, as in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import numpy as jnp

from thalweg._src.base.errors import DTypeError, IndexRangeError
from thalweg._src.core.convert import as_tensor
from thalweg._src.core.opdef import op
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor, is_traced

# Reading more indices than this to check their range would cost more than picking the elements.
_MAX_CHECKED = 65536


@op("getitem_arrays", matched=(), host=lambda x, *indices, key: x[_key(key, indices)])
def _getitem_arrays(*operands: Any, key: Any) -> Any:
    x, *indices = operands
    return x[_key(key, [jnp.asarray(i) for i in indices])]


def _key(key: tuple[Any, ...], indices: Any) -> tuple[Any, ...]:
    """The key with its arrays and slices put back."""
    return tuple(
        indices[part[1]]
        if type(part) is tuple and part[0] == "array"
        else slice(*part[1:])
        if type(part) is tuple
        else part
        for part in key
    )


def has_arrays(key: Any) -> bool:
    """True when a key holds an integer array or tensor with at least one dimension."""
    parts = key if type(key) is tuple else (key,)
    return any(_is_index_array(part) for part in parts)


def _is_index_array(part: Any) -> bool:
    if isinstance(part, np.ndarray):
        return part.ndim > 0 and part.dtype.kind in "iu"
    if not (isinstance(part, (KerasTensor, Tensor)) or hasattr(part, "_read_tensor")):
        return False
    return len(part.shape) > 0 and "int" in str(getattr(part.dtype, "name", part.dtype))


def getitem_arrays(x: Any, key: Any) -> Any:
    """Elements of `x` at places given by integer arrays.

    Args:
        x: Tensor.
        key: Integer array, or a tuple of integer arrays, integers, slices, ``...`` and `tf.newaxis`. Arrays
            broadcast against each other.

    Returns:
        Tensor of the shape that NumPy gives. In a compiled program an index out of range stands for the
        nearest element.

    Raises:
        InvalidArgumentError: An index is out of range (eagerly, up to 65,536 indices); also an `IndexError`.

    Source: NumPy's advanced indexing. TensorFlow refuses it and asks for `tf.gather` or `tf.gather_nd`.
    """
    arrays: list[Any] = []
    static: list[Any] = []
    for part in key if type(key) is tuple else (key,):
        if _is_index_array(part):
            static.append(("array", len(arrays)))
            arrays.append(part if isinstance(part, (np.ndarray, KerasTensor)) else as_tensor(part))
        elif isinstance(part, slice):
            static.append(("slice", part.start, part.stop, part.step))
        elif part is None or part is Ellipsis or isinstance(part, (int, np.integer)):
            static.append(part)
        else:
            raise DTypeError(
                f"[getitem] expected integers, slices or integer arrays beside an array, got {part!r}."
            )
    _check(x, static, arrays)
    return _getitem_arrays(x, *arrays, key=tuple(static))


def _check(x: Any, static: list[Any], arrays: list[Any]) -> None:
    """Raises for indices out of range where they can be read cheaply."""
    used = sum(1 for part in static if part is not None and part is not Ellipsis)
    axis = 0
    for part in static:
        if part is None:
            continue
        if part is Ellipsis:
            axis += len(x.shape) - used
            continue
        if type(part) is tuple and part[0] == "array":
            _check_one(arrays[part[1]], x.shape[axis], axis)
        axis += 1


def _check_one(indices: Any, size: int | None, axis: int) -> None:
    if (
        size is None
        or isinstance(indices, KerasTensor)
        or (isinstance(indices, Tensor) and is_traced(indices))
    ):
        return
    values = np.asarray(indices)
    if values.size == 0 or values.size > _MAX_CHECKED:
        return
    if values.min() < -size or values.max() >= size:
        bad = values.min() if values.min() < -size else values.max()
        raise IndexRangeError(
            f"[getitem] index {bad} of dimension {axis} out of bounds: expected {-size} to {size - 1}."
        )
