"""The recurrent forecast of chapter 10: LSTM(16) over 120 hours of 14 measurements."""

from typing import Any

import numpy as np

from benchmarks.workloads.workload import Array, Size, Workload, sizes

FEATURES = 14


def data(count: int, size: Size) -> tuple[Array, Array]:
    """Series (count, time, 14) and a temperature each."""
    rng = np.random.default_rng(0)
    series = rng.standard_normal((count, size.time, FEATURES), dtype="float32")
    return series, rng.standard_normal(count, dtype="float32")


def model(keras: Any, size: Size) -> Any:
    """A recurrent layer and a dense one."""
    inputs = keras.Input((size.time, FEATURES))
    x = keras.layers.LSTM(16)(inputs)
    found = keras.Model(inputs, keras.layers.Dense(1)(x))
    found.compile("rmsprop", "mse", metrics=["mae"])
    return found


WORKLOAD = Workload(
    "LSTM 16 on 120x14, batch 256",
    data,
    model,
    sizes({"batch": 256, "steps": 40, "time": 120}, None, batch=2, steps=3, time=5),
)
