"""Connectionist temporal classification: the loss of label sequences, and likely sequences."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import promoted, tensor_of
from thalweg._src.ops.nn import ctc, ctc_decoding
from thalweg._src.ops.shaping import expand_dims


@operation
def ctc_loss(
    target: Any, output: Any, target_length: Any, output_length: Any, mask_index: int = 0
) -> Any:
    """Negative log-probability of label sequences, summed over all their alignments with the frames.

    Args:
        target: Class numbers ``(batch, labels)``, padded with anything after `target_length`.
        output: Logits ``(batch, frames, classes)``.
        target_length: Number of labels of each example, ``(batch,)``.
        output_length: Number of frames of each example, ``(batch,)``.
        mask_index: Class of the blank.

    Returns:
        Tensor ``(batch,)``. Labels that do not fit into the frames give about 700.

    Raises:
        ShapeError: Shapes do not fit.

    Source: Graves et al. 2006; `keras.ops.ctc_loss`.
    """
    (output,) = promoted(output, least=float)
    labels, lengths, frames = (tensor_of(x, "int32") for x in (target, target_length, output_length))
    return ctc.ctc_loss(
        labels, output, lengths, frames, logits_time_major=False, blank_index=mask_index
    )


@operation
def ctc_decode(
    inputs: Any,
    sequence_lengths: Any,
    strategy: str = "greedy",
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
    mask_index: int = 0,
) -> Any:
    """Likely label sequences of frames.

    Args:
        inputs: Logits ``(batch, frames, classes)``.
        sequence_lengths: Number of frames of each example, ``(batch,)``.
        strategy: ``"greedy"`` for the likeliest class of each frame, ``"beam_search"`` for the likeliest
            sequences over all their alignments.
        beam_width: Number of sequences that beam search keeps after each frame.
        top_paths: Number of sequences that beam search returns.
        merge_repeated: Whether the greedy strategy takes runs of one class as one label.
        mask_index: Class of the blank.

    Returns:
        ``(labels, scores)``: int32 ``(paths, batch, frames)``, filled up with -1, and
        ``(batch, paths)``: log-probabilities, or for one greedy path the negative sum of the largest inputs.

    Raises:
        InvalidArgumentError: Another strategy, or more paths than `beam_width`.

    Example:
        >>> import thalweg as tf
        >>> frames = tf.one_hot([[1, 1, 0, 2]], 3) * 9.0
        >>> tf.keras.ops.ctc_decode(frames, [4])[0].numpy().tolist()
        [[[1, 2, -1, -1]]]

    Source: `keras.ops.ctc_decode`.
    """
    (x,) = promoted(inputs, least=float)
    lengths = tensor_of(sequence_lengths, "int32")
    if strategy == "greedy":
        labels, scores = ctc_decoding.ctc_greedy_decode(
            x, lengths, blank=mask_index, merge_repeated=merge_repeated
        )
        return expand_dims(labels, 0), scores
    if strategy == "beam_search":
        return ctc_decoding.ctc_beam_search_decode(
            x, lengths, blank=mask_index, beam_width=beam_width, top_paths=top_paths
        )
    raise InvalidArgumentError(
        f"[ctc_decode] expected strategy 'greedy' or 'beam_search', got {strategy!r}."
    )
