"""Times compiled functions of arrays in the two kinds of programs, alone and in a compiled loop."""

from __future__ import annotations

import os
from collections.abc import Callable
from time import perf_counter, process_time
from typing import Any, NamedTuple

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core import xla

LOOPS = 3
PROGRAMS = {"op": xla.jit_op, "whole": xla.jit_whole}


class Form(NamedTuple):
    """One way to compute something.

    Attributes:
      what: what is computed; forms of one name are compared.
      name: name of the form.
      function: function of `arrays`.
      arrays: arguments.
    """

    what: str
    name: str
    function: Callable[..., Any]
    arrays: tuple[Any, ...]


def normal(*shape: int) -> Any:
    """Standard normal float32 numbers, the same at every run."""
    return jnp.asarray(np.random.default_rng(0).normal(size=shape), jnp.float32)


def looped(function: Callable[..., Any]) -> Callable[..., Any]:
    """Runs `function` LOOPS times in a compiled loop and adds up the results."""

    def program(first: Any, *rest: Any) -> Any:
        shape = jax.eval_shape(function, first, *rest)

        def body(_: Any, state: Any) -> Any:
            total, x = state
            return total + function(x, *rest), x * 1.0001

        return lax.fori_loop(0, LOOPS, body, (jnp.zeros(shape.shape, shape.dtype), first))[0]

    return program


def milliseconds(function: Callable[..., Any], arrays: tuple[Any, ...]) -> tuple[float, float]:
    """Least wall time of a call, and least CPU time of one divided by the cores: a bound when others work."""
    jax.block_until_ready(function(*arrays))
    start = perf_counter()
    jax.block_until_ready(function(*arrays))
    repeats = max(3, min(30, int(0.5 / max(perf_counter() - start, 1e-4))))
    wall = cpu = float("inf")
    for _ in range(repeats):
        start, begin = perf_counter(), process_time()
        jax.block_until_ready(function(*arrays))
        wall = min(wall, perf_counter() - start)
        cpu = min(cpu, process_time() - begin)
    return wall * 1e3, cpu * 1e3 / (os.cpu_count() or 1)


def table(title: str, forms: list[Form], loops: bool = True) -> None:
    """Prints a line for each form: milliseconds as an op, in a program, and a step in a loop."""
    print(f"\n## {title}")
    columns = ["what", "form", *PROGRAMS, *(["step in a loop"] if loops else [])]
    print(f"| {' | '.join(columns)} |\n|{' --- |' * len(columns)}")
    wanted: dict[str, Any] = {}
    for form in forms:
        cells = []
        for jit in PROGRAMS.values():
            wall, cpu = milliseconds(jit(form.function), form.arrays)
            cells.append(f"{wall:.2f} ({cpu:.2f})")
        if loops:
            wall, cpu = milliseconds(xla.jit_whole(looped(form.function)), form.arrays)
            cells.append(f"{wall / LOOPS:.2f} ({cpu / LOOPS:.2f})")
        result = np.asarray(xla.jit_whole(form.function)(*form.arrays))
        want = wanted.setdefault(form.what, result)
        same = np.allclose(result, want, rtol=1e-3, atol=1e-3 * np.abs(want).max())
        print(
            f"| {form.what} | {form.name}{'' if same else ' WRONG'} | {' | '.join(cells)} |",
            flush=True,
        )
