"""`ActivityRegularization`: adds what its inputs cost to the loss."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.regularizers import L1L2


class ActivityRegularization(Layer):
    """Passes its inputs on, and adds ``l1 * sum(abs(x)) + l2 * sum(x ** 2)`` to the loss, for each sample.

    Args:
        l1: Factor of the absolute values.
        l2: Factor of the squares.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of any shape.

    Source: `keras.layers.ActivityRegularization`.
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Any) -> None:
        super().__init__(activity_regularizer=L1L2(l1=l1, l2=l2), **kwargs)
        self.l1 = l1
        self.l2 = l2
        self.supports_masking = True
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The inputs."""
        return inputs

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer."""
        config = super().get_config()
        config.pop("activity_regularizer", None)
        return config
