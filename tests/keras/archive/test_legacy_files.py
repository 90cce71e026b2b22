"""Whole models in HDF5 files: what is written comes back, and no file does harm."""

from __future__ import annotations

import base64
import contextlib
import inspect
import io
import json
import marshal
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from tests.keras.archive.hostile import code, entry, refused
from tests.keras.archive.legacy_archives import members
from tests.keras.archive.zoo import wave
from thalweg import keras
from thalweg._src.base.errors import SavingError
from thalweg._src.keras.base import tensorflow_functions

layers = keras.layers
TOUCH = "__import__('pathlib').Path('touched').touch()"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*is written as HDF5")
        yield


def small() -> Any:
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4, activation="relu", name="a"), layers.Dense(2, name="b")],
        name="small",
    )
    model.compile(keras.optimizers.Adam(0.05), "mse", metrics=["mae"])
    return model


def trained() -> Any:
    model = small()
    model.fit(wave((8, 3)), wave((8, 2)), verbose=0)
    return model


def test_training_goes_on_to_the_bit(tmp_path: Path) -> None:
    model = trained()
    path = tmp_path / "m.h5"
    model.save(path)
    copy = keras.models.load_model(path)
    assert copy.name == "small"
    for _ in range(2):
        model.train_on_batch(wave((8, 3)), wave((8, 2)))
        copy.train_on_batch(wave((8, 3)), wave((8, 2)))
    for one, two in zip(model.get_weights(), copy.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    logs = copy.evaluate(wave((8, 3)), wave((8, 2)), verbose=0, return_dict=True)
    assert set(logs) == {"loss", "mae"}


def test_the_file_is_what_keras_writes(tmp_path: Path) -> None:
    trained().save(tmp_path / "m.hdf5")
    with h5py.File(tmp_path / "m.hdf5") as file:
        assert set(file) == {"model_weights", "optimizer_weights"}
        assert set(file.attrs) == {"backend", "keras_version", "model_config", "training_config"}
        weights = file["model_weights"]
        assert [n.decode() for n in weights.attrs["layer_names"]] == ["a", "b"]
        names = [n.decode() for n in weights["a"].attrs["weight_names"]]
        assert names == ["a/kernel", "a/bias"]
        assert weights["a"][names[0]].shape == (3, 4)
        told = json.loads(file.attrs["training_config"])
        # The short name is one that Keras 3.15 does not find there.
        assert told["loss"] == "mean_squared_error"
        assert told["optimizer_config"]["class_name"] == "Adam"
        assert len(file["optimizer_weights"].attrs["weight_names"]) == 2 + 2 * 4


def test_it_warns_that_there_is_a_better_format(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="'m.h5' is written as HDF5.*'.keras'"):
            small().save(tmp_path / "m.h5")
    assert os.listdir(tmp_path) == []


def test_the_optimizer_can_be_left_out(tmp_path: Path) -> None:
    trained().save(tmp_path / "m.h5", include_optimizer=False, save_format="h5")
    assert not keras.models.load_model(tmp_path / "m.h5").compiled
    trained().save(tmp_path / "m.h5")
    assert not keras.models.load_model(tmp_path / "m.h5", compile=False).compiled


@pytest.mark.parametrize("names", [["x"], ["SGD/m/a/kernel:0"], ["adam/iteration", "adam/learning_rate"]])
def test_an_optimizer_whose_state_does_not_fit_begins_afresh(names: list[str], tmp_path: Path) -> None:
    path = tmp_path / "m.h5"
    trained().save(path)
    with h5py.File(path, "a") as file:
        del file["optimizer_weights"]
        state = file.create_group("optimizer_weights")
        state.attrs["weight_names"] = np.array([name.encode() for name in names])
        for name in names:
            state[name] = np.zeros((7,), "float32")
    with pytest.warns(UserWarning, match="it begins afresh"):
        model = keras.models.load_model(path)
    assert int(model.optimizer.iterations) == 0


class Scaled(keras.Model):
    """Subclassed model with a weight of its own."""

    def __init__(self, units: int = 2, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.scale = self.add_weight(shape=(), initializer="ones", name="scale")
        self.inner = layers.Dense(units)

    def call(self, inputs: Any) -> Any:
        return self.inner(inputs) * self.scale


def test_models_of_other_classes_come_back(tmp_path: Path) -> None:
    model = Scaled(3)
    model(wave((2, 4)))
    model.scale.assign(2.0)
    model.save(tmp_path / "m.h5")
    copy = keras.models.load_model(tmp_path / "m.h5", {"Scaled": Scaled})
    assert float(copy.scale) == 2.0
    np.testing.assert_array_equal(copy(wave((2, 4))), model(wave((2, 4))))
    with pytest.raises(SavingError, match="no class or function 'Scaled'"):
        keras.models.load_model(tmp_path / "m.h5")


def test_an_unbuilt_model_has_no_weights_yet(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="not built"):
        keras.Sequential([layers.Dense(2)]).save(tmp_path / "m.h5")
    assert not keras.models.load_model(tmp_path / "m.h5").built


def test_what_layers_have_learned_is_not_lost(tmp_path: Path) -> None:
    lookup = layers.StringLookup()
    lookup.adapt(["a", "b", "a"])
    model = keras.Sequential([keras.Input((1,), dtype="string"), lookup])
    with pytest.raises(SavingError, match="vocabulary.txt"):
        model.save(tmp_path / "m.h5")
    given = layers.StringLookup(vocabulary=["a", "b"])
    model = keras.Sequential([keras.Input((1,), dtype="string"), given])
    model.save(tmp_path / "m.h5")
    copy = keras.models.load_model(tmp_path / "m.h5")
    assert copy.layers[0].get_vocabulary() == given.get_vocabulary()


def test_lists_of_names_are_divided_where_they_are_long(tmp_path: Path) -> None:
    inputs = x = keras.Input((1,))
    for index in range(700):
        x = layers.Activation("linear", name=f"layer_{'x' * 90}_{index}")(x)
    model = keras.Model(inputs, layers.Dense(1, name="last")(x))
    model.save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5") as file:
        assert {"layer_names0", "layer_names1"} <= set(file["model_weights"].attrs)
    model.load_weights(tmp_path / "m.h5")


def test_bfloat16_is_written_as_what_hdf5_has(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, dtype="bfloat16", name="a")])
    model.save(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.h5") as file:
        assert file["model_weights/a/a/kernel"].dtype == np.float32
    copy = keras.models.load_model(tmp_path / "m.h5")
    np.testing.assert_array_equal(copy.layers[0].kernel, model.layers[0].kernel)


def test_layers_of_one_name_are_refused_and_the_old_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "m.h5"
    small().save(path)
    before = path.read_bytes()

    class Twins(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.one, self.two = layers.Dense(1, name="d"), layers.Dense(1, name="d")

        def call(self, inputs: Any) -> Any:
            return self.one(inputs) + self.two(inputs)

    model = Twins()
    model(wave((2, 3)))
    with pytest.raises(SavingError, match="different names"):
        model.save(path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["m.h5"]


def changed(path: Path, change: Any, attribute: str = "model_config") -> Path:
    """A file with another config."""
    small().save(path)
    with h5py.File(path, "a") as file:
        config = json.loads(file.attrs[attribute])
        made = change(config)
        file.attrs[attribute] = json.dumps(config if made is None else made)
        # Configs of Keras 2 are read in a way of their own.
        file.attrs["keras_version"] = "2.15.0"
    return path


def first(config: Any) -> Any:
    return config["config"]["layers"][1]


OLD_LAMBDA = {
    "function": [code(TOUCH)["config"]["code"], None, None], "function_type": "lambda",
    "module": "__main__", "output_shape": None, "output_shape_type": "raw", "output_shape_module": None,
    "arguments": {}, "name": "l",
}  # fmt: skip
WITHOUT_MODULE = {"class_name": "Lambda", "config": OLD_LAMBDA}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c["config"]["layers"].append(entry("keras.layers", "Lambda", OLD_LAMBDA)), "is not run"),
        (lambda c: c["config"]["layers"].append(WITHOUT_MODULE), "is not run"),
        (lambda c: first(c)["config"].update(activation=code(TOUCH)), "is not run"),
        (lambda c: first(c).update(module="os", class_name="system", config="touch touched"), "no class"),
        (lambda c: first(c).update(module="subprocess", class_name="Popen", config={}), "no class"),
        (lambda c: first(c).update(module="keras.saving", class_name="load_model"), "no class|expected a"),
        (lambda c: first(c).update(module=None, class_name="Custom>system", config={}), "no class"),
        (lambda c: first(c)["config"].update(units=10**10), "the file does not hold"),
        (lambda c: first(c)["config"].update(evil=1), "evil"),
        (lambda c: [1, 2], "describes no model"),
        (lambda c: c["config"].pop("layers"), ""),
        (lambda c: first(c).update(class_name=["x"]), ""),
        (lambda c: c.update(class_name="Functional"), ""),
    ],
)  # fmt: skip
def test_cve_2025_9905_configs_that_ask_for_more_than_a_model_are_refused(
    change: Any, message: str, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(changed(tmp_path / "m.h5", change), message)


@pytest.mark.parametrize("name", ["LSTM", "TFOpLambda"])
def test_functions_are_found_in_a_closed_table(name: str, tmp_path: Path) -> None:
    call = {"name": "f", "function": "io.read_file", "dtype": "float32"}
    if name == "LSTM":
        evil = entry("keras.layers", name, {"units": 1, "activation": "io.read_file", "name": "f"})
    else:
        evil = entry("keras.layers", name, call, name="f", inbound_nodes=[["x", 0, 0, {}]])
    inputs = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 2, 1], "name": "x"}}
    inputs |= {"name": "x", "inbound_nodes": []}
    graph = {"layers": [inputs, {"name": "f", "inbound_nodes": [[["x", 0, 0, {}]]], **evil}], "name": "g"}
    graph |= {"input_layers": [["x", 0, 0]], "output_layers": [["f", 0, 0]]}
    config = {"class_name": "Functional", "config": graph}
    refused(changed(tmp_path / "m.h5", lambda _: config), "'io.read_file'")


def test_functions_of_tensorflow_only_compute() -> None:
    found = tensorflow_functions._by_name
    assert len(found) > 150
    rooms = ("thalweg._src.ops.", "thalweg._src.autodiff.", "thalweg._src.core.convert")
    for name, function in found.items():
        module = inspect.unwrap(function).__module__
        assert name == "getitem" or (module.startswith(rooms) and ".io" not in module), name
    assert tensorflow_functions.tensorflow_function("io.abs") is None
    assert tensorflow_functions.tensorflow_function("math.abs") is found["abs"]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"optimizer_config": {"class_name": "Popen", "config": {}}}, "compile=False"),
        ({"loss": code(TOUCH)}, "is not run|compile=False"),
        ({"metrics": [{"class_name": "system", "config": {}}]}, "compile=False"),
        ({"optimizer_config": {"class_name": "SGD", "config": {"lr": {"a": 1}, "decay": 0.5}}}, "no decay"),
    ],
)
def test_what_compile_was_told_does_no_harm(
    told: Any, message: str, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    path = changed(tmp_path / "m.h5", lambda config: config | told, "training_config")
    refused(path, message)
    assert keras.models.load_model(path, compile=False).name == "small"


def test_code_of_an_old_file_runs_where_it_is_allowed(tmp_path: Path) -> None:
    def scaled(x: Any, by: Any = 3.0) -> Any:
        return x * by

    made = base64.encodebytes(marshal.dumps(scaled.__code__)).decode()
    old = OLD_LAMBDA | {"function": [made, [3.0], None]}
    path = changed(
        tmp_path / "m.h5",
        lambda c: c["config"]["layers"].append({"class_name": "Lambda", "config": old}),
    )
    with pytest.raises(SavingError, match="is not run"):
        keras.models.load_model(path)
    model = keras.models.load_model(path, safe_mode=False)
    plain = keras.Sequential(model.layers[:2])
    np.testing.assert_allclose(model(wave((2, 3))), 3.0 * plain(wave((2, 3))).numpy(), rtol=1e-6)


def test_functions_of_an_old_file_are_those_of_the_program(tmp_path: Path) -> None:
    old = OLD_LAMBDA | {"function": "twice", "function_type": "function"}
    path = changed(
        tmp_path / "m.h5",
        lambda c: c["config"]["layers"].append({"class_name": "Lambda", "config": old}),
    )
    refused(path, "no class or function 'twice'")
    model = keras.models.load_model(path, {"twice": lambda x: x + x})
    assert model.layers[-1].function(2) == 4


def test_texts_of_keras_2_give_models_too() -> None:
    with h5py.File(io.BytesIO(members("2_15")["graph.h5"])) as file:
        config = json.loads(file.attrs["model_config"])
    text = json.dumps(config | {"keras_version": "2.15.0", "backend": "tensorflow"})
    model = keras.models.model_from_json(text)
    assert model.output_names == ["one", "two"]
    assert keras.models.model_from_json(model.to_json()).output_names == ["one", "two"]


@pytest.mark.parametrize("size", [100, 2000, -50])
def test_a_cut_file_is_refused(size: int, tmp_path: Path) -> None:
    path = tmp_path / "m.h5"
    trained().save(path)
    path.write_bytes(path.read_bytes()[:size])
    refused(path, "")


@pytest.mark.parametrize("name", ["operators.h5", "momentum.h5"])
def test_damaged_files_raise_nothing_but_saving_errors(name: str, tmp_path: Path) -> None:
    data, path = members("2_15")[name], tmp_path / "m.h5"
    config = data.index(b'"class_name"')
    chance = np.random.default_rng(0)
    for turn in range(30):
        made = bytearray(data)
        for place in chance.integers(*((config, config + 4000) if turn % 2 else (0, len(data))), size=3):
            made[place] = chance.integers(32, 127)
        path.write_bytes(made)
        with contextlib.suppress(SavingError):
            keras.models.load_model(path)


def test_weights_alone_are_no_model(tmp_path: Path) -> None:
    small().save_weights(tmp_path / "m.weights.h5")
    refused(tmp_path / "m.weights.h5", "with weights alone")
    with h5py.File(tmp_path / "m.h5", "w") as file:
        file.attrs["model_config"] = "{"
        file.attrs["layer_names"] = np.zeros(0)
    refused(tmp_path / "m.h5", "reading 'model_config' failed")
