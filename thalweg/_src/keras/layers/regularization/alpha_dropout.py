"""`AlphaDropout`: dropout that keeps mean and variance, for networks that normalize themselves."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.keras.layers.regularization.base_dropout import BaseDropout, noise_shape_argument
from thalweg._src.keras.random.distributions import uniform
from thalweg._src.ops.casting import cast
from thalweg._src.ops.comparison import greater_equal
from thalweg._src.ops.elementwise import add, multiply
from thalweg._src.ops.selection import where

# What SELU tends to for large negative inputs: the scale of SELU times its alpha, negative.
_SATURATION = -1.7580993408473766


class AlphaDropout(BaseDropout):
    """Sets random inputs to the value at which SELU saturates, and rescales all, in training.

    Inputs of mean 0 and variance 1 keep both, so that a network of SELU units stays normalized.

    Args:
        rate: Fraction to drop, in [0, 1).
        noise_shape: Shape of the random mask, which broadcasts to the inputs; None for their shape.
        seed: Integer that decides what is dropped; None for one from the global generator.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Floating tensor of any shape.
        training: Whether to drop; nothing is dropped otherwise.

    Source: Klambauer et al., "Self-normalizing neural networks" (2017); `keras.layers.AlphaDropout`.
    """

    _may_drop_all = False

    def __init__(
        self, rate: float, noise_shape: Any = None, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(rate, seed, **kwargs)
        self.noise_shape = noise_shape_argument(f"AlphaDropout {self.name!r}", noise_shape)

    def call(self, inputs: Any, training: bool = False) -> Any:
        """The inputs, some of them dropped in training."""
        if not training or self.rate == 0:
            return inputs
        numbers = uniform(self._mask_shape(inputs), dtype="float32", seed=self.seed_generator)
        kept = where(greater_equal(numbers, self.rate), inputs, cast(_SATURATION, inputs.dtype))
        scale = ((1 - self.rate) * (1 + self.rate * _SATURATION**2)) ** -0.5
        return add(multiply(kept, scale), -scale * _SATURATION * self.rate)

    def _mask_shape(self, inputs: Any) -> tuple[int, ...]:
        shape = tuple(inputs.shape)
        given = self.noise_shape
        if given is None:
            return shape
        fits = len(given) == len(shape) and all(
            n in (None, 1, size) for n, size in zip(given, shape, strict=True)
        )
        if not fits:
            raise ShapeError(
                f"[AlphaDropout {self.name!r}] expected noise_shape with 1 or the size of the inputs {shape} "
                f"in each place, got {given}."
            )
        return tuple(size if n is None else n for n, size in zip(given, shape, strict=True))
