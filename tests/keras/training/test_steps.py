"""Steps that users write: what they are handed, and the metrics and losses that they find."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers

X = np.arange(12, dtype="float32").reshape(4, 3)


def form(data):
    if isinstance(data, (list, tuple)):
        return type(data)(form(part) for part in data)
    if isinstance(data, dict):
        return {key: form(part) for key, part in data.items()}
    return tuple(data.shape)


class Pages(keras.utils.PyDataset):
    def __init__(self, page):
        super().__init__()
        self.page = page

    def __len__(self):
        return 1

    def __getitem__(self, index):
        return self.page


class Reads(keras.Model):
    """Notes what its steps are handed."""

    def __init__(self):
        super().__init__()
        self.handed = []

    def train_step(self, data):
        self.handed.append(form(data))
        return {"loss": tf.constant(0.0)}

    test_step = train_step

    def predict_step(self, data):
        self.handed.append(form(data))
        return tf.zeros((4, 1))


@pytest.mark.parametrize(
    ("x", "handed"),
    [
        (lambda: X, (4, 3)),
        (lambda: {"a": X}, {"a": (4, 3)}),
        (lambda: (X, X), (((4, 3), (4, 3)),)),
        (lambda: Pages(X), ((4, 3),)),
        (lambda: Pages((X,)), ((4, 3),)),
        (lambda: iter([X]), (4, 3)),
        (lambda: iter([(X,)]), ((4, 3),)),
    ],
    ids=["array", "dict", "tuple", "pages", "pages of tuples", "batches", "batches of tuples"],
)
def test_inputs_alone_are_handed_as_they_come(x, handed):
    model = Reads()
    model.compile()
    model.fit(x(), verbose=0)
    model.evaluate(x(), verbose=0)
    model.predict(x(), verbose=0)
    assert model.handed[:3] == [handed] * 3
    assert set(map(str, model.handed)) == {str(handed)}


def test_inputs_alone_are_handed_alone_op_by_op():
    model = Reads()
    model.compile(run_eagerly=True)
    model.fit(X, verbose=0)
    assert model.handed == [(4, 3)]


class ByHand(keras.Model):
    """The step that Keras 3's guides write: metrics are found by their names."""

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(y=y, y_pred=y_pred)
        weights = self.trainable_variables
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            elif not metric.name.endswith("_loss"):
                metric.update_state(y, y_pred)
        return {metric.name: metric.result() for metric in self.metrics}


def test_a_loop_over_metrics_reaches_those_of_compile_from_the_first_step():
    keras.utils.set_random_seed(1)
    inputs = keras.Input((3,))
    model = ByHand(inputs, layers.Dense(1)(inputs))
    model.compile(keras.optimizers.SGD(0.001), "mse", metrics=["mae"])
    assert [metric.name for metric in model.metrics] == ["loss", "compile_metrics"]
    history = model.fit(X, X[:, :1], epochs=3, verbose=0).history
    assert sorted(history) == ["loss", "mae"]
    assert history["mae"][-1] < history["mae"][0]
    assert model.metrics_names == ["loss", "mae"]
    loss, error = model.evaluate(X, X[:, :1], verbose=0)
    predicted = model.predict(X, verbose=0)
    np.testing.assert_allclose(error, np.abs(predicted - X[:, :1]).mean(), rtol=1e-5)
    np.testing.assert_allclose(loss, np.square(predicted - X[:, :1]).mean(), rtol=1e-5)


def test_a_loop_over_metrics_serves_several_outputs():
    inputs = keras.Input((3,))
    size = layers.Dense(1, name="size")(inputs)
    kind = layers.Dense(2, activation="softmax", name="kind")(inputs)
    model = ByHand(inputs, [size, kind])
    model.compile(
        keras.optimizers.SGD(0.001), ["mse", "sparse_categorical_crossentropy"],
        metrics={"size": "mae", "kind": "accuracy"},
    )  # fmt: skip
    history = model.fit(X, [X[:, :1], np.array([0, 1, 0, 1])], verbose=0).history
    assert sorted(history) == ["kind_accuracy", "kind_loss", "loss", "size_loss", "size_mae"]


class Old(keras.Model):
    """The step of programs for Keras 2."""

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compiled_loss(y, y_pred, regularization_losses=self.losses)
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        self.compiled_metrics.update_state(y, y_pred)
        return {metric.name: metric.result() for metric in self.metrics}


def test_the_step_of_keras_2_logs_loss_and_metrics():
    inputs = keras.Input((3,))
    weight = keras.regularizers.L2(0.5)
    model = Old(
        inputs, layers.Dense(1, kernel_initializer="ones", kernel_regularizer=weight)(inputs)
    )
    model.compile(keras.optimizers.SGD(0.0), "mse", metrics=["mae"])
    y = X.sum(1, keepdims=True) + 2
    history = model.fit(X, y, batch_size=2, verbose=0).history
    assert sorted(history) == ["loss", "mae"]
    np.testing.assert_allclose(history["loss"][0], 4 + 0.5 * 3, rtol=1e-6)
    np.testing.assert_allclose(history["mae"][0], 2, rtol=1e-6)


class Counted(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense, self.drop = layers.Dense(1), layers.Dropout(0.5)
        self.count = keras.metrics.Sum(name="count")

    def call(self, inputs, training=False):
        self.count.update_state(1.0)
        return self.drop(self.dense(inputs), training=training)


def test_state_of_metrics_is_kept_apart():
    model = Counted()
    model.compile("sgd", "mse", metrics=["mae"])
    model.fit(X, X[:, :1], batch_size=2, verbose=0)
    assert [v.name for v in model.trainable_variables] == ["kernel", "bias"]
    assert [v.path.split("/")[-1] for v in model.non_trainable_variables] == ["seed_generator_state"]
    assert len(model.variables) == 3
    assert len(model.metrics_variables) == 2 + 2 + 1


def test_a_stateless_loop_trains_as_fit_does():
    def build():
        inputs = keras.Input((3,))
        model = keras.Model(inputs, layers.Dense(1, kernel_initializer="ones")(inputs))
        model.compile(keras.optimizers.Adam(0.1), "mse", metrics=["mae"])
        return model

    fitted = build()
    history = fitted.fit(X, X[:, :1], batch_size=4, epochs=1, verbose=0).history
    model = build()
    model.optimizer.build(model.trainable_variables)
    state = [v.value for v in model.trainable_variables]
    others = [v.value for v in model.non_trainable_variables]
    metrics = [v.value for v in model.metrics_variables]

    def loss_of(*trained):
        y_pred, _ = model.stateless_call(trained, others, X, training=True)
        loss, _ = model.stateless_compute_loss(
            trained, others, metrics, x=X, y=tf.constant(X[:, :1]), y_pred=y_pred
        )
        return loss

    with tf.GradientTape() as tape:
        for value in state:
            tape.watch(value)
        loss = loss_of(*state)
    state, _ = model.optimizer.stateless_apply(
        [v.value for v in model.optimizer.variables], tape.gradient(loss, state), state
    )
    np.testing.assert_allclose(loss, history["loss"][0], rtol=1e-5)
    for value, weight in zip(state, fitted.get_weights(), strict=True):
        np.testing.assert_allclose(value, weight, rtol=1e-5)
    np.testing.assert_array_equal(model.get_weights()[0], np.ones((3, 1)))
