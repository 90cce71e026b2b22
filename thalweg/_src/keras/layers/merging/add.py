"""`Add`: sum of tensors."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.merging.base_merge import BaseMerge
from thalweg._src.ops import elementwise


class Add(BaseMerge):
    """Sum of several tensors, element by element.

    Args:
        **kwargs: See `Layer`.

    Call arguments:
        inputs: List of tensors that broadcast behind the batch; one or more.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Add()([tf.constant([[1.0]]), tf.constant([[2.0]])]).numpy().tolist()
        [[3.0]]

    Source: `keras.layers.Add`.
    """

    def _merge(self, x: Any, y: Any) -> Any:
        return elementwise.add(x, y)


def add(inputs: Any, **kwargs: Any) -> Any:
    """Sum of several tensors by a layer `Add`.

    Args:
        inputs: List of tensors.
        **kwargs: Those of `Layer`, such as ``name``.

    Returns:
        Tensor.

    Source: `keras.layers.add`.
    """
    return Add(**kwargs)(inputs)
