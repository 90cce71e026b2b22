"""Pieces of texts and n-grams of pieces."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from thalweg._src.core.symbolic import KerasTensor

TEXTS = st.lists(st.text("ab -", max_size=8), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None)
@given(texts=TEXTS, sep=st.sampled_from([None, " ", "-", "ab"]), most=st.sampled_from([-1, 1, 2]))
def test_pieces_are_those_of_python(texts, sep, most):
    found = tf.strings.split(texts, sep, most).to_list()
    assert found == [[p.encode() for p in t.split(sep, most)] for t in texts]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.integers(0, 5), min_size=1, max_size=4),
    width=st.integers(1, 4),
    padding=st.sampled_from([None, 1, 2]),
    padded=st.booleans(),
    preserve=st.booleans(),
)
def test_dense_and_ragged_rows_have_the_same_grams(rows, width, padding, padded, preserve):
    settings_ = {
        "ngram_width": width,
        "pad_values": ("<", ">") if padded else None,
        "padding_width": padding if padded else None,
        "preserve_short_sequences": preserve,
    }
    words = [" ".join(f"w{i}" for i in range(n)) for n in rows]
    ragged = tf.strings.ngrams(tf.strings.split(words), **settings_).to_list()
    for word, found in zip(words, ragged, strict=True):
        dense = tf.strings.ngrams(tf.strings.split(word), **settings_)
        assert dense.numpy().tolist() == found
        assert dense.shape == (len(found),)


def test_rows_of_unknown_lengths_have_no_place_in_models():
    text = KerasTensor((None,), "string")
    for action in (
        tf.strings.split,
        tf.strings.bytes_split,
        lambda t: tf.strings.unicode_split(t, "UTF-8"),
        lambda t: tf.strings.unicode_decode(t, "UTF-8"),
        lambda t: tf.strings.ngrams(t, 2),
    ):
        with pytest.raises(NotImplementedError, match="which a symbolic model does not have"):
            action(text)


def test_wrong_settings_are_explained():
    ngrams = tf.strings.ngrams
    for settings_, reason in (
        ({"ngram_width": 0}, "ngram_width of 1 or more"),
        ({"ngram_width": 2, "padding_width": 1}, "pad_values beside padding_width=1"),
        ({"ngram_width": 2, "pad_values": "P", "padding_width": 0}, "padding_width of 1 or more"),
        ({"ngram_width": 2, "pad_values": ("a", "b", "c")}, "two texts"),
    ):
        with pytest.raises(ValueError, match=reason):
            ngrams(["a"], **settings_)
    with pytest.raises(ValueError, match="got a single text"):
        ngrams("a", 2)
    with pytest.raises(ValueError, match="expected sep as one text"):
        tf.strings.split("a", ["b", "c"])
