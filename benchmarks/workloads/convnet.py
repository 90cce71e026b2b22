"""The small convnet of chapter 8: 32, 64 and 128 filters on images of 28 x 28."""

from typing import Any

import numpy as np

from benchmarks.workloads import by_hand
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


def torch_model(torch: Any, size: Size) -> Any:
    """The same in channels-last memory, its loss and its metric."""
    nn, (first, second, third) = torch.nn, size.filters
    module = nn.Sequential(
        by_hand.torch_channels_first(torch),
        nn.Conv2d(1, first, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(first, second, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(second, third, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(9 * third, 10),
    )
    return module, nn.functional.cross_entropy, by_hand.torch_accuracy


def jax_model(jax: Any, size: Size) -> Any:
    """Kernels and biases, and the loss and metric of a batch."""
    channels = (1, *size.filters)
    weights = [
        by_hand.convolution_weights(jax, 3, *pair)
        for pair in zip(channels, channels[1:], strict=False)
    ]

    def losses(weights: Any, x: Any, y: Any, key: Any) -> Any:
        for index, layer in enumerate(weights[:-1]):
            x = jax.nn.relu(by_hand.convolution(jax, x, layer[0], "VALID") + layer[1])
            x = by_hand.max_pool(jax, x, 2, 2, "VALID") if index < 2 else x
        return by_hand.jax_cross_entropy(jax, by_hand.dense(weights[-1], x.reshape(len(x), -1)), y)

    return [*weights, by_hand.dense_weights(jax, 9 * size.filters[-1], 10)], losses


WORKLOAD = Workload(
    "convnet 28x28, batch 64",
    data,
    model,
    sizes(
        {"batch": 64, "steps": 40, "filters": (32, 64, 128)},
        {"steps": 200},
        batch=2,
        steps=3,
        filters=(2, 3, 4),
    ),
    torch=torch_model,
    jax=jax_model,
)
