"""fit on batches: generators, iterables, PyDatasets and loaders, and the place in them."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3)).astype("float32")
Y = (X @ np.array([[1.0], [-2.0], [0.5]], "float32")).astype("float32")


def line(**compiling):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse", **compiling)
    return model


def batches(size=8):
    for start in range(0, 40, size):
        yield X[start : start + size], Y[start : start + size]


class Batches:
    def __iter__(self):
        return batches()

    def __len__(self):
        return 5


class Counted(keras.utils.PyDataset):
    def __init__(self):
        super().__init__()
        self.ended = 0
        self.seen = []

    def __len__(self):
        return 5

    def __getitem__(self, index):
        self.seen.append(index)
        return X[index * 8 : index * 8 + 8], Y[index * 8 : index * 8 + 8]

    def on_epoch_end(self):
        self.ended += 1


def weights(model):
    return np.concatenate([w.ravel() for w in model.get_weights()])


def from_arrays(epochs=2):
    model = line()
    model.fit(X, Y, batch_size=8, epochs=epochs, shuffle=False, verbose=0)
    return weights(model)


@pytest.mark.parametrize(
    "source", [Batches, lambda: itertools.chain(batches(), batches()), Counted],
    ids=["iterable", "generator", "dataset"],
)  # fmt: skip
def test_batches_train_as_arrays_do(source):
    model = line()
    data = source()
    steps = 5 if not hasattr(data, "__len__") else None
    model.fit(data, epochs=2, steps_per_epoch=steps, shuffle=False, verbose=0)
    np.testing.assert_allclose(weights(model), from_arrays(), rtol=1e-6)


def test_a_dataset_is_shuffled_and_told_of_epochs():
    data = Counted()
    line().fit(data, epochs=3, verbose=0)
    assert data.ended == 3
    assert sorted(data.seen[-5:]) == list(range(5))
    assert data.seen[-15:] != list(range(5)) * 3


def test_a_generator_that_ends_early_is_told_and_keeps_the_last_step():
    model = line()
    with pytest.warns(UserWarning, match="expected data for 9 steps, got 5"):
        model.fit(batches(), steps_per_epoch=9, epochs=1, verbose=0)
    assert int(model.optimizer.iterations) == 5


def test_epochs_shorter_than_a_pass_go_on_where_the_last_one_stopped():
    data = Counted()
    line().fit(data, epochs=2, steps_per_epoch=2, shuffle=False, verbose=0)
    assert data.seen[:4] == [0, 1, 2, 3]
    seen = []

    class Step(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(1)

        def call(self, x):
            return self.dense(x)

        def train_step(self, data):
            seen.append(float(data[0][0, 0]))
            return {"loss": 0.0}

    model = Step()
    model.compile(run_eagerly=True)
    model.fit(X, Y, batch_size=8, epochs=2, steps_per_epoch=2, shuffle=False, verbose=0)
    np.testing.assert_allclose(seen, X[[0, 8, 16, 24], 0])


def test_an_error_in_a_generator_leaves_the_last_whole_step():
    def broken():
        yield X[:8], Y[:8]
        yield X[8:16], Y[8:16]
        raise OSError("disk on fire")

    model = line()
    closed = []

    class Closing(keras.callbacks.Callback):
        def close(self):
            closed.append(1)

    with pytest.raises(OSError, match="disk on fire"):
        model.fit(broken(), verbose=0, callbacks=[Closing()])
    assert int(model.optimizer.iterations) == 2
    assert np.isfinite(weights(model)).all()
    assert closed == [1]


def test_batches_of_several_sizes_and_class_weights():
    labels = (Y > 0).astype("int32")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    source = [(X[:16], labels[:16]), (X[16:40], labels[16:40])]

    class Two:
        def __iter__(self):
            return iter(source)

        def __len__(self):
            return 2

    history = model.fit(Two(), class_weight={0: 1.0, 1: 2.0}, verbose=0)
    assert set(history.history) == {"accuracy", "loss"}
    assert model.evaluate(Two(), verbose=0) == pytest.approx(
        model.evaluate(X, labels, batch_size=40, verbose=0), rel=1e-5
    )
    np.testing.assert_allclose(
        model.predict((x for x, _ in source), verbose=0), model.predict(X, verbose=0), rtol=1e-5
    )


def test_what_does_not_go_with_batches_is_refused():
    model = line()
    with pytest.raises(ValueError, match="expected no y beside batches"):
        model.fit(batches(), Y)
    with pytest.raises(ValueError, match="expected no batch_size beside batches"):
        model.fit(batches(), batch_size=8)
    with pytest.raises(ValueError, match="validation_split with arrays"):
        model.fit(batches(), validation_split=0.1)
    with pytest.raises(ValueError, match="at least one batch"):
        model.fit(iter([]), verbose=0)
    with pytest.raises(ValueError, match="same number of samples"):
        model.fit(iter([(X[:8], Y[:7])]), verbose=0)


def test_single_batches():
    model, whole = line(metrics=["mae"]), line(metrics=["mae"])
    for x, y in batches():
        before = model.test_on_batch(x, y, return_dict=True)
        logs = model.train_on_batch(x, y, return_dict=True)
        assert logs == pytest.approx(before, rel=1e-5)  # of this batch alone
    whole.fit(X, Y, batch_size=8, shuffle=False, verbose=0)
    np.testing.assert_allclose(weights(model), weights(whole), rtol=1e-6)
    assert model.test_on_batch(X, Y) == pytest.approx(whole.evaluate(X, Y, verbose=0), rel=1e-4)
    np.testing.assert_allclose(model.predict_on_batch(X), model.predict(X, verbose=0), rtol=1e-6)


def test_validation_on_batches():
    history = line().fit(X, Y, validation_data=Batches(), verbose=0).history
    assert set(history) == {"loss", "val_loss"}


def test_ctrl_c_stops_between_steps():
    model = line()

    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 2:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        model.fit(X, Y, batch_size=8, verbose=0, callbacks=[Stop()])
    assert int(model.optimizer.iterations) == 3
    model.fit(X, Y, batch_size=8, verbose=0)
    assert int(model.optimizer.iterations) == 8


def test_debug_nans_names_layer_and_op_and_takes_the_steps_back():
    class Log(keras.layers.Layer):
        def call(self, inputs):
            return tf.math.log(inputs)

    model = keras.Sequential([keras.Input((3,)), Log(name="logarithm"), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    positive = np.abs(X) + 0.1
    bad = positive.copy()
    bad[20] = -1.0
    model.fit(positive, Y, verbose=0, batch_size=8)
    before = weights(model)
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        model.fit(bad, Y, verbose=0, batch_size=8, shuffle=False, debug_nans=True)
    assert "log" in str(caught.value)
    notes = "\n".join(caught.value.__notes__)
    assert "logarithm" in notes
    assert "in a step from" in notes
    assert np.isfinite(weights(model)).all()
    assert before.shape == weights(model).shape


def test_no_epoch_runs_more_steps_than_the_setting_allows():
    model, data = line(), Counted()
    keras.config.set_max_steps_per_epoch(2)
    try:
        model.fit(X, Y, batch_size=8, epochs=2, verbose=0, validation_data=(X, Y))
        assert int(model.optimizer.iterations) == 4
        assert model.predict(X, batch_size=8, verbose=0).shape == (16, 1)
        model.evaluate(data, verbose=0)
        limited = model.evaluate(X, Y, batch_size=8, verbose=0)
    finally:
        keras.config.set_max_steps_per_epoch(None)
    assert data.seen[:2] == [0, 1]
    assert limited == pytest.approx(model.evaluate(X[:16], Y[:16], verbose=0), rel=1e-5)
