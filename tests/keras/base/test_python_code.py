"""Lambdas in configs and files: written as code, run only where the user asks for it."""

from __future__ import annotations

import json
import threading
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from thalweg import keras
from thalweg._src.base.errors import SavingError
from thalweg._src.keras.base.python_code import load_policy
from thalweg._src.keras.base.settings import settings

layers = keras.layers
RAN: list[str] = []
REFUSED = "which is not run"


def scaled(factor: Any) -> Any:
    return lambda x, more=1: x * factor + more


def written(model: Any, path: Path) -> Path:
    with pytest.warns(UserWarning, match="holds lambdas"):
        model.save(path)
    return path


def chain(*parts: Any) -> Any:
    return keras.Sequential([keras.Input((2,)), *parts])


def config_in(path: Path) -> Any:
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("config.json"))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    model = chain(layers.Lambda(scaled(3.0), name="triple"))
    return written(model, tmp_path_factory.mktemp("lambda") / "m.keras")


@pytest.mark.parametrize("safe_mode", ["unset", True, None, 0, "", np.False_, 1, "False"])
def test_code_is_refused_unless_safe_mode_is_false(safe_mode: Any, path: Path) -> None:
    given = {} if safe_mode == "unset" else {"safe_mode": safe_mode}
    with pytest.raises(SavingError, match=REFUSED) as caught:
        keras.models.load_model(path, **given)
    assert "safe_mode=False" in str(caught.value)
    assert "'triple'" in "".join(caught.value.__notes__)


def test_code_runs_with_safe_mode_false(path: Path) -> None:
    model = keras.models.load_model(path, safe_mode=False)
    np.testing.assert_array_equal(model(np.ones((1, 2))), [[4, 4]])
    again = written(model, path.with_name("again.keras"))
    np.testing.assert_array_equal(
        keras.models.load_model(again, safe_mode=False)(np.ones((1, 2))), [[4, 4]]
    )


@pytest.mark.parametrize("captured", [2, [1.0, 2.0], np.ones(2), layers.ReLU(), lambda x: x + 1])
def test_what_a_lambda_captures_comes_back(captured: Any, tmp_path: Path) -> None:
    def applied(value: Any) -> Any:
        return lambda x: value(x) if callable(value) else x * value

    model = chain(layers.Lambda(applied(captured)))
    path = written(model, tmp_path / "m.keras")
    copy = keras.models.load_model(path, safe_mode=False)
    data = np.arange(4, dtype="float32").reshape(2, 2)
    np.testing.assert_array_equal(copy(data), model(data))


def test_the_form_is_that_of_keras(path: Path) -> None:
    config = config_in(path)["config"]["layers"][1]["config"]["function"]
    assert config["class_name"] == "__lambda__"
    assert config["config"] | {"code": "", "python": ""} == {
        "code": "", "defaults": [1], "closure": [3.0], "python": "",
    }  # fmt: skip
    # Keras's own functions write the three as a list.
    code = config["config"]["code"]
    other = {"class_name": "__lambda__", "config": {"value": [code, [1], [5.0]]}}
    assert keras.saving.deserialize_keras_object(other, safe_mode=False)(2.0) == 11.0


def test_names_that_code_uses_are_custom_objects(tmp_path: Path) -> None:
    model = chain(layers.Lambda(lambda x: np.pi * (lambda y: keras.ops.sum(y) + len(RAN))(x)))
    with pytest.warns(UserWarning, match=r"custom_objects for the names \['RAN', 'keras', 'np'\]"):
        model.save(tmp_path / "m.keras")
    with pytest.raises(SavingError, match=r"uses the names \['RAN', 'keras', 'np'\]"):
        keras.models.load_model(tmp_path / "m.keras", safe_mode=False)
    known = {"keras": keras, "np": np, "RAN": RAN}
    copy = keras.models.load_model(tmp_path / "m.keras", known, safe_mode=False)
    np.testing.assert_array_equal(copy(np.ones((1, 2))), model(np.ones((1, 2))))


def named(x: Any) -> Any:
    return x + 1


def test_functions_with_names_need_no_code(tmp_path: Path) -> None:
    model = chain(layers.Lambda(named))
    model.save(tmp_path / "m.keras")
    assert "__lambda__" not in json.dumps(config_in(tmp_path / "m.keras"))
    with pytest.raises(SavingError, match="'named'"):
        keras.models.load_model(tmp_path / "m.keras", safe_mode=False)
    copy = keras.models.load_model(tmp_path / "m.keras", {"named": named})
    np.testing.assert_array_equal(copy(np.ones((1, 2))), [[2, 2]])


def test_lambdas_that_compile_was_told_are_left_out(tmp_path: Path) -> None:
    model = chain(layers.Dense(1))
    model.compile("sgd", lambda y, p: keras.ops.mean(y - p))
    with pytest.warns(UserWarning, match="without what compile"):
        model.save(tmp_path / "m.keras")
    assert not keras.models.load_model(tmp_path / "m.keras").compiled


def test_other_arguments_of_layers_may_be_lambdas(tmp_path: Path) -> None:
    model = chain(layers.Dense(2, activation=lambda x: x * 2))
    path = written(model, tmp_path / "m.keras")
    with pytest.raises(SavingError, match=REFUSED):
        keras.models.load_model(path)
    copy = keras.models.load_model(path, safe_mode=False)
    np.testing.assert_array_equal(copy(np.ones((1, 2))), model(np.ones((1, 2))))


def test_what_cannot_be_written_is_refused_with_advice(tmp_path: Path) -> None:
    def endless() -> Any:
        again = lambda x: again(x)  # noqa: E731
        return again

    with pytest.raises(SavingError, match="holds itself"):
        chain(layers.Lambda(endless(), output_shape=(2,))).save(tmp_path / "m.keras")
    with pytest.raises(SavingError, match=r"closure\[0\].*get_config"):
        keras.saving.serialize_keras_object(scaled(object()))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"code": "4wEAAAA="}, "bytes that are none"), ({"code": "!"}, "bytes that are none"),
        ({"code": None}, "bytes that are none"), ({"code": "6QMAAAA="}, "got a int"),
        ({"python": "2.7"}, "for Python 2.7"),
    ],
)  # fmt: skip
def test_damaged_code_is_refused(changes: Any, message: str) -> None:
    with pytest.warns(UserWarning, match="holds lambdas"):
        config = keras.saving.serialize_keras_object(scaled(1.0))
    config["config"].update(changes)
    with pytest.raises(SavingError, match=message):
        keras.saving.deserialize_keras_object(config, safe_mode=False)


@pytest.fixture
def layer_config() -> Any:
    with pytest.warns(UserWarning, match="holds lambdas"):
        return layers.serialize(layers.Lambda(scaled(2.0)))


def test_all_that_reads_configs_has_the_same_gate(layer_config: Any) -> None:
    model = {"name": "m", "layers": [layer_config]}
    whole = {"class_name": "Sequential", "module": "keras", "config": model}
    wrapped = {"layer": layer_config}
    readers = [
        lambda: layers.deserialize(layer_config),
        lambda: layers.Lambda.from_config(layer_config["config"]),
        lambda: layers.Lambda.from_config(layer_config["config"], safe_mode=None),
        lambda: layers.TimeDistributed.from_config(wrapped),
        lambda: keras.Sequential.from_config(model),
        lambda: keras.Model.from_config(model),
        lambda: keras.models.model_from_json(json.dumps(whole)),
        lambda: keras.saving.deserialize_keras_object(whole, safe_mode=None),
        lambda: keras.activations.get(layer_config["config"]["function"]),
    ]
    for read in readers:
        with pytest.raises(ValueError, match=REFUSED):
            read()


def test_clones_take_the_function_itself() -> None:
    model = chain(layers.Lambda(scaled(2.0)))
    for copy in (keras.models.clone_model(model), type(model).from_config(model.get_config())):
        assert copy.layers[0].function is model.layers[0].function


class Opens(layers.Layer):
    """Layer whose reader asks for code."""

    @classmethod
    def from_config(cls, config: Any, custom_objects: Any = None) -> Any:
        RAN.append("from_config")
        keras.saving.deserialize_keras_object(config["inner"], safe_mode=False)
        return cls()


def test_nothing_inside_a_load_changes_its_policy(layer_config: Any) -> None:
    config = {"class_name": "Opens", "config": {"inner": layer_config}}
    with pytest.raises(SavingError, match=REFUSED):
        keras.saving.deserialize_keras_object(config, {"Opens": Opens})
    assert RAN.pop() == "from_config"
    keras.saving.deserialize_keras_object(config, {"Opens": Opens}, safe_mode=False)
    with pytest.raises(SavingError, match=REFUSED):
        keras.saving.deserialize_keras_object(layer_config)


def test_a_policy_is_for_one_thread_and_ends(layer_config: Any) -> None:
    errors = []

    def other() -> None:
        try:
            layers.deserialize(layer_config)
        except SavingError as error:
            errors.append(error)

    with load_policy(False):
        assert layers.deserialize(layer_config).function(1.0) == 3.0
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    other()
    assert len(errors) == 2


def test_the_switch_allows_code_everywhere(layer_config: Any, path: Path) -> None:
    try:
        keras.config.enable_unsafe_deserialization()
        layers.deserialize(layer_config)
        keras.models.load_model(path)
    finally:
        settings.unsafe_deserialization = False
    with pytest.raises(SavingError, match=REFUSED):
        layers.deserialize(layer_config)


def test_good_models_are_saved_without_a_warning(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chain(layers.Dense(1), layers.Lambda(keras.ops.relu)).save(tmp_path / "m.keras")
    keras.models.load_model(tmp_path / "m.keras")
