"""Ragged sequences in recurrent layers: filled up and masked on the way in, cut off on the way out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.ops.ragged.tensor import RaggedTensor
from thalweg._src.ops.reordering import reverse
from thalweg._src.ops.selection import sequence_mask


def call_on_rows(
    call: Callable[..., Any],
    sequences: RaggedTensor,
    return_sequences: bool,
    return_state: bool,
    go_backwards: bool,
) -> Any:
    """What a recurrent layer gives for rows of different lengths.

    Args:
        call: The layer on dense sequences ``(batch, time, ...)`` and a mask ``(batch, time)``.
        sequences: Ragged tensor ``(batch, None, ...)``.
        return_sequences: Whether the result holds the outputs of all steps, which are ragged too.
        return_state: Whether states follow the outputs.
        go_backwards: Whether steps are taken from the last one on.

    Returns:
        The outputs, and the states.
    """
    lengths = sequences.row_lengths()
    dense = sequences.to_tensor()
    result = call(dense, sequence_mask(lengths, int(dense.shape[1])))
    if not return_sequences:
        return result
    outputs, *states = result if return_state else [result]
    # The steps of a row that was filled up lie at its end: there backwards rows must be cut, too.
    if go_backwards:
        outputs = reverse(outputs, [1])
    rows = RaggedTensor.from_tensor(outputs, lengths, row_splits_dtype=lengths.dtype)
    if go_backwards:
        rows = reverse(rows, [1])
    return (rows, *states) if return_state else rows
