"""Rows of ops/nn/moments.py, normalization.py, embedding.py and spatial.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.testing import windows
from thalweg._src.testing.rows import Row


def _moments(x: Any, axes: Any, keepdims: bool = False) -> Any:
    axes = tuple(axes)
    return np.mean(x, axes, keepdims=keepdims), np.var(x, axes, keepdims=keepdims)


def _weighted(x: Any, axes: Any, weights: Any) -> Any:
    weights = np.broadcast_to(weights, x.shape)
    mean = np.average(x, axes[0], weights, keepdims=True)
    return mean.squeeze(axes[0]), np.average((x - mean) ** 2, axes[0], weights)


def _statistics(x: Any, axes: Any, shift: Any) -> Any:
    axes = tuple(axes)
    count = np.asarray(np.prod([x.shape[a] for a in axes]), x.dtype)
    return count, np.sum(x - shift, axes), np.sum((x - shift) ** 2, axes), shift


def _from_statistics(counts: Any, mean_ss: Any, variance_ss: Any, shift: Any) -> Any:
    mean = mean_ss / counts
    return mean + shift, variance_ss / counts - mean**2


def _batch(x: Any, mean: Any, variance: Any, offset: Any, scale: Any, epsilon: float) -> Any:
    y = (x - mean) / np.sqrt(variance + epsilon)
    return y * (1 if scale is None else scale) + (0 if offset is None else offset)


def _normalized(x: Any, scale: Any, offset: Any, axis: int = -1, epsilon: float = 1e-3) -> Any:
    moved = np.moveaxis(x, axis, -1)
    flat = moved.reshape(-1, moved.shape[-1])
    mean, variance = flat.mean(0), flat.var(0)
    y = _batch(moved, mean, variance, offset, scale, epsilon)
    return np.moveaxis(y, -1, axis), mean, variance


def _responses(x: Any, depth_radius: int, bias: float, alpha: float, beta: float) -> Any:
    out = np.zeros_like(x)
    for c in range(x.shape[-1]):
        near = x[..., max(c - depth_radius, 0) : c + depth_radius + 1]
        out[..., c] = x[..., c] / (bias + alpha * np.sum(near**2, -1)) ** beta
    return out


def _lookup(table: Any, ids: Any, max_norm: Any = None) -> Any:
    rows = table[ids]
    if max_norm is None:
        return rows
    return rows * np.minimum(1, max_norm / np.linalg.norm(rows, axis=-1, keepdims=True))


def _shifted_sum(x: Any, num_spatial_dims: int, padding: str) -> Any:
    return x[:, 1:] + x[:, :-1]


ROWS = [
    Row("nn.moments", lambda m: (m(m.n, 2, 3), [0, 1]), reference=_moments, gradient=(0,)),
    Row(
        "nn.moments",
        lambda m: (m(m.n, 3, 2), [2]),
        {"keepdims": True},
        reference=_moments,
        gradient=(0,),
        label="last",
    ),
    Row(
        "nn.weighted_moments",
        lambda m: (m(m.n, 4), [0], m(m.n, 1, low=0.5, high=2)),
        reference=_weighted,
        gradient=(0, 2),
    ),
    Row(
        "nn.sufficient_statistics",
        lambda m: (m(m.n, 2, 3), [0, 1], m(3)),
        reference=_statistics,
        gradient=(0, 2),
    ),
    Row(
        "nn.normalize_moments",
        lambda m: (m(low=3, high=5), m(m.n), m(m.n, low=9, high=12), m(m.n)),
        reference=_from_statistics,
        gradient=(0, 1, 2, 3),
    ),
    Row(
        "nn.batch_normalization",
        lambda m: (m(m.n, 2, 3), m(3), m(3, low=0.5, high=2), m(3), m(3), 0.1),
        reference=_batch,
        gradient=(0, 1, 2, 3, 4),
    ),
    Row(
        "nn.batch_normalization",
        lambda m: (m(m.n, 3), m(3), m(3, low=0.5, high=2), None, None, 0.1),
        reference=_batch,
        gradient=(0, 1, 2),
        label="bare",
    ),
    Row(
        "nn.batch_norm_with_global_normalization",
        lambda m: (m(m.n, 1, 1, 3), m(3), m(3, low=0.5, high=2), m(3), m(3), 0.1, False),
        reference=lambda x, mean, variance, beta, gamma, epsilon, use: _batch(
            x, mean, variance, beta, None, epsilon
        ),
    ),
    Row(
        "_src.ops.nn.normalization.batch_normalize",
        lambda m: (m(m.n, 2, 3), m(3), m(3)),
        reference=_normalized,
        gradient=(0, 1, 2),
    ),
    Row(
        "_src.ops.nn.normalization.batch_normalize",
        lambda m: (m(m.n, 3, 2), None, None, 1),
        reference=_normalized,
        gradient=(0,),
        label="axis",
    ),
    Row(
        "nn.local_response_normalization",
        lambda m: (m(m.n, 1, 2, 4), 1, 1.0, 2.0, 0.7),
        reference=_responses,
        gradient=(0,),
    ),
    Row(
        "nn.embedding_lookup",
        lambda m: (m(4, 3), m.ints(m.n, 2, low=0, high=4)),
        reference=_lookup,
        gradient=(0,),
        second_order=False,
        note="Linear.",
    ),
    Row(
        "nn.embedding_lookup",
        lambda m: (m(4, 3), m.ints(m.n, low=0, high=4)),
        {"max_norm": 1.5},
        reference=_lookup,
        gradient=(0,),
        label="max_norm",
    ),
    Row(
        "nn.with_space_to_batch",
        lambda m: (m(m.n, 6, 1), [2], "VALID", _shifted_sum),
        reference=lambda x, rate, padding, function: windows.convolve(
            x, np.ones((2, 1, 1), x.dtype), 1, "VALID", 2
        ),
        gradient=(0,),
        second_order=False,
        note="Linear.",
    ),
]
