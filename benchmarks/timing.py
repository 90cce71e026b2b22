"""The clock: warm up, time blocks of calls that end when the last result is ready."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median, quantiles
from time import perf_counter, time
from typing import Any

from benchmarks.case import Mode, Thunk

BLOCK_SECONDS = 0.02
WARM_UP_SECONDS = 0.3
WARM_UP_CALLS = 5
STARTED = "BENCH_STARTED"
"""Environment variable with the time, in seconds since 1970, at which the process was started."""


@dataclass(frozen=True)
class Timing:
    """Seconds per call in one process.

    Attributes:
      median: the middle block.
      low, high: first and third quartile of the blocks.
      repeats: number of blocks.
      calls: calls in a block.
      value: sum of the first call's results, to check that both sides compute the same; or None.
    """

    median: float
    low: float
    high: float
    repeats: int
    calls: int
    value: float | None


def wait(result: Any) -> float | None:
    """Reads a result, or each of a list of results, and returns the sum of their numbers."""
    if isinstance(result, (tuple, list)):
        return sum(wait(item) or 0.0 for item in result)
    if hasattr(result, "numpy"):
        result = result.numpy()
    elif hasattr(result, "block_until_ready"):
        result = result.block_until_ready()
    return float(result.sum()) if hasattr(result, "sum") else None


def block(thunk: Thunk, calls: int) -> float:
    """Returns the seconds of ``calls`` calls, until the last result can be read."""
    start = perf_counter()
    for _ in range(calls):
        result = thunk()
    wait(result)
    return perf_counter() - start


def warm_up(thunk: Thunk) -> int:
    """Calls until caches are filled; returns the calls that last about ``BLOCK_SECONDS``."""
    deadline = perf_counter() + WARM_UP_SECONDS
    block(thunk, WARM_UP_CALLS)
    calls, seconds = 1, block(thunk, 1)
    while seconds < BLOCK_SECONDS or perf_counter() < deadline:
        if seconds < BLOCK_SECONDS:
            calls = max(calls + 1, min(4 * calls, int(1.2 * calls * BLOCK_SECONDS / seconds)))
        seconds = block(thunk, calls)
    return calls


def summary(samples: list[float], calls: int, value: float | None) -> Timing:
    """Returns the statistics of seconds per call."""
    low, _, high = quantiles(samples, n=4) if len(samples) > 1 else (samples[0],) * 3
    return Timing(median(samples), low, high, len(samples), calls, value)


def measure(thunk: Thunk, mode: Mode, repeats: int) -> dict[str, Timing]:
    """Times a thunk as its mode asks; by measure, whose name is empty where there is only one."""
    if mode is Mode.MEASURES:
        found: Mapping[str, float] = thunk()
        return {name: summary([amount], 1, None) for name, amount in found.items()}
    if mode in (Mode.FRESH, Mode.START):
        start = perf_counter()
        value = wait(thunk())
        seconds = perf_counter() - start
        if mode is Mode.START:
            seconds = time() - float(os.environ[STARTED])
        return {"": summary([seconds], 1, value)}
    if mode is Mode.OWN_CLOCK:
        thunk()
        return {"": summary([thunk() for _ in range(max(3, repeats // 3))], 1, None)}
    value = wait(thunk())
    calls = warm_up(thunk)
    return {"": summary([block(thunk, calls) / calls for _ in range(repeats)], calls, value)}
