"""`ELU`: positive inputs, and exponentials of the others."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.activations import elu
from thalweg._src.keras.layers.base.layer import Layer


class ELU(Layer):
    """The inputs where they are positive, else ``alpha * (exp(inputs) - 1)``.

    Args:
        alpha: What the outputs tend to for large negative inputs, negated.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of any shape; integers are cast to the compute dtype.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.ELU()(tf.constant([-100.0, 3.0])).numpy().tolist()
        [-1.0, 3.0]

    Source: Clevert et al., "Fast and accurate deep network learning by exponential linear units" (2015);
    `keras.layers.ELU`.
    """

    works_on_values = True

    def __init__(self, alpha: float = 1.0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(alpha, (int, float)):
            raise InvalidArgumentError(
                f"[ELU {self.name!r}] expected alpha as a number, got {alpha!r}."
            )
        self.alpha = alpha
        self.supports_masking = True
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The function of the inputs."""
        return elu(self._floating(inputs), self.alpha)
