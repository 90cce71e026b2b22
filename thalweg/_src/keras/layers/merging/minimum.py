"""`Minimum`: smallest of tensors."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.merging.base_merge import BaseMerge
from thalweg._src.ops import clipping


class Minimum(BaseMerge):
    """Smallest of several tensors, element by element.

    Args:
        **kwargs: See `Layer`.

    Call arguments:
        inputs: List of tensors that broadcast behind the batch; one or more.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.Minimum()([tf.constant([[3.0]]), tf.constant([[2.0]])]).numpy().tolist()
        [[2.0]]

    Source: `keras.layers.Minimum`.
    """

    def _merge(self, x: Any, y: Any) -> Any:
        return clipping.minimum(x, y)


def minimum(inputs: Any, **kwargs: Any) -> Any:
    """Smallest of several tensors by a layer `Minimum`.

    Args:
        inputs: List of tensors.
        **kwargs: Those of `Layer`, such as ``name``.

    Returns:
        Tensor.

    Source: `keras.layers.minimum`.
    """
    return Minimum(**kwargs)(inputs)
