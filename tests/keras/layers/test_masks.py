"""Masks travel with values on every path: eager, traced, Sequential, Functional, nested, and inside fit."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg._src.keras.base.notes import masks
from thalweg.keras import layers

WORDS = np.array([[3, 1, 2, 0, 0], [4, 0, 0, 0, 0], [1, 2, 3, 4, 2]], "int32")
LENGTHS = [3, 1, 5]


def chain():
    keras.utils.set_random_seed(0)
    return [
        layers.Embedding(6, 4, mask_zero=True),
        layers.Dense(4, activation="tanh"),
        layers.Dropout(0.5),
        layers.LSTM(3, return_sequences=True),
        layers.Dense(2),
    ]


def sequential():
    return keras.Sequential([keras.Input((None,), dtype="int32"), *chain()])


def functional():
    x = inputs = keras.Input((None,), dtype="int32")
    for layer in chain():
        x = layer(x)
    return keras.Model(inputs, x)


def nested():
    first, *rest = chain()
    inner = keras.Sequential(rest)
    inputs = keras.Input((None,), dtype="int32")
    return keras.Model(inputs, inner(first(inputs)))


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.chain = chain()

    def call(self, x):
        for layer in self.chain:
            x = layer(x)
        return x


PATHS = pytest.mark.parametrize("make", [sequential, functional, nested, Subclassed])


def alone(model):
    """Outputs of each sample by itself, without its padding."""
    return [model(WORDS[i : i + 1, :n]).numpy()[0] for i, n in enumerate(LENGTHS)]


@PATHS
@pytest.mark.parametrize("run", ["eager", "traced", "predict"])
def test_padding_changes_nothing(make, run):
    model = make()
    call = {
        "eager": model,
        "traced": tf.function(lambda x: model(x)),
        "predict": lambda x: model.predict(x, verbose=0),
    }[run]
    expected = alone(model)
    found = np.asarray(call(tf.constant(WORDS) if run != "predict" else WORDS))
    for row, wanted, length in zip(found, expected, LENGTHS, strict=True):
        np.testing.assert_allclose(row[:length], wanted, rtol=1e-5, atol=1e-6)


@PATHS
def test_losses_and_metrics_leave_out_what_is_masked(make):
    model = make()
    model.compile("sgd", "mse", weighted_metrics=["mae"])
    y = np.cos(np.arange(30.0)).reshape(3, 5, 2).astype("float32")
    loss, mae = model.evaluate(WORDS, y, verbose=0)
    errors = [out - y[i, :n] for i, (out, n) in enumerate(zip(alone(model), LENGTHS, strict=True))]
    flat = np.concatenate([e.reshape(-1) for e in errors])
    assert loss == pytest.approx(np.mean(flat**2), rel=1e-5)
    assert mae == pytest.approx(np.mean(np.abs(flat)), rel=1e-5)


@PATHS
def test_training_in_one_program_equals_training_op_by_op(make):
    y = np.cos(np.arange(30.0)).reshape(3, 5, 2).astype("float32")

    def weights(eagerly):
        model = make()
        for layer in model._flatten_layers():
            if isinstance(layer, layers.Dropout):
                layer.rate = 0.0
        model.compile(keras.optimizers.SGD(0.5), "mse", run_eagerly=eagerly)
        model.fit(WORDS, y, epochs=3, batch_size=2, shuffle=False, verbose=0)
        return model.get_weights()

    for one, two in zip(weights(False), weights(True), strict=True):
        np.testing.assert_allclose(one, two, rtol=2e-4, atol=1e-6)


def test_masks_by_hand_and_from_masking():
    values = np.cos(np.arange(24.0)).reshape(2, 4, 3).astype("float32")
    values[0, 2:] = 0.0
    lstm = layers.LSTM(2)
    masked = lstm(layers.Masking()(values))
    by_hand = lstm(values, mask=np.array([[True, True, False, False], [True] * 4]))
    np.testing.assert_allclose(masked, by_hand, rtol=1e-6)
    np.testing.assert_allclose(masked[0], lstm(values[:1, :2])[0], rtol=1e-5)
    embedding = layers.Embedding(6, 4, mask_zero=True)
    np.testing.assert_array_equal(embedding.compute_mask(tf.constant(WORDS)), WORDS != 0)


def test_a_model_takes_a_mask():
    x = inputs = keras.Input((4, 3))
    model = keras.Model(inputs, layers.LSTM(2)(layers.Dense(3)(x)))
    values = np.cos(np.arange(24.0)).reshape(2, 4, 3).astype("float32")
    mask = np.array([[True, True, False, False], [True] * 4])
    masked = model(tf.constant(values), mask=tf.constant(mask))
    assert np.abs(masked[0] - model(values)[0]).max() > 1e-4


def test_a_layer_that_loses_a_mask_says_so():
    class Plain(layers.Layer):
        def call(self, x):
            return x * 2.0

    class Passing(Plain):
        def __init__(self):
            super().__init__()
            self.supports_masking = True

    embedded = layers.Embedding(6, 4, mask_zero=True)(WORDS)
    with pytest.warns(UserWarning, match="does not pass on"):
        Plain()(embedded)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        passed = Passing()(embedded)
    kept = layers.LSTM(2, return_sequences=True)
    np.testing.assert_allclose(kept(passed)[1, 0], kept(passed)[1, 4], rtol=1e-6)


def test_own_layers_make_and_take_masks():
    seen = []

    class Maker(layers.Layer):
        def __init__(self):
            super().__init__()
            self.supports_masking = True

        def call(self, x):
            return tf.cast(x, "float32")[..., None]

        def compute_mask(self, inputs, mask=None):
            return tf.not_equal(inputs, 0)

    class Taker(layers.Layer):
        def call(self, x, mask=None):
            seen.append(mask)
            return tf.reduce_sum(x * tf.cast(mask[..., None], x.dtype), axis=1)

    model = keras.Sequential([Maker(), Taker()])
    np.testing.assert_allclose(model(WORDS)[:, 0], [6.0, 4.0, 12.0])
    np.testing.assert_allclose(model.predict(WORDS, verbose=0)[:, 0], [6.0, 4.0, 12.0])
    assert all(mask is not None for mask in seen)


def test_a_mask_of_another_shape_is_refused():
    with pytest.raises(ValueError, match="mask"):
        layers.LSTM(2)(np.ones((2, 4, 3), "float32"), mask=np.ones((2, 5), bool))


@pytest.mark.parametrize("by_name", [True, False])
def test_a_mask_given_by_hand_is_passed_on(by_name):
    mask, ones = tf.constant([[True, False]]), tf.ones((1, 2))
    outputs = layers.Softmax()(ones, mask=mask) if by_name else layers.Softmax()(ones, mask)
    assert layers.Activation("relu")(outputs).numpy().tolist() == [[1.0, 0.0]]
    assert masks.get(outputs).numpy().tolist() == [[True, False]]


@pytest.mark.parametrize("outputs", [1, 2])
def test_metrics_of_training_leave_out_what_is_masked(outputs):
    x = np.float32([[[1, 2], [3, 1], [0, 0]], [[2, 1], [0, 0], [0, 0]]])
    labels = np.array([[1, 0, 1], [1, 1, 1]])  # of the three steps that count, two are right
    inputs = keras.Input((3, 2))
    masked = layers.Masking()(inputs)
    made = [layers.Softmax()(masked) for _ in range(outputs)]
    model = keras.Model(inputs, made if outputs > 1 else made[0])
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=[["accuracy"]] * outputs)
    targets = [labels] * outputs if outputs > 1 else labels
    trained = model.fit(x, targets, verbose=0).history
    tested = model.evaluate(x, targets, verbose=0, return_dict=True)
    for logs in ({k: v[0] for k, v in trained.items()}, tested):
        found = [value for name, value in logs.items() if name.endswith("accuracy")]
        assert found == pytest.approx([2 / 3] * outputs)
