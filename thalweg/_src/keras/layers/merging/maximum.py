"""`Maximum`: largest of tensors."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.merging.base_merge import BaseMerge
from thalweg._src.ops import clipping


class Maximum(BaseMerge):
    """Largest of several tensors, element by element.

    Args:
        **kwargs: See `Layer`.

    Call arguments:
        inputs: List of tensors that broadcast behind the batch; one or more.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Maximum()([tf.constant([[3.0]]), tf.constant([[2.0]])]).numpy().tolist()
        [[3.0]]

    Source: `keras.layers.Maximum`.
    """

    def _merge(self, x: Any, y: Any) -> Any:
        return clipping.maximum(x, y)


def maximum(inputs: Any, **kwargs: Any) -> Any:
    """Largest of several tensors by a layer `Maximum`.

    Args:
        inputs: List of tensors.
        **kwargs: Those of `Layer`, such as ``name``.

    Returns:
        Tensor.

    Source: `keras.layers.maximum`.
    """
    return Maximum(**kwargs)(inputs)
