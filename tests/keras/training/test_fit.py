"""fit, evaluate and predict: a program, its callbacks, and clear refusals of bad input."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras

RNG = np.random.default_rng(0)
X = RNG.normal(size=(70, 3)).astype("float32")
Y = (X @ np.array([[1.0], [-2.0], [0.5]], "float32") + 0.3).astype("float32")


def line(**compiling):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.layers.Dense(1)])
    settings = {"optimizer": keras.optimizers.SGD(0.1), "loss": "mse"} | compiling
    model.compile(**settings)
    return model


def weights_after(**fitting):
    model = line()
    keras.utils.set_random_seed(2)
    model.fit(X, Y, batch_size=16, verbose=0, **fitting)
    return np.concatenate([w.ravel() for w in model.get_weights()])


class EveryStep(keras.callbacks.Callback):
    """Overrides a batch hook, so that one step runs per dispatch."""

    def __init__(self):
        super().__init__()
        self.batches = []

    def on_train_batch_end(self, batch, logs=None):
        self.batches.append((batch, sorted(logs)))


def test_fit_learns():
    history = line(metrics=["mae"]).fit(X, Y, epochs=20, batch_size=16, verbose=0)
    assert history.history["loss"][-1] < 1e-3
    assert set(history.history) == {"loss", "mae"}
    assert history.epoch == list(range(20))


def test_a_run_gives_the_same_bits_however_it_is_cut():
    whole = weights_after(epochs=4)
    stepped = weights_after(epochs=4, callbacks=[EveryStep()])
    np.testing.assert_array_equal(whole, stepped)


def test_fit_is_gradient_descent():
    keras.utils.set_random_seed(1)
    model = line()
    model.build((None, 3))
    kernel, bias = model.get_weights()
    model.fit(X, Y, batch_size=70, shuffle=False, verbose=0)
    error = X @ kernel + bias - Y
    np.testing.assert_allclose(
        model.get_weights()[0], kernel - 0.1 * 2 * X.T @ error / 70, rtol=1e-4
    )
    np.testing.assert_allclose(model.get_weights()[1], bias - 0.1 * 2 * error.mean(0), rtol=1e-4)


def test_the_loss_is_the_mean_over_samples_with_a_smaller_last_batch():
    model = line()
    model.fit(X, Y, verbose=0)
    loss = model.evaluate(X, Y, batch_size=32, verbose=0)
    np.testing.assert_allclose(loss, np.mean((model.predict(X, verbose=0) - Y) ** 2), rtol=1e-5)


def test_callbacks_see_every_batch():
    seen = EveryStep()
    line().fit(X, Y, batch_size=16, epochs=2, verbose=0, callbacks=seen)
    assert [b for b, _ in seen.batches] == [0, 1, 2, 3, 4] * 2
    assert seen.batches[0][1] == ["loss"]


def test_hooks_run_in_order():
    calls = []

    class Recorder(keras.callbacks.Callback):
        def __getattribute__(self, name):
            if name.startswith("on_"):
                calls.append(name)
            return super().__getattribute__(name)

    line().fit(
        X, Y, batch_size=70, epochs=1, verbose=0, validation_data=(X, Y), callbacks=[Recorder()]
    )
    kept = [c for c in calls if not c.endswith(("batch_begin", "batch_end"))]
    assert kept == [
        "on_train_begin",
        "on_epoch_begin",
        "on_test_begin",
        "on_test_end",
        "on_epoch_end",
        "on_train_end",
    ]


def test_a_callback_can_stop_training():
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    assert line().fit(X, Y, epochs=10, verbose=0, callbacks=[Stop()]).epoch == [0, 1]


def test_validation_split_takes_the_last_samples():
    model = line()
    history = model.fit(X, Y, epochs=1, validation_split=0.2, verbose=0, shuffle=False)
    expected = model.evaluate(X[56:], Y[56:], verbose=0)
    np.testing.assert_allclose(history.history["val_loss"][0], expected, rtol=1e-5)


def test_class_weight_and_sample_weight():
    labels = (Y > 0).astype("int32")

    def loss(**weighting):
        model = line(loss="binary_crossentropy")
        return model.fit(X, labels, batch_size=70, shuffle=False, verbose=0, **weighting).history[
            "loss"
        ]

    weights = np.where(labels[:, 0] == 1, 3.0, 1.0)
    np.testing.assert_allclose(loss(class_weight={1: 3.0}), loss(sample_weight=weights), rtol=1e-5)
    assert loss(class_weight={1: 3.0}) != loss()


def test_an_overridden_train_step_is_compiled_and_trains():
    traced = []

    class Custom(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, inputs):
            return self.dense(inputs)

        def train_step(self, data):
            traced.append(1)
            x, y = data
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.square(self(x, training=True) - y))
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
            return {"loss": loss, "twice": loss * 2.0}

    model = Custom()
    model.compile(optimizer=keras.optimizers.SGD(0.1))
    history = model.fit(X, Y, batch_size=35, epochs=10, verbose=0).history
    assert len(traced) == 1
    assert history["loss"][-1] < 0.1 * history["loss"][0]
    np.testing.assert_allclose(history["twice"], 2 * np.array(history["loss"]), rtol=1e-5)


def test_run_eagerly_gives_the_same_numbers():
    compiled, eager = line(), line(run_eagerly=True)
    for model in (compiled, eager):
        keras.utils.set_random_seed(3)
        model.fit(X, Y, batch_size=16, verbose=0)
    for one, other in zip(compiled.get_weights(), eager.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def test_weights_read_by_a_callback_survive_later_steps():
    kept = []

    class Keep(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            kept.append((self.model.weights[0].value, self.model.get_weights()[0].copy()))

    line().fit(X, Y, epochs=4, verbose=0, callbacks=[Keep()])
    for tensor, array in kept:
        np.testing.assert_array_equal(tensor.numpy(), array)


def test_predict_returns_arrays_of_all_samples():
    model = line()
    assert model.predict(X, batch_size=32, verbose=0).shape == (70, 1)
    np.testing.assert_allclose(model.predict(X, verbose=0), model(X).numpy(), rtol=1e-6)


def test_evaluate_returns_a_list_a_number_or_a_dict():
    assert isinstance(line().evaluate(X, Y, verbose=0), float)
    assert len(line(metrics=["mae"]).evaluate(X, Y, verbose=0)) == 2
    assert set(line(metrics=["mae"]).evaluate(X, Y, verbose=0, return_dict=True)) == {"loss", "mae"}


def test_progress_bar(capsys):
    line().fit(X, Y, batch_size=10, epochs=1, verbose=1)
    line().fit(X, Y, batch_size=10, epochs=1, verbose=2)
    line().fit(X, Y, batch_size=10, epochs=1, verbose=0)
    lines = capsys.readouterr().out.strip().split("\n")
    assert lines[0] == lines[2] == "Epoch 1/1"
    assert lines[1].startswith("7/7 ━━━━━━━━━━━━━━━━━━━━ ")
    assert lines[3].startswith("7/7 - ")
    assert "loss: " in lines[1]
    assert len(lines) == 4


def test_frozen_layers_stay():
    model = keras.Sequential([keras.layers.Dense(4), keras.layers.Dense(1)])
    model.build((None, 3))
    model.layers[0].trainable = False
    model.compile("sgd", "mse")
    before = model.layers[0].get_weights()
    model.fit(X, Y, verbose=0)
    np.testing.assert_array_equal(before[0], model.layers[0].get_weights()[0])


NAN = Y.copy()
NAN[3] = np.nan
BAD = {
    "lengths": (lambda: line().fit(X, Y[:5], verbose=0), "x: 70, y: 5"),
    "empty": (lambda: line().fit(X[:0], Y[:0], verbose=0), "got empty arrays"),
    "nan labels": (
        lambda: line().fit(X, NAN, verbose=0),
        r"expected finite targets, got \[nan\] at sample 3",
    ),
    "no targets": (lambda: line().fit(X, verbose=0), "expected targets y"),
    "strings": (lambda: line().fit(np.array([["a"] * 3]), Y[:1], verbose=0), "from string to float32"),
    "ragged": (lambda: line().fit([[1.0], [1.0, 2.0]], Y[:2], verbose=0), "."),
    "scalar": (lambda: line().fit(np.float32(1), np.float32(1), verbose=0), "got a scalar for x"),
    "batch size": (lambda: line().fit(X, Y, batch_size=0, verbose=0), "batch_size of 1 or more"),
    "split": (lambda: line().fit(X, Y, validation_split=1.0, verbose=0), "validation_split"),
    "uncompiled": (
        lambda: keras.Sequential([keras.layers.Dense(1)]).fit(X, Y),
        r"You must call `compile\(\)` before using the model",
    ),
    "unknown loss": (lambda: line(loss="mean_sqared_error"), "Did you mean 'mean_squared_error'"),
    "unknown optimizer": (lambda: line(optimizer="adm"), "Did you mean 'adam'"),
    "unknown metric": (
        lambda: line(metrics=["accurcy"]).fit(X, Y, verbose=0),
        "Did you mean 'accuracy'",
    ),
    "label range": (
        lambda: line(loss="sparse_categorical_crossentropy").fit(X, np.full(70, 7), verbose=0),
        "expected class numbers from 0 to 0",
    ),
    "feature count": (
        lambda: (lambda m: (m.fit(X, Y, verbose=0), m.fit(X[:, :2], Y, verbose=0)))(line()),
        r"expected inputs whose last size is 3",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused_clearly(case):
    act, message = BAD[case]
    with pytest.raises((ValueError, RuntimeError, TypeError), match=message):
        act()


def test_a_failed_fit_leaves_the_weights_alone():
    model = line()
    model.fit(X, Y, verbose=0)
    before = model.get_weights()
    with pytest.raises(ValueError, match="finite"):
        model.fit(X, NAN, verbose=0)
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_numerics_are_checked_inside_fit():
    class Broken(keras.layers.Layer):
        def call(self, inputs):
            return tf.math.log(inputs - 1e9)

    model = keras.Sequential([Broken(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    tf.debugging.enable_check_numerics()
    try:
        with pytest.raises(tf.errors.InvalidArgumentError, match="log"):
            model.fit(X, Y, verbose=0)
    finally:
        tf.debugging.disable_check_numerics()
