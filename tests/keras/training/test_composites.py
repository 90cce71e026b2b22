"""Training on ragged and sparse inputs: numbers, kinds of data, and how many programs they take."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import thalweg as tf
from tests.keras.training import composites
from tests.keras.training.composites import LENGTHS, embedded, of_places, places, targets, words
from thalweg import keras
from thalweg._src.keras.training.program import StepProgram

layers = keras.layers
GOLDEN = json.loads(Path(__file__).with_name("composites.json").read_text())


@pytest.fixture(scope="module")
def facts():
    return {version: composites.all_facts(tf, keras, version) for version in GOLDEN}


@pytest.mark.parametrize(
    ("version", "name"), [(v, name) for v, known in GOLDEN.items() for name in known["facts"]]
)
def test_numbers_are_those_of_keras(facts, version, name):
    wanted, found = GOLDEN[version]["facts"][name], facts[version][name]
    for key in ("predicted", "evaluated", "weights"):
        np.testing.assert_allclose(found[key], wanted[key], rtol=2e-4, atol=2e-5, err_msg=key)
    for key, values in wanted["history"].items():
        np.testing.assert_allclose(found["history"][key], values, rtol=2e-4, err_msg=key)


def programs(model):
    return sum(isinstance(program, StepProgram) for program in model._programs.values())


def many_rows(batches=100, size=4, longest=60):
    """Batches of rows of ever other lengths."""
    lengths = np.random.default_rng(5).integers(1, longest, batches * size)
    parts = words(tf, lengths), targets(len(lengths))
    return tf.data.Dataset.from_tensor_slices(parts).batch(size)


def trained(model, data, **compiling):
    composites.start(model)
    model.compile(keras.optimizers.SGD(0.05), "mse", metrics=["mae"], **compiling)
    history = model.fit(data, verbose=0).history
    return [*model.get_weights(), history["loss"], history["mae"]]


def mean_model():
    return embedded(keras, layers.GlobalAveragePooling1D(), layers.Dense(1))


def test_an_epoch_of_ragged_batches_takes_few_programs():
    model = mean_model()
    trained(model, many_rows())
    totals = {int(x.row_splits[-1]) for x, _ in many_rows()}
    assert len(totals) > 50
    assert programs(model) <= 4


def test_an_epoch_of_ragged_sequences_takes_few_programs():
    model = embedded(keras, layers.SimpleRNN(2), layers.Dense(1))
    trained(model, many_rows(longest=30))
    assert programs(model) <= 6


#: What a model makes of the embedded words, and most programs for 20 batches.
ROUTES = {
    "pooled": (layers.GlobalMaxPooling1D(), 3),
    "steps_back": (layers.SimpleRNN(2, return_sequences=True, go_backwards=True), 6),
    "sum_of_all": (layers.Lambda(lambda v: tf.reduce_sum(v, 1) + 0.01 * tf.reduce_sum(v)), 3),
    "filled_up": (layers.Lambda(lambda v: v.to_tensor()), 20),
    "all_values": (
        layers.Lambda(lambda v: tf.reduce_sum(v, 1) + tf.reduce_mean(v.flat_values)),
        20,
    ),
    "rows_of_values": (
        layers.Lambda(lambda v: tf.math.unsorted_segment_mean(v.values, v.value_rowids(), 4)),
        20,
    ),
}


@pytest.mark.parametrize("route", ROUTES)
def test_room_in_batches_changes_no_number(route):
    layer, most = ROUTES[route]

    def model():
        made = type(layer).from_config(layer.get_config())
        tail = [] if route != "steps_back" else [layers.Dense(2), layers.ReLU()]
        if route in ("steps_back", "filled_up"):
            tail.append(layers.GlobalAveragePooling1D())
        return embedded(keras, made, *tail, layers.Dense(1))

    data = many_rows(batches=20, longest=12)
    compiled = model()
    found = trained(compiled, data)
    assert programs(compiled) <= most
    for one, other in zip(found, trained(model(), data, run_eagerly=True), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_an_epoch_of_sparse_batches_takes_few_programs():
    kept = np.random.default_rng(6).random((200, 5)) < np.linspace(0.05, 1.0, 200)[:, None]
    dense = np.where(kept, 1.5, 0.0).astype(np.float32)
    y = targets(200)
    sparse = tf.data.Dataset.from_tensor_slices((tf.sparse.from_dense(dense), y)).batch(4)
    model = of_places(keras)
    found = trained(model, sparse)
    assert programs(model) <= 3
    same = tf.data.Dataset.from_tensor_slices((dense, y)).batch(4)
    for one, other in zip(found, trained(of_places(keras), same), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_elements_of_sparse_batches_are_seen_as_they_are():
    x = keras.Input((5,), sparse=True)
    counts = layers.Lambda(lambda v: tf.fill((2, 1), tf.cast(tf.size(v.values), tf.float32)))(x)
    model = keras.Model(x, counts)
    found = model.predict(tf.data.Dataset.from_tensor_slices(places(tf)).batch(2), verbose=0)
    assert found.ravel().tolist() == [2, 2, 1, 1, 1, 1]


def test_ragged_and_sparse_tensors_serve_as_arrays():
    model, x, y = mean_model(), words(tf), targets()
    model.compile("sgd", "mse")
    history = model.fit(x, y, batch_size=3, validation_split=0.3, verbose=0).history
    assert set(history) == {"loss", "val_loss"}
    alone = model(x)
    for found in (model.predict(x, batch_size=3, verbose=0), model.predict_on_batch(x)):
        np.testing.assert_allclose(found, alone, rtol=1e-5, atol=1e-6)
    expected = float(np.mean((alone.numpy() - y) ** 2))
    assert model.evaluate(x, y, verbose=0) == pytest.approx(expected, rel=1e-5)
    assert model.test_on_batch(x, y) == pytest.approx(expected, rel=1e-5)
    before = model.get_weights()[0]
    model.train_on_batch(x, y, sample_weight=np.zeros(len(LENGTHS), np.float32))
    assert np.array_equal(model.get_weights()[0], before)


def test_sparse_tensors_serve_as_arrays():
    model, x, y = of_places(keras), places(tf), targets(composites.ROWS)
    model.compile("sgd", "mse")
    model.fit(x, y, batch_size=2, validation_split=0.4, verbose=0)
    wanted = model(tf.sparse.to_dense(x))
    np.testing.assert_allclose(model.predict(x, verbose=0), wanted, rtol=1e-5)
    np.testing.assert_allclose(model(x), wanted, rtol=1e-5)


def test_sparse_matrices_of_scipy_are_taken():
    sparse = pytest.importorskip("scipy.sparse")
    dense = tf.sparse.to_dense(places(tf)).numpy()
    model = of_places(keras)
    found = model.predict(sparse.csr_matrix(dense), verbose=0)
    np.testing.assert_allclose(found, model(dense), rtol=1e-5)


def test_ragged_outputs_are_put_together():
    model, x = embedded(keras, layers.SimpleRNN(2, return_sequences=True)), words(tf)
    found = model.predict(x, batch_size=2, verbose=0)
    assert isinstance(found, tf.RaggedTensor)
    assert found.row_lengths().numpy().tolist() == LENGTHS
    np.testing.assert_allclose(found.flat_values, model(x).flat_values, rtol=1e-5, atol=1e-6)


def test_metrics_of_ragged_targets_count_each_value_once():
    data = many_rows(batches=2, longest=7).map(
        lambda x, y: (x, tf.ragged.map_flat_values(lambda v: tf.cast(v, tf.float32)[:, None], x))
    )
    model = embedded(keras, layers.Dense(1))
    model.compile("sgd", "mse", metrics=["mae"], weighted_metrics=["mse"])
    found = model.evaluate(data, verbose=0, return_dict=True)
    errors = np.concatenate(
        [(y.flat_values - model(x).flat_values).numpy().ravel() for x, y in data]
    )
    assert found["mae"] == pytest.approx(np.abs(errors).mean(), rel=1e-5)
    assert found["weighted_mse" if "weighted_mse" in found else "mse"] == pytest.approx(
        np.square(errors).mean(), rel=1e-5
    )


def test_rows_that_differ_are_refused():
    loss = keras.losses.MeanSquaredError()
    with pytest.raises(ValueError, match="rows of the same lengths"):
        loss(tf.ragged.constant([[1.0, 2.0], [3.0]]), tf.ragged.constant([[1.0], [2.0, 3.0]]))
    with pytest.raises(ValueError, match="dense"):
        loss(tf.ragged.constant([[1.0, 2.0], [3.0]]), np.ones((2, 2), np.float32))


def test_class_weights_need_dense_targets():
    model = embedded(keras, layers.Dense(1))
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="dense targets"):
        model.fit(words(tf), composites.steps(tf), class_weight={0: 1.0}, verbose=0)


def test_texts_become_ragged_words():
    splitter = layers.TextVectorization(ragged=True)
    splitter.adapt(["a b c", "d e"])
    texts = tf.data.Dataset.from_tensor_slices((["a b", "c", "a d e", "b"], targets(4)))
    model = embedded(keras, layers.SimpleRNN(2), layers.Dense(1))
    found = trained(model, texts.batch(2).map(lambda t, y: (splitter(t), y)))
    assert np.isfinite(found[-1]).all()
    assert programs(model) <= 2


def test_ragged_sparse_and_dense_inputs_go_together():
    ids = keras.Input((None,), ragged=True, dtype="int64", name="ids")
    tags = keras.Input((5,), sparse=True, name="tags")
    size = keras.Input((2,), name="size")
    pooled = layers.GlobalAveragePooling1D()(layers.Embedding(composites.WORDS, 3)(ids))
    joined = layers.Concatenate()([pooled, layers.Dense(3)(tags), size])
    model = keras.Model({"ids": ids, "tags": tags, "size": size}, layers.Dense(1)(joined))
    x = {
        "ids": words(tf)[: composites.ROWS],
        "tags": places(tf),
        "size": np.ones((composites.ROWS, 2), np.float32),
    }
    model.compile("sgd", "mse")
    history = model.fit(x, targets(composites.ROWS), batch_size=4, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    np.testing.assert_allclose(model.predict(x, verbose=0), model(x), rtol=1e-5, atol=1e-6)


def test_steps_of_ones_own_get_ragged_tensors():
    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.embedding = layers.Embedding(composites.WORDS, 1)

        def call(self, x):
            return tf.reduce_sum(self.embedding(x), axis=1)

        def train_step(self, data):
            x, y = data
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((self(x, training=True) - y) ** 2)
            weights = self.trainable_variables
            self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
            return {"loss": loss, "rows": tf.reduce_sum(x.row_lengths())}

    model = Own()
    model.compile("sgd")
    history = model.fit(words(tf), targets(), batch_size=len(LENGTHS), verbose=0).history
    assert history["rows"] == [sum(LENGTHS)]
