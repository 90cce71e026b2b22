"""Layers and functions on ragged and sparse tensors: symbols say what calls give; the rest is refused."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras

layers, ops = keras.layers, keras.ops
LENGTHS = [2, 3, 1]
VALUES = np.random.default_rng(0).normal(size=(sum(LENGTHS), 4)).astype(np.float32)
DENSE = np.array([[0, 1, 0, -2], [0, 0, 0, 0], [3, 0, 0, 0]], np.float32)


def ragged():
    return tf.RaggedTensor.from_row_lengths(VALUES, LENGTHS)


def sparse():
    return tf.sparse.from_dense(DENSE)


def ragged_input(**settings):
    return keras.Input((None, 4), ragged=True, **settings)


#: Layers of ragged inputs whose result is that of each row alone.
BY_ROW = {
    "dense": lambda: layers.Dense(3, activation="tanh"),
    "activation": lambda: layers.Activation("relu"),
    "relu": lambda: layers.ReLU(1.0),
    "leaky_relu": lambda: layers.LeakyReLU(),
    "elu": lambda: layers.ELU(),
    "layer_normalization": lambda: layers.LayerNormalization(),
    "rms_scaling": lambda: layers.LayerNormalization(rms_scaling=True),
    "rms_normalization": lambda: layers.RMSNormalization(),
    "rescaling": lambda: layers.Rescaling(2.0, 1.0),
    "dropout": lambda: layers.Dropout(0.5),
    "time_distributed": lambda: layers.TimeDistributed(layers.Dense(2)),
    "mean": lambda: layers.GlobalAveragePooling1D(),
    "largest": lambda: layers.GlobalMaxPooling1D(keepdims=True),
    "gru": lambda: layers.GRU(3, return_sequences=True, return_state=True),
    "bidirectional": lambda: layers.Bidirectional(layers.SimpleRNN(2, return_sequences=True)),
    "lambda": lambda: layers.Lambda(lambda x: tf.reduce_sum(x, 1)),
}


@pytest.mark.parametrize("name", BY_ROW)
def test_rows_give_what_they_give_alone(name):
    layer = BY_ROW[name]()
    symbols = tf.nest.flatten(layer(ragged_input()))
    found = tf.nest.flatten(layer(ragged()))
    rows = [tf.nest.flatten(layer(row[None])) for row in ragged()]
    for position, (symbol, result) in enumerate(zip(symbols, found, strict=True)):
        assert symbol.ragged == isinstance(result, tf.RaggedTensor)
        assert symbol.shape == (None, *tuple(result.shape)[1:])
        assert symbol.dtype == result.dtype.name
        for number, row in enumerate(rows):
            np.testing.assert_allclose(result[number], row[position][0], rtol=1e-5, atol=1e-6)


def test_inputs_may_go_by_name():
    layer = layers.Dense(2)
    np.testing.assert_array_equal(layer(inputs=ragged()).flat_values, layer(VALUES))


def test_masks_of_ragged_words_reach_layers():
    words = tf.ragged.constant([[3, 0, 1], [0], [2, 2]])
    embedding = layers.Embedding(5, 2, mask_zero=True)
    vectors = embedding(words)
    found = layers.GlobalAveragePooling1D()(vectors)
    np.testing.assert_allclose(found[0], tf.reduce_mean(embedding(tf.constant([3, 1])), 0))
    assert found[1].numpy().tolist() == [0.0, 0.0]
    rnn = layers.SimpleRNN(3)
    alone = rnn(embedding(tf.constant([[3, 1]])))
    np.testing.assert_allclose(rnn(vectors)[:1], alone, rtol=1e-5, atol=1e-6)


def test_a_compiled_function_runs_recurrent_layers_on_rows():
    layer = layers.LSTM(3, return_sequences=True, go_backwards=True)
    wanted = layer(ragged())
    found = tf.function(layer)(ragged())
    np.testing.assert_allclose(found.flat_values, wanted.flat_values, rtol=1e-5, atol=1e-6)


def test_merged_rows():
    x = ragged()
    assert layers.Add()([x, x]).to_list() == (x + x).to_list()
    assert layers.Concatenate()([x, x]).shape == (3, None, 8)
    assert layers.Concatenate(axis=1)([x, x]).row_lengths().numpy().tolist() == [4, 6, 2]
    drawn = layers.Average()([ragged_input(), ragged_input()])
    assert drawn.ragged
    assert drawn.shape == (None, None, 4)


@pytest.mark.parametrize("kind", ["Add", "Multiply", "Subtract", "Maximum", "Concatenate"])
@pytest.mark.parametrize("beside", ["sparse", "dense"])
def test_merged_sparse_tensors(kind, beside):
    layer = getattr(layers, kind)()
    found = layer([sparse(), sparse() if beside == "sparse" else DENSE])
    symbol = layer([keras.Input((4,), sparse=True), keras.Input((4,), sparse=beside == "sparse")])
    assert symbol.sparse == isinstance(found, tf.SparseTensor)
    assert symbol.sparse == (kind == "Concatenate" and beside == "sparse")
    np.testing.assert_array_equal(ops.convert_to_numpy(found), layer([DENSE, DENSE]))


def test_dense_layers_take_sparse_inputs():
    layer = layers.Dense(2)
    symbol = layer(keras.Input((4,), sparse=True))
    assert (symbol.shape, symbol.sparse) == ((None, 2), False)
    np.testing.assert_allclose(layer(sparse()), layer(DENSE), rtol=1e-6)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(sparse()))
    slope = tape.gradient(loss, layer.kernel)
    np.testing.assert_allclose(slope[:, 0], DENSE.sum(0))


def test_encodings_of_categories_feed_dense_layers():
    x = keras.Input((1,), dtype="int32")
    encoding = layers.CategoryEncoding(5, "one_hot", sparse=True)
    model = keras.Model(x, layers.Dense(2)(encoding(x)))
    numbers = np.array([[1], [3], [2], [1]], np.int32)
    assert isinstance(encoding(numbers), tf.SparseTensor)
    model.compile("sgd", "mse")
    model.fit(numbers, np.ones((4, 2), np.float32), verbose=0)
    np.testing.assert_allclose(model(numbers), model.predict(numbers, verbose=0), rtol=1e-5)


REFUSED = {
    "convolution": (lambda: layers.Conv1D(2, 2), "to_tensor"),
    "batch": (lambda: layers.BatchNormalization(), "to_tensor"),
    "flatten": (lambda: layers.Flatten(), "one size"),
    "normalized_steps": (lambda: layers.LayerNormalization(axis=[1, 2]), "known|not ragged"),
    "channels_first": (
        lambda: layers.GlobalAveragePooling1D(data_format="channels_first"),
        "ragged|expected",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_is_refused(name):
    make, message = REFUSED[name]
    with pytest.raises(ValueError, match=message):
        make()(ragged())


def test_recurrent_layers_need_dense_steps():
    deep = tf.ragged.constant([[[1.0, 2.0], [3.0]], [[4.0]]])
    with pytest.raises(ValueError, match=r"batch, None, features|known last size|unknown"):
        layers.SimpleRNN(2)(deep)


def test_functions_of_keras_take_them():
    x = ragged()
    assert ops.convert_to_tensor(x) is x
    assert ops.convert_to_tensor(x, ragged=False).shape == (3, 3, 4)
    assert ops.convert_to_tensor(sparse(), sparse=False).shape == (3, 4)
    assert ops.is_tensor(x)
    assert ops.is_tensor(sparse())
    assert ops.shape(x) == (3, None, 4)
    np.testing.assert_allclose(ops.mean(x, axis=1)[2], VALUES[5])
    assert ops.square(sparse()).values.numpy().tolist() == [1.0, 4.0, 9.0]
    drawn = ops.sum(ragged_input(), axis=1)
    assert (drawn.shape, drawn.ragged) == ((None, 4), False)
    np.testing.assert_allclose(ops.matmul(sparse(), np.eye(4, dtype=np.float32)), DENSE)
    np.testing.assert_allclose(ops.max(x, axis=1)[2], VALUES[5])
    np.testing.assert_allclose(ops.sigmoid(x).flat_values, ops.sigmoid(VALUES), rtol=1e-6)
    assert ops.relu(sparse()).values.numpy().tolist() == [1.0, 0.0, 3.0]
