"""Ragged sequences in recurrent layers: filled up and masked on the way in, cut off on the way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.comparison import logical_and
from thalweg._src.ops.gather import gather
from thalweg._src.ops.ragged.partition import module_of
from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.selection import sequence_mask
from thalweg._src.ops.shaping import reshape


def call_on_rows(
    call: Callable[..., Any],
    sequences: RaggedTensor,
    mask: Any,
    return_sequences: bool,
    return_state: bool,
    go_backwards: bool,
) -> Any:
    """What a recurrent layer gives for rows of different lengths.

    Args:
        call: The layer on dense sequences ``(batch, time, ...)`` and a mask ``(batch, time)``.
        sequences: Ragged tensor ``(batch, None, ...)``.
        mask: Ragged tensor ``(batch, None)`` that is False for steps to leave out, or None.
        return_sequences: Whether the result holds the outputs of all steps, which are ragged too.
        return_state: Whether states follow the outputs.
        go_backwards: Whether steps are taken from the last one on, and outputs come in that order.

    Returns:
        The outputs, and the states.

    Raises:
        ShapeError: Steps are ragged themselves.
    """
    if sequences.ragged_rank > 1:
        raise ShapeError(
            "[ragged sequences] expected ragged sequences (batch, None, features), got shape "
            f"{sequences.shape} of ragged rank {sequences.ragged_rank}; make the steps dense."
        )
    time = max(sequences._partition.width, 1)
    live = sequence_mask(sequences.row_lengths(), time)
    if mask is not None:
        live = logical_and(live, mask.to_tensor(False, shape=[None, time]))
    rest = [None] * (len(sequences.shape) - 2)
    result = call(sequences.to_tensor(shape=[None, time, *rest]), live)
    if not return_sequences:
        return result
    outputs, *states = result if return_state else [result]
    rows = _rows_of(outputs, sequences, time, go_backwards)
    return (rows, *states) if return_state else rows


def _rows_of(outputs: Any, sequences: RaggedTensor, time: int, go_backwards: bool) -> Any:
    """Outputs ``(batch, time, ...)`` as rows like those of the sequences.

    The steps that filled up lie at the end of a row; backwards they come first.
    """
    part = sequences._partition
    owners = part.owners
    xp = module_of(owners, part.splits)
    owners = xp.minimum(owners, max(part.nrows - 1, 0))
    offsets = xp.arange(part.size, dtype=part.dtype) - xp.asarray(part.starts)[owners]
    if go_backwards:
        offsets = offsets + time - xp.asarray(part.lengths)[owners]
    places = owners * time + offsets
    flat = reshape(outputs, (-1, *outputs.shape[2:]))
    # Values that lie in no row get the outputs of some step.
    return sequences.with_values(gather(flat, Tensor(xp.clip(places, 0, part.nrows * time - 1))))
