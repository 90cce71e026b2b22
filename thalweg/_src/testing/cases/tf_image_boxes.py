"""Rows of tf.image: boxes, and what chance chooses."""

from __future__ import annotations

import numpy as np
import scipy.ndimage

from thalweg._src.testing.cases.image import images
from thalweg._src.testing.rows import Row

_VALUES = "the shape depends on values"
_CHANCE = "no twin; tests/random/test_image.py compares it with the op for the number drawn"
_SEED = np.array([3, 5], np.int32)


def _outlines(x, boxes, colors):
    out = x.copy()
    for image, own in zip(out, boxes):
        for number, box in enumerate(own):
            y1, x1, y2, x2 = (int(v * n) for v, n in zip(box, (x.shape[1] - 1, x.shape[2] - 1) * 2))
            color = colors[number % len(colors)]
            image[y1, x1 : x2 + 1] = image[y2, x1 : x2 + 1] = color
            image[y1 : y2 + 1, x1] = image[y1 : y2 + 1, x2] = color
    return out


def _cut(x, boxes, numbers, size):
    found = []
    for (y1, x1, y2, x2), n in zip(boxes, numbers):
        rows = np.linspace(y1, y2, size[0]) * (x.shape[1] - 1)
        columns = np.linspace(x1, x2, size[1]) * (x.shape[2] - 1)
        at = np.meshgrid(rows, columns, indexing="ij")
        channels = [scipy.ndimage.map_coordinates(c, at, order=1) for c in np.moveaxis(x[n], -1, 0)]
        found.append(np.stack(channels, -1))
    return np.array(found, np.float32)


def _boxes(m, *shape):
    corners = m(*shape, 2, low=0.0, high=0.5)
    return np.concatenate([corners, corners + m(*shape, 2, low=0.1, high=0.5)], -1)


def _overlap(a, b):
    high, wide = (max(0.0, min(a[i + 2], b[i + 2]) - max(a[i], b[i])) for i in range(2))
    areas = sum((c[2] - c[0]) * (c[3] - c[1]) for c in (a, b))
    return high * wide / (areas - high * wide)


def _best(boxes, scores, count, iou_threshold=0.5):
    kept = []
    for i in np.argsort(-scores, kind="stable"):
        if len(kept) < count and all(_overlap(boxes[i], boxes[j]) <= iou_threshold for j in kept):
            kept.append(int(i))
    return np.array(kept, np.int32)


def _best_with_scores(boxes, scores, count, iou_threshold=0.5):
    kept = _best(boxes, scores, count, iou_threshold)
    return kept, scores[kept]


def _best_by_table(overlaps, scores, count, overlap_threshold=0.5):
    kept = []
    for i in np.argsort(-scores, kind="stable"):
        if len(kept) < count and all(overlaps[i, j] <= overlap_threshold for j in kept):
            kept.append(int(i))
    return np.array(kept, np.int32)


def _best_padded(boxes, scores, count, **_):
    numbers = np.zeros((len(boxes), count), np.int32)
    kept = [_best(b, s, count) for b, s in zip(boxes, scores)]
    for row, own in zip(numbers, kept):
        row[: len(own)] = own
    return numbers, np.array([len(k) for k in kept], np.int32)


def _best_of_classes(boxes, scores, each, total):
    outs = [np.zeros((len(boxes), total, *s), boxes.dtype) for s in ((4,), (), ())]
    counts = []
    for image, (own, values) in enumerate(zip(boxes, scores)):
        kept = [
            (values[i, c], c, own[i, 0])
            for c in range(values.shape[1])
            for i in _best(own[:, 0], values[:, c], each)
        ]
        kept = sorted(kept, key=lambda k: -k[0])[:total]
        counts.append(len(kept))
        for place, (score, group, box) in enumerate(kept):
            outs[0][image, place], outs[1][image, place], outs[2][image, place] = box, score, group
    return (*outs, np.array(counts, np.int32))


def _proposed(scores, deltas, info, anchors, post_nms_topn, min_size):
    rois = np.zeros((len(scores), post_nms_topn, 4), np.float32)
    values = np.zeros((len(scores), post_nms_topn), np.float32)
    for n, (own, moves, (height, width, scale, *_)) in enumerate(zip(scores, deltas, info)):
        boxes, kept = [], []
        for (y1, x1, y2, x2), (dy, dx, dh, dw) in zip(anchors.reshape(-1, 4), moves.reshape(-1, 4)):
            high, wide = y2 - y1, x2 - x1
            y, x = y1 + high / 2 + dy * high, x1 + wide / 2 + dx * wide
            high, wide = high * np.exp(dh), wide * np.exp(dw)
            box = np.clip([y - high / 2, x - wide / 2, y + high / 2, x + wide / 2], 0, [height, width] * 2)
            boxes.append(box)
            kept.append(min(box[2] - box[0], box[3] - box[1]) >= min_size * scale)
        flat = np.where(kept, own.reshape(-1), -1)
        best = [i for i in _best(np.array(boxes), flat, flat.size, 0.7) if flat[i] >= 0][:post_nms_topn]
        rois[n, : len(best)], values[n, : len(best)] = np.array(boxes)[best], flat[best]
    return rois, values


def _proposal_arguments(m):
    corners = m(4, 4, 2, 2, low=0.0, high=40.0)
    anchors = np.concatenate([corners, corners + m(4, 4, 2, 2, low=10.0, high=30.0)], -1)
    info = np.tile(np.array([50, 60, 1, 0, 0], m.dtype), (m.n, 1))
    return (
        m.distinct(m.n, 4, 4, 2, low=0.0, high=1.0),
        m(m.n, 4, 4, 8, low=-0.3, high=0.3),
        info,
        anchors.reshape(4, 4, 8),
    )


def _table(m):
    half = m.distinct(6, 6, low=0.0, high=1.0)
    return np.triu(half) + np.triu(half, 1).T, m.distinct(6, low=0.0, high=1.0), 4


def _one(m):
    return _boxes(m, 9), m.distinct(9, low=0.0, high=1.0), 4


def _stateless(name, *args, gradient=(), make=images, **kwargs):
    return Row(
        f"image.stateless_random_{name}",
        lambda m: (make(m), *args, _SEED),
        kwargs,
        gradient=gradient,
        second_order=False,
        note=_CHANCE,
    )


ROWS = [
    Row(
        "image.draw_bounding_boxes",
        lambda m: (images(m, 6, 7, 3), _boxes(m, m.n, 3), m(2, 3)),
        {},
        _outlines,
        (0, 2),
        second_order=False,
        note="it is linear",
    ),
    Row(
        "image.crop_and_resize",
        lambda m: (images(m), _boxes(m, m.n), np.arange(m.n, dtype="int32")[::-1].copy(), (3, 4)),
        {},
        _cut,
        rtol=3e-4,
        note="float64 becomes float32; tests/golden compares the gradient with TensorFlow's",
    ),
    Row(
        "image.non_max_suppression", _one, {}, _best, symbolic=False, traced=False, note=_VALUES
    ),
    Row(
        "image.non_max_suppression_with_scores",
        _one,
        {},
        _best_with_scores,
        symbolic=False,
        traced=False,
        note=_VALUES,
    ),
    Row(
        "image.non_max_suppression_overlaps",
        _table,
        {},
        _best_by_table,
        symbolic=False,
        traced=False,
        note=_VALUES,
    ),
    Row(
        "image.non_max_suppression_padded",
        lambda m: (_boxes(m, m.n, 9), m.distinct(m.n, 9, low=0.0, high=1.0), 5),
        {"pad_to_max_output_size": True},
        _best_padded,
    ),
    Row(
        "image.combined_non_max_suppression",
        lambda m: (_boxes(m, m.n, 7, 1), m.distinct(m.n, 7, 3, low=0.1, high=1.0), 3, 6),
        {},
        _best_of_classes,
    ),
    Row(
        "image.generate_bounding_box_proposals",
        _proposal_arguments,
        {"post_nms_topn": 6, "min_size": 12},
        _proposed,
        rtol=1e-3,
        note="float64 becomes float32",
    ),
    Row(
        "image.extract_glimpse",
        lambda m: (images(m), (3, 2), np.zeros((m.n, 2), m.dtype)),
        {"noise": "zero", "normalized": False, "centered": False},
        lambda x, size, offsets, **_: x[:, :3, :2],
        (0,),
        second_order=False,
        note="it is linear",
    ),
    _stateless("brightness", 0.3, gradient=(0,)),
    _stateless("contrast", 0.3, 0.9, gradient=(0,)),
    _stateless("hue", 0.3),
    _stateless("saturation", 0.3, 0.9),
    _stateless("flip_left_right", gradient=(0,)),
    _stateless("flip_up_down", gradient=(0,)),
    _stateless("crop", (2, 2, 3), make=lambda m: images(m)[0]),
    _stateless(
        "jpeg_quality", 30, 90, make=lambda m: m.ints(4, 5, 3, low=0, high=256, dtype="uint8")
    ),
    Row(
        "image.stateless_sample_distorted_bounding_box",
        lambda m: (np.array([40, 60, 3], np.int32), _boxes(m, m.n, 2), _SEED),
        note=_CHANCE,
    ),
]
