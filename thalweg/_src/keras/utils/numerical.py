"""Small helpers for arrays: one-hot labels and vectors of length 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.convert import as_tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.losses.cosine import unit
from thalweg._src.ops import clipping, elementwise, reduction


def to_categorical(x: Any, num_classes: int | None = None) -> np.ndarray[Any, Any]:
    """One-hot rows of class numbers.

    Args:
        x: Class numbers of shape ``(...)`` or ``(..., 1)``, from 0.
        num_classes: Number of classes; the largest class number plus 1 when None.

    Returns:
        NumPy array of shape ``(..., num_classes)`` in the default floating dtype.

    Raises:
        ValueError: A class number outside ``[0, num_classes)``.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.utils.to_categorical([0, 2])
        array([[1., 0., 0.],
               [0., 0., 1.]], dtype=float32)

    Source: `keras.utils.to_categorical`; negative numbers are refused, where Keras counts from the end.
    """
    labels = np.asarray(x).astype(np.int64)
    shape = labels.shape
    if len(shape) > 1 and shape[-1] == 1:
        shape = shape[:-1]
    flat = labels.reshape(-1)
    classes = int(num_classes) if num_classes else (int(flat.max()) + 1 if flat.size else 0)
    if flat.size and not (flat.min() >= 0 and flat.max() < classes):
        raise InvalidArgumentError(
            f"[to_categorical] expected class numbers from 0 to {classes - 1}, got {flat.min()} to "
            f"{flat.max()}; pass a larger num_classes or renumber the labels."
        )
    rows = np.zeros((flat.size, classes), floatx())
    rows[np.arange(flat.size), flat] = 1
    return rows.reshape((*shape, classes))


def normalize(x: Any, axis: int = -1, order: float = 2) -> Any:
    """Vectors along `axis`, divided by their norm; zero vectors stay.

    Args:
        x: NumPy array, or tensor.
        axis: Axis of the vectors.
        order: Order of the norm: 2 for Euclidean.

    Returns:
        NumPy array for a NumPy array or list, tensor for a tensor.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.utils.normalize([[3.0, 4.0]])
        array([[0.6, 0.8]])

    Source: `keras.utils.normalize`.
    """
    tensor: Any = as_tensor(x)
    if tensor is None:
        array = np.asarray(x)
        norm = np.linalg.norm(array, order, axis, keepdims=True)
        return array / np.where(norm == 0, 1, norm)
    if order == 2:
        return unit(tensor, axis)
    sizes = elementwise.pow(abs(tensor), float(order))
    norm = elementwise.pow(reduction.reduce_sum(sizes, axis=axis, keepdims=True), 1.0 / order)
    return tensor / clipping.maximum(norm, 1e-12)
