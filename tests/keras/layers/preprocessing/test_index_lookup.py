"""Models with lookups whose vocabulary lies in a file beside them."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

keras = tf.keras
layers = keras.layers


@pytest.mark.parametrize(
    ("layer", "data"),
    [
        (layers.TextVectorization(output_mode="count"), ["a b", "b c d"]),
        (layers.TextVectorization(output_mode="tf_idf", ngrams=2), ["a b", "b c d"]),
        (layers.StringLookup(output_mode="multi_hot"), ["a", "b", "b"]),
        (layers.IntegerLookup(output_mode="tf_idf"), [[7], [3]]),
    ],
    ids=["texts", "pairs", "strings", "integers"],
)
def test_models_are_drawn_for_a_vocabulary_that_comes_later(layer, data, tmp_path):
    layer.adapt(data)
    integers = isinstance(layer, layers.IntegerLookup)
    inputs = keras.Input((1,), dtype="int64" if integers else "string")
    model = keras.Model(inputs, layers.Dense(1)(layer(inputs)))
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    x = tf.constant([[7], [9]] if integers else [["a b"], ["x"]])
    np.testing.assert_allclose(loaded(x), model(x), rtol=1e-6)
    assert loaded.layers[1].output.shape == model.layers[1].output.shape
