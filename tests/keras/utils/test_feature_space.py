"""Laws of `FeatureSpace`. Values: `tests/golden/test_keras_feature_space.py`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from tests.golden.cases.keras_feature_space import TABLE, made, table

keras = tf.keras
HERE = Path(__file__).parent
PYTHON = os.environ.get("KERAS_PYTHON")
READ_BY_KERAS = """
import json, sys
import keras, numpy
rows = json.loads(sys.argv[2])
print(json.dumps(numpy.asarray(keras.models.load_model(sys.argv[1])(rows)).tolist()))
"""
FeatureSpace = keras.utils.FeatureSpace


def space_of(**kwargs: Any) -> Any:
    space = FeatureSpace({"n": "float_normalized", "s": "string_categorical"}, **kwargs)
    space.adapt({"n": np.array([0.0, 2.0]), "s": np.array(["a", "b"])})
    return space


@pytest.mark.parametrize("mode", ["concat", "dict"])
def test_files_keep_what_was_learned(tmp_path: Path, mode: str) -> None:
    space = made(tf, np, mode)
    path = tmp_path / "space.keras"
    space.save(path)
    copy = keras.models.load_model(path)
    assert type(copy) is FeatureSpace
    assert copy.name == space.name
    one, two = space(table(np)), copy(table(np))
    for a, b in zip(tf.nest.flatten(one), tf.nest.flatten(two), strict=True):
        assert (a.numpy() == b.numpy()).all()


def test_a_file_of_keras_computes_the_same() -> None:
    """See `record_feature_space.py`."""
    space = keras.models.load_model(HERE / "feature_space.keras")
    assert (space(table(np)).numpy() == made(tf, np)(table(np)).numpy()).all()


@pytest.mark.slow
@pytest.mark.skipif(PYTHON is None, reason="KERAS_PYTHON names no Python with Keras")
def test_keras_opens_a_file_from_here(tmp_path: Path) -> None:
    space = made(tf, np)
    space.save(tmp_path / "space.keras")
    done = subprocess.run(
        [str(PYTHON), "-c", READ_BY_KERAS, str(tmp_path / "space.keras"), json.dumps(TABLE)],
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    np.testing.assert_allclose(found, space(TABLE).numpy(), atol=1e-6)


def test_inside_a_model_that_trains_and_is_saved(tmp_path: Path) -> None:
    space = made(tf, np)
    outputs = keras.layers.Dense(1)(space.get_encoded_features())
    model = keras.Model(space.get_inputs(), outputs)
    model.compile("sgd", "mse")
    data = tf.data.Dataset.from_tensor_slices((table(np), np.ones(5, "float32"))).batch(5)
    assert np.isfinite(model.fit(data, verbose=0).history["loss"][0])
    rows = {column: np.asarray(values)[:, None] for column, values in table(np).items()}
    wanted = model.predict(rows, verbose=0)
    # The same from features that were encoded before.
    head = keras.Sequential([keras.Input((space.get_encoded_features().shape[-1],)), model.layers[-1]])
    np.testing.assert_allclose(head(space(TABLE)).numpy(), wanted, atol=1e-5)
    model.save(tmp_path / "model.keras")
    copy = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(copy.predict(rows, verbose=0), wanted, atol=1e-6)


def test_symbolic_tensors_may_be_given() -> None:
    space = space_of()
    inputs = {"n": keras.Input((1,)), "s": keras.Input((1,), dtype="string")}
    model = keras.Model(inputs, space(inputs))
    found = model({"n": tf.constant([[1.0]]), "s": tf.constant([["b"]])})
    assert (found.numpy() == space({"n": [1.0], "s": ["b"]}).numpy()).all()


def test_adapting_again_takes_the_place_of_what_was_learned() -> None:
    space = space_of()
    assert space({"n": 1.0, "s": "a"}).shape == (4,)
    rows = {"n": [0.0, 4.0, 8.0], "s": ["a", "b", "c"]}
    space.adapt(tf.data.Dataset.from_tensor_slices(rows).batch(2))
    assert space({"n": 4.0, "s": "c"}).shape == (5,)
    assert space({"n": 4.0, "s": "c"}).numpy()[0] == 0
    assert space.get_encoded_features().shape == (None, 5)


def test_further_entries_are_left_out() -> None:
    space = space_of()
    space.adapt(tf.data.Dataset.from_tensor_slices({"n": [0.0], "s": ["a"], "more": [3]}))
    assert space({"n": 0.0, "s": "a", "more": 3}).shape == (3,)


def test_layers_that_were_given_what_they_know_are_not_adapted() -> None:
    lookup = keras.layers.StringLookup(vocabulary=["b", "a"])
    scale = keras.layers.Normalization(mean=1.0, variance=4.0)
    features = {
        "s": FeatureSpace.feature("string", lookup, "one_hot"),
        "n": FeatureSpace.feature("float32", scale, "float"),
        "d": FeatureSpace.float_discretized(None, [0.5]),
    }
    row = {"s": "b", "n": 3.0, "d": 0.1}
    wanted = [1.0, 0.0, 1.0, 0.0, 1.0, 0.0]
    assert FeatureSpace(features)(row).numpy().tolist() == wanted
    space = FeatureSpace(features)
    space.adapt({key: np.array([value]) for key, value in row.items()})
    assert space(row).numpy().tolist() == wanted


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: FeatureSpace({}), "features"),
        (lambda: FeatureSpace({"f": "floaty"}), "float_normalized"),
        (lambda: FeatureSpace({"f": "float"}, output_mode="list"), "output_mode"),
        (lambda: FeatureSpace({"s": "string_hashed"}, crosses=[("s", "t")]), "'t'"),
        (lambda: FeatureSpace({"s": "string_hashed"}, crosses=["s"]), "feature_names"),
        (lambda: FeatureSpace({"s": "string_hashed"}, crosses=[("s",)]), "two names"),
        (
            lambda: FeatureSpace({"s": "string_hashed", "f": "float"}, crosses=[("s", "f")]),
            "categories",
        ),
        (lambda: FeatureSpace.cross(("a", "b"), 3, "float"), "output_mode"),
        (lambda: FeatureSpace.feature("string", 3, "float"), "preprocessor"),
        (lambda: FeatureSpace({"n": "float_normalized"})({"n": 1.0}), "adapt"),
        (lambda: FeatureSpace({"n": "float_normalized"}).get_encoded_features(), "adapt"),
        (lambda: space_of()([1.0]), "dictionary"),
        (lambda: space_of()({"n": 1.0}), r"without \['s'\]"),
        (lambda: space_of()({"n": "a", "s": "a"}), "'n' of dtype float32"),
        (lambda: space_of()({"n": 1.0, "s": 1}), "'s' of dtype string"),
        (lambda: space_of().adapt([1.0]), "Dataset of dictionaries"),
        (
            lambda: space_of().adapt(
                tf.data.Dataset.from_tensor_slices(({"n": [1.0], "s": ["a"]}, [1]))
            ),
            "leave out the labels",
        ),
        (lambda: space_of().adapt(tf.data.Dataset.from_tensor_slices({"n": [1.0]})), "columns"),
        (
            lambda: FeatureSpace({"f": FeatureSpace.integer_hashed(3, "int"), "g": "float"})(
                {"f": 1, "g": 1.0}
            ),
            "concatenate",
        ),
        (
            lambda: FeatureSpace(
                {"f": FeatureSpace.feature("float32", keras.layers.Identity(), "one_hot")}
            )({"f": 1.0}),
            "expected integers",
        ),
        (
            lambda: FeatureSpace(
                {"f": FeatureSpace.feature("int32", keras.layers.Identity(), "one_hot")}
            )({"f": 1}),
            "number of categories",
        ),
    ],
)
def test_misuse(make: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()
