"""Tables that are filled once: programs, models, messages of errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf

lookup = tf.lookup


def table(keys, values, default, **dtypes):
    return lookup.StaticHashTable(lookup.KeyValueTensorInitializer(keys, values, **dtypes), default)


@settings(max_examples=50, deadline=None)
@given(
    entries=st.dictionaries(st.integers(-50, 50), st.integers(-9, 9), min_size=1, max_size=12),
    asked=st.lists(st.integers(-60, 60), max_size=8),
)
def test_numbers_are_found_as_in_a_dict(entries, asked):
    made = table(list(entries), list(entries.values()), -100)
    keys = np.array(asked, np.int32)
    assert made.lookup(keys).numpy().tolist() == [entries.get(k, -100) for k in asked]


def test_numbers_are_found_inside_programs():
    made = table([3, 1, 2], [30.0, 10.0, 20.0], 0.0)

    @tf.function
    def total(keys):
        found = 0.0
        for _ in tf.range(2):
            found += tf.reduce_sum(made.lookup(keys * 1))
        return found

    assert total(tf.constant([1, 3, 7])).numpy() == 80.0
    with tf.GradientTape() as tape:
        x = tf.Variable(2.0)
        y = x * made.lookup(tf.constant(3))
    assert tape.gradient(y, x).numpy() == 30.0


def test_words_are_found_before_and_after_programs():
    ids = table(["a", "b"], [1, 2], 0)
    names = table([1, 2], ["one", "two"], "?")

    @tf.function
    def double(words):
        return names.lookup(ids.lookup(words) * 2)

    assert double(tf.constant(["a", "b"])).numpy().tolist() == [b"two", b"?"]


def test_models_are_drawn_with_tables():
    ids = table(["a", "b"], [1, 2], 0)
    words = tf.keras.Input((3,), dtype="string")
    found = ids.lookup(words)
    assert (found.shape, found.dtype) == ((None, 3), "int32")
    model = tf.keras.Model(words, found + 1)
    assert model(tf.constant([["a", "b", "c"]])).numpy().tolist() == [[2, 3, 1]]
    vocabulary = lookup.StaticVocabularyTable(None, 4)
    assert vocabulary.lookup(words).dtype == "int64"


def test_a_table_does_not_change_with_its_tensors():
    keys = np.array([1, 2])
    made = table(keys, np.array([5, 6]), 0)
    keys[0] = 9
    made.export()[1].numpy()[:] = 0
    assert made.lookup(np.array([1, 2])).numpy().tolist() == [5, 6]


@pytest.mark.parametrize(
    ("made", "error", "reason"),
    [
        (lambda: table(["a"], [1], -1).lookup(tf.constant([1])), TypeError, "keys of dtype string"),
        (
            lambda: table(["a"], [1], -1).lookup([1.5]),
            TypeError,
            "keys of dtype string, got float32",
        ),
        (lambda: table([1.5], [1], -1), TypeError, "string or an integer dtype, got float32"),
        (lambda: table(["a"], [1], 1.5), TypeError, "default_value of dtype int32, got 1.5"),
        (lambda: table(["a"], [1], [1, 2]), ValueError, "a single default_value"),
        (lambda: table(["a", "b"], [1], -1), ValueError, "got 2 keys and 1 values"),
        (lambda: table(["a"], [[1]], -1), ValueError, "values as a vector"),
        (
            lambda: table(["a", "a"], [1, 2], -1),
            tf.errors.FailedPreconditionError,
            "got 1 and 2 for b'a'",
        ),
        (
            lambda: lookup.StaticVocabularyTable(None, 0),
            ValueError,
            "use tf.lookup.StaticHashTable",
        ),
    ],
    ids=range(9),
)
def test_wrong_use_is_explained(made, error, reason):
    with pytest.raises(error, match=reason):
        made()


def test_large_numbers_have_buckets():
    unsigned = lookup.StaticVocabularyTable(None, 1000, lookup_key_dtype=tf.uint64)
    words = lookup.StaticVocabularyTable(None, 1000)
    assert unsigned.lookup([2**64 - 1]).numpy() == words.lookup([str(2**64 - 1)]).numpy()
