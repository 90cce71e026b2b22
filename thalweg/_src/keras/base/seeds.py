"""Seeds of Keras: one call fixes Python's, NumPy's and thalweg's generators."""

from __future__ import annotations

import random

import numpy as np

from thalweg._src.core import xla
from thalweg._src.core.recorders import state
from thalweg._src.random.distributions import uniform
from thalweg._src.random.global_generator import set_seed


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
