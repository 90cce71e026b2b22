"""The first network of the book (chapter 2): 784-512-10, on random images."""

from typing import Any

import numpy as np

from benchmarks.workloads.workload import Array, Size, Workload, sizes


def data(count: int, size: Size) -> tuple[Array, Array]:
    """Flat images (count, 784) and their digits."""
    rng = np.random.default_rng(0)
    return rng.random((count, 784), dtype="float32"), rng.integers(0, 10, count)


def model(keras: Any, size: Size) -> Any:
    """Two dense layers."""
    found = keras.Sequential(
        [
            keras.layers.Dense(size.units, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    found.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return found


WORKLOAD = Workload(
    "MLP 784-512-10, batch 128",
    data,
    model,
    sizes({"batch": 128, "steps": 100, "units": 512}, None, batch=4, steps=3, units=4),
)
