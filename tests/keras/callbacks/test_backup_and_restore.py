"""A run that crashes or is killed, and started again, equals the uninterrupted one to the bit."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.keras.callbacks.resumable import X, Y, run
from thalweg import keras


def assert_same(one, two):
    assert sorted(one) == sorted(two)
    for name in one:
        assert one[name].tobytes() == two[name].tobytes(), name


@pytest.mark.parametrize("kind", ["arrays", "schedule", "dataset"])
@pytest.mark.parametrize("save_freq", ["epoch", 3])
def test_a_crashed_run_goes_on_as_if_nothing_had_happened(tmp_path, kind, save_freq):
    whole = tmp_path / "whole"
    whole.mkdir()
    expected = run(whole, kind, save_freq)
    for crash in (2, 11, 26):
        folder = tmp_path / str(crash)
        folder.mkdir()
        with pytest.raises(RuntimeError, match="crash"):
            run(folder, kind, save_freq, crash=crash)
        assert (folder / "backup").exists() == (crash > 7 or save_freq == 3 and crash > 3)
        assert_same(run(folder, kind, save_freq), expected)
        assert not (folder / "backup").exists()


def killed_until_done(folder: Path, kind: str, save_freq: str, seed: int) -> int:
    """Runs a child again and again, killing it at random moments; how often it was killed."""
    chance = random.Random(seed)
    kills = 0
    command = [
        sys.executable, "-m", "tests.keras.callbacks.resumable", str(folder), kind, save_freq,
    ]  # fmt: skip
    while not (folder / "result.npz").exists():
        child = subprocess.Popen(command, stderr=subprocess.PIPE)
        patience = chance.uniform(0.0, 0.3)
        backup = folder / "backup"
        began = time.monotonic()
        # Time counts from when the child has begun to train.
        before = set(backup.glob("*")) if backup.exists() else set()
        while child.poll() is None and time.monotonic() - began < 60:
            if backup.exists() and set(backup.glob("*")) != before:
                break
            time.sleep(0.01)
        time.sleep(patience)
        if child.poll() is None and kills < 4:
            child.send_signal(signal.SIGKILL)
            kills += 1
        _, errors = child.communicate(timeout=120)
        assert child.returncode in (0, -signal.SIGKILL), errors.decode()
    return kills


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["arrays", "dataset"])
@pytest.mark.parametrize("save_freq", ["epoch", "2"])
def test_a_killed_process_goes_on_as_if_nothing_had_happened(tmp_path, kind, save_freq):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    whole.mkdir()
    cut.mkdir()
    freq = save_freq if save_freq == "epoch" else int(save_freq)
    expected = run(whole, kind, freq, slow=True)
    assert killed_until_done(cut, kind, save_freq, seed=len(kind)) >= 1
    with np.load(cut / "result.npz") as found:
        assert_same(dict(found), expected)


def test_one_killed_process(tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    whole.mkdir()
    cut.mkdir()
    expected = run(whole, "arrays", 2, slow=True)
    assert killed_until_done(cut, "arrays", "2", seed=1) >= 1
    with np.load(cut / "result.npz") as found:
        assert_same(dict(found), expected)


def test_a_torn_backup_is_passed_by(tmp_path):
    whole, folder = tmp_path / "whole", tmp_path / "torn"
    whole.mkdir()
    folder.mkdir()
    expected = run(whole, "arrays", 3)
    with pytest.raises(RuntimeError, match="crash"):
        run(folder, "arrays", 3, crash=11)
    for file in (folder / "backup").glob("*.safetensors"):
        file.write_bytes(file.read_bytes()[:-10])
    assert_same(run(folder, "arrays", 3), expected)


def test_a_backup_of_another_model_is_refused_and_nothing_changes(tmp_path):
    def model(units):
        keras.utils.set_random_seed(0)
        built = keras.Sequential([keras.Input((4,)), keras.layers.Dense(units), keras.layers.Dense(1)])
        built.compile("sgd", "mse")
        return built

    class Crash(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                raise RuntimeError("crash")

    def backup():
        return [keras.callbacks.BackupAndRestore(tmp_path / "b"), Crash()]

    with pytest.raises(RuntimeError, match="crash"):
        model(3).fit(X, Y, epochs=3, verbose=0, callbacks=backup())
    other = model(5)
    before = other.get_weights()
    with pytest.raises(OSError, match="another model"):
        other.fit(X, Y, epochs=3, verbose=0, callbacks=backup())
    for a, b in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_generator_is_run_on_with_a_warning(tmp_path, caplog):
    def batches():
        while True:
            for start in range(0, 48, 8):
                yield X[start : start + 8], Y[start : start + 8]

    def train(folder, crash=None):
        keras.utils.set_random_seed(0)
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
        model.compile("adam", "mse")

        class Crash(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                if epoch == crash:
                    raise RuntimeError("crash")

        model.fit(
            batches(), steps_per_epoch=4, epochs=5, verbose=0,
            callbacks=[keras.callbacks.BackupAndRestore(folder), Crash()],
        )  # fmt: skip
        return model.get_weights()

    expected = train(tmp_path / "a")
    with pytest.raises(RuntimeError, match="crash"):
        train(tmp_path / "b", crash=3)
    for one, two in zip(train(tmp_path / "b"), expected, strict=True):
        np.testing.assert_array_equal(one, two)
    assert "run on by 12 batches" in caplog.text


def test_backups_between_epochs_let_many_steps_run_at_once(tmp_path):
    backup = keras.callbacks.BackupAndRestore(tmp_path / "b")
    assert keras.callbacks.CallbackList([backup]).batch_cadence("train") > 1000
    every = keras.callbacks.BackupAndRestore(tmp_path / "b", save_freq=7)
    assert keras.callbacks.CallbackList([every]).batch_cadence("train") == 7


def test_bad_settings():
    with pytest.raises(ValueError, match="save_freq"):
        keras.callbacks.BackupAndRestore("x", save_freq=0)
    with pytest.raises(ValueError, match="backup_dir"):
        keras.callbacks.BackupAndRestore("")
