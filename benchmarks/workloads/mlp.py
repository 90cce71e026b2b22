"""The first network of the book (chapter 2): 784-512-10, on random images."""

from typing import Any

import numpy as np

from benchmarks.workloads import by_hand
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


def torch_model(torch: Any, size: Size) -> Any:
    """Two linear modules, their loss and their metric."""
    nn = torch.nn
    module = nn.Sequential(nn.Linear(784, size.units), nn.ReLU(), nn.Linear(size.units, 10))
    return module, nn.functional.cross_entropy, by_hand.torch_accuracy


def jax_model(jax: Any, size: Size) -> Any:
    """Two kernels and biases, and the loss and metric of a batch."""
    dense, weights = by_hand.dense, by_hand.dense_weights

    def losses(weights: Any, x: Any, y: Any, key: Any) -> Any:
        hidden = jax.nn.relu(dense(weights[0], x))
        return by_hand.jax_cross_entropy(jax, dense(weights[1], hidden), y)

    return [weights(jax, 784, size.units), weights(jax, size.units, 10)], losses


WORKLOAD = Workload(
    "MLP 784-512-10, batch 128",
    data,
    model,
    sizes({"batch": 128, "steps": 100, "units": 512}, {}, batch=4, steps=3, units=4),
    torch=torch_model,
    jax=jax_model,
)
