"""First calls in a fresh process, from tensors in hand to the first result; imports excluded."""

from functools import partial
from typing import Any

import numpy as np

from benchmarks.case import KERAS, Case, Mode, Program, Thunk
from benchmarks.programs import ops
from benchmarks.programs.linear import make_step
from benchmarks.workloads import convnet, linear, mlp, transformer
from benchmarks.workloads.linear import points
from benchmarks.workloads.workload import Size, Workload


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


def first_step(workload: Workload, tf: Any, keras: Any, size: Size) -> Thunk:
    """Makes data, builds and compiles a workload's model, fits one batch."""

    def call() -> Any:
        x, y = workload.data(size.batch, size)
        workload.model(keras, size).fit(x, y, size.batch, verbose=0)

    return call


def _start(workload: Workload) -> Case:
    """Returns the case of a whole program: from the start of its process to its first step."""
    setup = partial(first_step, workload)
    return Case(
        f"start to first step, {workload.name}",
        setup,
        Mode.START,
        sides=KERAS,
        sizes=workload.sizes,
    )


PROGRAM = Program(
    "first",
    (
        Case("first add", ops.add, Mode.FRESH),
        Case("first matmul", ops.matmul, Mode.FRESH),
        Case("first tape step", tape_step, Mode.FRESH),
        Case("first tf.function", function_step, Mode.FRESH),
        Case("first fit epoch (MLP)", fit_epoch, Mode.FRESH),
        *(_start(module.WORKLOAD) for module in (linear, mlp, convnet, transformer)),
    ),
)
