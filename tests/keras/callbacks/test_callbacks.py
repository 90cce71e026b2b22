"""Callbacks that watch, schedule, log and stop."""

from __future__ import annotations

import csv
import http.server
import json
import threading
import urllib.parse

import numpy as np
import pytest

import thalweg as tf
from tests.summary import decoder
from thalweg import keras
from thalweg.keras import callbacks

RNG = np.random.default_rng(0)
X = RNG.normal(size=(32, 3)).astype("float32")
Y = (X @ np.array([[1.0], [-2.0], [0.5]], "float32")).astype("float32")


def line(optimizer=None, **compiling):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, name="line")])
    model.compile(optimizer or keras.optimizers.SGD(0.1), "mse", **compiling)
    return model


class Fake:
    """Stands for a model whose logs a test chooses."""

    def __init__(self, rate=1.0):
        self.stop_training = False
        self.optimizer = keras.optimizers.SGD(rate)
        self.weights = 0.0

    def get_weights(self):
        return [np.array(self.weights)]

    def set_weights(self, weights):
        self.weights = float(weights[0])


def run(callback, values, name="val_loss", model=None):
    """Feeds a callback one value each epoch; the epochs that ran and the model."""
    model = model or Fake()
    callback.set_model(model)
    callback.set_params({})
    callback.on_train_begin()
    epoch = -1
    for epoch, value in enumerate(values):
        callback.on_epoch_begin(epoch)
        model.weights = epoch
        callback.on_epoch_end(epoch, {name: value})
        if model.stop_training:
            break
    callback.on_train_end()
    return epoch, model


def test_early_stopping_waits_and_restores_the_best():
    stop = callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    epoch, model = run(stop, [3.0, 1.0, 2.0, 1.5, 0.5])
    assert (epoch, stop.stopped_epoch, stop.best_epoch, model.weights) == (3, 3, 1, 1.0)
    assert run(callbacks.EarlyStopping(patience=2), [3.0, 2.0, 1.0])[0] == 2
    assert run(callbacks.EarlyStopping(patience=1, min_delta=0.5), [3.0, 2.9, 2.0])[0] == 1
    assert run(callbacks.EarlyStopping(patience=1, start_from_epoch=2), [1, 2, 3, 4, 5])[0] == 3
    assert run(callbacks.EarlyStopping(patience=1, baseline=0.5), [3.0, 2.0, 1.0])[0] == 2


@pytest.mark.parametrize(("name", "mode", "stops"), [
    ("val_accuracy", "auto", 3), ("val_loss", "max", 3), ("val_auc", "auto", 3), ("val_error", "auto", 1),
])  # fmt: skip
def test_which_values_are_better(name, mode, stops):
    stop = callbacks.EarlyStopping(name, patience=1, mode=mode)
    assert run(stop, [0.1, 0.2, 0.3, 0.2], name)[0] == stops


def test_a_missing_value_is_told_once_an_epoch(caplog):
    run(callbacks.EarlyStopping("val_los"), [1.0])
    assert "expected 'val_los' among the logs ['val_loss']" in caplog.text
    with pytest.raises(ValueError, match="mode 'auto'"):
        callbacks.EarlyStopping(mode="best")


def test_reduce_on_plateau():
    model = Fake(1.0)
    reduce = callbacks.ReduceLROnPlateau(factor=0.5, patience=2, cooldown=1, min_lr=0.2)
    run(reduce, [1.0] * 9, model=model)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.2)
    logs = {"val_loss": 1.0}
    reduce.on_epoch_end(9, logs)
    assert logs["learning_rate"] == pytest.approx(0.2)
    with pytest.raises(ValueError, match="factor below 1"):
        callbacks.ReduceLROnPlateau(factor=1.0)


def test_learning_rate_scheduler_in_fit(capsys):
    history = line().fit(
        X, Y, epochs=3, verbose=0,
        callbacks=[callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5, verbose=1)],
    ).history  # fmt: skip
    np.testing.assert_allclose(history["learning_rate"], [0.05, 0.025, 0.0125], rtol=1e-6)
    assert "Epoch 2: LearningRateScheduler setting learning rate to 0.025" in capsys.readouterr().out
    model = line(keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)))
    with pytest.raises(ValueError, match="got a schedule"):
        model.fit(X, Y, verbose=0, callbacks=[callbacks.LearningRateScheduler(lambda e: 0.1)])
    with pytest.raises(TypeError, match="expected a number from the schedule"):
        line().fit(X, Y, verbose=0, callbacks=[callbacks.LearningRateScheduler(lambda e: "x")])


def test_csv_logger(tmp_path):
    path = tmp_path / "log.csv"
    line().fit(X, Y, epochs=2, verbose=0, callbacks=[callbacks.CSVLogger(path)])
    line().fit(
        X, Y, epochs=3, initial_epoch=2, verbose=0, callbacks=[callbacks.CSVLogger(path, append=True)]
    )
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert [row["epoch"] for row in rows] == ["0", "1", "2"]
    assert all(float(row["loss"]) > 0 for row in rows)
    line().fit(X, Y, verbose=0, callbacks=[callbacks.CSVLogger(path, separator=";")])
    assert path.read_text().splitlines()[0] == "epoch;loss"


def test_lambda_callback_and_its_cadence():
    epochs, steps = [], []
    line().fit(
        X, Y, batch_size=8, epochs=2, verbose=0,
        callbacks=[
            callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: epochs.append(epoch)),
            callbacks.LambdaCallback(on_train_batch_end=lambda batch, logs: steps.append(batch)),
        ],
    )  # fmt: skip
    assert (epochs, steps) == ([0, 1], [0, 1, 2, 3] * 2)
    with pytest.raises(TypeError, match="unknown hooks"):
        callbacks.LambdaCallback(on_epoch_middle=print)


def test_terminate_on_nan():
    model = line(keras.optimizers.SGD(1e30))
    history = model.fit(X, Y, batch_size=8, epochs=9, verbose=0, callbacks=[callbacks.TerminateOnNaN()])
    assert len(history.epoch) == 1
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected a finite loss"):
        line(keras.optimizers.SGD(1e30)).fit(
            X, Y, batch_size=8, epochs=9, verbose=0,
            callbacks=[callbacks.TerminateOnNaN(raise_error=True)],
        )  # fmt: skip


def test_remote_monitor():
    received = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            received.append((self.path, self.headers["Content-Type"], body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_port}"
    line().fit(
        X, Y, verbose=0,
        callbacks=[callbacks.RemoteMonitor(root), callbacks.RemoteMonitor(root, "/j", send_as_json=True)],
    )  # fmt: skip
    server.shutdown()
    server.server_close()
    assert received[0][0] == "/publish/epoch/end/"
    assert json.loads(urllib.parse.parse_qs(received[0][2])["data"][0])["epoch"] == 0
    assert received[1][1] == "application/json"
    assert json.loads(received[1][2])["loss"] > 0


def test_a_remote_monitor_that_nobody_hears_does_not_stop_training(caplog):
    line().fit(X, Y, verbose=0, callbacks=[callbacks.RemoteMonitor("http://127.0.0.1:9")])
    assert "values were not sent" in caplog.text


def test_tensorboard_writes_values_weights_and_structure(tmp_path):
    model = line(metrics=["mae"])
    board = callbacks.TensorBoard(
        tmp_path, histogram_freq=1, write_images=True, update_freq=2, write_steps_per_second=True
    )
    history = model.fit(
        X, Y, batch_size=8, epochs=2, validation_data=(X, Y), verbose=0, callbacks=[board]
    ).history
    (train,) = (tmp_path / "train").iterdir()
    (validation,) = (tmp_path / "validation").iterdir()
    found = decoder.scalars(train)
    losses = [(step, value) for step, tag, value in found if tag == "epoch_loss"]
    assert [step for step, _ in losses] == [0, 1]
    np.testing.assert_allclose([v for _, v in losses], history["loss"], rtol=1e-6)
    assert [step for step, tag, _ in found if tag == "batch_loss"] == [2, 4, 6, 8]
    assert {"epoch_mae", "epoch_learning_rate", "epoch_steps_per_second"} <= {t for _, t, _ in found}
    validated = decoder.scalars(validation)
    assert [v for _, t, v in validated if t == "epoch_loss"] == pytest.approx(history["val_loss"])
    assert [s for s, t, _ in validated if t == "evaluation_loss_vs_iterations"] == [4, 8]
    tags = {decoder.value_of(event)[:2] for event in decoder.records(train)[1:]}
    assert ("model", "text") in tags
    assert ("config", "text") in tags
    assert {(f"{w.path}/histogram", "histograms") for w in model.weights} <= tags
    assert any(tag.endswith("kernel/image") for tag, _ in tags)


def test_tensorboard_refuses_bad_settings(tmp_path):
    with pytest.raises(ValueError, match="update_freq"):
        callbacks.TensorBoard(tmp_path, update_freq="step")
    with pytest.raises(ValueError, match="profile_batch"):
        callbacks.TensorBoard(tmp_path, profile_batch=(3, 2))


def test_a_callback_that_raises_leaves_the_last_whole_step():
    model = line()

    class Broken(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                raise LookupError("broken callback")

    with pytest.raises(LookupError, match="broken callback"):
        model.fit(X, Y, batch_size=8, verbose=0, callbacks=[Broken()])
    assert int(model.optimizer.iterations) == 2
    assert all(np.isfinite(w).all() for w in model.get_weights())


@pytest.mark.parametrize("swap_on_epoch", [False, True])
def test_averages_of_weights_are_evaluated_and_stay_at_the_end(swap_on_epoch):
    model = line(keras.optimizers.SGD(0.3, use_ema=True, ema_momentum=0.5))
    seen = []

    class Look(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            (_, average), *_ = model.optimizer.averages()
            seen.append((model.get_weights()[0].copy(), average.numpy().copy()))

    history = model.fit(
        X, Y, epochs=3, batch_size=8, verbose=0, validation_data=(X, Y),
        callbacks=[callbacks.SwapEMAWeights(swap_on_epoch), Look()],
    ).history  # fmt: skip
    weights, average = seen[-1]
    kept = model.get_weights()[0]
    np.testing.assert_array_equal(kept, weights if swap_on_epoch else average)
    assert history["val_loss"][-1] == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-5)
    with pytest.raises(ValueError, match="use_ema=True"):
        line().fit(X, Y, verbose=0, validation_data=(X, Y), callbacks=[callbacks.SwapEMAWeights()])
