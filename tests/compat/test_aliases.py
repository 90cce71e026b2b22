"""Programs that import TensorFlow and Keras find thalweg, and nobody else does."""

from __future__ import annotations

import builtins
import importlib
import importlib.metadata
import importlib.util
import pickle
import subprocess
import sys
import types
import unittest.mock
from collections.abc import Iterator
from multiprocessing import spawn
from pathlib import Path
from typing import Any

import pytest

import thalweg
from thalweg import keras
from thalweg._src.base.errors import FailedPreconditionError
from thalweg.compat import install, uninstall


@pytest.fixture(autouse=True)
def importers_before() -> Iterator[tuple[Any, Any]]:
    before = builtins.__import__, importlib.import_module
    install()
    yield before
    uninstall()


def run(program: str, **names: Any) -> dict[str, Any]:
    """What a program of the user leaves behind."""
    space = {"__name__": "__main__", **names}
    exec(program, space)
    return space


@pytest.mark.parametrize(
    ("statement", "path"),
    [
        ("import tensorflow as found", "thalweg"),
        ("import keras as found", "thalweg.keras"),
        ("import tf_keras as found", "thalweg.keras"),
        ("from tensorflow import keras as found", "thalweg.keras"),
        ("import tensorflow; found = tensorflow.keras.layers", "thalweg.keras.layers"),
        ("import tensorflow.keras.layers; found = tensorflow.keras.layers", "thalweg.keras.layers"),
        ("import keras.layers; found = keras.layers", "thalweg.keras.layers"),
        ("import keras.backend as found", "thalweg.keras.backend"),
        ("from keras.applications import vgg16 as found", "thalweg.keras.applications.vgg16"),
        ("import tensorflow.data as found", "thalweg.data"),
        ("import tensorflow.compat.v2 as found", "thalweg"),
        ("from tensorflow.compat.v2 import nn as found", "thalweg.nn"),
        ("import tensorflow.compat.v2.keras.layers as found", "thalweg.keras.layers"),
        ("found = __import__('tensorflow.keras.layers').keras.layers", "thalweg.keras.layers"),
        (
            "import importlib; found = importlib.import_module('keras.layers')",
            "thalweg.keras.layers",
        ),
    ],
)
def test_each_way_to_import_brings_the_same_module(statement: str, path: str) -> None:
    assert run(statement)["found"] is importlib.import_module(path)


@pytest.mark.parametrize(
    "statement",
    [
        "from tensorflow.keras.layers import Dense",
        "from keras.layers import Dense as Dense",
        "from tensorflow.keras.layers import *",
    ],
)
def test_objects_are_the_same(statement: str) -> None:
    assert run(statement)["Dense"] is keras.layers.Dense


def test_everything_else_is_imported_as_ever() -> None:
    space = run("import json.decoder; from os import path; import numpy as np")
    assert space["json"] is sys.modules["json"]
    assert space["path"] is sys.modules["os.path"]
    with pytest.raises(ModuleNotFoundError, match="^No module named 'nothing_like_it'$"):
        run("import nothing_like_it")


def test_nothing_is_left_where_libraries_look() -> None:
    run("import tensorflow.keras.layers, keras, tf_keras")
    assert not {"tensorflow", "keras", "tf_keras", "tensorflow.keras"} & sys.modules.keys()
    assert importlib.util.find_spec("tensorflow") is None
    with pytest.raises(importlib.metadata.PackageNotFoundError):
        importlib.metadata.version("tensorflow")


def test_pickles_and_reloads_name_thalweg() -> None:
    dense = run("from tensorflow.keras.layers import Dense")["Dense"]
    assert b"tensorflow" not in pickle.dumps(dense)
    assert pickle.loads(pickle.dumps(dense)) is dense
    losses = run("import tensorflow.keras.losses as losses")["losses"]
    assert importlib.reload(losses) is keras.losses


def test_versions_are_those_of_the_api_and_say_whose_it_is() -> None:
    space = run("import tensorflow as tf, keras")
    assert space["tf"].__version__ == space["tf"].version.VERSION == "2.21.0+thalweg.0.1.0"
    assert space["keras"].__version__ == "3.15.0+thalweg"
    assert space["keras"].backend.backend() == "tensorflow"


INSTALLED = {"__name__": "some_library.part", "__file__": "/env/site-packages/some_library/part.py"}


@pytest.mark.parametrize("statement", ["import tensorflow", "from keras import layers"])
def test_installed_packages_see_what_is_installed(statement: str) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"^No module named '(tensorflow|keras)'$"):
        run(statement, **INSTALLED)
    importing = "import importlib; importlib.import_module('tensorflow')"
    with pytest.raises(ModuleNotFoundError, match="^No module named 'tensorflow'$"):
        run(importing, **INSTALLED)


def test_installed_packages_see_thalweg_on_request() -> None:
    install(packages=["some_library"])
    assert run("import tensorflow as found", **INSTALLED)["found"] is thalweg
    other = {**INSTALLED, "__name__": "some_library_2"}
    with pytest.raises(ModuleNotFoundError):
        run("import tensorflow", **other)


def test_standard_library_imports_for_the_program() -> None:
    with unittest.mock.patch("tensorflow.keras.layers.Dense", None):
        assert keras.layers.Dense is None


@pytest.mark.parametrize(
    ("statement", "error", "message"),
    [
        (
            "import tensorflow.distribute",
            ModuleNotFoundError,
            "tensorflow.distribute.*several devices",
        ),
        (
            "from tensorflow import distribute",
            ImportError,
            "'distribute' from 'tensorflow'.*several devices",
        ),
        ("import tensorflow.compat.v1 as tf", ModuleNotFoundError, "there are no graphs"),
        ("import tensorflow.python.ops", ModuleNotFoundError, "private"),
        ("from keras.layers import Nothing", ImportError, "'Nothing' from 'keras.layers'"),
        (
            "import tensorflow.keras.nothing",
            ModuleNotFoundError,
            "'tensorflow.keras.nothing' in thalweg",
        ),
        (
            "import tensorflow as tf; tf.Graph",
            AttributeError,
            "no attribute 'Graph': it is left out",
        ),
    ],
)
def test_what_is_missing_is_refused_with_its_reason(
    statement: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        run(statement)
    assert type(caught.value) is error


def test_a_loaded_tensorflow_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    uninstall()
    monkeypatch.setitem(sys.modules, "tensorflow", types.ModuleType("tensorflow"))
    with pytest.raises(FailedPreconditionError, match="found 'tensorflow' loaded"):
        install()
    assert run("import tensorflow as found")["found"] is sys.modules["tensorflow"]


def test_uninstall_gives_everything_back(importers_before: tuple[Any, Any]) -> None:
    install()
    uninstall()
    assert (builtins.__import__, importlib.import_module) == importers_before
    with pytest.raises(ModuleNotFoundError):
        run("import tensorflow")


def test_importers_that_others_put_over_ours_stay(importers_before: tuple[Any, Any]) -> None:
    ours = builtins.__import__
    builtins.__import__ = lambda *words, **more: ours(*words, **more)  # type: ignore[assignment]
    try:
        uninstall()
        with pytest.raises(ModuleNotFoundError, match="^No module named 'tensorflow'$"):
            run("import tensorflow")
    finally:
        builtins.__import__ = importers_before[0]


PROGRAM = """
import multiprocessing
import tensorflow as tf

def work(x):
    return float(tf.constant(x) + 1.0)

if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(work, [1.0, 2.0]))
"""


def test_processes_that_start_afresh_see_the_names_too() -> None:
    data = spawn.get_preparation_data("x")
    del data["authkey"]  # only a starting process may pickle it
    uninstall()
    pickle.loads(pickle.dumps(data))
    assert run("import tensorflow as found")["found"] is thalweg


@pytest.mark.slow
def test_a_program_with_worker_processes_runs(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(PROGRAM)
    command = [sys.executable, "-m", "thalweg", str(tmp_path / "program.py")]
    assert subprocess.check_output(command, text=True).strip() == "[2.0, 3.0]"
