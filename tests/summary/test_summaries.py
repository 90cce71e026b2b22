"""Kinds of summaries: what is refused, and where TensorFlow is not followed."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.summary.summaries import buckets_of


@pytest.fixture(autouse=True)
def _writing(tmp_path):
    writer = tf.summary.create_file_writer(tmp_path)
    with writer.as_default(step=0):
        yield
    writer.close()


@pytest.mark.parametrize(
    ("call", "error", "complaint"),
    [
        (lambda: tf.summary.scalar("x", [1.0, 2.0]), ValueError, r"rank 0, got shape \(2,\)"),
        (lambda: tf.summary.scalar("x", "text"), TypeError, "use tf.summary.text"),
        (lambda: tf.summary.scalar("x", 1j), TypeError, "tf.math.real"),
        (lambda: tf.summary.histogram("x", ["text"]), TypeError, "use tf.summary.text"),
        (lambda: tf.summary.histogram("x", [1.0], buckets=1.5), TypeError, "buckets"),
        (lambda: tf.summary.image("x", np.zeros((2, 2))), ValueError, "rank 4"),
        (lambda: tf.summary.image("x", np.zeros((1, 2, 2, 5))), ValueError, "1 to 4 channels"),
        (lambda: tf.summary.image("x", np.zeros((1, 2, 2, 1), bool)), ValueError, "dtype bool"),
        (
            lambda: tf.summary.image("x", np.zeros((1, 2, 2, 1)), max_outputs=-1),
            ValueError,
            "max_outputs of 0 or more, got -1",
        ),
        (lambda: tf.summary.text("x", 3), TypeError, "expected strings, got dtype int32"),
        (lambda: tf.summary.audio("x", np.zeros((2, 10), "f"), 100), ValueError, "rank 3"),
        (lambda: tf.summary.audio("x", np.zeros((1, 2, 1), int), 100), TypeError, "floats"),
        (
            lambda: tf.summary.audio("x", np.zeros((1, 2, 1), "f"), 100, encoding="mp3"),
            ValueError,
            "'wav' or None, got 'mp3'",
        ),
        (lambda: tf.summary.scalar("x", tf.keras.Input((2,))), NotImplementedError, "symbolic"),
    ],
    ids=[
        "scalar of two",
        "scalar of text",
        "scalar of a complex number",
        "histogram of text",
        "half a bucket",
        "image of rank 2",
        "image of 5 channels",
        "image of bools",
        "image of at most -1",
        "text of a number",
        "audio of rank 2",
        "audio of ints",
        "audio as mp3",
        "symbolic",
    ],
)
def test_what_makes_no_sense_is_refused(call, error, complaint):
    with pytest.raises(error, match=complaint):
        call()


def test_values_that_are_not_finite_are_not_counted():
    found = buckets_of(np.array([1.0, np.nan, np.inf, 3.0, -np.inf]), 2)
    assert found.tolist() == [[1.0, 2.0, 1.0], [2.0, 3.0, 1.0]]
    assert buckets_of(np.array([np.nan]), 2).tolist() == [[0.0] * 3] * 2


@pytest.mark.parametrize("top", [1e308, np.finfo(np.float64).max, 5e-324, 1e-310])
def test_extreme_ranges_are_divided(top):
    found = buckets_of(np.array([-top, 0.0, top, top]), 4)
    assert np.isfinite(found).all()
    assert (found[0, 0], found[-1, 1]) == (-top, top)
    assert found[:, 2].sum() == 4
