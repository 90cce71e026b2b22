"""`CallbackList`: what the hooks of its callbacks are handed."""

from __future__ import annotations

import numpy as np

from thalweg import keras
from thalweg.keras.callbacks import Callback, CallbackList

X = np.ones((6, 2), "float32")


class Strict(Callback):
    """Hooks as programs write them: `logs` has no default."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_train_begin(self, logs):
        self.seen.append(("train", dict(logs)))

    def on_epoch_begin(self, epoch, logs):
        self.seen.append((f"epoch {epoch}", dict(logs)))

    def on_batch_begin(self, batch, logs):
        self.seen.append((f"batch {batch}", dict(logs)))

    def on_batch_end(self, batch, logs):
        self.seen.append((f"batch {batch} ended", sorted(logs)))

    def on_test_batch_begin(self, batch, logs):
        self.seen.append((f"test batch {batch}", dict(logs)))

    def on_predict_begin(self, logs):
        self.seen.append(("predict", dict(logs)))


def test_hooks_without_default_logs_are_handed_an_empty_dict():
    model = keras.Sequential([keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    strict = Strict()
    model.fit(X, X[:, :1], batch_size=3, verbose=0, callbacks=[strict])
    model.evaluate(X, X[:, :1], verbose=0, callbacks=[strict])
    model.predict(X, verbose=0, callbacks=[strict])
    assert strict.seen == [
        ("train", {}),
        ("epoch 0", {}),
        ("batch 0", {}),
        ("batch 0 ended", ["loss"]),
        ("batch 1", {}),
        ("batch 1 ended", ["loss"]),
        ("test batch 0", {}),
        ("predict", {}),
    ]


def test_a_list_called_by_hand_fills_in_logs():
    strict = Strict()
    hooks = CallbackList(strict)
    hooks.on_train_begin()
    hooks.on_epoch_begin(3, logs=None)
    hooks.on_epoch_begin(4, logs={"loss": 1.0})
    assert strict.seen == [("train", {}), ("epoch 3", {}), ("epoch 4", {"loss": 1.0})]
