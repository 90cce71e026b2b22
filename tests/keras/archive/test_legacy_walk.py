"""Paths in files of older versions are those that these versions wrote for the same model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from tests.keras.archive.zoo import wave
from thalweg import keras
from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.legacy_walk import older_parts_of

layers = keras.layers


class Inner(layers.Layer):
    """Layers in attributes of many kinds."""

    def __init__(self) -> None:
        super().__init__(name="in")
        self.zz, self._priv, self.Big = layers.Dense(3), layers.Dense(3), layers.Dense(3)
        self.aa, self.tup = [layers.Dense(3)], (layers.Dense(3),)

    def call(self, x: Any) -> Any:
        return self.tup[0](self.Big(self.aa[0](self._priv(self.zz(x)))))


In = type("In", (Inner,), {})


class Model(keras.Model):
    """The same, and a chain."""

    def __init__(self) -> None:
        super().__init__()
        self.zeta, self.alpha, self.mid, self._hid = (layers.Dense(3) for _ in range(4))
        self.beta = [layers.Dense(3), layers.Dense(3)]
        self.Cap, self.inn, self.d = layers.Dense(3), In(), {"a": layers.Dense(3)}
        self.s = keras.Sequential([layers.Dense(3), layers.Dense(3)])

    def call(self, x: Any) -> Any:
        for layer in (self.zeta, self.alpha, self.mid, self._hid, *self.beta, self.Cap, self.inn):
            x = layer(x)
        return self.s(self.d["a"](x))


def named(model: Any) -> dict[str, Any]:
    """Layers by what the files below say of them."""
    found = {n: getattr(model, n) for n in ("zeta", "alpha", "mid", "_hid", "Cap")}
    found |= {f"beta{i}": layer for i, layer in enumerate(model.beta)} | {"d.a": model.d["a"]}
    found |= {f"s{i}": layer for i, layer in enumerate(model.s.layers)}
    found |= {f"inn.{n}": getattr(model.inn, n) for n in ("zz", "_priv", "Big")}
    return found | {"inn.aa0": model.inn.aa[0], "inn.tup": model.inn.tup[0]}


# What real Keras wrote, by version.
INNER = "Big _priv aa/dense:aa0 tup/dense:tup zz"
PATHS = {
    "2.15": (
        "layers/dense:alpha layers/dense_1:_hid layers/dense_2:beta0 layers/dense_3:beta1 layers/dense_4:Cap "
        "layers/dense_5:d.a mid:mid s/layers/dense:s0 s/layers/dense_1:s1 zeta:zeta",
        "layers/in",
    ),
    "2.14": (
        "Cap:Cap _hid:_hid alpha:alpha beta/dense:beta0 beta/dense_1:beta1 d/dense:d.a layers/dense:zeta "
        "layers/dense_1:mid layers/sequential/_layer_checkpoint_dependencies/dense:s0 "
        "layers/sequential/_layer_checkpoint_dependencies/dense_1:s1",
        "inn",
    ),
    "2.12": (
        "Cap:Cap _hid:_hid alpha:alpha beta/dense:beta0 beta/dense_1:beta1 d/dense:d.a layers/dense:zeta "
        "layers/dense_2:mid layers/sequential/_layer_checkpoint_dependencies/dense:s0 "
        "layers/sequential/_layer_checkpoint_dependencies/dense_2:s1",
        "inn",
    ),
}


def paths_of(version: str) -> dict[str, str]:
    """Path of each layer in a file of a version."""
    words, inner = PATHS[version]
    found = dict(reversed(word.split(":")) for word in words.split())  # type: ignore[misc]
    for word in INNER.split():
        path, _, name = word.partition(":")
        found[f"inn.{name or path}"] = f"{inner}/{path}"
    return found


@pytest.mark.parametrize(("version", "order"), [("2.15", 0), ("2.14", 1), ("2.12", 2)])
def test_paths_are_those_of_the_version(version: str, order: int) -> None:
    model = Model()
    model(wave((2, 3)))
    parts = {id(part.item): part.path for part in list(older_parts_of(model))[order]}
    assert {name: parts[id(layer)] for name, layer in named(model).items()} == paths_of(version)


@pytest.mark.parametrize("version", list(PATHS))
def test_weights_are_found_by_them(version: str, tmp_path: Path) -> None:
    model = Model()
    model(wave((2, 3)))
    path = tmp_path / "m.weights.h5"
    with h5py.File(path, "w") as file:
        for number, where in enumerate(paths_of(version).values()):
            file[f"{where}/vars/0"] = np.full((3, 3), number, "float32")
            file[f"{where}/vars/1"] = np.full((3,), number, "float32")
    model.load_weights(path)
    layers_by_name = named(model)
    for number, name in enumerate(paths_of(version)):
        assert float(layers_by_name[name].bias[0]) == number
    with h5py.File(path, "a") as file:
        del file[f"{paths_of(version)['zeta']}/vars"]
    with pytest.raises(SavingError, match="missing"):
        model.load_weights(path)
