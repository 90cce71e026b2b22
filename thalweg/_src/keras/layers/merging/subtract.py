"""`Subtract`: difference of two tensors."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.merging.base_merge import BaseMerge
from thalweg._src.ops import elementwise


class Subtract(BaseMerge):
    """First tensor less the second, element by element.

    Args:
        **kwargs: See `Layer`.

    Call arguments:
        inputs: List of two tensors that broadcast behind the batch.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Subtract()([tf.constant([[3.0]]), tf.constant([[2.0]])]).numpy().tolist()
        [[1.0]]

    Source: `keras.layers.Subtract`.
    """

    _count = 2

    def _merge(self, x: Any, y: Any) -> Any:
        return elementwise.subtract(x, y)


def subtract(inputs: Any, **kwargs: Any) -> Any:
    """Difference of two tensors by a layer `Subtract`.

    Args:
        inputs: List of two tensors.
        **kwargs: Those of `Layer`, such as ``name``.

    Returns:
        Tensor.

    Source: `keras.layers.subtract`.
    """
    return Subtract(**kwargs)(inputs)
