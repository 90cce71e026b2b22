"""`SeedGenerator`: a Variable that hands out a fresh seed for each draw; and what a `seed` argument means."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.keras.base.seeds import fresh_seed
from thalweg._src.keras.base.serialization import Serializable
from thalweg._src.keras.base.variable import KerasVariable, names, path_scope
from thalweg._src.ops.casting import cast
from thalweg._src.random.distributions import uniform
from thalweg._src.random.global_generator import inside_scope
from thalweg._src.random.stateless import stateless_uniform

_ONE_DRAW = np.array([0, 1], np.uint32)

# Held from reading a state until it is written, so that threads draw different numbers.
_lock = threading.RLock()


class SeedGenerator(Serializable):
    """Source of seeds that differ from draw to draw; its state is a Variable.

    The state becomes an input and an output of compiled programs, so that each call of a program draws
    fresh numbers, and a saved model goes on where it stopped.

    Args:
        seed: Integer that decides all seeds; None for one from the global generator.
        name: Name; ``seed_generator``, ``seed_generator_1``, ... when None.

    Attributes:
        state: uint32 Variable of shape ``(2,)``: the initial seed and the number of seeds handed out.

    Raises:
        ValueError: `seed` is no integer.

    Example:
        >>> import thalweg as tf
        >>> seeds = tf.keras.random.SeedGenerator(7)
        >>> a, b = (tf.keras.random.normal((3,), seed=seeds) for _ in range(2))
        >>> bool(tf.reduce_all(a == b))
        False

    Source: `keras.random.SeedGenerator`. Seeds are counted and hashed when they are used, instead of
    being random numbers themselves.
    """

    keras_module = "keras.random"

    def __init__(self, seed: int | None = None, name: str | None = None) -> None:
        if seed is not None and not _is_integer(seed):
            raise InvalidArgumentError(
                f"[SeedGenerator] expected seed as an integer or None, got {seed!r} of type "
                f"{type(seed).__name__}; write seed=1337."
            )
        self.name = name or names.make("seed_generator")
        self._initial_seed = None if seed is None else int(seed)
        start = fresh_seed() if seed is None else int(seed)
        with path_scope(self.name):
            self.state = KerasVariable(
                _words(start),
                dtype="uint32",
                trainable=False,
                autocast=False,
                name="seed_generator_state",
            )

    def next(self, ordered: bool = True) -> Any:
        """Seed for one draw; the state moves on.

        Args:
            ordered: True counts the state up. False lets it jump to a place that the state decides.

        Returns:
            uint32 tensor of shape ``(2,)``.

        In a program for each element of a dataset the element decides the seed, and the state stays.
        """
        if inside_scope():
            return uniform((2,), 0, 2**32 - 1, "uint32", seed=self._initial_seed)
        with _lock:
            seed = self.state.value
            if ordered:
                self.state.assign(seed + _ONE_DRAW)
            else:
                self.state.assign(
                    stateless_uniform((2,), cast(seed, "int64"), None, None, "uint32")
                )
        return seed

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal generator."""
        return {"seed": self._initial_seed, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> SeedGenerator:
        """Generator with the arguments in `config`."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<SeedGenerator name={self.name}, seed={self._initial_seed}>"


def _is_integer(seed: Any) -> bool:
    return isinstance(seed, (int, np.integer)) and not isinstance(seed, bool)


def _words(seed: int) -> np.ndarray[Any, Any]:
    return np.array([seed % 2**32, 0], np.uint32)


def words_of(where: str, seed: Any) -> Any:
    """Seed of one stateless draw: an int64 tensor or array of shape ``(2,)``.

    Args:
        where: Name of the function, for messages.
        seed: An integer, the same words each time; a `SeedGenerator`, its next ones; None, fresh ones
            from the global generator.

    Raises:
        InvalidArgumentError: It is something else.
    """
    if isinstance(seed, SeedGenerator):
        return cast(seed.next(), "int64")
    if seed is None:
        return uniform((2,), -(2**31), 2**31 - 1, dtypes.int32)
    if _is_integer(seed):
        return _words(int(seed)).astype(np.int64)
    raise InvalidArgumentError(
        f"[{where}] expected seed as an integer, a SeedGenerator or None, got {seed!r} of type "
        f"{type(seed).__name__}; write seed=1337 or seed=keras.random.SeedGenerator(1337)."
    )
