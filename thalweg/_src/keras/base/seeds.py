"""Seeds of Keras: one call fixes Python's, NumPy's and thalweg's generators."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from thalweg._src.core import xla
from thalweg._src.core.recorders import state
from thalweg._src.random.distributions import uniform
from thalweg._src.random.global_generator import set_seed, streams


class _Shuffler:
    generator: np.random.Generator | None = None


def shuffle_generator() -> np.random.Generator:
    """Generator of the orders in which `fit` visits samples; seeded by `set_random_seed`."""
    if _Shuffler.generator is None:
        _Shuffler.generator = np.random.default_rng()
    return _Shuffler.generator


def fresh_seed() -> int:
    """Seed in [0, 2**31 - 1) from the global generator; also while a program is traced, a plain number."""
    scopes, recorders = state.scopes, state.recorders
    state.scopes, state.recorders = [], []
    try:
        with xla.outside_traces():
            return int(uniform((), 0, 2**31 - 1, "int32"))
    finally:
        state.scopes, state.recorders = scopes, recorders


def set_random_seed(seed: int) -> None:
    """Fixes all random generators: Python's, NumPy's, thalweg's and the order of samples in `fit`.

    Args:
        seed: Integer.

    Source: `keras.utils.set_random_seed`.
    """
    if not isinstance(seed, int):
        raise TypeError(f"[set_random_seed] expected an int, got {seed!r}.")
    random.seed(seed)
    np.random.seed(seed % 2**32)  # user programs draw from it
    _Shuffler.generator = np.random.default_rng(seed)
    set_seed(seed)


def random_state() -> dict[str, Any]:
    """Place of all random generators of the process, as plain data and arrays."""
    version, words, gauss = random.getstate()
    name, keys, position, has_gauss, cached = np.random.get_state()
    return {
        "python": [version, np.asarray(words, np.uint64), gauss],
        "numpy": [name, np.asarray(keys), int(position), int(has_gauss), float(cached)],
        "order": shuffle_generator().bit_generator.state,
        "streams": streams.snapshot(),
    }


def restore_random_state(state: dict[str, Any]) -> None:
    """Puts all random generators where `random_state` found them."""
    version, words, gauss = state["python"]
    random.setstate((int(version), tuple(int(w) for w in words), gauss))
    np.random.set_state(tuple(state["numpy"]))
    shuffle_generator().bit_generator.state = state["order"]
    streams.restore(state["streams"])
