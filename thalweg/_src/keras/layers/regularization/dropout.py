"""`Dropout`: sets random inputs to zero in training."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.random.dropout import dropout


class Dropout(Layer):
    """Sets a random fraction of the inputs to zero in training, and scales the others up.

    Args:
        rate: Fraction to drop, in [0, 1).
        noise_shape: Shape of the random mask, which broadcasts to the inputs; None for their shape.
        seed: Seed of the mask, or None for the global generator.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of any shape.
        training: Whether to drop; nothing is dropped otherwise.

    Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
    """

    def __init__(self, rate: float, noise_shape: Any = None, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not 0 <= rate < 1:
            raise ValueError(f"[Dropout] expected rate in [0, 1), got {rate}.")
        self.rate = rate
        self.noise_shape = noise_shape
        self.seed = seed
        self.supports_masking = True
        self.built = True

    def call(self, inputs: Any, training: bool = False) -> Any:
        """The inputs, some of them dropped in training."""
        if not training or self.rate == 0:
            return inputs
        return dropout(inputs, self.rate, noise_shape=self.noise_shape, seed=self.seed)
