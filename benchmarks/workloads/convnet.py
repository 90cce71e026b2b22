"""The small convnet of chapter 8: 32, 64 and 128 filters on images of 28 x 28."""

from typing import Any

import numpy as np

from benchmarks.workloads.workload import Array, Size, Workload, sizes


def data(count: int, size: Size) -> tuple[Array, Array]:
    """Images (count, 28, 28, 1) and their digits."""
    rng = np.random.default_rng(0)
    return rng.random((count, 28, 28, 1), dtype="float32"), rng.integers(0, 10, count)


def model(keras: Any, size: Size) -> Any:
    """Three convolutions with two poolings between them."""
    layers, (first, second, third) = keras.layers, size.filters
    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(first, 3, activation="relu")(inputs)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(second, 3, activation="relu")(x)
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(third, 3, activation="relu")(x)
    x = layers.Flatten()(x)
    found = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
    found.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return found


WORKLOAD = Workload(
    "convnet 28x28, batch 64",
    data,
    model,
    sizes(
        {"batch": 64, "steps": 40, "filters": (32, 64, 128)},
        None,
        batch=2,
        steps=3,
        filters=(2, 3, 4),
    ),
)
