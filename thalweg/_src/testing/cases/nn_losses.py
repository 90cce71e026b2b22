"""Rows of ops/nn/losses.py, averages.py, ctc.py and random/sampled_losses.py."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from scipy import special

from thalweg._src.testing.rows import Make, Row


def _cross_entropy(labels: Any, logits: Any, axis: int = -1) -> Any:
    return -np.sum(labels * special.log_softmax(logits, axis), axis)


def _sparse(labels: Any, logits: Any) -> Any:
    return -np.take_along_axis(special.log_softmax(logits, -1), labels[..., None], -1)[..., 0]


def _sigmoid(labels: Any, logits: Any, pos_weight: Any = 1.0) -> Any:
    return -pos_weight * labels * special.log_expit(logits) - (1 - labels) * special.log_expit(
        -logits
    )


def _poisson(targets: Any, log_input: Any, compute_full_loss: bool = False) -> Any:
    loss = np.exp(log_input) - log_input * targets
    if compute_full_loss:
        safe = np.maximum(targets, 1)
        stirling = safe * np.log(safe) - safe + 0.5 * np.log(2 * np.pi * safe)
        loss = loss + np.where(targets > 1, stirling, 0)
    return loss


def _probabilities(m: Make, *shape: int, axis: int = -1) -> Any:
    x = m(*shape, low=0.1, high=1.0)
    return x / np.sum(x, axis, keepdims=True)


def _collapsed(path: Any, blank: int) -> list[int]:
    return [int(k) for k, _ in itertools.groupby(path) if k != blank]


def _ctc(
    labels: Any, logits: Any, label_length: Any, logit_length: Any, blank_index: int = 0
) -> Any:
    """The sum over all paths that collapse to the labels, path by path."""
    losses = []
    scores = special.log_softmax(np.asarray(logits, np.float64), -1)
    for row in range(labels.shape[0]):
        wanted, total = labels[row, : label_length[row]].tolist(), -np.inf
        for path in itertools.product(range(logits.shape[-1]), repeat=int(logit_length[row])):
            if _collapsed(path, blank_index) == wanted:
                total = np.logaddexp(total, sum(scores[t, row, k] for t, k in enumerate(path)))
        losses.append(-total)
    return np.array(losses)


def _ctc_arguments(m: Make) -> tuple[Any, ...]:
    labels = np.array([[1, 2, 2], [2, 1, 0], [1, 0, 0]], np.int32)
    rows = np.resize(labels, (m.n, 3))
    lengths = np.resize(np.array([3, 2, 1], np.int32), m.n)
    return rows, m(5, m.n, 3), lengths, np.resize(np.array([5, 4, 3], np.int32), m.n)


def _table(m: Make) -> tuple[Any, ...]:
    labels = m.ints(m.n, 2, low=0, high=5, dtype="int64")
    return (
        m(5, 2),
        m(5),
        labels,
        m(m.n, 2),
        3,
        5,
        2,
        (np.array([0, 3, 4]), m(m.n, 2, low=0.1, high=1.0), m(3, low=0.1, high=1.0)),
    )


def _sampled(weights: Any, biases: Any, labels: Any, inputs: Any, hits: bool, sampled: Any) -> Any:
    ids, true_expected, sampled_expected = sampled
    true = np.sum(weights[labels] * inputs[:, None], -1) + biases[labels] - np.log(true_expected)
    other = inputs @ weights[ids].T + biases[ids] - np.log(sampled_expected)
    if hits:
        other = np.where((labels[:, :, None] == ids).any(1), -1e30, other)
    return true, other


def _nce(w: Any, b: Any, labels: Any, x: Any, _: Any, __: Any, num_true: int, sampled: Any) -> Any:
    true, other = _sampled(w, b, labels, x, False, sampled)
    return np.sum(_sigmoid(np.full_like(true, 1 / num_true), true), 1) + np.sum(
        _sigmoid(np.zeros_like(other), other), 1
    )


def _sampled_softmax(
    w: Any, b: Any, labels: Any, x: Any, _: Any, __: Any, num_true: int, sampled: Any
) -> Any:
    true, other = _sampled(w, b, labels, x, True, sampled)
    logs = special.log_softmax(np.concatenate([true, other], 1), 1)
    return -np.sum(logs[:, :num_true], 1) / num_true


def _hits(true_classes: Any, sampled: Any, num_true: int) -> Any:
    found = [
        (r, s)
        for r in range(len(true_classes))
        for c in true_classes[r]
        for s in range(len(sampled))
        if c == sampled[s]
    ]
    lowest = np.full(len(found), np.finfo(np.float32).min, np.float32)
    return (
        np.array([f[0] for f in found], np.int32),
        np.array([f[1] for f in found], np.int64),
        lowest,
    )


ROWS = [
    Row(
        "nn.softmax_cross_entropy_with_logits",
        lambda m: (_probabilities(m, m.n, 4), m(m.n, 4)),
        reference=_cross_entropy,
        gradient=(1,),
    ),
    Row(
        "nn.softmax_cross_entropy_with_logits",
        lambda m: (_probabilities(m, 4, m.n, axis=0), m(4, m.n)),
        {"axis": 0},
        reference=_cross_entropy,
        gradient=(0,),
        label="labels",
        second_order=False,
        note="Linear in the labels.",
    ),
    Row(
        "nn.sparse_softmax_cross_entropy_with_logits",
        lambda m: (m.ints(m.n, 2, low=0, high=4), m(m.n, 2, 4)),
        reference=_sparse,
        gradient=(1,),
    ),
    Row(
        "nn.sigmoid_cross_entropy_with_logits",
        lambda m: (m(m.n, 4, low=0, high=1), m(m.n, 4)),
        reference=_sigmoid,
        gradient=(0, 1),
    ),
    Row(
        "nn.weighted_cross_entropy_with_logits",
        lambda m: (m(m.n, 4, low=0, high=1), m(m.n, 4), m(4, low=0.5, high=2)),
        reference=_sigmoid,
        gradient=(0, 1, 2),
    ),
    Row(
        "nn.log_poisson_loss",
        lambda m: (m(m.n, 4, low=0, high=3), m(m.n, 4)),
        reference=_poisson,
        gradient=(0, 1),
    ),
    Row(
        "nn.log_poisson_loss",
        lambda m: (m.distinct(m.n, 4, low=0, high=4), m(m.n, 4)),
        {"compute_full_loss": True},
        reference=_poisson,
        gradient=(0, 1),
        label="full",
    ),
    Row(
        "nn.compute_average_loss",
        lambda m: (m(m.n),),
        reference=np.mean,
        gradient=(0,),
        second_order=False,
        note="Linear.",
    ),
    Row(
        "nn.compute_average_loss",
        lambda m: (m(m.n, 2), m(m.n)),
        {"global_batch_size": 8},
        reference=lambda x, w, global_batch_size: np.sum(x * w[:, None]) / global_batch_size,
        gradient=(0, 1),
        label="weighted",
    ),
    Row(
        "nn.scale_regularization_loss",
        lambda m: (m(m.n, 2),),
        reference=np.sum,
        gradient=(0,),
        second_order=False,
        note="Linear.",
    ),
    Row("nn.ctc_loss", _ctc_arguments, reference=_ctc, gradient=(1,)),
    Row(
        "nn.collapse_repeated",
        lambda m: (
            np.array([[1, 1, 2, 2, 1], [3, 0, 0, 0, 5]], np.int32),
            np.array([4, 4], np.int32),
        ),
        reference=lambda labels, lengths: (
            np.array([[1, 2], [3, 0]], np.int32),
            np.array([2, 2], np.int32),
        ),
        symbolic=False,
        traced=False,
        note="The width depends on the values.",
    ),
    Row(
        "nn.ctc_unique_labels",
        lambda m: (np.array([[7, 7, 5], [0, 1, 0]], np.int32),),
        reference=lambda labels: (
            np.array([[7, 5, 0], [0, 1, 0]]),
            np.array([[0, 0, 1], [0, 1, 0]], np.int32),
        ),
        symbolic=False,
        traced=False,
        wide=True,
        note="Runs on the host.",
    ),
    Row(
        "nn.nce_loss",
        _table,
        reference=_nce,
        gradient=(0, 1, 3),
        symbolic=False,
        note="sampled_values is a tuple of arrays.",
    ),
    Row(
        "nn.sampled_softmax_loss",
        _table,
        reference=_sampled_softmax,
        gradient=(0, 1, 3),
        symbolic=False,
        note="sampled_values is a tuple of arrays.",
    ),
    Row(
        "nn.compute_accidental_hits",
        lambda m: (np.array([[1, 0], [3, 3]]), np.array([0, 3, 3]), 2),
        reference=_hits,
        symbolic=False,
        traced=False,
        note="The number of hits depends on the values.",
    ),
]
