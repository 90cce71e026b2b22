"""The batch hooks: when they are called, and after how many steps."""

from __future__ import annotations

import numpy as np
import pytest

from thalweg import keras

X, Y = np.ones((10, 3), "float32"), np.zeros((10, 1), "float32")


class Steps(keras.callbacks.Callback):
    """Notes the batch hooks, and how many steps have run then."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_train_batch_begin(self, batch, logs=None):
        self.seen.append(("begin", batch, int(self.model.optimizer.iterations)))

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append(("end", batch, int(self.model.optimizer.iterations)))

    def on_test_batch_begin(self, batch, logs=None):
        self.seen.append(("test begin", batch))

    def on_test_batch_end(self, batch, logs=None):
        self.seen.append(("test end", batch))

    def on_predict_batch_begin(self, batch, logs=None):
        self.seen.append(("predict begin", batch))

    def on_predict_batch_end(self, batch, logs):
        self.seen.append(("predict end", batch, len(logs["outputs"])))


def batches():
    for i in range(0, 10, 2):
        yield X[i : i + 2], Y[i : i + 2]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("eagerly", [False, True])
def test_hooks_come_before_and_after_each_execution(stream, eagerly):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse", steps_per_execution=np.int64(2), run_eagerly=eagerly)
    steps = Steps()
    options = {"verbose": 0, "callbacks": [steps]}
    if stream:
        model.fit(batches(), **options)
        model.evaluate(batches(), **options)
        model.predict((x for x, _ in batches()), **options)
    else:
        model.fit(X, Y, 2, **options)
        model.evaluate(X, Y, 2, **options)
        model.predict(X, 2, **options)
    assert steps.seen == [
        ("begin", 0, 0), ("end", 1, 2), ("begin", 2, 2), ("end", 3, 4), ("begin", 4, 4), ("end", 4, 5),
        ("test begin", 0), ("test end", 1), ("test begin", 2), ("test end", 3), ("test begin", 4),
        ("test end", 4),
        ("predict begin", 0), ("predict end", 1, 4), ("predict begin", 2), ("predict end", 3, 4),
        ("predict begin", 4), ("predict end", 4, 2),
    ]  # fmt: skip


def test_a_rate_set_before_a_step_is_that_steps():
    class Rate(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            self.model.optimizer.learning_rate = 0.0

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    before = model.get_weights()
    model.fit(X, Y, 2, verbose=0, callbacks=[Rate()])
    np.testing.assert_array_equal(model.get_weights()[0], before[0])


@pytest.mark.parametrize(
    "wrong", [{"steps_per_execution": 0}, {"steps_per_execution": 2.0}, {"jit_compile": "x"}]
)
def test_compile_refuses_what_means_nothing(wrong):
    with pytest.raises(ValueError, match=rf"\[compile\] expected {next(iter(wrong))}"):
        keras.Sequential([keras.layers.Dense(1)]).compile("sgd", "mse", **wrong)
