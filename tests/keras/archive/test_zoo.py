"""Files of real Keras open here and compute the same."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import thalweg as tf
from tests.keras.archive import zoo
from tests.keras.layers.rows import ALL
from thalweg import keras
from thalweg._src.base import nest

ZOO = Path(__file__).parent / "zoo.zip"


@cache
def members() -> dict[str, bytes]:
    with zipfile.ZipFile(ZOO) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def layers() -> dict[str, Any]:
    return json.loads(members()["layers.json"])


def recorded(name: str, kind: str) -> list[Any]:
    with np.load(io.BytesIO(members()[f"{name}.npz"])) as found:
        return [found[key] for key in sorted(found.files) if key.startswith(kind)]


def opened(name: str, folder: Path) -> Any:
    path = folder / f"{name}.keras"
    path.write_bytes(members()[path.name])
    return keras.models.load_model(path, custom_objects=zoo.custom_objects(keras))


def outputs(model: Any, inputs: Any) -> list[Any]:
    found = nest.flatten(model.predict(inputs, verbose=0))
    return [np.asarray(part, "float32") for part in found]


def assert_close(one: list[Any], two: list[Any], tolerance: float = 1e-6) -> None:
    assert len(one) == len(two)
    for a, b in zip(one, two, strict=True):
        np.testing.assert_allclose(a, b, atol=tolerance, rtol=tolerance)


@pytest.mark.parametrize("name", list(zoo.MODELS))
def test_a_file_of_keras_predicts_the_same(name: str, tmp_path: Path) -> None:
    model = opened(name, tmp_path)
    _, inputs = zoo.MODELS[name](keras)
    tolerance = 2e-2 if name == "halves" else 1e-6
    assert_close(outputs(model, inputs), recorded(name, "y"), tolerance)


@pytest.mark.parametrize("name", list(zoo.MODELS))
def test_the_weights_of_keras_fit_the_same_model_made_here(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.keras"
    path.write_bytes(members()[path.name])
    model, inputs = zoo.MODELS[name](keras)
    for weight in model.weights:
        weight.assign(np.zeros(weight.shape, "float32"))
    model.load_weights(path)
    assert_close(outputs(model, inputs), outputs(opened(name, tmp_path), inputs))


@pytest.mark.parametrize("name", ["trained", "two_outputs"])
def test_training_goes_on_with_the_optimizer_of_keras(name: str, tmp_path: Path) -> None:
    model = opened(name, tmp_path)
    _, inputs = zoo.MODELS[name](keras)
    assert int(model.optimizer.iterations) == 1
    model.train_on_batch(inputs, zoo.targets(model))
    assert_close([np.asarray(w) for w in model.get_weights()], recorded(name, "w"), 1e-5)


@pytest.mark.parametrize("name", list(zoo.MODELS))
def test_a_file_written_here_from_it_holds_the_same(name: str, tmp_path: Path) -> None:
    model = opened(name, tmp_path)
    _, inputs = zoo.MODELS[name](keras)
    path = tmp_path / "ours.keras"
    model.save(path)
    again = keras.models.load_model(path, custom_objects=zoo.custom_objects(keras))
    assert_close(outputs(again, inputs), outputs(model, inputs), 0.0)
    theirs = arrays_in(members()[f"{name}.keras"])
    ours = arrays_in(path.read_bytes())
    assert list(ours) == list(theirs)
    for key, array in ours.items():
        assert array.dtype == theirs[key].dtype
        assert array.shape == theirs[key].shape
        if array.dtype.kind == "f":
            np.testing.assert_allclose(array, theirs[key], atol=1e-6)


def arrays_in(archive: bytes) -> dict[str, Any]:
    """All arrays of a `.keras` file, by path."""
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        weights = found.read("model.weights.h5")
    arrays: dict[str, Any] = {}

    def note(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            arrays[name] = item[()]

    with h5py.File(io.BytesIO(weights)) as file:
        file.visititems(note)
    return dict(sorted(arrays.items()))


@pytest.mark.parametrize("ending", ["h5", "json"])
def test_weights_files_of_keras_load(ending: str, tmp_path: Path) -> None:
    for name, data in members().items():
        if name.startswith("s"):
            (tmp_path / name).write_bytes(data)
    model, inputs = zoo.MODELS["subclassed"](keras)
    model.load_weights(tmp_path / f"s.weights.{ending}")
    assert_close(outputs(model, inputs), recorded("subclassed", "y"))


ROWS = [row for row in ALL if row.golden]


@pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in ROWS])
def test_layers_are_stored_as_in_keras(row: Any, tmp_path: Path) -> None:
    if row.id not in layers():
        pytest.skip("not recorded")
    recorded = layers()[row.id]
    layer = keras.saving.deserialize_keras_object(recorded["config"])
    assert isinstance(layer, getattr(keras.layers, row.layer.name))
    written = keras.saving.serialize_keras_object(layer)
    for key in ("module", "class_name", "registered_name"):
        assert written[key] == recorded["config"][key]

    class Holder(keras.Model):
        def __init__(self) -> None:
            super().__init__(name="holder")
            self.held = layer

        def call(self, inputs: Any) -> Any:
            return self.held(inputs)

    model = Holder()
    arguments = {k: tf.constant(v) if isinstance(v, np.ndarray) else v for k, v in row.arguments().items()}
    layer(nest.map_structure(tf.constant, row.inputs()), **arguments)
    model.built = True
    path = tmp_path / "layer.weights.h5"
    model.save_weights(path)
    found = []

    def note(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            found.append([name, list(item.shape), str(item.dtype)])

    with h5py.File(path) as file:
        file.visititems(note)
    assert sorted(found) == recorded["arrays"]
