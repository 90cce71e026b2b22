"""Non-maximum suppression: its ways agree, and say where they cannot be used."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf


def _boxes(seed, count=40):
    rng = np.random.default_rng(seed)
    corner = rng.uniform(0, 10, (count, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(1, 6, (count, 2))], 1)
    return boxes.astype(np.float32), rng.uniform(size=count).astype(np.float32)


def _overlap(a, b):
    shared = np.prod(np.maximum(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0))
    return shared / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - shared)


def _soft(boxes, scores, count, sigma, score_threshold):
    left, kept = dict(enumerate(scores.astype(float))), []
    while left and len(kept) < count:
        best = max(left, key=left.get)
        score = left.pop(best)
        if score <= score_threshold:
            break
        kept.append((best, score))
        for i in left:
            left[i] *= np.exp(-(_overlap(boxes[i], boxes[best]) ** 2) / (2 * sigma))
    return kept


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("threshold", [0.2, 0.6])
def test_all_ways_keep_the_same_boxes(seed, threshold):
    boxes, scores = _boxes(seed)
    kept = tf.image.non_max_suppression(boxes, scores, 12, threshold, 0.2).numpy()
    for i, one in enumerate(kept):
        assert all(_overlap(boxes[one], boxes[other]) <= threshold for other in kept[:i])
    assert (np.diff(scores[kept]) <= 0).all()
    numbers, values = tf.image.non_max_suppression_with_scores(boxes, scores, 12, threshold, 0.2)
    np.testing.assert_array_equal(numbers.numpy(), kept)
    np.testing.assert_array_equal(values.numpy(), scores[kept])
    table = np.array([[_overlap(a, b) for b in boxes] for a in boxes], np.float32)
    by_table = tf.image.non_max_suppression_overlaps(table, scores, 12, threshold, 0.2).numpy()
    np.testing.assert_array_equal(by_table, kept)
    padded, count = tf.image.non_max_suppression_padded(
        boxes, scores, 12, threshold, 0.2, pad_to_max_output_size=True
    )
    np.testing.assert_array_equal(padded.numpy()[: int(count)], kept)
    assert not padded.numpy()[int(count) :].any()
    combined = tf.image.combined_non_max_suppression(
        boxes[None, :, None], scores[None, :, None], 12, 12, threshold, 0.2, clip_boxes=False
    )
    assert int(combined.valid_detections[0]) == len(kept)
    np.testing.assert_array_equal(combined.nmsed_boxes.numpy()[0, : len(kept)], boxes[kept])


@pytest.mark.parametrize("seed", range(3))
def test_soft_suppression(seed):
    boxes, scores = _boxes(seed)
    numbers, values = tf.image.non_max_suppression_with_scores(
        boxes, scores, 30, score_threshold=0.1, soft_nms_sigma=0.4
    )
    want = _soft(boxes, scores, 30, 0.4, 0.1)
    assert numbers.numpy().tolist() == [i for i, _ in want]
    np.testing.assert_allclose(values.numpy(), [s for _, s in want], rtol=1e-5)


def test_programs_use_the_padded_form():
    boxes, scores = map(tf.constant, _boxes(0))

    @tf.function
    def program(b, s):
        return tf.image.non_max_suppression_padded(b, s, 12, pad_to_max_output_size=True)

    padded, count = program(boxes, scores)
    want = tf.image.non_max_suppression(boxes, scores, 12).numpy()
    np.testing.assert_array_equal(padded.numpy()[: int(count)], want)
    symbol = tf.keras.Input((40, 4))
    with pytest.raises(ValueError, match="pad_to_max_output_size=True"):
        tf.image.non_max_suppression_padded(symbol, tf.keras.Input((40,)), 12)


def test_equal_and_endless_scores():
    boxes = np.array([[0, 0, 1, 1], [2, 2, 3, 3], [4, 4, 5, 5]], np.float32)
    for scores, want in (([1.0, 1.0, 1.0], [0, 1, 2]), ([np.inf, np.nan, -np.inf], [0])):
        values = np.array(scores, np.float32)
        assert tf.image.non_max_suppression(boxes, values, 3).numpy().tolist() == want
        padded, count = tf.image.non_max_suppression_padded(
            boxes, values, 3, pad_to_max_output_size=True
        )
        assert padded.numpy()[: int(count)].tolist() == want


def test_sorted_boxes_are_taken_in_order():
    boxes = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [4, 4, 5, 5]], np.float32)
    scores = np.array([0.1, 0.9, 0.5], np.float32)
    numbers, count = tf.image.non_max_suppression_padded(
        boxes, scores, 3, pad_to_max_output_size=True, sorted_input=True
    )
    assert numbers.numpy()[: int(count)].tolist() == [0, 2]


def test_refusals():
    boxes, scores = _boxes(0, 5)
    for run, text in (
        (lambda: tf.image.non_max_suppression(boxes, scores[:3], 3), "scores of shape"),
        (lambda: tf.image.non_max_suppression(boxes, scores, -1), "output size"),
        (lambda: tf.image.non_max_suppression(boxes, scores, 3, 1.5), "threshold"),
        (lambda: tf.image.non_max_suppression_padded(boxes, scores, 3, tile_size=0), "tile_size"),
        (lambda: tf.image.non_max_suppression_padded(boxes[None], scores[None], 3), "pad_to_max"),
        (lambda: tf.image.non_max_suppression_overlaps(boxes, scores, 3), "array of shape"),
        (
            lambda: tf.image.combined_non_max_suppression(
                boxes[None, :, None], scores[None, :, None], 3, 0
            ),
            "max_total_size",
        ),
    ):
        with pytest.raises(ValueError, match=rf"\[\w+\].*{text}"):
            run()
