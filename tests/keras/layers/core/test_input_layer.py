"""Inputs of models that are ragged or sparse: symbols, models of them, and files."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras

layers = keras.layers


def test_symbols_say_what_they_stand_for():
    ragged = keras.Input((None, 4), ragged=True, dtype="float32", name="rows")
    assert isinstance(ragged, keras.KerasTensor)
    assert (ragged.ragged, ragged.sparse, ragged.shape) == (True, False, (None, None, 4))
    assert "ragged=True" in repr(ragged)
    sparse = keras.Input((4,), sparse=True)
    assert (sparse.ragged, sparse.sparse, sparse.shape) == (False, True, (None, 4))
    dense = keras.Input((4,))
    assert not dense.ragged
    assert not dense.sparse
    assert keras.KerasTensor((None, 4), ragged=True, ragged_rank=1).ragged_rank == 1


def test_nothing_is_ragged_and_sparse():
    with pytest.raises(ValueError, match="at the same time"):
        keras.Input((None,), ragged=True, sparse=True)


def test_functions_of_tensorflow_draw_ragged_symbols(tmp_path):
    x = keras.Input((None, 2), ragged=True)
    total = tf.reduce_sum(x * 2.0, axis=1)
    model = keras.Model(x, total)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    rows = tf.RaggedTensor.from_row_lengths(np.ones((3, 2), np.float32), [1, 2])
    assert total.shape == (None, 2)
    for one in (model, loaded):
        assert one(rows).numpy().tolist() == [[2.0, 2.0], [4.0, 4.0]]


def words():
    return tf.ragged.constant([[1, 2, 3], [4]], dtype=tf.int64)


def pooled(**settings):
    x = keras.Input((None,), dtype="int64", **settings)
    return keras.Model(x, layers.GlobalAveragePooling1D()(layers.Embedding(9, 2)(x)))


def test_dense_and_ragged_values_serve_either_input():
    model = pooled(ragged=True)
    assert model(words().to_tensor()).shape == (2, 2)
    other = pooled()
    other.set_weights(model.get_weights())
    np.testing.assert_allclose(other(words()), model(words()))


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.embedding = layers.Embedding(9, 2)
        self.pool = layers.GlobalMaxPooling1D()

    def call(self, x):
        return self.pool(self.embedding(x))


@pytest.mark.parametrize("kind", ["sequential", "lazy", "subclassed"])
def test_other_models(kind):
    parts = [layers.Embedding(9, 2), layers.GlobalMaxPooling1D()]
    if kind == "sequential":
        model = keras.Sequential([keras.Input((None,), dtype="int64", ragged=True), *parts])
        assert model.inputs[0].ragged
    else:
        model = Subclassed() if kind == "subclassed" else keras.Sequential(parts)
    found = model(words())
    np.testing.assert_allclose(model.predict(words(), verbose=0), found, rtol=1e-6)


def test_files_and_copies_keep_the_kind_of_input(tmp_path):
    model = pooled(ragged=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert loaded.inputs[0].ragged
    np.testing.assert_allclose(loaded(words()), model(words()))
    assert keras.models.clone_model(model).inputs[0].ragged
    config = model.layers[0].get_config()
    assert (config["ragged"], config["sparse"]) == (True, False)
    chain = keras.Sequential([keras.Input((3,), sparse=True), layers.Dense(2)])
    assert keras.models.clone_model(chain).inputs[0].sparse
    assert keras.Sequential.from_config(chain.get_config()).inputs[0].sparse
