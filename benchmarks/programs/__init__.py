"""The programs, each stated once in plain TensorFlow API, and what is derived from their times."""

from benchmarks.case import Budget, Difference, Growth, Program
from benchmarks.programs import (
    custom_loop,
    data,
    first,
    fit_cost,
    floor,
    growth,
    layers,
    linear,
    mnist,
    ops,
    shapes,
)
from benchmarks.workloads import INFERENCE, TRAINING

PROGRAMS: tuple[Program, ...] = (
    ops.PROGRAM,
    linear.PROGRAM,
    mnist.PROGRAM,
    layers.PROGRAM,
    custom_loop.PROGRAM,
    TRAINING,
    INFERENCE,
    fit_cost.PROGRAM,
    growth.PROGRAM,
    data.PROGRAM,
    floor.PROGRAM,
    first.PROGRAM,
    shapes.PROGRAM,
)

DIFFERENCES: tuple[Difference, ...] = (
    Difference("overhead of Dense.__call__", "Dense.__call__", "Dense by hand"),
    Difference("overhead of the door", "add 2x2", "bare jitted add 2x2"),
)

BUDGETS: tuple[Budget, ...] = (
    Budget("the door over a bare jitted call", "overhead of the door", 2e-6),
    Budget("Layer.__call__ over its ops", "overhead of Dense.__call__", 10e-6),
    Budget("predict one sample / compiled call", "predict one sample", 2.0, "model, compiled call"),
    Budget("import thalweg / import jax", "import", 1.3, "import jax"),
    *(
        Budget(f"fit / by hand, {case.name}", f"{case.name}, fit", 1.05, f"{case.name}, by hand")
        for case in fit_cost.CASES
    ),
)

GROWTHS: tuple[Growth, ...] = growth.GROWTHS
