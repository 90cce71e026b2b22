"""Words looked up a block at a time are those that a dict would find."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from thalweg._src.keras.layers.preprocessing.word_table import WordCounter, WordTable

letters = st.sampled_from([b"a", b"b", b"\x00", b"\xc3\xa9", b"\xff", b"xyz", b"0123456789"])
words = st.lists(letters, min_size=1, max_size=5).map(b"".join)
spaces = st.sampled_from([b" ", b"   "])


@settings(max_examples=300, deadline=None)
@given(st.lists(words, unique=True, max_size=40), st.lists(words, max_size=60), st.data())
def test_indices_are_those_of_a_dict(vocabulary, tokens, data):
    index = {word: i for i, word in enumerate(vocabulary)}
    table = WordTable(index, unknown=-7)
    text = data.draw(st.sampled_from([b"", b" "]))
    for token in tokens:
        text += token + data.draw(spaces)
    expected = [index.get(token, -7) for token in text.split(b" ") if token]
    assert table.indices(text).tolist() == expected


def test_many_words_share_slots_and_are_still_told_apart():
    index = {str(i).encode(): i for i in range(20_000)}
    table = WordTable(index, unknown=-1)
    order = np.random.default_rng(0).permutation(30_000)
    found = table.indices(b" ".join(str(i).encode() for i in order))
    np.testing.assert_array_equal(found, np.where(order < 20_000, order, -1))


def test_an_empty_table_knows_no_word():
    assert WordTable({}, unknown=3).indices(b"a b").tolist() == [3, 3]
    assert WordTable({}, unknown=3).indices(b"").tolist() == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(words, max_size=30), max_size=12))
def test_words_are_counted_as_one_by_one(texts):
    class Soon(WordCounter):
        _FIRST_TIME, _TIMES = 20, 2

    counter, expected = Soon(), Counter()
    for text in texts:
        counter.add(b" ".join(text))
        expected.update(text)
    assert counter.counts() == expected
