"""How the seconds of a step grow with the batch, the depth and the sequence."""

from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.case import KERAS, Case, Growth, Mode, Program, Thunk, Unit
from benchmarks.workloads import mlp
from benchmarks.workloads.training import keras_fit, step_seconds
from benchmarks.workloads.workload import Array, Size, Workload

BATCHES = (16, 32, 64, 128, 256, 512, 1024)
DEPTHS = (2, 4, 8, 16, 32, 64)
SEQUENCES = (128, 256, 512, 1024, 2048, 4096)
WIDTH = 64
FIRST = " to first step"

At = Callable[[int], tuple[Workload, Size]]
"""A workload and its size for one of the numbers that grow."""


def _workload(data: Any, model: Any) -> Workload:
    """Returns a workload that is only measured here."""
    return Workload("growth", data, model, {})


def at_batch(number: int) -> tuple[Workload, Size]:
    """The MLP 784-512-10 with batches of a number of images."""
    return mlp.WORKLOAD, SimpleNamespace(batch=number, steps=8192 // number, units=512)


def points_of(count: int, size: Size) -> tuple[Array, Array]:
    """Samples (count, WIDTH) and a number each."""
    rng = np.random.default_rng(0)
    return rng.random((count, WIDTH), dtype="float32"), rng.random(count, dtype="float32")


def deep_model(keras: Any, size: Size) -> Any:
    """A number of dense layers of equal width."""
    layers = [keras.layers.Dense(WIDTH, activation="relu") for _ in range(size.depth)]
    found = keras.Sequential([keras.Input((WIDTH,)), *layers, keras.layers.Dense(1)])
    found.compile("rmsprop", "mse", metrics=["mae"])
    return found


def at_depth(number: int) -> tuple[Workload, Size]:
    """A number of dense layers 64-64, batch 256."""
    return _workload(points_of, deep_model), SimpleNamespace(batch=256, steps=20, depth=number)


def sequences_of(count: int, size: Size) -> tuple[Array, Array]:
    """Sequences (count, sequence, WIDTH) and a number each."""
    rng = np.random.default_rng(0)
    sequences = rng.standard_normal((count, size.sequence, WIDTH), dtype="float32")
    return sequences, rng.random(count, dtype="float32")


def attention_model(keras: Any, size: Size) -> Any:
    """One head of attention and a mean over time."""
    inputs = keras.Input((size.sequence, WIDTH))
    x = keras.layers.MultiHeadAttention(1, WIDTH)(inputs, inputs)
    x = keras.layers.GlobalAveragePooling1D()(x)
    found = keras.Model(inputs, keras.layers.Dense(1)(x))
    found.compile("rmsprop", "mse", metrics=["mae"])
    return found


def at_sequence(number: int) -> tuple[Workload, Size]:
    """Attention of one head of 64 over a number of places, batch 4."""
    size = SimpleNamespace(batch=4, steps=max(2, 2048 // number), sequence=number)
    return _workload(sequences_of, attention_model), size


def grow(at: At, tf: Any, keras: Any, run: Size) -> Thunk:
    """Returns a call that trains at each number; gives seconds of a step and to the first one."""

    def call() -> dict[str, float]:
        found = {}
        for number in run.numbers:
            workload, size = at(number)
            size.seconds = run.seconds
            x, y = workload.data(size.batch * size.steps, size)
            start = perf_counter()
            fit = keras_fit(workload, tf, keras, size)
            fit(x[: size.batch], y[: size.batch], lambda: True, False)
            found[f"{number}{FIRST}"] = perf_counter() - start
            found[str(number)] = step_seconds(fit, x, y, size, bar=False)
        return found

    return call


def _case(name: str, at: At, numbers: tuple[int, ...]) -> Case:
    """Returns the case of what grows."""
    measures: Mapping[str, Unit] = {
        f"{number}{end}": "s" for end in ("", FIRST) for number in numbers
    }
    return Case(
        name,
        partial(grow, at),
        Mode.MEASURES,
        sides=KERAS[:3],
        measures=measures,
        sizes={
            "cpu": SimpleNamespace(numbers=numbers, seconds=0.5),
            "tiny": SimpleNamespace(numbers=numbers[:1], seconds=0.0),
        },
    )


PROGRAM = Program(
    "growth",
    (
        _case("MLP by batch", at_batch, BATCHES),
        _case("dense layers by depth", at_depth, DEPTHS),
        _case("attention by sequence", at_sequence, SEQUENCES),
    ),
)

GROWTHS = (
    Growth("MLP by batch", BATCHES, "", lambda n: n),
    Growth("dense layers by depth", DEPTHS, "", lambda n: WIDTH * n + 1),
    Growth("dense layers by depth", DEPTHS, FIRST, lambda n: n),
    # Four projections of every place, and scores and sums of every pair of places.
    Growth("attention by sequence", SEQUENCES, "", lambda n: 4 * n * WIDTH**2 + 2 * n**2 * WIDTH),
)
