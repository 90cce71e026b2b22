"""How a workload is trained and measured: through ``fit`` where there is Keras, else by hand."""

import re
import resource
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.case import KERAS, Case, Mode, Setup, SideName, Thunk, Unit
from benchmarks.workloads.loops import jax_fit, torch_fit
from benchmarks.workloads.workload import Array, Fit, Size, Workload

LEAST_EPOCHS, MOST_EPOCHS = 3, 1_000_000
MEASURES: Mapping[str, Unit] = {
    "step": "s",
    "step with bar": "s",
    "first step": "s",
    "peak memory": "B",
    "peak less data": "B",
}


def epoch_clock(keras: Any, enough: Callable[[], bool]) -> Any:
    """Returns a callback that asks after each epoch, its logs read, whether it was the last."""

    class EpochClock(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            float(logs["loss"])
            self.model.stop_training = enough()

    return EpochClock()


def keras_fit(workload: Workload, tf: Any, keras: Any, size: Size) -> Fit:
    """Builds and compiles the Keras model; returns its ``fit``."""
    model = workload.model(keras, size)

    def fit(x: Array, y: Array, enough: Callable[[], bool], bar: bool) -> None:
        clock, verbose = epoch_clock(keras, enough), int(bar)
        model.fit(x, y, size.batch, epochs=MOST_EPOCHS, verbose=verbose, callbacks=[clock])

    return fit


def step_seconds(fit: Fit, x: Array, y: Array, size: Size, bar: bool) -> float:
    """Returns the seconds of a step, from the end of the first epoch to the end of the last."""
    ends: list[float] = []

    def enough() -> bool:
        ends.append(perf_counter())
        return len(ends) >= LEAST_EPOCHS and ends[-1] - ends[0] >= size.seconds

    fit(x, y, enough, bar)
    return (ends[-1] - ends[0]) / ((len(ends) - 1) * int(size.steps))


def gpu_peak() -> int | None:
    """Returns the most memory of the GPU that the process has held; None without one."""
    torch, jax = sys.modules.get("torch"), sys.modules.get("jax")
    if torch and torch.cuda.is_available() and torch.cuda.max_memory_allocated():
        return int(torch.cuda.max_memory_allocated())
    stats = jax.local_devices()[0].memory_stats() if jax else None
    return int(stats["peak_bytes_in_use"]) if stats else None


def host_peak() -> int:
    """Returns the most memory that the process has held."""
    try:
        found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    except OSError:
        found = None
    if found:
        return int(found[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def memory(data: int) -> dict[str, float]:
    """Returns the measures of memory after work on some bytes of data.

    On a GPU some keep the data there and some do not, so that nothing is taken off.
    """
    on_gpu = gpu_peak()
    if on_gpu is not None:
        return {"peak memory": on_gpu}
    peak = host_peak()
    return {"peak memory": peak, "peak less data": peak - data}


def measured(
    workload: Workload,
    make: Callable[[Workload, Any, Any, Size], Fit],
    tf: Any,
    keras: Any,
    size: Size,
) -> Thunk:
    """Returns a call that trains from nothing and returns what ``MEASURES`` names.

    The first step counts from the data in hand: building the model, compiling it and fitting one
    batch. What is imported is not in it.
    """

    def call() -> dict[str, float]:
        x, y = workload.data(size.batch * size.steps, size)
        start = perf_counter()
        fit = make(workload, tf, keras, size)
        fit(x[: size.batch], y[: size.batch], lambda: True, False)
        found = {"first step": perf_counter() - start}
        found["step"] = step_seconds(fit, x, y, size, bar=False)
        if getattr(size, "bar", True) and make is keras_fit:
            found["step with bar"] = step_seconds(fit, x, y, size, bar=True)
        return found | memory(x.nbytes + y.nbytes)

    return call


def case(workload: Workload) -> Case:
    """Returns the case that trains a workload."""
    hands: dict[SideName, Setup] = {}
    if workload.torch is not None:
        hands["torch"] = partial(measured, workload, torch_fit)
    if workload.jax is not None:
        hands["jax"] = partial(measured, workload, jax_fit)
    return Case(
        workload.name,
        partial(measured, workload, keras_fit),
        Mode.MEASURES,
        workload.targets,
        (*KERAS, *hands),
        hands,
        MEASURES,
        workload.sizes,
    )
