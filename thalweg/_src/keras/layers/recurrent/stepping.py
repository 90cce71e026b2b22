"""The loop over time for any cell: its call is made once for each step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import xla
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.function.looping import LoopState, run_for
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.joining import concat, stack, unstack
from thalweg._src.ops.selection import where as select
from thalweg._src.ops.shaping import expand_dims, reshape, transpose

# More would take hours to compile, and a file could ask for any number.
_MOST_UNROLLED = 4096

Step = Callable[[Any, Any], tuple[Any, Any]]


class Loop(NamedTuple):
    """How to go along a sequence.

    Attributes:
        where: Name of the layer, for messages.
        zero_output: Whether outputs of masked steps are 0, instead of the last output before them.
        sequence: Whether the outputs of all steps are wanted.
        unroll: Whether a program writes out all steps.
    """

    where: str
    zero_output: bool
    sequence: bool
    unroll: bool


def run_steps(step: Step, inputs: Any, states: Any, mask: Any, loop: Loop) -> tuple[Any, Any, Any]:
    """Last output, all outputs, and final states of a cell.

    Args:
        step: ``(inputs of a step, states) -> (output, states)``.
        inputs: Tensor ``(batch, time, ...)``, or a structure of them.
        states: First states.
        mask: Boolean ``(batch, time)``: where False states stay as they are; or None.
        loop: How to go.

    Returns:
        The last output; all of them, with time as second dimension, or None; the final states.
    """
    columns = nest.flatten(inputs) + ([] if mask is None else [mask])
    walk = _Walk(step, inputs, states, mask is not None, loop)
    # The first step runs on its own: it shows what outputs look like, and what a cell makes on its first
    # call (weights, dropout masks) is then made outside of the loop.
    if loop.unroll or not xla.tracing():
        if loop.unroll and columns[0].shape[1] > _MOST_UNROLLED:
            raise InvalidArgumentError(
                f"[{loop.where}] expected at most {_MOST_UNROLLED} steps with unroll=True, which writes each "
                f"of them out, got {columns[0].shape[1]}; pass unroll=False."
            )
        rows = list(zip(*(unstack(column, axis=1) for column in columns), strict=True))
        found = [walk.first(rows[0])]
        for row in rows[1:]:
            found.append(walk.next(row, *found[-1]))
        outputs, final = found[-1]
        all_outputs = [stack(list(parts), 1) for parts in zip(*(o for o, _ in found), strict=True)]
    else:
        outputs, final, all_outputs = _compiled(walk, [_turned(c) for c in columns], loop)
    sequence = nest.pack_sequence_as(walk.form, all_outputs) if loop.sequence else None
    last = nest.pack_sequence_as(walk.form, outputs)
    return last, sequence, nest.pack_sequence_as(states, final)


class _Walk:
    """One step after the other, on flat lists of tensors."""

    def __init__(self, step: Step, inputs: Any, states: Any, masked: bool, loop: Loop) -> None:
        self.step, self.inputs, self.states, self.masked = step, inputs, states, masked
        self.loop = loop
        self.form: Any = None

    def first(self, row: Sequence[Any]) -> tuple[list[Any], list[Any]]:
        """Output and states after the first step; `form` becomes that of its output."""
        return self._step(row, None, nest.flatten(self.states))

    def next(self, row: Sequence[Any], outputs: list[Any], states: list[Any]) -> Any:
        """Output and states after a further step."""
        return self._step(row, outputs, states)

    def _step(
        self, row: Sequence[Any], before: list[Any] | None, states: list[Any]
    ) -> tuple[list[Any], list[Any]]:
        parts, live = (row[:-1], row[-1]) if self.masked else (row, None)
        given = nest.pack_sequence_as(self.inputs, parts)
        result = self.step(given, nest.pack_sequence_as(self.states, states))
        if not isinstance(result, (list, tuple)) or len(result) != 2:
            raise InvalidArgumentError(
                f"[{self.loop.where}] expected the cell to return (output, states), got {result!r}; return "
                "a pair."
            )
        self.form = result[0]
        outputs = [convert_to_tensor(leaf) for leaf in nest.flatten(result[0])]
        new = [convert_to_tensor(leaf) for leaf in nest.flatten(result[1])]
        if len(new) != len(states):
            raise InvalidArgumentError(
                f"[{self.loop.where}] expected the cell to return {len(states)} state(s), as many as it "
                f"takes, got {len(new)}; return (output, states) with all of them."
            )
        if live is None:
            return outputs, new
        if before is None or self.loop.zero_output:
            before = [zeros_like(output) for output in outputs]
        return _chosen(live, outputs, before), _chosen(live, new, states)


def _chosen(live: Any, new: list[Any], old: list[Any]) -> list[Any]:
    """The new tensors in the rows where `live` is true, else the old ones."""
    return [
        select(reshape(live, (-1, *[1] * (len(n.shape) - 1))), n, o)
        for n, o in zip(new, old, strict=True)
    ]


def _turned(column: Any) -> Any:
    """The tensor with its first two dimensions swapped."""
    return transpose(column, [1, 0, *range(2, len(column.shape))])


def _compiled(walk: _Walk, columns: list[Any], loop: Loop) -> tuple[Any, Any, Any]:
    """Last output, final states and all outputs; after the first step there is one compiled loop."""
    outputs, states = walk.first([column[0] for column in columns])
    one = outputs
    length, taken, count = columns[0].shape[0] - 1, len(columns), len(states)
    rest: Any = []
    if length:

        def step(*tensors: Any) -> tuple[list[Any], list[Any]]:
            row, old = tensors[:taken], list(tensors[taken:])
            new_outputs, new = walk.next(row, old[count:], old[:count])
            return [*new, *new_outputs], new_outputs if loop.sequence else []

        names = [f"state {i}" for i in range(count)]
        names += [f"output {i}" for i in range(len(outputs))]
        state = LoopState([*states, *outputs], lambda i: names[i])
        final, rest = run_for(step, [c[1:] for c in columns], state, loop.where, length)
        states, outputs = final[:count], final[count:]
    if not loop.sequence:
        return outputs, states, []
    first = [expand_dims(o, 0) for o in one]
    joined = [concat([f, r], 0) for f, r in zip(first, rest, strict=True)] if rest else first
    return outputs, states, [_turned(column) for column in joined]
