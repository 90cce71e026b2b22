"""Functions of Keras 2 that have another meaning in Keras 3."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.serialization import register_keras_serializable
from thalweg._src.ops import clipping, elementwise


@register_keras_serializable("thalweg", "keras_2_hard_sigmoid")
def hard_sigmoid(x: Any) -> Any:
    """``0.2 * x + 0.5`` between 0 and 1: the hard sigmoid of Keras 2, ``x / 6 + 0.5`` in Keras 3.

    Args:
        x: Tensor of floats.
    """
    line = elementwise.add(elementwise.multiply(x, 0.2), 0.5)
    return clipping.clip_by_value(line, 0.0, 1.0)


# What a config says of it.
HARD_SIGMOID = {
    "module": "builtins",
    "class_name": "function",
    "config": "thalweg>keras_2_hard_sigmoid",
    "registered_name": "function",
}
