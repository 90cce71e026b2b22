"""Files of Keras 2.15 and 3.3 open here, compute the same, and their training goes on."""

from __future__ import annotations

import json
import platform
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from tests.keras.archive import legacy_zoo
from tests.keras.archive.hostile import refused
from tests.keras.archive.legacy_archives import (
    VERSIONS,
    assert_close,
    members,
    outputs,
    placed,
    recorded,
)
from tests.keras.archive.zoo import wave
from thalweg import keras

OPTIMIZERS = legacy_zoo.OPTIMIZERS | legacy_zoo.OLD_OPTIMIZERS
# Rules that were others: Keras 2 compiles Nadam with a product of momenta that lags, and the older one grows
# its momentum more slowly.
OTHER_RULES = {("2_15", "nadam"), ("2_15", "old_nadam")}
HALVES = {"halves": 2e-2, "scaled": 2e-3}


FAST = {("2_15", ".h5"), ("3_3", ".keras")}


def cases(names: Any, all_fast: bool = False) -> list[Any]:
    """Files of these names; a format of each version, and for all the other one with the slow tests."""
    return [
        pytest.param(
            version, name, ending, id=f"{version}-{name}{ending}",
            marks=() if all_fast or (version, ending) in FAST else pytest.mark.slow,
        )
        for version in VERSIONS
        for name in names
        for ending in (".h5", ".keras")
        if f"{name}{ending}" in members(version)
    ]  # fmt: skip


MOST = [name for name in legacy_zoo.MODELS if name not in legacy_zoo.WITH_CODE | {"recurrent"}]


def opened(version: str, name: str, folder: Path) -> Any:
    path = placed(version, name, folder)
    return keras.models.load_model(path, custom_objects=legacy_zoo.custom_objects(keras))


@pytest.mark.parametrize(("version", "name", "ending"), cases(MOST, all_fast=True) + cases({"recurrent"}))
def test_a_file_predicts_and_trains_as_in_keras(
    version: str, name: str, ending: str, tmp_path: Path
) -> None:
    model = opened(version, name + ending, tmp_path)
    _, inputs = legacy_zoo.MODELS[name](keras, tf)
    tolerance = HALVES.get(name, 1e-6)
    assert_close(outputs(model, inputs), recorded(version, name, "y"), tolerance)
    assert model.compiled == (name in legacy_zoo.TRAINED)
    if model.compiled:
        y = legacy_zoo.targets(model(inputs))
        loss = np.ravel(model.evaluate(inputs, y, verbose=0))[0]
        assert_close([loss], recorded(version, name, "e"), tolerance)
        model.train_on_batch(inputs, y)
        assert_close(legacy_zoo.weights(model), recorded(version, name, "w"), tolerance)


@pytest.mark.parametrize(("version", "name", "ending"), cases(OPTIMIZERS))
def test_training_goes_on_where_it_stopped(
    version: str, name: str, ending: str, tmp_path: Path
) -> None:
    model = opened(version, name + ending, tmp_path)
    inputs = wave((5, 3))
    # Keras 2 writes no state of its older optimizers into `.keras` files.
    stored = ending == ".h5" or name not in legacy_zoo.OLD_OPTIMIZERS
    assert int(model.optimizer.iterations) == (2 if stored else 0)
    if stored and (version, name) not in OTHER_RULES:
        model.train_on_batch(inputs, legacy_zoo.targets(model(inputs)))
        assert_close(legacy_zoo.weights(model), recorded(version, name, "w"), 1e-5)


FAMILIES = sorted({name.partition(".")[0] for name in members("2_15") if name.startswith("layers_")})


@pytest.mark.parametrize(("version", "name", "ending"), cases(FAMILIES))
def test_all_layers_compute_the_same(version: str, name: str, ending: str, tmp_path: Path) -> None:
    model = opened(version, name + ending, tmp_path)
    assert_close(outputs(model, recorded(version, name, "x")), recorded(version, name, "y"))


@pytest.mark.parametrize(
    ("version", "name"),
    [("2_15", "graph"), ("2_15", "operators"), ("2_15", "attention"), ("3_3", "functions")],
)
@pytest.mark.parametrize("ending", [".keras", ".h5"])
@pytest.mark.filterwarnings("ignore:.*is written as HDF5")
def test_a_model_of_an_old_file_is_saved_as_any_other(
    version: str, name: str, ending: str, tmp_path: Path
) -> None:
    model = opened(version, f"{name}.h5", tmp_path)
    _, inputs = legacy_zoo.MODELS[name](keras, tf)
    path = tmp_path / f"again{ending}"
    model.save(path)
    again = keras.models.load_model(path)
    assert_close(outputs(again, inputs), outputs(model, inputs), 0.0)


@pytest.mark.parametrize(("version", "name", "ending"), cases(legacy_zoo.WITH_CODE, all_fast=True))
def test_code_in_old_files_is_run_on_request_only(
    version: str, name: str, ending: str, tmp_path: Path
) -> None:
    path = placed(version, name + ending, tmp_path)
    refused(path, "the Python code of a lambda, which is not run")
    written_by = json.loads(members(version)["provenance.json"])["python"]
    if written_by.split(".")[:2] == platform.python_version().split(".")[:2]:
        model = keras.models.load_model(path, safe_mode=False)
        _, inputs = legacy_zoo.MODELS[name](keras, tf)
        assert_close(outputs(model, inputs), recorded(version, name, "y"))


def test_what_compile_was_told_comes_back(tmp_path: Path) -> None:
    model = opened("2_15", "graph.h5", tmp_path)
    _, inputs = legacy_zoo.MODELS["graph"](keras, tf)
    logs = model.evaluate(inputs, legacy_zoo.targets(model(inputs)), verbose=0, return_dict=True)
    assert set(logs) == {"loss", "one_loss", "two_loss", "one_mae", "two_accuracy"}
    assert model.optimizer.nesterov
    model = opened("2_15", "old_sgd.h5", tmp_path)
    rate = model.optimizer.get_config()["learning_rate"]
    assert rate["class_name"] == "InverseTimeDecay"
    assert rate["config"]["decay_rate"] == pytest.approx(0.1)
    path = placed("2_15", "scheduled.h5", tmp_path)
    assert not keras.models.load_model(path, compile=False).compiled


def test_what_is_recorded_says_where_it_is_from() -> None:
    for version in VERSIONS:
        found = json.loads(members(version)["provenance.json"])
        assert re.match(version.replace("_", r"\."), found["keras"])
        assert {"script", "date", "tensorflow", "h5py"} <= set(found)
