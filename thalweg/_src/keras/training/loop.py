"""The loops of `fit`, `evaluate` and `predict` over data in arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from thalweg._src.core import xla
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.training.arrays import ArrayData
from thalweg._src.keras.training.program import StepProgram

Step = Callable[[list[Tensor]], Any]


class EpochRunner:
    """Runs a step over all batches of some arrays, with few dispatches.

    Args:
        data: The arrays.
        batch_size: Rows in a batch; the last one may be smaller and has a program of its own size.
        programs: Cache of programs, kept by the model between runs.
        fingerprint: Gives what a program depends on besides the data: which weights are trained.
        step: The step, called while tracing.
        check: Called when a program has been traced and before it first runs.
        name: Name for messages.
        donate: Whether the state's buffers may be reused.
    """

    def __init__(
        self,
        data: ArrayData,
        batch_size: int,
        programs: dict[Any, StepProgram],
        fingerprint: Callable[[], Any],
        step: Step,
        check: Callable[[], None],
        name: str,
        donate: bool = True,
    ) -> None:
        self.data = data
        self.batch_size = min(batch_size, data.length)
        self.full_steps, self.rest = divmod(data.length, self.batch_size)
        self.steps = self.full_steps + (self.rest > 0)
        self._programs = programs
        self._fingerprint = fingerprint
        self._step = step
        self._check = check
        self._name = name
        self._donate = donate
        self._arrays = data.on_device()
        self._straight: Any = None

    def epoch(
        self, order: np.ndarray[Any, Any] | None, cadence: int | None, limit: int | None = None
    ) -> Iterator[tuple[int, int, Any]]:
        """Runs the batches of an epoch.

        Args:
            order: Row numbers in the order in which they are visited; None for their own order.
            cadence: Largest number of steps between two results; None for any.
            limit: Number of steps to run; all when None.

        Yields:
            The number of the first step that ran, the number of steps, and the last step's result.
        """
        rows = self._rows(order)
        steps = self.steps if limit is None else min(limit, self.steps)
        self._program(self.batch_size)
        self._check()
        start = 0
        while start < min(steps, self.full_steps):
            program = self._program(self.batch_size)
            left = min(steps, self.full_steps) - start
            count, outputs = program.run(self._arrays, rows, start, min(left, cadence or left))
            yield start, count, program.structured(outputs)
            start += count
        if start < steps:
            program = self._program(self.rest)
            _, outputs = program.run(self._arrays, rows[self.data.length - self.rest :], 0, 1)
            yield start, 1, program.structured(outputs)

    def eager_epoch(
        self, order: np.ndarray[Any, Any] | None, limit: int | None = None
    ) -> Iterator[tuple[int, int, Any]]:
        """The same as `epoch`, op by op in Python and one step at a time."""
        rows = np.arange(self.data.length) if order is None else order
        steps = self.steps if limit is None else min(limit, self.steps)
        for step in range(steps):
            chosen = rows[step * self.batch_size : (step + 1) * self.batch_size]
            batch = [Tensor(xla.jnp.asarray(a[chosen])) for a in self.data.arrays]
            yield step, 1, self._step(batch)

    def _rows(self, order: np.ndarray[Any, Any] | None) -> Any:
        if order is not None:
            return xla.jnp.asarray(order.astype(np.int32))
        if self._straight is None:
            self._straight = xla.jnp.arange(self.data.length, dtype=np.int32)
        return self._straight

    def _program(self, batch_size: int) -> StepProgram:
        specs = tuple((a.shape[1:], str(a.dtype)) for a in self._arrays)
        key = (self._name, batch_size, specs, tuple(p is None for p in self.data.structure))
        program = self._programs.get((*key, self._fingerprint()))
        if program is None:
            program = StepProgram(self._step, self._arrays, batch_size, self._name, self._donate)
            # Tracing may have built layers, so the fingerprint is taken afresh.
            self._programs[(*key, self._fingerprint())] = program
        return program


def concatenate(parts: Sequence[Any]) -> np.ndarray[Any, Any]:
    """Outputs of all batches as one NumPy array."""
    arrays = [np.asarray(p) for p in parts]
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
