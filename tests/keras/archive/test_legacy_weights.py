"""Weights in the layout of Keras 2: files of real Keras, and files that differ from the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import thalweg as tf
from tests.keras.archive import legacy_zoo
from tests.keras.archive.legacy_archives import assert_close, members, outputs, placed, recorded
from tests.keras.archive.zoo import wave
from thalweg import keras
from thalweg._src.base.errors import SavingError

layers = keras.layers
# Keras 2 has another hard sigmoid, and layers that are drawn in a graph have other weights than ours.
OTHERS = {("2_15", "convolving_memory"), ("2_15", "graph_ops")}


CASES = [
    pytest.param(
        version, name, ending, id=f"{version}-{name}{ending}",
        marks=pytest.mark.slow if ending == ".h5" else (),
    )
    for version, endings in (("2_15", ("_weights.h5", ".h5", ".weights.h5")), ("3_3", (".h5", ".weights.h5")))
    for name in legacy_zoo.MODELS
    for ending in endings
    if f"{name}{ending}" in members(version) and (version, name) not in OTHERS
]


@pytest.mark.parametrize(("version", "name", "ending"), CASES)
def test_weights_of_keras_fit_the_same_model_made_here(
    version: str, name: str, ending: str, tmp_path: Path
) -> None:
    path = placed(version, f"{name}{ending}", tmp_path)
    model, inputs = legacy_zoo.MODELS[name](keras, tf)
    for weight in model.weights:
        weight.assign(np.zeros(weight.shape, "float32"))
    model.load_weights(path)
    tolerance = {"halves": 2e-2, "scaled": 2e-3}.get(name, 1e-6)
    assert_close(outputs(model, inputs), recorded(version, name, "y"), tolerance)


def written(path: Path, stored: dict[str, dict[str, Any]], group: str = "/", chunks: int = 0) -> Path:
    """A file of weights as Keras 2 writes it, of arrays by layer and name."""

    def note(where: Any, name: str, values: list[str]) -> None:
        data = np.array([v.encode() for v in values]) if values else np.zeros(0)
        if chunks:
            for i, part in enumerate(np.array_split(data, chunks)):
                where.attrs[f"{name}{i}"] = part
        else:
            where.attrs[name] = data

    with h5py.File(path, "w") as file:
        root = file.require_group(group)
        note(root, "layer_names", list(stored))
        root.attrs["keras_version"] = b"2.4.0"
        for layer, arrays in stored.items():
            inner = root.create_group(layer)
            note(inner, "weight_names", list(arrays))
            for name, array in arrays.items():
                inner[name] = array
    return path


def dense(name: str, value: float = 1.0, units: int = 2) -> dict[str, Any]:
    kernel, bias = np.full((3, units), value, "float32"), np.full((units,), -value, "float32")
    return {f"{name}/kernel:0": kernel, f"{name}/bias:0": bias}


def pair(*names: str, units: int = 2) -> Any:
    inputs = keras.Input((3,))
    model = keras.Model(inputs, [layers.Dense(units, name=name)(inputs) for name in names])
    model.set_weights([np.zeros(w.shape, "float32") for w in model.weights])
    return model


def first_values(model: Any) -> list[float]:
    return [float(layer.kernel[0, 0]) for layer in model.layers if layer.weights]


@pytest.mark.parametrize("chunks", [0, 2])
@pytest.mark.parametrize("group", ["/", "model_weights"])
def test_layers_with_other_names_go_by_their_order(group: str, chunks: int, tmp_path: Path) -> None:
    stored = {"x": dense("x", 1.0), "relu": {}, "y": dense("y", 2.0)}
    path = written(tmp_path / "w.hdf5", stored, group, chunks)
    model = pair("a", "b")
    model.load_weights(path)
    assert first_values(model) == [1.0, 2.0]
    assert float(model.layers[-1].bias[0]) == -2.0


def test_layers_with_the_same_names_go_by_them(tmp_path: Path) -> None:
    path = written(tmp_path / "w.h5", {"b": dense("b", 1.0), "a": dense("a", 2.0)})
    model = pair("a", "b")
    model.load_weights(path)
    assert first_values(model) == [2.0, 1.0]


def test_names_with_slashes_are_those_with_underscores(tmp_path: Path) -> None:
    stored = {"conv2/bn": dense("conv2/bn", 1.0), "conv1/bn": dense("conv1/bn", 2.0)}
    path = written(tmp_path / "w.h5", stored)
    model = pair("conv1_bn", "conv2_bn")
    model.load_weights(path)
    assert first_values(model) == [2.0, 1.0]


def test_by_name_leaves_out_what_only_one_side_has(tmp_path: Path) -> None:
    path = written(tmp_path / "w.h5", {"b": dense("b", 1.0), "c": dense("c", 2.0)})
    model = pair("a", "b")
    model.load_weights(path, by_name=True)
    assert first_values(model) == [0.0, 1.0]
    with pytest.warns(UserWarning, match="0 mapped, 1 missing: 'z'.*2 unexpected: 'b'"):
        pair("z").load_weights(path, by_name=True)


def test_by_name_refuses_what_does_not_fit_unless_told_to_skip_it(tmp_path: Path) -> None:
    path = written(tmp_path / "w.h5", {"a": dense("a", 1.0, 4), "b": dense("b", 2.0)})
    model = pair("a", "b")
    message = r"1 misshapen: 'a' \(a/kernel:0 expected \(3, 2\), got \(3, 4\); a/bias:0"
    for by_name in (True, False):
        with pytest.raises(SavingError, match=message):
            model.load_weights(path, by_name=by_name)
        assert first_values(model) == [0.0, 0.0]
        with pytest.warns(UserWarning, match=message):
            model.load_weights(path, by_name=by_name, skip_mismatch=True)
        assert first_values(model) == [0.0, 2.0]
        model = pair("a", "b")


def test_other_numbers_of_layers_and_arrays_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "w.h5", {"a": dense("a"), "b": dense("b")})
    with pytest.raises(SavingError, match=r"got 2, \['a', 'b'\], for 1, \['a'\]"):
        pair("a").load_weights(path)
    path = written(tmp_path / "w.h5", {"a": {"a/kernel:0": np.zeros((3, 2), "float32")}})
    with pytest.raises(SavingError, match=r"expected \(3, 2\), \(2,\), got \(3, 2\)"):
        pair("a").load_weights(path)


def nested(trainable: Any) -> Any:
    i, j = keras.Input((3,)), keras.Input((3,))
    x = layers.BatchNormalization(name="norm")(layers.Dense(3, name="d", use_bias=False)(i))
    inner = keras.Model(i, layers.BatchNormalization(name="last")(x), name="inner")
    for name in trainable:
        inner.get_layer(name).trainable = False
    return keras.Model(j, inner(j))


@pytest.mark.parametrize("frozen", [(), ("d",), ("norm",), ("d", "norm", "last")], ids=str)
def test_frozen_layers_in_inner_models_find_their_arrays(frozen: Any, tmp_path: Path) -> None:
    """Keras writes what is trained first, so that the order of arrays depends on what was frozen."""
    source = nested(frozen)
    source.set_weights([wave(tuple(w.shape), i) for i, w in enumerate(source.weights)])
    inner = source.get_layer("inner")
    order = [*inner.trainable_weights, *inner.non_trainable_weights]
    for prefix in ("", "other_"):
        stored = {prefix + "/".join(w.path.split("/")[-2:]) + ":0": w.numpy() for w in order}
        path = written(tmp_path / "w.h5", {"inner": stored})
        model = nested(frozen if prefix else ())
        model.load_weights(path)
        for one, two in zip(source.get_weights(), model.get_weights(), strict=True):
            np.testing.assert_array_equal(one, two)


def test_a_file_in_the_layout_of_keras_3_needs_no_other_ending(tmp_path: Path) -> None:
    model = pair("a", "b")
    model.set_weights([wave(tuple(w.shape)) for w in model.weights])
    model.save_weights(tmp_path / "w.weights.h5")
    (tmp_path / "w.weights.h5").rename(tmp_path / "w.h5")
    other = pair("c", "d")
    other.load_weights(tmp_path / "w.h5")
    assert first_values(other) == first_values(model)
    with pytest.raises(SavingError, match="by_name=False"):
        other.load_weights(tmp_path / "w.h5", by_name=True)


def test_the_old_layout_is_known_by_what_is_in_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "best.weights.h5", {"x": dense("x", 3.0)})
    model = pair("a")
    model.load_weights(path)
    assert first_values(model) == [3.0]


def damaged(path: Path, change: Any) -> Path:
    written(path, {"a": dense("a")})
    with h5py.File(path, "a") as file:
        change(file)
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f["a"].attrs.pop("weight_names"), "no 'weight_names' for 'a'"),
        (lambda f: f.pop("a"), "no 'weight_names' for 'a'"),
        (lambda f: f.pop("a/a/bias:0"), "no array 'a/a/bias:0'"),
        (lambda f: f.attrs.update(layer_names=np.array([b"a", b"a"])), "one layer twice"),
        (lambda f: f.attrs.update(layer_names=np.array([b"../a"])), "weight_names"),
        (lambda f: f.attrs.update(keras_version=b"1.2.2"), "of version '1.2.2'"),
        (lambda f: f.attrs.update(layer_names=np.zeros(3)), "misshapen|unexpected|missing"),
        (lambda f: f.update({"b": h5py.SoftLink("/a")}), "a link to elsewhere"),
    ],
)  # fmt: skip
def test_damaged_lists_are_refused(change: Any, message: str, tmp_path: Path) -> None:
    model = pair("a")
    with pytest.raises(SavingError, match=message):
        model.load_weights(damaged(tmp_path / "w.h5", change))
    assert first_values(model) == [0.0]
