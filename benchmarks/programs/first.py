"""First calls in a fresh process, from tensors in hand to the first result; imports excluded."""

from typing import Any

import numpy as np

from benchmarks.case import Case, Mode, Program, Thunk
from benchmarks.programs import ops
from benchmarks.programs.linear import make_step
from benchmarks.workloads.linear import points


def tape_step(tf: Any, keras: Any) -> Thunk:
    """The first eager step of the linear classifier."""
    (step, bias), (inputs, targets) = make_step(tf), points()
    return lambda: (step(inputs, targets), bias)


def function_step(tf: Any, keras: Any) -> Thunk:
    """The first step of the linear classifier under ``tf.function``: trace, compile, run."""
    (step, bias), (inputs, targets) = make_step(tf), points()
    return lambda: (tf.function(step)(inputs, targets), bias)


def fit_epoch(tf: Any, keras: Any) -> Thunk:
    """Builds, compiles and fits a small MLP (20-64-10) for one epoch of 512 samples."""
    rng = np.random.default_rng(0)
    x = rng.random((512, 20), dtype="float32")
    y = rng.integers(0, 10, 512)

    def call() -> Any:
        model = keras.Sequential(
            [
                keras.layers.Dense(64, activation="relu"),
                keras.layers.Dense(10, activation="softmax"),
            ]
        )
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        model.fit(x, y, batch_size=32, epochs=1, verbose=0)
        model.get_weights()

    return call


PROGRAM = Program(
    "first",
    (
        Case("first add", ops.add, Mode.FRESH),
        Case("first matmul", ops.matmul, Mode.FRESH),
        Case("first tape step", tape_step, Mode.FRESH),
        Case("first tf.function", function_step, Mode.FRESH),
        Case("first fit epoch (MLP)", fit_epoch, Mode.FRESH),
    ),
)
