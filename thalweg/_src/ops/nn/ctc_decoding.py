"""Connectionist temporal classification: likely label sequences of frames."""

from __future__ import annotations

from typing import Any

import jax
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.support import FLOAT, INTEGER, needs

# What fills sequences behind their end; it is no class.
PADDING = -1


def _check(where: str, inputs: Any, lengths: Any, blank: int) -> int:
    needs(where, FLOAT, inputs)
    needs(where, INTEGER, lengths)
    if inputs.ndim != 3 or lengths.shape != inputs.shape[:1]:
        raise ShapeError(
            f"[{where}] expected inputs (batch, frames, classes) and sequence_lengths (batch,), got shapes "
            f"{tuple(inputs.shape)} and {tuple(lengths.shape)}."
        )
    classes = inputs.shape[2]
    if not -classes <= blank < classes:
        raise InvalidArgumentError(
            f"[{where}] expected the class of the blank from {-classes} to {classes - 1}, got {blank}."
        )
    return blank % classes


@op("ctc_greedy_decode", matched=(), differentiable=False)
def ctc_greedy_decode(
    inputs: Any, sequence_lengths: Any, *, blank: int, merge_repeated: bool
) -> Any:
    """The likeliest class of each frame, without blanks.

    Args:
        inputs: Floating tensor ``(batch, frames, classes)``, such as logits.
        sequence_lengths: Number of frames that count, integers ``(batch,)``.
        blank: Class of the blank.
        merge_repeated: Whether runs of one class are one label.

    Returns:
        ``(labels, scores)``: int32 ``(batch, frames)``, filled up with -1, and the negative sum of the
        largest inputs, ``(batch, 1)``.

    Source: Graves et al., "Connectionist temporal classification" (2006).
    """
    blank = _check("ctc_greedy_decode", inputs, sequence_lengths, blank)
    frames = inputs.shape[1]
    used = jnp.arange(frames) < sequence_lengths[:, None]
    best = jnp.argmax(inputs, -1).astype(jnp.int32)
    largest = jnp.max(inputs, -1, initial=-jnp.inf) if frames else best.astype(inputs.dtype)
    score = -jnp.sum(jnp.where(used, largest, 0), -1, dtype=inputs.dtype, keepdims=True)
    kept = used & (best != blank)
    if merge_repeated:
        before = jnp.pad(best, ((0, 0), (1, 0)), constant_values=blank)[:, :frames]
        kept &= best != before
    places = jnp.where(kept, jnp.cumsum(kept, -1, dtype=jnp.int32) - 1, frames)
    rows = lax.broadcasted_iota(jnp.int32, best.shape, 0)
    labels = jnp.full(best.shape, PADDING, jnp.int32)
    return labels.at[rows, places].set(best, mode="drop"), score


def _start(width: int, frames: int, dtype: Any) -> tuple[Any, ...]:
    """Prefixes, their lengths, and log-probabilities of ending in a blank and in a label."""
    nothing = jnp.full(width, -jnp.inf, dtype)
    prefixes = jnp.full((width, frames), PADDING, jnp.int32)
    return prefixes, jnp.zeros(width, jnp.int32), nothing.at[0].set(0), nothing


def _extended(state: tuple[Any, ...], scores: Any, blank: int) -> tuple[Any, ...]:
    """The likeliest prefixes one frame later."""
    prefixes, lengths, in_blank, in_label = state
    width, frames = prefixes.shape
    classes = scores.shape[0]
    any_end = jnp.logaddexp(in_blank, in_label)
    last = prefixes[jnp.arange(width), jnp.maximum(lengths - 1, 0)]
    last = jnp.where(lengths > 0, last, PADDING)
    # The same prefix: one more blank, or its last label held.
    held_blank = any_end + scores[blank]
    held_label = jnp.where(lengths > 0, in_label + scores[jnp.maximum(last, 0)], -jnp.inf)
    # One more label; behind the same label only after a blank.
    label = jnp.arange(classes)
    before = jnp.where(label == last[:, None], in_blank[:, None], any_end[:, None])
    longer = jnp.where(label == blank, -jnp.inf, before + scores)
    # A longer prefix that is among the prefixes already is one with it.
    places = jnp.arange(frames)
    shorter = jnp.where(places == lengths[:, None] - 1, PADDING, prefixes)
    is_parent = jnp.all(prefixes[:, None] == shorter[None], -1) & (lengths[:, None] + 1 == lengths)
    is_parent &= (any_end > -jnp.inf)[:, None] & (any_end > -jnp.inf)
    joins = jnp.where(is_parent, longer[:, jnp.maximum(last, 0)], -jnp.inf)
    held_label = jnp.logaddexp(held_label, jax.scipy.special.logsumexp(joins, 0))
    taken = jnp.any(is_parent[..., None] & (label == last[:, None]), 1)
    longer = jnp.where(taken, -jnp.inf, longer)
    everything = jnp.concatenate([jnp.logaddexp(held_blank, held_label), longer.reshape(-1)])
    _, chosen = lax.top_k(everything, width)
    grown = chosen >= width
    parent = jnp.where(grown, (chosen - width) // classes, chosen)
    added = ((chosen - width) % classes).astype(jnp.int32)
    at = (places == lengths[parent][:, None]) & grown[:, None]
    return (
        jnp.where(at, added[:, None], prefixes[parent]),
        lengths[parent] + grown,
        jnp.where(grown, -jnp.inf, held_blank[parent]),
        jnp.where(grown, everything[chosen], held_label[parent]),
    )


@op("ctc_beam_search_decode", matched=(), differentiable=False)
def ctc_beam_search_decode(
    inputs: Any, sequence_lengths: Any, *, blank: int, beam_width: int, top_paths: int
) -> Any:
    """The likeliest label sequences, each over all its alignments, by prefix beam search.

    Args:
        inputs: Floating tensor ``(batch, frames, classes)`` of logits.
        sequence_lengths: Number of frames that count, integers ``(batch,)``.
        blank: Class of the blank.
        beam_width: Number of sequences kept after each frame.
        top_paths: Number of sequences returned, at most `beam_width`.

    Returns:
        ``(labels, scores)``: int32 ``(top_paths, batch, frames)``, filled up with -1, and their
        log-probabilities ``(batch, top_paths)``.

    Source: Graves and Jaitly, "Towards end-to-end speech recognition" (2014); Hannun et al.,
    "First-pass large vocabulary continuous speech recognition" (2014).
    """
    where = "ctc_beam_search_decode"
    blank = _check(where, inputs, sequence_lengths, blank)
    if not 1 <= top_paths <= beam_width:
        raise InvalidArgumentError(
            f"[{where}] expected top_paths from 1 to beam_width={beam_width}, got {top_paths}."
        )
    _, frames, _ = inputs.shape
    scores = jax.nn.log_softmax(inputs.astype(wide(inputs)))

    def decode(frames_of_one: Any, length: Any) -> tuple[Any, Any]:
        def step(state: Any, seen: Any) -> tuple[Any, None]:
            time, score = seen
            later = _extended(state, score, blank)
            used = time < length
            return tuple(jnp.where(used, new, old) for new, old in zip(later, state, strict=True)), None

        start = _start(beam_width, frames, scores.dtype)
        (prefixes, _, in_blank, in_label), _ = lax.scan(
            step, start, (jnp.arange(frames), frames_of_one)
        )
        best, order = lax.top_k(jnp.logaddexp(in_blank, in_label), top_paths)
        return prefixes[order], best

    labels, best = jax.vmap(decode)(scores, sequence_lengths)
    return jnp.swapaxes(labels, 0, 1), best.astype(inputs.dtype)
