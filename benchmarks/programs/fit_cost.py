"""What ``fit`` adds to the compiled programs that it runs: an epoch of it, and of them by hand.

Both with a metric, and ``fit`` with progress bar, history and validation. By hand, our programs are
those that ``fit`` left in the model, called on the arrays in an order drawn before; TensorFlow's are
the model's functions of an iterator, called on a data set made before.
"""

from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.case import KERAS, Case, Mode, Program, SideName, Thunk, Unit
from benchmarks.workloads import convnet, linear, mlp
from benchmarks.workloads.training import MOST_EPOCHS, epoch_clock
from benchmarks.workloads.workload import Array, Size, Workload

BY_HAND: tuple[SideName, ...] = KERAS[:2]
MEASURES: Mapping[str, Unit] = {"fit": "s", "by hand": "s"}

Epoch = Callable[[], object]
HandEpochs = Callable[[Any, Any, tuple[Array, Array], tuple[Array, Array], int], Epoch]


def our_epochs(tf: Any, model: Any, train: Any, validation: Any, batch: int) -> Epoch:
    """Returns an epoch of the programs that the model keeps, and the evaluation after it."""
    import jax  # the peer has none

    from thalweg._src.core import xla

    programs = {key[0].rpartition("_")[2]: program for key, program in model._programs.items()}
    arrays = {"train": [xla.put(a) for a in train], "test": [xla.put(a) for a in validation]}
    orders = {
        kind: xla.put(np.random.default_rng(0).permutation(len(data[0])).astype("int32"))
        for kind, data in arrays.items()
    }

    def epoch() -> None:
        for kind, data in arrays.items():
            place, steps = 0, len(data[0]) // batch
            while place < steps:
                count, outputs = programs[kind].run(data, orders[kind], place, steps - place)
                place += count
            jax.block_until_ready(outputs)

    return epoch


def their_epochs(tf: Any, model: Any, train: Any, validation: Any, batch: int) -> Epoch:
    """Returns an epoch of TensorFlow's functions over data sets, and the evaluation after it."""
    passes = []
    for function, arrays in ((model.train_function, train), (model.test_function, validation)):
        batches = tf.data.Dataset.from_tensor_slices(arrays)
        shuffled = batches.shuffle(len(arrays[0])) if arrays is train else batches
        passes.append((function, shuffled.batch(batch).prefetch(2), len(arrays[0]) // batch))

    def epoch() -> None:
        for function, batches, steps in passes:
            iterator = iter(batches)
            for _ in range(steps):
                logs = function(iterator)
            logs["loss"].numpy()

    return epoch


def seconds(epoch: Epoch, least: float) -> float:
    """Returns the seconds of an epoch: the mean over some time, after one that does not count."""
    epoch()
    start, count = perf_counter(), 0
    while not count or perf_counter() - start < least:
        epoch()
        count += 1
    return (perf_counter() - start) / count


def fit_and_hand(workload: Workload, hand: HandEpochs, tf: Any, keras: Any, size: Size) -> Thunk:
    """Returns a call that measures an epoch of fit and one by hand in one model."""

    def call() -> dict[str, float]:
        x, y = workload.data(size.batch * size.steps * 2, size)
        half = len(x) // 2
        train, validation = (x[:half], y[:half]), (x[half:], y[half:])
        ends: list[float] = []

        def enough() -> bool:
            ends.append(perf_counter())
            return len(ends) > 2 and ends[-1] - ends[1] >= size.seconds

        model = workload.model(keras, size)
        model.fit(
            *train,
            size.batch,
            epochs=MOST_EPOCHS,
            verbose=1,
            validation_data=validation,
            callbacks=[epoch_clock(keras, enough)],
        )
        found = {"fit": (ends[-1] - ends[1]) / (len(ends) - 2)}
        by_hand = hand(tf, model, train, validation, size.batch)
        return found | {"by hand": seconds(by_hand, size.seconds)}

    return call


def _case(workload: Workload) -> Case:
    """Returns the case of a workload."""
    return Case(
        f"epoch of {workload.name}",
        partial(fit_and_hand, workload, our_epochs),
        Mode.MEASURES,
        (),
        BY_HAND,
        {"tensorflow": partial(fit_and_hand, workload, their_epochs)},
        MEASURES,
        workload.sizes,
    )


CASES = tuple(_case(module.WORKLOAD) for module in (linear, mlp, convnet))
PROGRAM = Program("fit cost", CASES)
