"""Training of ResNet50 in mixed bfloat16, for GPUs."""

from typing import Any

import numpy as np

from benchmarks.workloads.workload import Array, Size, Workload, mixed_bfloat16, sizes


def data(count: int, size: Size) -> tuple[Array, Array]:
    """Images (count, side, side, 3) of bytes and their classes."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (count, size.side, size.side, 3)).astype("uint8")
    return images, rng.integers(0, size.classes, count).astype("int32")


def model(keras: Any, size: Size) -> Any:
    """The network after a scaling of its inputs."""
    shape = (size.side, size.side, 3)
    with mixed_bfloat16(keras):
        inputs = keras.Input(shape, dtype="uint8")
        x = keras.layers.Rescaling(1 / 127.5, offset=-1)(inputs)
        network = getattr(keras.applications, size.network)
        x = network(weights=None, include_top=False, pooling="avg", input_shape=shape)(x)
        outputs = keras.layers.Dense(size.classes, activation="softmax", dtype="float32")(x)
    found = keras.Model(inputs, outputs)
    optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
    found.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return found


GPU = {"batch": 128, "steps": 20, "side": 224, "classes": 1000, "network": "ResNet50"}
WORKLOAD = Workload(
    "ResNet50 training bf16, batch 128",
    data,
    model,
    # A small network of another family: the tests need not wait for fifty layers.
    sizes(None, GPU, batch=2, steps=2, side=32, classes=3, network="VGG16"),
)
