"""`Multiply`: product of tensors."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.merging.base_merge import BaseMerge
from thalweg._src.ops import elementwise


class Multiply(BaseMerge):
    """Product of several tensors, element by element.

    Args:
        **kwargs: See `Layer`.

    Call arguments:
        inputs: List of tensors that broadcast behind the batch; one or more.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Multiply()([tf.constant([[3.0]]), tf.constant([[2.0]])]).numpy().tolist()
        [[6.0]]

    Source: `keras.layers.Multiply`.
    """

    def _merge(self, x: Any, y: Any) -> Any:
        return elementwise.multiply(x, y)


def multiply(inputs: Any, **kwargs: Any) -> Any:
    """Product of several tensors by a layer `Multiply`.

    Args:
        inputs: List of tensors.
        **kwargs: Those of `Layer`, such as ``name``.

    Returns:
        Tensor.

    Source: `keras.layers.multiply`.
    """
    return Multiply(**kwargs)(inputs)
