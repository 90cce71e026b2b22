"""Starts measured processes one at a time and watches who else uses the machine."""

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, time
from typing import Any

from benchmarks.case import SideName, SizeName
from benchmarks.timing import STARTED

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / ".bench"
TIMEOUT_SECONDS = 900


@dataclass(frozen=True)
class Side:
    """One of the frameworks: which interpreter runs it and what to import there.

    Attributes:
      name: ours, or a peer's.
      label: heading of its column.
      python: the environment's interpreter.
      package: the module that the worker imports.
      distributions: what a user installs.
      installed: import the installed package, not the checkout's.
      backend: of Keras.
      gpu: whether the processes see GPUs.
    """

    name: SideName
    label: str
    python: Path
    package: str
    distributions: tuple[str, ...]
    installed: bool
    backend: str = ""
    gpu: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a process printed (or its error) and the share of all CPU time that others took."""

    output: dict[str, Any]
    error: str | None
    foreign: float | None


def busy_seconds() -> float | None:
    """Returns the CPU seconds all processes have used since boot, or None outside Linux."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            ticks = [int(field) for field in file.readline().split()[1:9]]
    except (OSError, ValueError):
        return None
    user, nice, system, _idle, _iowait, irq, softirq, steal = ticks
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def own_seconds() -> float:
    """Returns the CPU seconds of this process and of the children it has waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def environment(side: Side, cache: Path | None) -> dict[str, str]:
    """Returns the variables of a measured process; compiled programs are kept in ``cache``."""
    dropped = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    kept |= {"TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_BACKEND": side.backend or "tensorflow"}
    kept |= {STARTED: repr(time())} | ({} if side.gpu else {"CUDA_VISIBLE_DEVICES": ""})
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
        kept |= {"JAX_COMPILATION_CACHE_DIR": str(cache), "XDG_CACHE_HOME": str(cache)}
    return kept


def run(side: Side, arguments: list[str], cache: Path | None = None) -> Outcome:
    """Runs a side's interpreter and parses the last line of its stdout as JSON."""
    busy, own, start = busy_seconds(), own_seconds(), perf_counter()
    try:
        done = subprocess.run(
            [str(side.python), *arguments],
            cwd=ROOT,
            env=environment(side, cache),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
        )
    except subprocess.TimeoutExpired:
        return Outcome({}, f"no answer in {TIMEOUT_SECONDS} s", None)
    wall = perf_counter() - start
    after = busy_seconds()
    foreign = None
    if busy is not None and after is not None:
        others = (after - busy) - (own_seconds() - own)
        foreign = max(0.0, others / (wall * (os.cpu_count() or 1)))
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        return Outcome({}, lines[-1][:300], foreign)
    return Outcome(json.loads(done.stdout.strip().splitlines()[-1]), None, foreign)


def run_cases(side: Side, cases: list[str], size: SizeName, repeats: int, cache: Path) -> Outcome:
    """Runs cases in one fresh process of a side."""
    place = ["--installed"] if side.installed else []
    command = ["-m", "benchmarks.worker", "--side", side.name, "--package", side.package, *place]
    command += ["--size", size, "--repeats", str(repeats), "--cases", *cases]
    return run(side, command, cache)


def run_import(side: Side, package: str, attribute: str = "") -> Outcome:
    """Times the import of a package, and reaching one attribute of it, in a fresh process."""
    script = str(ROOT / "benchmarks/probes/import_time.py")
    place = [] if side.installed else [str(ROOT)]
    return run(side, [script, package, attribute, *place])


def run_size(side: Side) -> Outcome:
    """Weighs a side's distributions and what they need."""
    return run(side, [str(ROOT / "benchmarks/probes/installed_size.py"), *side.distributions])
