"""Rows of the ops that serve `keras.ops`, where `tf` has no name for them."""

from __future__ import annotations

import numpy as np

from thalweg._src.testing.rows import Row


def _softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def _attention(q, k, v, bias=None, mask=None, scale=None, is_causal=False, attn_logits_soft_cap=None):
    k, v = (np.repeat(x, q.shape[2] // x.shape[2], 2) for x in (k, v))
    logits = np.einsum("btnh,bsnh->bnts", q, k) * (1 / np.sqrt(q.shape[3]) if scale is None else scale)
    logits = logits if bias is None else logits + bias
    if attn_logits_soft_cap is not None:
        logits = attn_logits_soft_cap * np.tanh(logits / attn_logits_soft_cap)
    seen = np.ones(logits.shape, bool) if mask is None else np.broadcast_to(mask, logits.shape)
    seen = np.tril(seen) if is_causal else seen
    return np.einsum("bnts,bsnh->btnh", _softmax(np.where(seen, logits, -1e30)), v)


def _layer_normalization(x, gamma, beta, axis):
    moved = x - x.mean(axis, keepdims=True)
    shape = [n if a in axis else 1 for a, n in enumerate(x.shape)]
    return moved / np.sqrt(x.var(axis, keepdims=True) + 1e-7) * gamma.reshape(shape) + beta.reshape(shape)


def _adaptive(reduce):
    def call(x, output_size):
        for axis, count in enumerate(output_size, 1):
            size = x.shape[axis]
            bounds = [(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]
            x = np.stack([reduce(x.take(range(a, b), axis), axis) for a, b in bounds], axis)
        return x

    return call


def _unfold(x, kernel_size):
    view = np.lib.stride_tricks.sliding_window_view(x, kernel_size, (2, 3))
    n, c, rows, columns = view.shape[:4]
    return view.transpose(0, 1, 4, 5, 2, 3).reshape(n, -1, rows * columns)


def _patches(x, size, strides):
    view = np.lib.stride_tricks.sliding_window_view(x, (size, size), (1, 2))
    view = view[:, ::strides, ::strides].transpose(0, 1, 2, 4, 5, 3)
    return view.reshape(*view.shape[:3], -1)


def _fold(x, output_size, kernel_size):
    (h, w), (kh, kw) = output_size, kernel_size
    rows, columns = h - kh + 1, w - kw + 1
    out = np.zeros((x.shape[0], x.shape[1] // (kh * kw), h, w), x.dtype)
    parts = x.reshape(x.shape[0], -1, kh, kw, rows, columns)
    for i in range(kh):
        for j in range(kw):
            out[:, :, i : i + rows, j : j + columns] += parts[:, :, i, j]
    return out


def _sliced(x, start, updates):
    out = np.array(x)
    out[start[0] : start[0] + updates.shape[0], start[1] : start[1] + updates.shape[1]] = updates
    return out


def _greedy(x, lengths, merge_repeated=True):
    labels = np.full((1, *x.shape[:2]), -1, np.int32)
    scores = np.zeros((x.shape[0], 1), x.dtype)
    for i, (frames, length) in enumerate(zip(x, lengths)):
        best = frames[:length].argmax(-1)
        scores[i] = -frames[:length].max(-1).sum()
        kept = [b for a, b in zip([0, *best], best) if b and (a != b or not merge_repeated)]
        labels[0, i, : len(kept)] = kept
    return labels, scores


def _every_path(x, lengths, strategy, top_paths):
    """Probability of each labelling as the sum over all paths of the frames."""
    labels = np.full((top_paths, *x.shape[:2]), -1, np.int32)
    scores = np.zeros((x.shape[0], top_paths), x.dtype)
    for i, (frames, length) in enumerate(zip(x, lengths)):
        p = np.log(_softmax(frames[:length].astype(np.float64)))
        found = {}
        for path in np.ndindex(*[x.shape[2]] * length):
            label = tuple(b for a, b in zip([0, *path], path) if b and a != b)
            found[label] = found.get(label, 0) + np.exp(sum(p[t, c] for t, c in enumerate(path)))
        for j, (label, total) in enumerate(sorted(found.items(), key=lambda f: -f[1])[:top_paths]):
            labels[j, i, : len(label)] = label
            scores[i, j] = np.log(total)
    return labels, scores


def _frames(m):
    return m(m.n, 4, 3), np.minimum(np.arange(m.n, dtype=np.int32) % 4 + 1, 4)


ROWS = [
    Row(
        "keras.ops.slice_update",
        lambda m: (m(3, 4), np.array([1, 2], np.int32), m(2, 2)),
        {},
        _sliced,
        (0, 2),
    ),
    Row(
        "keras.ops.cdist",
        lambda m: (m(m.n, 3, 2), m(m.n, 4, 2)),
        {},
        lambda x, y: np.linalg.norm(x[:, :, None] - y[:, None], axis=-1),
        (0, 1),
    ),
    Row(
        "keras.ops.norm",
        lambda m: (m(m.n, 3, 4),),
        {"ord": 3, "axis": 1},
        np.linalg.norm,
        (0,),
    ),
    Row("keras.ops.norm", lambda m: (m(m.n, 3),), {"axis": 1}, np.linalg.norm, (0,), label="root"),
    Row(
        "keras.ops.layer_normalization",
        lambda m: (m(m.n, 3, 2), m(3), m(3)),
        {"axis": (1,)},
        _layer_normalization,
        (0, 1, 2),
        rtol=1e-4,
    ),
    Row(
        "keras.ops.rms_normalization",
        lambda m: (m(m.n, 4), m(4)),
        {},
        lambda x, scale: x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-7) * scale,
        (0, 1),
        rtol=1e-4,
    ),
    Row(
        "keras.ops.dot_product_attention",
        lambda m: (m(m.n, 3, 4, 2), m(m.n, 5, 2, 2), m(m.n, 5, 2, 3), m(4, 3, 5), m.bools(m.n, 1, 3, 5)),
        {"scale": 0.7, "attn_logits_soft_cap": 2.0},
        _attention,
        (0, 1, 2, 3),
        rtol=1e-4,
    ),
    Row(
        "keras.ops.dot_product_attention",
        lambda m: (m(m.n, 3, 2, 4), m(m.n, 5, 2, 4), m(m.n, 5, 2, 4)),
        {"is_causal": True},
        _attention,
        (0, 1, 2),
        rtol=1e-4,
        label="causal",
    ),
    Row(
        "keras.ops.adaptive_max_pool",
        lambda m: (m.distinct(m.n, 7, 5, 2),),
        {"output_size": (3, 2)},
        _adaptive(np.max),
        (0,),
        second_order=False,
        note="its gradient is piecewise constant",
    ),
    Row(
        "keras.ops.adaptive_average_pool",
        lambda m: (m(m.n, 7, 5, 2),),
        {"output_size": (3, 1)},
        _adaptive(np.mean),
        (0,),
        second_order=False,
        note="it is linear",
    ),
    Row(
        "keras.ops.unfold",
        lambda m: (m(m.n, 2, 4, 5),),
        {"kernel_size": (2, 3)},
        _unfold,
        (0,),
        second_order=False,
        note="it is linear",
    ),
    Row(
        "keras.ops.fold",
        lambda m: (m(m.n, 8, 6),),
        {"output_size": (3, 4), "kernel_size": (2, 2)},
        _fold,
        (0,),
        second_order=False,
        note="it is linear",
    ),
    Row(
        "keras.ops.image.extract_patches",
        lambda m: (m(m.n, 6, 5, 2),),
        {"size": 3, "strides": 2},
        _patches,
        (0,),
        second_order=False,
        note="it is linear",
    ),
    Row("keras.ops.ctc_decode", _frames, {}, _greedy),
    Row("keras.ops.ctc_decode", _frames, {"merge_repeated": False}, _greedy, label="runs"),
    Row(
        "keras.ops.ctc_decode",
        _frames,
        {"strategy": "beam_search", "top_paths": 3},
        _every_path,
        rtol=1e-4,
        label="beam",
    ),
]
