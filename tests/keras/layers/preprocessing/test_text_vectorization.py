"""Texts cleaned by functions of the user."""

from __future__ import annotations

import pytest

import thalweg as tf

layers = tf.keras.layers
TEXTS = ["A <b>bold</b> word", "a word, a word", "no WORD"]


def without_tags(texts):
    assert texts.shape.rank
    plain = tf.strings.regex_replace(tf.strings.lower(texts), "<[^>]*>", "")
    return tf.strings.regex_replace(plain, ",", "")


@pytest.mark.parametrize("ngrams", [None, 2], ids=["words", "pairs"])
@pytest.mark.parametrize("mode", ["int", "count", "tf_idf"])
def test_a_function_cleans_what_is_learned_and_what_is_looked_up(mode, ngrams):
    by_function = layers.TextVectorization(
        standardize=without_tags, output_mode=mode, ngrams=ngrams
    )
    plain = layers.TextVectorization(standardize=None, output_mode=mode, ngrams=ngrams)
    by_function.adapt(tf.data.Dataset.from_tensor_slices(TEXTS).batch(2))
    plain.adapt(without_tags(tf.constant(TEXTS)))
    assert by_function.get_vocabulary() == plain.get_vocabulary()
    assert "bold" in plain.get_vocabulary()
    new = tf.constant(["<i>A</i> bold, bold thing", "word"])
    assert by_function(new).numpy().tolist() == plain(without_tags(new)).numpy().tolist()
    assert by_function(new[0]).numpy().tolist() == plain(without_tags(new)[0]).numpy().tolist()


def test_encodings_in_a_data_set_run_without_a_word(caplog):
    layer = layers.TextVectorization(standardize=without_tags, output_mode="multi_hot")
    layer.adapt(TEXTS)
    dataset = tf.data.Dataset.from_tensor_slices(TEXTS).batch(2).map(layer, num_parallel_calls=2)
    found = [row for batch in dataset for row in batch.numpy().tolist()]
    assert found == layer(TEXTS).numpy().tolist()
    assert caplog.messages == []


def test_encodings_of_texts_of_near_lengths_share_a_program():
    layer = layers.TextVectorization(output_mode="count", vocabulary=["a", "b"])
    traced = []
    model = tf.keras.Sequential(
        [
            tf.keras.Input((), dtype="string"),
            layer,
            layers.Lambda(lambda counts: (traced.append(counts.shape), 2 * counts)[1]),
        ]
    )
    traced.clear()
    found = [model.predict(tf.constant([" ".join(["b"] * n)]), verbose=0) for n in (5, 6, 8)]
    assert [row.tolist() for row in found] == [[[0, 0, 10]], [[0, 0, 12]], [[0, 0, 16]]]
    assert len(traced) == 1
