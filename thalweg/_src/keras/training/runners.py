"""Runners: a step over all batches of some data, pass after pass, with few dispatches.

A runner stands at a place in the data. `epoch` runs on from there; the place can be saved and found
again, so that an interrupted run goes on with the same batches.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.core import xla
from thalweg._src.core.composite import Composite, wishes
from thalweg._src.core.convert import host_array
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.host_work import OtherShapesError
from thalweg._src.keras.base.seeds import shuffle_generator
from thalweg._src.keras.training.composites import joined
from thalweg._src.keras.training.data import ArrayData, pack_x_y_sample_weight
from thalweg._src.keras.training.program import StepProgram
from thalweg._src.keras.training.streams import Stream

# Steps of a stream between two results last about this long, as those of a dispatch over arrays do.
_RESULT_SECONDS = 0.03


class StepCompiler:
    """Programs of a step by what the batches are like, kept by the model between runs.

    Args:
        programs: The model's programs.
        step: Function of a batch ``(x, y, sample_weight)`` without the parts that are missing; of ``x`` where
            batches are bare.
        fingerprint: Gives what a program depends on besides the batches: which weights are trained.
        name: Name for messages.
        donate: Whether the state's buffers may be reused.
        eager: Run op by op instead of compiled.
    """

    def __init__(
        self,
        programs: dict[Any, Any],
        step: Callable[[Any], Any],
        fingerprint: Callable[[], Any],
        name: str,
        donate: bool,
        eager: bool,
    ) -> None:
        self._programs = programs
        self._step = step
        self._fingerprint = fingerprint
        self._name = name
        self._donate = donate
        self.eager = eager
        # Programs that this run has met: what is trained does not change within it.
        self._met: dict[Any, StepProgram] = {}

    def program(self, structure: Any, specs: Sequence[Any], bare: bool = False) -> StepProgram:
        """Program for batches of a structure.

        Args:
            structure: ``(x, y, sample_weight)``, None for what is missing.
            specs: Shape and dtype of each array in it; strings as they are.
            bare: Hand inputs that come alone to the step as they are, not as ``(x,)``.
        """
        kinds = tuple((s.shape, s.dtype) for s in specs)
        key = (self._name, kinds, _form(structure), bare)
        program = self._met.get(key)
        if program is not None:
            return program
        program = self._programs.get((*key, self._fingerprint()))
        if program is None:
            program = StepProgram(
                lambda batch: self._step(_packed(structure, batch, bare)),
                specs,
                self._name,
                self._donate,
            )
            if wishes.found:
                return program
            # Tracing may have built layers, so the fingerprint is taken afresh.
            self._programs[(*key, self._fingerprint())] = program
        self._met[key] = program
        return program

    def prepare(self, batch: tuple[Any, Any, Any], bare: bool = False) -> None:
        """Traces the step for a batch, so that all state exists before it runs."""
        if not self.eager:
            self._ready(batch, bare)

    def run(self, batch: tuple[Any, Any, Any], bare: bool = False) -> Any:
        """Result of the step on one batch of arrays, and of ragged and sparse tensors."""
        if self.eager:
            return self._step(_packed(batch, [Tensor(a) for a in _arrays(batch)], bare))
        program, structure, arrays = self._ready(batch, bare)
        try:
            result = program.run_batch(arrays)
        except OtherShapesError:
            # Strings of this batch lead to other shapes than those of the last one.
            self._forget(structure, arrays, bare)
            result = self.program(structure, arrays, bare).run_batch(arrays)
        return nest.map_structure(_tight, result)

    def _ready(self, batch: Any, bare: bool) -> tuple[StepProgram, Any, list[Any]]:
        """Program for a batch, the batch as the program takes it, and its arrays.

        A program is made for rounded sizes of ragged and sparse tensors first. Where its trace asks for
        exact ones, it is made again for these, and so are all programs of the step from then on.
        """
        exact = self._programs.setdefault((self._name, "exact"), set())
        while True:
            known = frozenset(exact)
            structure = nest.map_structure(functools.partial(_roomy, exact=known), batch)
            arrays = _arrays(structure)
            wishes.found.clear()
            try:
                program = self.program(structure, arrays, bare)
            except Exception:
                if not wishes.found - exact:
                    raise
            else:
                if not wishes.found - exact:
                    return program, structure, arrays
            finally:
                exact |= wishes.found
                wishes.found.clear()

    def _forget(self, structure: Any, arrays: Sequence[Any], bare: bool) -> None:
        key = (self._name, tuple((a.shape, a.dtype) for a in arrays), _form(structure), bare)
        self._met.pop(key)
        self._programs.pop((*key, self._fingerprint()))


def _roomy(leaf: Any, exact: frozenset[str]) -> Any:
    return leaf._roomy(exact) if isinstance(leaf, Composite) else leaf


def _tight(leaf: Any) -> Any:
    return leaf._tight() if isinstance(leaf, Composite) else leaf


def _arrays(batch: Any) -> list[Any]:
    """All arrays of a batch; numbers on the device."""
    leaves = [leaf for leaf in nest.flatten(batch, expand_composites=True) if leaf is not None]
    # The step is over before the source makes its next batch, so that the device may read in place.
    arrays = (host_array(leaf) for leaf in leaves)
    return [array if array.dtype == object else xla.put(array) for array in arrays]


def _form(structure: Any) -> Any:
    """What tells structures of batches apart: which parts are missing or composite, and their nesting."""
    if any(nest.is_nested(part) for part in structure):
        return repr(nest.map_structure(_kind, structure))
    return tuple(_kind(part) for part in structure)


def _kind(leaf: Any) -> Any:
    return (type(leaf), leaf._fixed()) if isinstance(leaf, Composite) else leaf is None


def _packed(structure: Any, batch: Sequence[Any], bare: bool) -> Any:
    """The batch in its structure, without the parts at the end that are missing."""
    fresh = iter(batch)

    def leaf_of(leaf: Any) -> Any:
        if isinstance(leaf, Composite):
            return leaf._pack_composite([next(fresh) for _ in leaf._flatten_composite()])
        return None if leaf is None else next(fresh)

    x, y, weight = (nest.map_structure(leaf_of, part) for part in structure)
    if weight is not None:
        return x, y, weight
    return pack_x_y_sample_weight(x, y) if bare else (x,) if y is None else (x, y)


class Runner:
    """What runners over arrays and over streams share.

    Attributes:
        steps: Steps in a pass; None when unknown.
    """

    steps: int | None
    where: str

    def __init__(self, compiler: StepCompiler, check: Callable[[Any], None]) -> None:
        self._compiler = compiler
        self._check = check
        self._ended = True
        # Steps of the epoch that ran before the place from which a restored run goes on.
        self._done = 0

    def prepare(self) -> None:
        """Traces the step, so that all state exists before the first one runs."""
        raise NotImplementedError

    def _restart(self) -> None:
        raise NotImplementedError

    def _advance(self, limit: int, begin: Callable[[], None]) -> tuple[int, Any] | None:
        """Runs at most `limit` steps; their number and the last result, or None at the end of the pass.

        Args:
            limit: Largest number of steps.
            begin: Called before the first one, if there is one.
        """
        raise NotImplementedError

    def epoch(
        self,
        cadence: int | None,
        limit: int | None = None,
        begin: Callable[[int], None] = lambda step: None,
    ) -> Iterator[tuple[int, int, Any]]:
        """Runs the batches of an epoch.

        Args:
            cadence: Steps after each multiple of which there is a result, and sooner where that is better;
                None for any.
            limit: Steps in the epoch, which goes on where the last one stopped; None for a whole pass.
            begin: Called with the number of a step before it runs, where the last result was of the step
                before.

        Yields:
            The number of the first step that ran, the number of steps, and the last step's result.
        """
        done, self._done = self._done, 0
        if not done and (limit is None or self._ended):
            self._restart()
        self._ended = False
        while limit is None or done < limit:
            most = cadence - done % cadence if cadence else 1 << 30
            most = most if limit is None else min(most, limit - done)
            found = self._advance(most, functools.partial(begin, done))
            if found is None:
                self._ended = True
                return
            count, result = found
            yield done, count, result
            done += count
        self._ended = self.at_end

    @property
    def at_end(self) -> bool:
        """Whether all batches of the pass have run."""
        return False

    def replay(self, count: int, compiler: StepCompiler) -> None:
        """Runs the last `count` steps again, one by one with another compiler."""
        raise NotImplementedError

    def close(self) -> None:
        """Lets go of what the data needs: workers and queues."""

    def state(self) -> dict[str, Any]:
        """Place in the data, as plain data."""
        raise NotImplementedError

    def restore(self, state: Mapping[str, Any], done: int) -> None:
        """Goes to a place that `state` told.

        Args:
            state: The place.
            done: Steps of the epoch that ran before it.
        """
        raise NotImplementedError


class ArrayRunner(Runner):
    """Runs a step over arrays that lie on the device.

    Args:
        data: The arrays.
        batch_size: Rows in a batch; the last one may be smaller and has a program of its own size.
        shuffle: Visit the samples in a new order each pass; ``"batch"``: only the batches.
        compiler: Programs of the step.
        check: Called with the data when a program has been traced and before it first runs.
    """

    def __init__(
        self,
        data: ArrayData,
        batch_size: int,
        shuffle: Any,
        compiler: StepCompiler,
        check: Callable[[Any], None],
    ) -> None:
        super().__init__(compiler, check)
        self.data = data
        self.where = data.where
        self.batch_size = min(batch_size, data.length)
        self.full_steps, self.rest = divmod(data.length, self.batch_size)
        self.steps = self.full_steps + (self.rest > 0)
        self._shuffle = shuffle
        self._arrays = data.on_device()
        self._order: Any = None
        self._order_state: Any = None
        self._position = 0

    @property
    def at_end(self) -> bool:
        """Whether all batches of the pass have run."""
        return self._position >= (self.steps or 0)

    def prepare(self) -> None:
        """Traces the step, so that all state exists before the first one runs."""
        if not self._compiler.eager:
            self._program(self.batch_size)
        self._check(self.data.structure)

    def _program(self, batch_size: int) -> StepProgram:
        specs = [
            xla.ShapeDtypeStruct((batch_size, *a.shape[1:]), a.dtype) for a in self._arrays
        ]
        return self._compiler.program(self.data.structure, specs, bare=True)

    def _restart(self) -> None:
        self._position = 0
        self._order_state = None
        if self._shuffle:
            self._order_state = shuffle_generator().bit_generator.state
            self._order = xla.jnp.asarray(self._permutation())
        elif self._order is None:
            self._order = xla.jnp.arange(self.data.length, dtype=np.int32)

    def _permutation(self) -> Any:
        count, generator = self.data.length, shuffle_generator()
        if self._shuffle != "batch":
            return generator.permutation(count).astype(np.int32)
        full = self.full_steps * self.batch_size
        rows: Any = np.arange(full, dtype=np.int32).reshape(self.full_steps, self.batch_size)
        rows = rows[generator.permutation(self.full_steps)].reshape(-1)
        return np.concatenate([rows, np.arange(full, count, dtype=np.int32)])

    def _advance(self, limit: int, begin: Callable[[], None]) -> tuple[int, Any] | None:
        if self.at_end:
            return None
        begin()
        whole = self._position < self.full_steps
        if self._compiler.eager or self._program(self.batch_size if whole else self.rest).on_host:
            result = self._compiler.run(self._batch(self._position), bare=True)
            self._position += 1
            return 1, result
        if whole:
            program = self._program(self.batch_size)
            left = min(limit, self.full_steps - self._position)
            count, outputs = program.run(self._arrays, self._order, self._position, left)
        else:
            program = self._program(self.rest)
            rows = self._order[self.data.length - self.rest :]
            count, outputs = program.run(self._arrays, rows, 0, 1)
        self._position += count
        return count, program.structured(outputs)

    def _batch(self, position: int) -> Any:
        """Batch at a position of this pass, in the structure of the data."""
        start = position * self.batch_size
        rows = np.asarray(self._order[start : start + self.batch_size])
        return nest.map_structure(lambda a: None if a is None else a[rows], self.data.structure)

    def replay(self, count: int, compiler: StepCompiler) -> None:
        """Runs the last `count` steps again, one by one with another compiler."""
        for position in range(self._position - count, self._position):
            compiler.run(self._batch(position), bare=True)

    def state(self) -> dict[str, Any]:
        """Place in the data, as plain data."""
        return {"position": self._position, "order": self._order_state, "ended": self._ended}

    def restore(self, state: Mapping[str, Any], done: int) -> None:
        """Goes to a place that `state` told."""
        if state["order"] is not None:
            shuffle_generator().bit_generator.state = state["order"]
        self._restart()
        self._position, self._done = int(state["position"]), done
        self._ended = bool(state["ended"])


class StreamRunner(Runner):
    """Runs a step over batches as they come.

    Args:
        stream: The batches.
        compiler: Programs of the step.
        check: Called with the first batch before it runs.
    """

    def __init__(
        self, stream: Stream, compiler: StepCompiler, check: Callable[[Any], None]
    ) -> None:
        super().__init__(compiler, check)
        self.stream = stream
        self.where = stream.where
        self.steps = stream.steps
        # Batches since the last result, for a replay.
        self._latest: list[Any] = []

    def prepare(self) -> None:
        """Traces the step, so that all state exists before the first one runs."""
        batch = self.stream.peek()
        self._compiler.prepare(batch, self.stream.bare)
        self._check(batch)

    @property
    def at_end(self) -> bool:
        """Whether all batches of the pass have run, where their number is known."""
        return self.steps is not None and self.stream.position >= self.steps

    def _restart(self) -> None:
        self.stream.restart()

    def _advance(self, limit: int, begin: Callable[[], None]) -> tuple[int, Any] | None:
        began, count, result = time.perf_counter(), 0, None
        self._latest.clear()
        while count < limit and not (count and self.at_end):
            batch = self.stream.take()
            if batch is None:
                break
            if not count:
                begin()
            self._latest.append(batch)
            result = self._compiler.run(batch, self.stream.bare)
            count += 1
            if time.perf_counter() - began > _RESULT_SECONDS:
                break
        return (count, result) if count else None

    def close(self) -> None:
        """Ends the workers of the source."""
        self.stream.close()

    def replay(self, count: int, compiler: StepCompiler) -> None:
        """Runs the last `count` steps again, one by one with another compiler."""
        for batch in self._latest[-count:]:
            compiler.run(batch, self.stream.bare)

    def state(self) -> dict[str, Any]:
        """Place in the data, as plain data."""
        return self.stream.state() | {"ended": self._ended}

    def restore(self, state: Mapping[str, Any], done: int) -> None:
        """Goes to a place that `state` told."""
        self.stream.restore(state)
        self._done = done
        self._ended = bool(state["ended"])


def concatenate(parts: Sequence[Any]) -> Any:
    """Outputs of all batches as one NumPy array, or ragged or sparse tensor."""
    if isinstance(parts[0], Composite):
        return joined(parts)
    arrays = [np.asarray(p) for p in parts]
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)
