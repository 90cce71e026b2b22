"""Builds, fits and predicts again and again, and prints the process's memory after each round.

    python -m tests.keras.training.rounds ROUNDS
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import numpy as np

from thalweg import keras

X = np.random.default_rng(0).normal(size=(64, 16)).astype("float32")


def resident_megabytes() -> float:
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def one_round() -> None:
    """A model's whole life."""
    model = keras.Sequential(
        [keras.Input((16,)), keras.layers.Dense(64, "relu"), keras.layers.Dense(1)]
    )
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(X, X[:, :1], epochs=2, verbose=0, validation_split=0.25)
    model.predict(X, verbose=0)
    model.predict(X[:1], verbose=0)


if __name__ == "__main__":
    for _ in range(int(sys.argv[1])):
        one_round()
        gc.collect()
        print(f"{resident_megabytes():.1f}", flush=True)
