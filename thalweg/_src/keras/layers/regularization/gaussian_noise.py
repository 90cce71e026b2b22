"""`GaussianNoise`: adds random numbers around 0 to the inputs in training."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.random.distributions import normal
from thalweg._src.keras.random.seed_generator import SeedGenerator
from thalweg._src.ops.elementwise import add


class GaussianNoise(Layer):
    """Adds normal numbers of mean 0 to the inputs in training: samples that were never seen.

    Args:
        stddev: Standard deviation of the noise, 0 or more.
        seed: Integer that decides the numbers; None for one from the global generator.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Floating tensor of any shape.
        training: Whether to add noise; the inputs stay as they are otherwise.

    Source: `keras.layers.GaussianNoise`, where `stddev` is at most 1.
    """

    def __init__(self, stddev: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not isinstance(stddev, (int, float)) or not stddev >= 0:
            raise InvalidArgumentError(
                f"[GaussianNoise {self.name!r}] expected stddev as a number of 0 or more, got {stddev!r}."
            )
        self.stddev = stddev
        self.seed = seed
        self.seed_generator = SeedGenerator(seed) if stddev else None
        self.supports_masking = True
        self.built = True

    def call(self, inputs: Any, training: bool = False) -> Any:
        """The inputs, with noise in training."""
        if not training or self.stddev == 0:
            return inputs
        shape, seed = tuple(inputs.shape), self.seed_generator
        return add(inputs, normal(shape, 0.0, float(self.stddev), inputs.dtype, seed))
