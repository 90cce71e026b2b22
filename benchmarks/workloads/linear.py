"""The linear model of chapter 3: two numbers in, one out."""

from typing import Any

import numpy as np

from benchmarks.case import COMPILED, Target
from benchmarks.workloads import by_hand
from benchmarks.workloads.workload import Array, Size, Workload, sizes


def points(per_class: int = 1000) -> tuple[Array, Array]:
    """Returns two clouds of points in the plane, (2 * per_class, 2), and their targets 0 and 1."""
    rng = np.random.default_rng(0)
    positive = rng.multivariate_normal([0, -1], [[1, 0.5], [0.5, 1]], per_class)
    negative = rng.multivariate_normal([5, 6], [[2, 0.25], [0.25, 2]], per_class)
    inputs = np.vstack((negative, positive)).astype("float32")
    zeros, ones = np.zeros((per_class, 1), "float32"), np.ones((per_class, 1), "float32")
    return inputs, np.vstack((zeros, ones))


def data(count: int, size: Size) -> tuple[Array, Array]:
    """Two clouds of points and their targets 0 and 1."""
    return points(count // 2)


def model(keras: Any, size: Size) -> Any:
    """``Sequential([Dense(1)])``."""
    found = keras.Sequential([keras.layers.Dense(1)])
    found.compile(optimizer="rmsprop", loss="mean_squared_error", metrics=["accuracy"])
    return found


def torch_model(torch: Any, size: Size) -> Any:
    """A linear module, its loss and its metric."""
    return torch.nn.Linear(2, 1), torch.nn.functional.mse_loss, by_hand.torch_binary_accuracy


def jax_model(jax: Any, size: Size) -> Any:
    """Kernel and bias, and the loss and metric of a batch."""

    def losses(weights: Any, x: Any, y: Any, key: Any) -> Any:
        found = by_hand.dense(weights, x)
        return ((found - y) ** 2).mean(), ((found > 0.5) == (y > 0.5)).mean()

    return by_hand.dense_weights(jax, 2, 1), losses


WORKLOAD = Workload(
    "linear 2-1, batch 16",
    data,
    model,
    sizes({"batch": 16, "steps": 125}, {}, steps=4),
    targets=(Target("ours", 10e-6, "≤ 10 µs"), COMPILED),
    torch=torch_model,
    jax=jax_model,
)
