"""Losses over many classes that look at the true ones and a sample of the others."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.casting import cast
from thalweg._src.ops.gather import gather
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.joining import concat
from thalweg._src.ops.nn.embedding import table_of
from thalweg._src.ops.nn.losses import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
)
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.ops.shaping import reshape
from thalweg._src.random.candidates import log_uniform_candidate_sampler


class AccidentalHits(NamedTuple):
    """Sampled classes that happen to be true.

    Attributes:
        indices: Row of the true class.
        ids: Position among the samples.
        weights: The lowest finite float32, to add to the logit.
    """

    indices: Any
    ids: Any
    weights: Any


def _hits(true_classes: Any, sampled_candidates: Any) -> Any:
    rows, _, ids = np.nonzero(true_classes[:, :, None] == sampled_candidates[None, None, :])
    lowest = np.full(rows.shape, np.finfo(np.float32).min, np.float32)
    return rows.astype(np.int32), ids.astype(np.int64), lowest


@op("accidental_hits", matched=(), dynamic=True, result=AccidentalHits)
def _accidental_hits(true_classes: Any, sampled_candidates: Any) -> Any:
    """Sampled classes that happen to be true."""
    return _hits(np.asarray(true_classes), np.asarray(sampled_candidates))


def compute_accidental_hits(
    true_classes: Any,
    sampled_candidates: Any,
    num_true: int,
    seed: int | None = None,
    name: str | None = None,
) -> Any:
    """Places where a sampled class is a true class of an example.

    Args:
        true_classes: Integers ``(batch, num_true)``.
        sampled_candidates: Integers ``(num_sampled,)``.
        num_true: Number of true classes of each example.
        seed: Not used.
        name: Name of the node in a model's graph.

    Returns:
        ``(indices, ids, weights)``: for each place the example (int32), the number of the sample (int64)
        and the lowest float32, which added to the logit takes it out of a softmax.

    Example:
        >>> import thalweg as tf
        >>> hits = tf.nn.compute_accidental_hits([[1], [3]], [0, 3], 1)
        >>> hits.indices.numpy().tolist(), hits.ids.numpy().tolist()
        ([1], [1])

    Source: `tf.nn.compute_accidental_hits`.
    """
    del seed
    truth = tensor_of(true_classes)
    _check_truth("compute_accidental_hits", truth, num_true)
    return _accidental_hits(truth, tensor_of(sampled_candidates), name=name)


def _check_truth(where: str, truth: Any, num_true: int) -> None:
    if len(truth.shape) != 2 or truth.shape[1] != num_true:
        raise InvalidArgumentError(
            f"[{where}] expected labels of shape (batch, {num_true}), got {tuple(truth.shape)}; set "
            "num_true to the number of columns."
        )


@op("sampled_logits", matched=(0, 1, 2, 5, 6))
def _sampled_logits(
    rows: Any,
    biases: Any,
    inputs: Any,
    labels: Any,
    sampled: Any,
    true_expected: Any,
    sampled_expected: Any,
    *,
    correct: bool,
    remove_hits: bool,
) -> Any:
    """Logits of the true classes, then of the sampled ones: ``(batch, num_true + num_sampled)``.

    `rows` and `biases` hold the true classes of all examples, then the sampled ones.
    """
    batch, num_true = labels.shape
    split = batch * num_true
    own = rows[:split].reshape(batch, num_true, -1)
    true = jnp.sum(own * inputs[:, None], -1, dtype=inputs.dtype) + biases[:split].reshape(
        labels.shape
    )
    other = jnp.matmul(inputs, rows[split:].T) + biases[split:]
    if remove_hits:
        hit = jnp.any(labels[:, :, None] == sampled.astype(labels.dtype), 1)
        # Hits may repeat in the labels; one lowest number is enough, more would overflow.
        other = jnp.where(hit, other + jnp.finfo(other.dtype).min, other)
    if correct:
        true = true - jnp.log(lax.stop_gradient(true_expected))
        other = other - jnp.log(lax.stop_gradient(sampled_expected))
    return jnp.concatenate([true, other], 1)


def _logits(
    where: str,
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    sampled_values: Any,
    settings: Any,
) -> Any:
    """Logits of the true and the sampled classes; draws the sample when there is none."""
    num_sampled, num_classes, num_true, remove_hits, seed = settings
    labels = cast(labels, dtypes.int64)
    _check_truth(where, labels, num_true)
    if sampled_values is None:
        sampled_values = log_uniform_candidate_sampler(
            labels, num_true, num_sampled, True, num_classes, seed
        )
    sampled, true_expected, sampled_expected = sampled_values
    inputs = tensor_of(inputs)
    sampled = cast(sampled, dtypes.int64)
    ids = concat([reshape(labels, [-1]), sampled], 0)
    rows = gather(table_of(where, weights), ids)
    return _sampled_logits(
        rows,
        gather(biases, ids),
        inputs,
        labels,
        sampled,
        cast(true_expected, inputs.dtype),
        cast(sampled_expected, inputs.dtype),
        correct=True,
        remove_hits=bool(remove_hits),
    )


@op("sampled_labels")
def _labels_like(logits: Any, *, num_true: int) -> Any:
    """Labels of sampled logits: evenly over the true classes."""
    true = jnp.full((logits.shape[0], num_true), 1 / num_true, logits.dtype)
    return jnp.pad(true, ((0, 0), (0, logits.shape[1] - num_true)))


def nce_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = False,
    name: str = "nce_loss",
) -> Any:
    """Noise-contrastive loss of each example: true classes against sampled ones.

    Args:
        weights: Table of class vectors ``(num_classes, dim)``, or a list of its parts.
        biases: Class biases ``(num_classes,)``.
        labels: True classes ``(batch, num_true)``.
        inputs: Activations ``(batch, dim)``.
        num_sampled: Number of classes that are drawn for the whole batch.
        num_classes: Number of classes.
        num_true: Number of true classes of each example.
        sampled_values: Result of a candidate sampler; `tf.random.log_uniform_candidate_sampler` draws one
            when None, for classes sorted by falling frequency.
        remove_accidental_hits: Take sampled classes that are true out of the loss.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch,)``. For training only: evaluate with all classes.

    Raises:
        ValueError: Shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> w, b, x = tf.zeros((5, 2)), tf.zeros((5,)), tf.ones((3, 2))
        >>> tf.nn.nce_loss(w, b, [[0], [1], [4]], x, num_sampled=2, num_classes=5).shape
        TensorShape([3])

    Source: Gutmann and Hyvarinen, "Noise-contrastive estimation" (2010); `tf.nn.nce_loss`.
    """
    settings = (num_sampled, num_classes, num_true, remove_accidental_hits, None)
    logits = _logits("nce_loss", weights, biases, labels, inputs, sampled_values, settings)
    losses = sigmoid_cross_entropy_with_logits(_labels_like(logits, num_true=num_true), logits)
    return reduce_sum(losses, 1, name=name)


def sampled_softmax_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = True,
    seed: int | None = None,
    name: str = "sampled_softmax_loss",
) -> Any:
    """Softmax loss of each example over its true classes and sampled ones.

    Args:
        weights: Table of class vectors ``(num_classes, dim)``, or a list of its parts.
        biases: Class biases ``(num_classes,)``.
        labels: True classes ``(batch, num_true)``.
        inputs: Activations ``(batch, dim)``.
        num_sampled: Number of classes that are drawn for the whole batch.
        num_classes: Number of classes.
        num_true: Number of true classes of each example.
        sampled_values: Result of a candidate sampler; `tf.random.log_uniform_candidate_sampler` draws one
            when None, for classes sorted by falling frequency.
        remove_accidental_hits: Take sampled classes that are true out of the loss.
        seed: Stream of the sampler; see `tf.random.set_seed`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor ``(batch,)``. For training only: it is below the full softmax loss.

    Raises:
        ValueError: Shapes do not fit.

    Example:
        >>> import thalweg as tf
        >>> w, b, x = tf.zeros((5, 2)), tf.zeros((5,)), tf.ones((3, 2))
        >>> tf.nn.sampled_softmax_loss(w, b, [[0], [1], [4]], x, num_sampled=2, num_classes=5).shape
        TensorShape([3])

    Source: Jean et al., "On using very large target vocabulary for neural machine translation" (2014);
    `tf.nn.sampled_softmax_loss`.
    """
    settings = (num_sampled, num_classes, num_true, remove_accidental_hits, seed)
    logits = _logits(
        "sampled_softmax_loss", weights, biases, labels, inputs, sampled_values, settings
    )
    return softmax_cross_entropy_with_logits(
        _labels_like(logits, num_true=num_true), logits, name=name
    )
