"""`GaussianDropout`: multiplies the inputs by random numbers around 1 in training."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.regularization.base_dropout import BaseDropout
from thalweg._src.keras.random.distributions import normal
from thalweg._src.ops.elementwise import multiply


class GaussianDropout(BaseDropout):
    """Multiplies the inputs by normal numbers of mean 1 and variance ``rate / (1 - rate)`` in training.

    The noise has the variance of that of `Dropout` with the same rate.

    Args:
        rate: Fraction that `Dropout` would drop, in [0, 1).
        seed: Integer that decides the numbers; None for one from the global generator.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Floating tensor of any shape.
        training: Whether to multiply; the inputs stay as they are otherwise.

    Source: Srivastava et al. 2014, section 10; `keras.layers.GaussianDropout`.
    """

    _may_drop_all = False

    def call(self, inputs: Any, training: bool = False) -> Any:
        """The inputs, multiplied by noise in training."""
        if not training or self.rate == 0:
            return inputs
        deviation = (self.rate / (1.0 - self.rate)) ** 0.5
        shape, seed = tuple(inputs.shape), self.seed_generator
        return multiply(inputs, normal(shape, 1.0, deviation, inputs.dtype, seed))
