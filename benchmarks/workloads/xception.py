"""The mini Xception of chapter 9 on images of 180 x 180."""

from typing import Any

import numpy as np

from benchmarks.workloads.workload import Array, Size, Workload, sizes


def data(count: int, size: Size) -> tuple[Array, Array]:
    """Images (count, side, side, 3) from 0 to 255, and cat or dog."""
    rng = np.random.default_rng(0)
    images = rng.random((count, size.side, size.side, 3), dtype="float32") * 255
    return images, rng.integers(0, 2, count).astype("float32")


def model(keras: Any, size: Size) -> Any:
    """Blocks of two separable convolutions with a residual connection around each block."""
    layers = keras.layers
    inputs = keras.Input((size.side, size.side, 3))
    x = layers.Rescaling(1 / 255)(inputs)
    x = layers.Conv2D(size.filters[0], 5, use_bias=False)(x)
    for filters in size.filters:
        residual = x
        for _ in range(2):
            x = layers.BatchNormalization()(x)
            x = layers.Activation("relu")(x)
            x = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
        residual = layers.Conv2D(filters, 1, strides=2, padding="same", use_bias=False)(residual)
        x = layers.add([x, residual])
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.5)(x)
    found = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))
    found.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    return found


CPU = {"batch": 32, "steps": 2, "side": 180, "filters": (32, 64, 128, 256, 512), "bar": False}
WORKLOAD = Workload(
    "mini Xception 180x180, batch 32",
    data,
    model,
    sizes(CPU, {"steps": 20}, batch=2, steps=2, side=16, filters=(2,)),
)
