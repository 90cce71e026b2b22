"""`pad_sequences` beyond the golden values: nothing to pad, lengths of 0, messages."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

pad = tf.keras.utils.pad_sequences


def test_nothing_to_pad():
    assert pad([]).shape == (0, 0)
    assert pad([], maxlen=3).shape == (0, 3)
    assert pad([[1], [2, 3]], maxlen=0).shape == (2, 0)


def test_tensors_are_sequences():
    assert pad([tf.range(1), tf.range(2)]).tolist() == [[0, 0], [0, 1]]


def test_floats_keep_their_dtype():
    padded = pad([np.ones((1, 2), np.float32), np.ones((3, 2), np.float32)], dtype="float16")
    assert (padded.shape, padded.dtype) == ((2, 3, 2), np.float16)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pad([[1]], padding="left"), r"\[pad_sequences\] expected padding 'pre' or 'post'"),
        (lambda: pad([[1], 2]), "got 2 at 1"),
        (lambda: pad(iter([[1]])), r"write list\(...\)"),
        (lambda: pad([["a"]], value="x"), "write dtype=object"),
        (
            lambda: pad([[[1, 2]], [[3]]]),
            r"elements of shape \(2,\).* got \(1,\) in the sequence at 1",
        ),
    ],
    ids=["side", "number", "iterator", "string", "shape"],
)
def test_messages(call, message):
    with pytest.raises(ValueError, match=message):
        call()
