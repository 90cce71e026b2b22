"""`ValueLayer`: what the layers that change pixels' values share: the range of the values, and a seed."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, value_range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import ImageLayer
from thalweg._src.keras.random.distributions import uniform


class ValueLayer(ImageLayer):
    """Layer that changes values of pixels, which lie in a range."""

    def _takes_values(self, value_range: Any, seed: int | None = None) -> None:
        """Keeps arguments that most such layers have.

        Args:
            value_range: Least and largest value of pixels.
            seed: Integer that decides what is drawn; None for one from the global generator.
        """
        self.value_range = value_range_of(self._where, value_range)
        if self.is_random:
            self._seeded(seed)

    @property
    def _span(self) -> float:
        low, high = self.value_range
        return float(high - low)

    def _shares(self, images: Any) -> Any:
        """Values as shares of the range, in [0, 1]."""
        return (images - float(self.value_range[0])) / self._span

    def _values(self, shares: Any) -> Any:
        """Values that are shares of the range."""
        return shares * self._span + float(self.value_range[0])


def chosen(count: int, chances: tuple[float, float], seed: Any) -> Any:
    """Whether something happens to each image ``(count,)``, by chances drawn from a range."""
    chance = drawn_between(count, chances, seed)
    return uniform((count,), 0.0, 1.0, "float32", seed=seed) < chance
