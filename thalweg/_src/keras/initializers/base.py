"""`Initializer`: a function of (shape, dtype) that makes first values of weights; and random ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.base.seeds import fresh_seed
from thalweg._src.keras.base.serialization import Serializable, deserialize_keras_object, plain
from thalweg._src.ops.casting import cast
from thalweg._src.random.stateless import (
    stateless_normal,
    stateless_truncated_normal,
    stateless_uniform,
)


class Initializer(Serializable):
    """Function of a shape and a dtype that makes a tensor; subclasses define `__call__`.

    Source: `keras.initializers.Initializer`.
    """

    keras_module = "keras.initializers"

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Values for a weight of `shape` and `dtype`."""
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a subclass to define __call__."
        )

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {k: v for k, v in self.__dict__.items() if not k.startswith("_")}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Initializer made from `get_config()`'s result."""
        return cls(**config)

    def clone(self) -> Any:
        """New initializer from the same arguments."""
        return type(self).from_config(self.get_config())


class RandomInitializer(Initializer):
    """Initializer that draws from a seed of its own: the same values each time it is called.

    Args:
        seed: Seed, or None to take one from the global generator; a `SeedGenerator` for other values each
            time.
    """

    def __init__(self, seed: Any = None) -> None:
        if isinstance(seed, Mapping):
            seed = deserialize_keras_object(seed)
        if seed is not None and not isinstance(seed, int) and not hasattr(seed, "next"):
            raise TypeError(
                f"[{type(self).__name__}] expected an int as seed, a SeedGenerator or None, got {seed!r} "
                f"of type {type(seed).__name__}."
            )
        self.seed = seed
        self._chosen: int | None = None

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return super().get_config() | {"seed": plain(self.seed)}

    def _words(self) -> Any:
        """Seed of the draw."""
        if hasattr(self.seed, "next"):
            return cast(self.seed.next(), "int64")
        if self._chosen is None:
            self._chosen = fresh_seed() if self.seed is None else self.seed
        return [self._chosen % 2**62, 0]

    def _normal(self, shape: Any, mean: float, stddev: float, dtype: Any) -> Tensor:
        return stateless_normal(tuple(shape), self._words(), mean, stddev, dtype or floatx())

    def _truncated(self, shape: Any, mean: float, stddev: float, dtype: Any) -> Tensor:
        wanted = dtype or floatx()
        return stateless_truncated_normal(tuple(shape), self._words(), mean, stddev, wanted)

    def _uniform(self, shape: Any, low: float, high: float, dtype: Any) -> Tensor:
        return stateless_uniform(tuple(shape), self._words(), low, high, dtype or floatx())
