"""Connectionist temporal classification: loss over all alignments of a label sequence."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core.opdef import op
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.nn.conv_kernels import wide
from thalweg._src.ops.support import FLOAT, INTEGER, needs

# Logarithm of a probability that stands for 0: finite, so that labels that cannot be aligned give a large
# loss and a gradient instead of infinity and NaN. It is the logarithm of about 1e-307.
LOG_ZERO = -707.0


def _states(labels: Any, blank: int) -> tuple[Any, Any]:
    """Labels with blanks around each, ``(batch, 2 * length + 1)``, and log-weights of skipping a blank."""
    batch, length = labels.shape
    blanks = jnp.full((batch, length, 1), blank, labels.dtype)
    pairs = jnp.concatenate([blanks, labels[..., None]], -1).reshape(batch, 2 * length)
    states = jnp.concatenate([pairs, jnp.full((batch, 1), blank, labels.dtype)], -1)
    before = jnp.pad(states, ((0, 0), (2, 0)), constant_values=blank)[:, : states.shape[1]]
    return states, (states != blank) & (states != before)


def _log_sum(*terms: Any) -> Any:
    """Logarithm of the sum of exponentials, element by element."""
    highest = lax.stop_gradient(jnp.max(jnp.stack(terms), 0))
    return highest + jnp.log(sum(jnp.exp(t - highest) for t in terms))


def _alignments(scores: Any, may_skip: Any, logit_length: Any, label_length: Any) -> Any:
    """Log-probability of all alignments, from log-probabilities ``(time, batch, states)``."""
    zero = jnp.asarray(LOG_ZERO, scores.dtype)
    skip = jnp.where(may_skip, jnp.zeros((), scores.dtype), zero)
    number = jnp.arange(scores.shape[-1])
    first = (number == 0) | ((number == 1) & (label_length > 0)[:, None])
    start = scores[0] + jnp.where(first, jnp.zeros((), scores.dtype), zero)

    def moved(x: Any, by: int) -> Any:
        return jnp.pad(x, ((0, 0), (by, 0)), constant_values=LOG_ZERO)[:, : x.shape[1]]

    def step(alpha: Any, seen: Any) -> Any:
        time, score = seen
        fresh = score + _log_sum(alpha, moved(alpha, 1), moved(alpha, 2) + skip)
        return jnp.where((time < logit_length)[:, None], fresh, alpha), None

    times = jnp.arange(1, scores.shape[0])
    alpha, _ = lax.scan(step, start, (times, scores[1:]))
    last = 2 * label_length[:, None]
    ends = (number == last) | ((number == last - 1) & (last > 0))
    weighted = alpha + jnp.where(ends, jnp.zeros((), alpha.dtype), zero)
    highest = lax.stop_gradient(jnp.max(weighted, -1, keepdims=True))
    return (highest + jnp.log(jnp.sum(jnp.exp(weighted - highest), -1, keepdims=True)))[:, 0]


@op("ctc_loss", matched=())
def _ctc_loss(
    labels: Any, logits: Any, label_length: Any, logit_length: Any, *, time_major: bool, blank: int
) -> Any:
    """Negative log-probability of the labels."""
    needs("ctc_loss", FLOAT, logits)
    needs("ctc_loss", INTEGER, labels, label_length, logit_length)
    if logits.ndim != 3 or labels.ndim != 2:
        raise ShapeError(
            "[ctc_loss] expected labels (batch, length) and logits of rank 3, got shapes "
            f"{tuple(labels.shape)} and {tuple(logits.shape)}."
        )
    scores = logits if time_major else jnp.swapaxes(logits, 0, 1)
    time, batch, classes = scores.shape
    sizes = (labels.shape[0], *label_length.shape, *logit_length.shape)
    if sizes != (batch,) * 3 or not time:
        raise ShapeError(
            f"[ctc_loss] expected labels, label_length and logit_length for a batch of {batch} and at least "
            f"one frame, got shapes {tuple(labels.shape)}, {tuple(label_length.shape)} and "
            f"{tuple(logit_length.shape)} for logits {tuple(logits.shape)}; see logits_time_major."
        )
    blank = blank + classes if blank < 0 else blank
    if not 0 <= blank < classes:
        raise InvalidArgumentError(
            f"[ctc_loss] expected blank_index from {-classes} to {classes - 1}, got {blank}."
        )
    scores = scores.astype(wide(scores))
    scores = scores - lax.stop_gradient(jnp.max(scores, -1, keepdims=True))
    scores = scores - jnp.log(jnp.sum(jnp.exp(scores), -1, keepdims=True))
    used = jnp.arange(labels.shape[1]) < label_length[:, None]
    wrong = jnp.any(used & ((labels < 0) | (labels >= classes)), -1)
    states, may_skip = _states(jnp.where(used, labels, blank), blank)
    at = jnp.broadcast_to(jnp.clip(states, 0, classes - 1), (time, *states.shape))
    emitted = jnp.take_along_axis(scores, at, -1, mode="clip")
    total = _alignments(emitted, may_skip, logit_length, jnp.minimum(label_length, labels.shape[1]))
    return jnp.where(wrong, jnp.nan, -total).astype(logits.dtype)


def ctc_loss(
    labels: Any,
    logits: Any,
    label_length: Any,
    logit_length: Any,
    logits_time_major: bool = True,
    unique: Any = None,
    blank_index: int | None = None,
    name: str | None = None,
) -> Any:
    """Negative log-probability of label sequences, summed over all their alignments with the frames.

    Args:
        labels: Integers ``(batch, length)``, padded with anything after `label_length`.
        logits: Floating tensor ``(frames, batch, classes)``, or ``(batch, frames, classes)``; one class is
            the blank.
        label_length: Number of labels in each row, ``(batch,)``.
        logit_length: Number of frames in each example, ``(batch,)``.
        logits_time_major: Whether frames come first.
        unique: Not used; kept for programs that give it.
        blank_index: Class of the blank; 0 when None, negative ones count from the end.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch,)`` of losses (in nats). Labels that do not fit into the frames give about 700; a
        label that is no class gives NaN.

    Raises:
        ValueError: Shapes do not fit, or labels are sparse.

    Example:
        >>> import thalweg as tf
        >>> loss = tf.nn.ctc_loss([[1]], tf.zeros((2, 1, 2)), [1], [2])
        >>> round(float(loss[0]), 4)  # 3 of 4 alignments: (1, 1), (1, blank), (blank, 1)
        0.2877

    Source: Graves et al., "Connectionist temporal classification" (2006); `tf.nn.ctc_loss`. Labels are
    dense: give ``tf.sparse.to_dense(labels)`` for sparse ones.
    """
    del unique
    if hasattr(labels, "dense_shape"):
        raise InvalidArgumentError(
            "[ctc_loss] expected dense labels of shape (batch, length), got a sparse tensor; use "
            "tf.sparse.to_dense(labels)."
        )
    blank = 0 if blank_index is None else int(blank_index)
    return _ctc_loss(
        tensor_of(labels),
        logits,
        tensor_of(label_length),
        tensor_of(logit_length),
        time_major=bool(logits_time_major),
        blank=blank,
        name=name,
    )


def _without_repeats(labels: Any, lengths: Any) -> tuple[Any, Any]:
    rows = []
    for row, length in zip(labels, lengths, strict=True):
        part = row[: int(length)]
        rows.append(part[np.concatenate([[True], part[1:] != part[:-1]])] if part.size else part)
    widths = np.array([len(r) for r in rows], lengths.dtype)
    out = np.zeros((len(rows), int(widths.max(initial=0))), labels.dtype)
    for into, row in zip(out, rows, strict=True):
        into[: len(row)] = row
    return out, widths


@op("collapse_repeated", matched=(), dynamic=True)
def collapse_repeated(labels: Any, seq_length: Any) -> Any:
    """Rows in which runs of one label are one label.

    Args:
        labels: Integers ``(batch, length)``.
        seq_length: Number of labels in each row, ``(batch,)``.

    Returns:
        ``(labels, seq_length)``: rows padded with 0 to the longest, and their new lengths.

    Example:
        >>> import thalweg as tf
        >>> labels, lengths = tf.nn.collapse_repeated([[1, 1, 2, 2, 1]], [4])
        >>> labels.numpy().tolist(), lengths.numpy().tolist()
        ([[1, 2]], [2])

    Source: `tf.nn.collapse_repeated`.
    """
    return _without_repeats(np.asarray(labels), np.asarray(seq_length))


def _unique_rows(labels: Any) -> tuple[Any, Any]:
    """Distinct labels of each row in the order in which they appear, and where each label is among them."""
    rows, positions = labels.shape[0], np.zeros(labels.shape, np.int32)
    unique = np.zeros(labels.shape, np.int64)
    for r in range(rows):
        seen: dict[int, int] = {}
        for c, label in enumerate(labels[r].tolist()):
            positions[r, c] = seen.setdefault(label, len(seen))
        unique[r, : len(seen)] = list(seen)
    return unique, positions


@op("ctc_unique_labels", matched=(), dynamic=True)
def ctc_unique_labels(labels: Any) -> Any:
    """Distinct labels of each row, and where each label is among them.

    Args:
        labels: Integers ``(batch, length)``.

    Returns:
        ``(unique, positions)``: int64 rows padded with 0, and int32, both ``(batch, length)``. `ctc_loss`
        takes them but needs them not.

    Example:
        >>> import thalweg as tf
        >>> tf.nn.ctc_unique_labels([[7, 7, 5]])[1].numpy().tolist()
        [[0, 0, 1]]

    Source: `tf.nn.ctc_unique_labels`.
    """
    return _unique_rows(np.asarray(labels))
