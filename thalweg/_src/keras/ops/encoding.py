"""Class numbers as vectors: `one_hot`, `multi_hot`."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.ops.sparse import dense
from thalweg._src.keras.ops.sparse import sparse as made_sparse
from thalweg._src.ops import ranges
from thalweg._src.ops.casting import cast
from thalweg._src.ops.reduction import reduce_any


def _marks(x: Any, num_classes: Any, axis: int) -> Any:
    """True at the place of each class number."""
    x = tensor_of(x)
    indices = x if x.dtype.is_integer else cast(x, "int32")
    return ranges.one_hot(indices, num_classes, axis=axis, dtype=dtypes.bool, on_value=True, off_value=False)


@operation
def one_hot(
    x: Any, num_classes: int, axis: int = -1, dtype: Any = None, sparse: bool = False
) -> Any:
    """Vectors that are 1 at the place of a class number and 0 elsewhere.

    Args:
        x: Class numbers of any shape; one outside [0, num_classes) gives zeros only.
        num_classes: Number of classes.
        axis: Where the new dimension goes; -1 for the end.
        dtype: Dtype of the result; ``floatx()`` when None.
        sparse: Give a sparse tensor, except inside compiled programs.

    Returns:
        Tensor with a new dimension of size `num_classes`.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.one_hot([0, 2], 3).numpy().tolist()
        [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]

    Source: `keras.ops.one_hot`.
    """
    found = cast(_marks(dense(x), num_classes, axis), dtype or floatx())
    return made_sparse(found) if sparse else found


@operation
def multi_hot(
    inputs: Any,
    num_classes: int | None = None,
    axis: int = -1,
    dtype: Any = None,
    sparse: bool = False,
    **kwargs: Any,
) -> Any:
    """Vectors that are 1 at the places of several class numbers and 0 elsewhere.

    Args:
        inputs: Class numbers ``(classes,)`` or ``(batch, classes, ...)``; those outside
            [0, num_classes) are left out.
        num_classes: Number of classes.
        axis: Where the dimension of the classes goes; -1 for the end.
        dtype: Dtype of the result; ``floatx()`` when None.
        sparse: Give a sparse tensor, except inside compiled programs.
        **kwargs: `num_tokens`, the older name of `num_classes`.

    Returns:
        Tensor ``(num_classes,)`` or ``(batch, ..., num_classes)``.

    Raises:
        InvalidArgumentError: `num_classes` is missing.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.ops.multi_hot([[0, 2], [1, 1]], 3).numpy().tolist()
        [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]]

    Source: `keras.ops.multi_hot`.
    """
    num_classes = kwargs.pop("num_tokens", None) if num_classes is None else num_classes
    if kwargs:
        raise TypeError(f"[multi_hot] unexpected arguments {sorted(kwargs)}; leave them out.")
    if num_classes is None:
        raise InvalidArgumentError("[multi_hot] expected num_classes, got None; count the classes.")
    inputs = dense(tensor_of(inputs))
    over = 1 if len(inputs.shape) > 1 else 0
    marks = _marks(inputs, num_classes, axis)
    found = cast(reduce_any(marks, axis=over), dtype or floatx())
    return made_sparse(found) if sparse else found
