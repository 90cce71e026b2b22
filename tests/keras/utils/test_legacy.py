"""Configs in the form of Keras 2: what is written is read, from the tables that are given."""

from __future__ import annotations

from typing import Any

import pytest

import thalweg as tf
from thalweg._src.base.errors import SavingError, UnknownNameError
from thalweg.keras.utils.legacy import deserialize_keras_object, serialize_keras_object


class Part:
    """An object that holds another."""

    def __init__(self, size: int, inner: Any = None, function: Any = None) -> None:
        self.size = size
        self.inner = inner
        self.function = function

    def get_config(self) -> dict[str, Any]:
        return {"size": self.size, "inner": self.inner, "function": self.function}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Part:
        return cls(**config)


def double(x: Any) -> Any:
    return x * 2


TABLE = {"Part": Part, "double": double}


def test_objects_and_functions_are_written_by_name() -> None:
    assert serialize_keras_object(None) is None
    assert serialize_keras_object(tf.keras.activations.relu) == "relu"
    written = serialize_keras_object(Part(1, Part(2), double))
    inner = {
        "class_name": "Part",
        "config": {"size": 2, "inner": None, "function": None},
        "__passive_serialization__": True,
    }
    config = {"size": 1, "inner": inner, "function": "double"}
    assert written == {"class_name": "Part", "config": config}


@pytest.mark.parametrize("kind", ["module_objects", "custom_objects"])
def test_round_trip(kind: str) -> None:
    tables = {kind: TABLE}
    read = deserialize_keras_object(serialize_keras_object(Part(1, Part(2), double)), **tables)
    assert (type(read), read.size, read.inner.size, read.function) == (Part, 1, 2, double)
    text = {"class_name": "Part", "config": {"size": "text", "inner": "Part"}}
    read = deserialize_keras_object(text, **tables)
    assert (read.size, read.inner) == ("text", "Part")
    assert deserialize_keras_object("double", **tables) is double


def test_layer_round_trip() -> None:
    written = serialize_keras_object(tf.keras.layers.Dense(3, activation="relu", name="scores"))
    assert written["class_name"] == "Dense"
    layer = deserialize_keras_object(written, vars(tf.keras.layers))
    assert (layer.units, layer.name, layer.activation) == (3, "scores", tf.keras.activations.relu)


def test_classes_are_called_where_they_stand_for_themselves() -> None:
    assert type(deserialize_keras_object("Zeros", vars(tf.keras.initializers))) is tf.keras.initializers.Zeros
    assert deserialize_keras_object(None) is None
    assert deserialize_keras_object(double) is double


def test_custom_objects_go_before_module_objects_and_reach_from_config() -> None:
    class Other(Part):
        @classmethod
        def from_config(
            cls, config: dict[str, Any], custom_objects: dict[str, Any] | None = None
        ) -> Other:
            return cls(3, custom_objects)

    written = {"class_name": "Part", "config": {}}
    read = deserialize_keras_object(written, TABLE, {"Part": Other})
    assert type(read) is Other
    assert read.inner == {"Part": Other}


@pytest.mark.parametrize("value", [3, "text", object(), lambda x: x], ids=["3", "text", "object", "lambda"])
def test_what_has_no_config_and_no_name_cannot_be_written(value: Any) -> None:
    with pytest.raises(SavingError, match="expected an object with get_config"):
        serialize_keras_object(value)


def test_unknown_names_are_errors_that_suggest() -> None:
    with pytest.raises(UnknownNameError, match="known loss, got 'dubble'.*Did you mean 'double'"):
        deserialize_keras_object("dubble", TABLE, printable_module_name="loss")
    with pytest.raises(UnknownNameError, match="got 'os.system'"):
        deserialize_keras_object({"class_name": "os.system", "config": {}}, TABLE)


@pytest.mark.parametrize("identifier", [3, {"class_name": "Part"}, {"config": {}}], ids=str)
def test_other_forms_are_errors(identifier: Any) -> None:
    with pytest.raises(SavingError, match="'class_name' and 'config'"):
        deserialize_keras_object(identifier, TABLE)
