"""`ModelCheckpoint` saves what and when Keras does; `OrbaxCheckpoint` does it beside training."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.keras.callbacks.resumable import Fail
from thalweg import keras
from thalweg._src.keras.callbacks.callback_list import CallbackList

RNG = np.random.default_rng(0)
X = RNG.normal(size=(40, 3)).astype("float32")
Y = X.sum(1, keepdims=True)


def compiled() -> Any:
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)], name="line")
    model.compile(keras.optimizers.SGD(0.01), "mse", metrics=["mae"])
    return model


class Scripted(keras.callbacks.Callback):
    """Puts values of its own into the logs, in front of other callbacks."""

    def __init__(self, values: list[float], name: str = "val_loss") -> None:
        super().__init__()
        self.values, self.name = values, name

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        logs[self.name] = self.values[epoch]


def saved(folder: Path, name: str, values: Any = None, epochs: int = 3, **kwargs: Any) -> list[str]:
    checkpoint = keras.callbacks.ModelCheckpoint(folder / name, **kwargs)
    callbacks = [checkpoint] if values is None else [Scripted(values), checkpoint]
    compiled().fit(X, Y, epochs=epochs, batch_size=8, verbose=0, callbacks=callbacks)
    return sorted(os.listdir(folder))


def test_the_model_is_saved_after_each_epoch(tmp_path: Path) -> None:
    assert saved(tmp_path, "{epoch:02d}.keras") == ["01.keras", "02.keras", "03.keras"]
    model = keras.models.load_model(tmp_path / "02.keras")
    assert int(model.optimizer.iterations) == 10
    assert model.evaluate(X, Y, verbose=0)


@pytest.mark.filterwarnings("ignore:.*is written as HDF5")
def test_older_programs_save_whole_models_as_hdf5(tmp_path: Path) -> None:
    assert saved(tmp_path, "m.h5", epochs=1) == ["m.h5"]
    assert keras.models.load_model(tmp_path / "m.h5").evaluate(X, Y, verbose=0)


def test_weights_are_saved_as_safetensors(tmp_path: Path) -> None:
    assert saved(tmp_path, "m.safetensors", epochs=1, save_weights_only=True) == ["m.safetensors"]


def test_names_are_made_of_logs(tmp_path: Path) -> None:
    names = saved(
        tmp_path, "new/w{epoch}-{val_loss:.2f}.weights.h5", [1.5, 1.25, 1.0], save_weights_only=True
    )
    assert names == ["new"]
    assert sorted(os.listdir(tmp_path / "new")) == [
        "w1-1.50.weights.h5", "w2-1.25.weights.h5", "w3-1.00.weights.h5",
    ]  # fmt: skip
    compiled().load_weights(tmp_path / "new" / "w3-1.00.weights.h5")


def test_a_name_that_is_no_log_is_told(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="'los'.*Did you mean 'loss'"):
        saved(tmp_path, "{los}.keras")


@pytest.mark.parametrize(
    ("mode", "start", "kept"),
    [
        ("auto", None, ["1", "3"]), ("min", None, ["1", "3"]), ("max", None, ["1", "2", "4"]),
        ("min", 2.5, ["3"]), ("max", 3.5, ["4"]),
    ],
)  # fmt: skip
def test_only_the_best_is_saved(mode: str, start: Any, kept: list[str], tmp_path: Path) -> None:
    found = saved(
        tmp_path, "{epoch}.keras", [3.0, 3.25, 2.0, 4.0], epochs=4,
        save_best_only=True, mode=mode, initial_value_threshold=start,
    )  # fmt: skip
    assert found == [f"{name}.keras" for name in kept]


def test_a_value_that_is_no_number_is_not_better(tmp_path: Path) -> None:
    assert saved(tmp_path, "{epoch}.keras", [np.nan, 1.0, np.nan], save_best_only=True) == ["2.keras"]


def test_a_missing_value_is_told_once_an_epoch(tmp_path: Path, caplog: Any) -> None:
    assert saved(tmp_path, "m.keras", save_best_only=True, monitor="val_los") == []
    assert caplog.text.count("expected 'val_los' among the logs") == 3


def test_what_is_said_is_what_keras_says(tmp_path: Path, capsys: Any) -> None:
    saved(tmp_path, "{epoch}.keras", [1.0, 2.0, 0.5], save_best_only=True, verbose=1)
    said = capsys.readouterr().out.replace(str(tmp_path), "")
    assert said.split("\n\n") == [
        "\nEpoch 1: val_loss improved from None to 1.00000, saving model to /1.keras\n".rstrip("\n"),
        "Epoch 1: finished saving model to /1.keras\n".rstrip("\n"),
        "Epoch 2: val_loss did not improve from 1.00000\n".rstrip("\n"),
        "Epoch 3: val_loss improved from 1.00000 to 0.50000, saving model to /3.keras\n".rstrip("\n"),
        "Epoch 3: finished saving model to /3.keras\n",
    ]


def test_steps_are_counted_through_all_epochs(tmp_path: Path) -> None:
    found = saved(tmp_path, "{epoch}_{batch}.weights.h5", save_weights_only=True, save_freq=3)
    assert found == [f"{n}.weights.h5" for n in ("1_3", "2_1", "2_4", "3_2", "3_5")]
    (tmp_path / "more").mkdir()
    found = saved(tmp_path / "more", "{epoch}-{loss:.0f}.keras", save_freq=7)
    assert [name[0] for name in found] == ["2", "3"]


@pytest.mark.parametrize(
    ("save_freq", "steps", "cadence"), [(4, 12, 4), (6, 4, 2), (3, 5, 1), (3, None, 1), (2, 2, 2)]
)
def test_as_many_steps_run_at_once_as_can(save_freq: int, steps: Any, cadence: int) -> None:
    checkpoint = keras.callbacks.ModelCheckpoint("m.keras", save_freq=save_freq)
    hooks = CallbackList([checkpoint], model=compiled(), epochs=1, steps=steps, verbose=0)
    assert hooks.batch_cadence("train") == cadence


def test_saving_after_epochs_needs_no_batch_hook() -> None:
    hooks = CallbackList([keras.callbacks.ModelCheckpoint("m.keras")], steps=5)
    assert hooks.batch_cadence("train") > 1 << 40


def test_the_best_value_lasts_from_one_fit_to_the_next(tmp_path: Path) -> None:
    checkpoint = keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras", save_best_only=True)
    model = compiled()
    for values in ([2.0], [9.0, 3.0, 1.0]):
        model.fit(X, Y, epochs=len(values), verbose=0, callbacks=[Scripted(values), checkpoint])
    assert sorted(os.listdir(tmp_path)) == ["1.keras", "3.keras"]
    assert checkpoint.best == 1.0


@pytest.mark.parametrize("save_freq", ["epoch", 3])
def test_a_crashed_run_saves_the_same_files(save_freq: Any, tmp_path: Path) -> None:
    def run(folder: Path, crash: int) -> dict[str, Any]:
        folder.mkdir(exist_ok=True)
        name = "{epoch}.weights.h5" if save_freq == "epoch" else "{epoch}_{batch}.weights.h5"
        checkpoint = keras.callbacks.ModelCheckpoint(
            folder / name, monitor="loss", save_best_only=True, save_weights_only=True,
            save_freq=save_freq,
        )  # fmt: skip
        backup = keras.callbacks.BackupAndRestore(folder.parent / f"b{folder.name}", save_freq=2)
        model = compiled()
        model.fit(X, Y, epochs=5, batch_size=8, verbose=0, callbacks=[checkpoint, backup, Fail(crash)])
        return {n: weights(folder / n) for n in sorted(os.listdir(folder))} | {"best": checkpoint.best}

    def weights(path: Path) -> Any:
        model = compiled()
        model.load_weights(path)
        return np.concatenate([w.ravel() for w in model.get_weights()])

    whole = run(tmp_path / "whole", -1)
    with pytest.raises(RuntimeError, match="crash"):
        run(tmp_path / "cut", 13)
    again = run(tmp_path / "cut", -1)
    assert list(again) == list(whole)
    for name, value in whole.items():
        np.testing.assert_array_equal(again[name], value)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"filepath": "m"}, "ends in '.keras'"),
        ({"filepath": "m.weights.h5"}, "ends in '.keras'"),
        ({"filepath": "m.h5", "save_weights_only": True}, "ends in '.weights.h5'"),
        ({"filepath": "cp.ckpt", "save_weights_only": True}, "ends in '.weights.h5'"),
        ({"filepath": "m.keras", "save_weights_only": True}, "ends in '.weights.h5'"),
        ({"filepath": "m.keras", "save_freq": "batch"}, "save_freq"),
        ({"filepath": "m.keras", "save_freq": 0}, "save_freq"),
        ({"filepath": "m.keras", "mode": "best"}, "mode"),
    ],
)
def test_arguments_that_mean_nothing_are_refused(arguments: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        keras.callbacks.ModelCheckpoint(**arguments)


class Weights(keras.callbacks.Callback):
    """Notes the weights after each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Any] = []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.seen.append(self.model.get_weights())


@pytest.mark.parametrize("background", [True, False])
def test_checkpoints_hold_the_values_of_their_moment(background: bool, tmp_path: Path) -> None:
    noted = Weights()
    checkpoint = keras.callbacks.OrbaxCheckpoint(
        tmp_path / "c", max_to_keep=3, save_on_background=background
    )
    model = compiled()
    model.fit(X, Y, epochs=5, verbose=0, callbacks=[checkpoint, noted])
    assert len([n for n in os.listdir(tmp_path / "c") if n.endswith(".index")]) == 3
    for number in (3, 4, 5):
        found = keras.models.load_model(tmp_path / "c" / f"checkpoint-{number}")
        for one, two in zip(found.get_weights(), noted.seen[number - 1], strict=True):
            np.testing.assert_array_equal(one, two)
        assert int(found.optimizer.iterations) == 2 * number
    newest = keras.models.load_model(tmp_path / "c")
    assert newest.name == "line"
    other = compiled()
    other.load_weights(tmp_path / "c")
    np.testing.assert_array_equal(other.get_weights()[0], newest.get_weights()[0])
    assert checkpoint.is_primary_host()
    assert not checkpoint.is_multihost_enabled()


def test_checkpoints_of_weights_hold_no_model(tmp_path: Path) -> None:
    checkpoint = keras.callbacks.OrbaxCheckpoint(
        tmp_path, monitor="loss", save_best_only=True, save_weights_only=True, save_freq=2
    )
    model = compiled()
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[checkpoint])
    with pytest.raises(ValueError, match="weights alone"):
        keras.models.load_model(tmp_path)
    other = compiled()
    other.load_weights(tmp_path)
    np.testing.assert_array_equal(other.get_weights()[0], model.get_weights()[0])
    wrong = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    with pytest.raises(ValueError, match="misshapen"):
        wrong.load_weights(tmp_path)


def test_an_error_of_the_writing_thread_ends_training(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    checkpoint = keras.callbacks.OrbaxCheckpoint(tmp_path / "file" / "c")
    with pytest.raises(OSError, match="Not a directory"):
        compiled().fit(X, Y, verbose=0, callbacks=[checkpoint])
