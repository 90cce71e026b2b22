"""`Dropout`: sets random inputs to zero in training."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.regularization.base_dropout import BaseDropout, noise_shape_argument
from thalweg._src.keras.random.noise import dropout


class Dropout(BaseDropout):
    """Sets a random fraction of the inputs to zero in training, and scales the others up.

    The expected sum stays the same: the others are divided by ``1 - rate``.

    Args:
        rate: Fraction to drop, in [0, 1].
        noise_shape: Shape of the random mask, which broadcasts to the inputs; None for their shape.
            ``(None, 1, features)`` drops the same features at all times.
        seed: Integer that decides what is dropped; None for one from the global generator.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Floating tensor of any shape.
        training: Whether to drop; nothing is dropped otherwise.

    Example:
        >>> import thalweg as tf
        >>> y = tf.keras.layers.Dropout(0.5)(tf.ones((8,)), training=True)
        >>> sorted(set(y.numpy().tolist()) | {0.0, 2.0})
        [0.0, 2.0]

    Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
    """

    def __init__(
        self, rate: float, noise_shape: Any = None, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(rate, seed, **kwargs)
        self.noise_shape = noise_shape_argument(f"Dropout {self.name!r}", noise_shape)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """The inputs, some of them dropped in training."""
        if not training or self.rate == 0:
            return inputs
        return dropout(inputs, self.rate, self.noise_shape, self.seed_generator)
