"""`StepProgram`: a step as a pure function of (state, batch), run many times per dispatch.

The step is traced once. The Variables that it reads or assigns are its state: they go in and out of the
program and are donated to it. On CPU one compiled program serves any number of steps, because the trip
count is traced. An accelerator would be asked after each step whether another one follows, which takes as
long as a small step (11 us of 23 on an H200): there the count is part of the program, and chosen so that few
counts occur. A run gives the same numbers however it is cut.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core import checks, xla
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.trace import Body, HostRun, trace_body
from thalweg._src.keras.training.durations import seconds_of
from thalweg._src.keras.training.interrupts import uninterrupted
from thalweg._src.variables.variable import Variable

# A dispatch should last this long: short enough for callbacks and Ctrl-C, long enough to hide its cost.
_DISPATCH_SECONDS = 0.03


class StepProgram:
    """Compiled form of one step for batches of one size.

    Args:
        step: Called once while tracing with a list of batch tensors; returns a structure of tensors.
        specs: Shape and dtype of each of them.
        name: Name for messages.
        donate: Whether the state's buffers may be reused.
    """

    def __init__(
        self,
        step: Callable[[list[Tensor]], Any],
        specs: Sequence[Any],
        name: str,
        donate: bool = True,
    ) -> None:
        self.body: Body = trace_body(lambda *batch: step(list(batch)), specs, name, may_create=True)
        self.batch_size = int(specs[0].shape[0])
        found = {id(v): v for v in [*self.body.reads, *self.body.writes]}
        self.variables: list[Variable] = list(found.values())
        index = {key: i for i, key in enumerate(found)}
        self._read_at = [index[id(v)] for v in self.body.reads]
        self._write_at = [index[id(v)] for v in self.body.writes]
        self._donates = donate and not xla.has_effects(self.body.run)
        donated = (0,) if self._donates else ()
        self._counts_are_fixed = not xla.on_cpu()
        static = ("count",) if self._counts_are_fixed else ()
        self._many = xla.jit_whole(self._run, donate=donated, static=static)
        self._one = xla.jit_whole(self._pure, donate=donated)
        self._steps_per_dispatch = 1

    @property
    def on_host(self) -> bool:
        """Whether a part of the step runs on the host, batch by batch: strings come in or go out."""
        return self.body.host is not None

    def _gathered(
        self, state: list[Any], data: Sequence[Any], order: Any, index: Any, constants: Any
    ) -> tuple[list[Any], list[Any]]:
        """Outputs and new state of step `index` of a pass over arrays."""
        rows = lax.dynamic_slice(order, (index * self.batch_size,), (self.batch_size,))
        batch = [jnp.take(d, rows, axis=0, mode="clip") for d in data]
        return self._pure(state, batch, constants)

    def _pure(
        self, state: list[Any], batch: Sequence[Any], constants: Any
    ) -> tuple[list[Any], list[Any]]:
        """Outputs and new state of one step."""
        reads = [state[i] for i in self._read_at]
        results = self.body.run(constants, *batch, *reads)
        fresh = list(state)
        for position, value in zip(self._write_at, results[self.body.output_count :], strict=True):
            fresh[position] = value
        return results[: self.body.output_count], fresh

    def _run(
        self, state: list[Any], data: Any, order: Any, start: Any, constants: Any, count: Any
    ) -> tuple[list[Any], list[Any]]:
        shapes = xla.jax.eval_shape(self._gathered, state, data, order, start, constants)[0]
        empty = [jnp.zeros(s.shape, s.dtype) for s in shapes]

        def step(index: Any, carry: tuple[list[Any], list[Any]]) -> tuple[list[Any], list[Any]]:
            return self._gathered(carry[1], data, order, start + index, constants)

        return lax.fori_loop(np.int32(0), count, step, (empty, state))

    def run(
        self, data: Sequence[Any], order: Any, start: int, limit: int
    ) -> tuple[int, list[Any]]:
        """Runs some steps and assigns the Variables.

        Args:
            data: The whole arrays, on the device.
            order: Row numbers in the order in which they are visited, int32, on the device.
            start: Number of the first step.
            limit: Largest number of steps to run.

        Returns:
            The number of steps that ran, and the outputs of the last.
        """
        if self._counts_are_fixed:
            count = min(limit, self._fixed_count(limit))
            return count, self._dispatch(
                self._many, data, order, np.int32(start), self.body.constants, count=count
            )[0]
        count = min(limit, self._steps_per_dispatch)
        began = time.perf_counter()
        outputs, fresh = self._dispatch(
            self._many, data, order, np.int32(start), self.body.constants, count=np.int32(count)
        )
        if count == self._steps_per_dispatch:
            self._pace(fresh, began, count)
        return count, outputs

    @functools.cached_property
    def _seconds(self) -> float:
        """What a step may take, from its program."""
        return seconds_of(xla.jaxpr_of(self.body.run))

    def _fixed_count(self, limit: int) -> int:
        """Steps of a dispatch whose program has their number in it.

        It stays what it is as long as it divides what is left; one that divides a whole pass is preferred,
        so that the pass needs one program.
        """
        if limit % self._steps_per_dispatch or self._steps_per_dispatch == 1:
            most = max(1, min(limit, int(_DISPATCH_SECONDS / self._seconds)))
            divisors = (n for n in range(most, most // 2, -1) if limit % n == 0)
            self._steps_per_dispatch = next(divisors, most)
        return self._steps_per_dispatch

    def run_batch(self, batch: Sequence[Any]) -> Any:
        """Runs one step on a batch and assigns the Variables.

        Args:
            batch: Arrays of the shapes and dtypes for which the program was made; strings on the host.

        Returns:
            The step's Python result, with arrays for its tensors.

        Raises:
            OtherShapesError: What the step makes of strings has shapes for which it was not made.
        """
        work = None if self.body.host is None else HostRun(self.body, self.body.host)
        inputs = list(batch) if work is None else work.before(batch)
        outputs = self._dispatch(self._one, inputs, self.body.constants)[0]
        return self.body.rebuild(outputs) if work is None else work.after(outputs)

    def _dispatch(
        self, program: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> tuple[list[Any], list[Any]]:
        """Outputs and new state; the Variables have the new state, or after an error their old one."""
        with uninterrupted():
            state = [v._take() if self._donates else v._tensor.array for v in self.variables]
            try:
                outputs, fresh = program(state, *args, **kwargs)
            except xla.jax.errors.JaxRuntimeError as error:
                # A failed check inside the step; the program has effects, so no state was donated.
                raise checks.original(error) from None
            for variable, array in zip(self.variables, fresh, strict=True):
                variable._give(array)
        return outputs, fresh

    def _pace(self, fresh: list[Any], began: float, count: int) -> None:
        """Chooses how many steps the next dispatch takes, from how long this one took."""
        if fresh:
            fresh[-1].block_until_ready()
        seconds = max(time.perf_counter() - began, 1e-6)
        wanted = int(count * _DISPATCH_SECONDS / seconds)
        self._steps_per_dispatch = max(1, min(wanted, count * 8))

    def structured(self, outputs: list[Any]) -> Any:
        """The step's Python result, with arrays for its tensors."""
        return self.body.rebuild(outputs)


