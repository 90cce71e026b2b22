"""Lengths and parts of texts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf


@settings(max_examples=50, deadline=None)
@given(texts=st.lists(st.text(max_size=6), min_size=1, max_size=5), data=st.data())
def test_parts_are_slices_of_characters(texts, data):
    pos = [data.draw(st.integers(-len(t), len(t))) for t in texts]
    count = [data.draw(st.integers(0, 7)) for _ in texts]
    got = tf.strings.substr(texts, pos, count, unit="UTF8_CHAR").numpy().tolist()
    starts = [p % len(t) if p < 0 else p for p, t in zip(pos, texts, strict=True)]
    want = [t[p : p + n].encode() for t, p, n in zip(texts, starts, count, strict=True)]
    assert got == want
    assert tf.strings.length(texts, "UTF8_CHAR").numpy().tolist() == list(map(len, texts))


def test_positions_outside_are_named():
    with pytest.raises(
        tf.errors.InvalidArgumentError,
        match=r"\[substr\] expected positions .* got 3 for the text at flat index 1, which has 1 units",
    ):
        tf.strings.substr(["abc", "é"], 3, 1, unit="UTF8_CHAR")


def test_huge_lengths_take_the_rest():
    most = tf.constant(2**63 - 1, tf.int64)
    assert tf.strings.substr("abc", tf.constant(1, tf.int64), most).numpy() == b"bc"
