"""`BaseDropout`: a rate and a seed: what layers that drop have in common."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.random.seed_generator import SeedGenerator


class BaseDropout(Layer):
    """Layer that changes random parts of its inputs in training.

    Args:
        rate: Fraction of the inputs to change, in [0, 1].
        seed: Integer that decides which; None for one from the global generator.
        **kwargs: See `Layer`.
    """

    #: Whether all inputs may be dropped.
    _may_drop_all = True

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        number = isinstance(rate, (int, float)) and not isinstance(rate, bool)
        if not number or not 0 <= rate <= 1 or (rate == 1 and not self._may_drop_all):
            interval = "[0, 1]" if self._may_drop_all else "[0, 1)"
            raise InvalidArgumentError(
                f"[{type(self).__name__} {self.name!r}] expected rate in {interval}, got {rate!r}; it is the "
                "fraction to drop."
            )
        self.rate = rate
        self.seed = seed
        self.seed_generator = SeedGenerator(seed) if rate else None
        self.supports_masking = True
        self.built = True


def noise_shape_argument(where: str, given: Any) -> tuple[int | None, ...] | None:
    """The `noise_shape` argument of a layer: sizes, None where they are those of the inputs.

    Raises:
        InvalidArgumentError: It is something else.
    """
    if given is None:
        return None
    some = isinstance(given, (list, tuple))
    if not some or any(n is not None and (type(n) is not int or n < 1) for n in given):
        raise InvalidArgumentError(
            f"[{where}] expected noise_shape as positive sizes or None in their places, got {given!r}; write "
            "(None, 1, features) to drop the same features at all times."
        )
    return tuple(given)
