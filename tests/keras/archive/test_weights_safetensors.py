"""Weights in files of safetensors: what the library reads and writes is what is read and written here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from safetensors.numpy import load_file, safe_open, save_file

from thalweg import keras
from thalweg._src.base.errors import SavingError

layers = keras.layers


def small(**kwargs: Any) -> Any:
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4), layers.BatchNormalization(), layers.Dense(2, **kwargs)]
    )
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "mse")
    return model


@pytest.fixture
def trained() -> Any:
    model = small()
    model.fit(np.ones((4, 3)), np.ones((4, 2)), verbose=0)
    return model


def test_the_library_reads_what_is_written(trained: Any, tmp_path: Path) -> None:
    trained.save_weights(tmp_path / "m.safetensors")
    found = load_file(tmp_path / "m.safetensors")
    names = [name for name in found if not name.startswith("optimizer/")]
    assert sorted(names) == [
        "layers/batch_normalization/beta", "layers/batch_normalization/gamma",
        "layers/batch_normalization/moving_mean", "layers/batch_normalization/moving_variance",
        "layers/dense/bias", "layers/dense/kernel", "layers/dense_1/bias", "layers/dense_1/kernel",
    ]  # fmt: skip
    np.testing.assert_array_equal(found["layers/dense/kernel"], trained.layers[0].kernel.numpy())
    np.testing.assert_array_equal(found["optimizer/0"], 1)
    with safe_open(tmp_path / "m.safetensors", "numpy") as file:
        assert file.get_slice("layers/dense/kernel").get_shape() == [3, 4]


def test_everything_comes_back(trained: Any, tmp_path: Path) -> None:
    keras.saving.save_weights(trained, tmp_path / "m.safetensors")
    copy = small()
    keras.saving.load_weights(copy, tmp_path / "m.safetensors")
    for one, two in zip(trained.get_weights(), copy.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    for one, two in zip(trained.optimizer.variables, copy.optimizer.variables, strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())


@pytest.mark.parametrize("names", [("kernel", "bias"), ("0", "1"), ("kernel", "1")])
def test_what_the_library_writes_is_read(names: tuple[str, str], tmp_path: Path) -> None:
    arrays = {
        f"layers/dense/{names[0]}": np.arange(6, dtype="f4").reshape(3, 2),
        f"layers/dense/{names[1]}": np.ones(2, "f4"),
    }
    save_file(arrays, tmp_path / "m.safetensors", metadata={"format": "np"})
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2)])
    model.load_weights(tmp_path / "m.safetensors")
    np.testing.assert_array_equal(model(np.ones((1, 3))), [[7, 10]])


class Named(layers.Layer):
    """Layer with names that do not tell its Variables apart, or change from run to run."""

    def __init__(self, own: bool = False) -> None:
        super().__init__(name="named")
        self.own = own
        for name in ("a", "a", "b/c", "1", None):
            self.add_weight(shape=(1,), initializer="random_normal", name=name)
        self.add_weight(shape=(1,), dtype="bfloat16", name="half")

    def call(self, inputs: Any) -> Any:
        return inputs


class Storing(Named):
    """Layer that gives its arrays names of its own, one of which is that of a Variable."""

    def save_own_variables(self, store: Any) -> None:
        store["half"] = np.full(1, 3, "complex64")
        store["0"] = np.asarray(self.weights[0])

    def load_own_variables(self, store: Any) -> None:
        assert store["half"].dtype == "complex64"
        self.weights[0].assign(store["0"])


def test_other_variables_are_called_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    model, copy = keras.Sequential([Named()]), keras.Sequential([Named()])
    for one in (model, copy):
        one.build((None, 1))
    model.save_weights(path)
    with safe_open(path, "numpy") as file:
        assert sorted(file.keys()) == [
            *(f"layers/named/{i}" for i in range(5)), "layers/named/half",
        ]  # fmt: skip
        assert file.get_tensor("layers/named/half").dtype == ml_dtypes.bfloat16
    copy.load_weights(path)
    np.testing.assert_array_equal(copy.layers[0].weights[4], model.layers[0].weights[4])


def test_layers_that_store_arrays_in_their_own_way_do_so_here(tmp_path: Path) -> None:
    model = keras.Sequential([Storing()])
    model.build((None, 1))
    model.save_weights(tmp_path / "m.safetensors")
    before = model.layers[0].weights[0].numpy()
    model.layers[0].weights[0].assign([0.0])
    model.load_weights(tmp_path / "m.safetensors")
    np.testing.assert_array_equal(model.layers[0].weights[0], before)


def test_what_does_not_fit_changes_nothing(tmp_path: Path) -> None:
    trained = small()
    trained.save_weights(tmp_path / "m.safetensors")
    arrays = load_file(tmp_path / "m.safetensors")
    other = small(use_bias=False)
    before = other.get_weights()
    with pytest.raises(SavingError, match="misshapen.*layers/dense_1"):
        other.load_weights(tmp_path / "m.safetensors")
    for one, two in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    with pytest.warns(UserWarning, match="misshapen"):
        other.load_weights(tmp_path / "m.safetensors", skip_mismatch=True)
    np.testing.assert_array_equal(other.layers[0].kernel, trained.layers[0].kernel)
    del arrays["layers/dense/bias"]
    save_file(arrays, tmp_path / "less.safetensors")
    with pytest.raises(SavingError, match="layers/dense 'dense"):
        trained.load_weights(tmp_path / "less.safetensors")


def test_one_array_under_two_names_is_refused(trained: Any, tmp_path: Path) -> None:
    trained.save_weights(tmp_path / "m.safetensors")
    arrays = load_file(tmp_path / "m.safetensors")
    arrays["layers/dense/0"] = arrays["layers/dense/kernel"]
    save_file(arrays, tmp_path / "m.safetensors")
    with pytest.raises(SavingError, match="which are one"):
        trained.load_weights(tmp_path / "m.safetensors")


def header(**arrays: Any) -> bytes:
    text = json.dumps(arrays).encode()
    return len(text).to_bytes(8, "little") + text


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff" * 8, b"\0" * 8, header() + b"x",
        header(a={"dtype": "F32", "shape": [1 << 40], "data_offsets": [0, 1 << 42]}),
        header(a={"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}),
        header(a={"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}) + b"1234",
        header(a={"dtype": "O", "shape": [1], "data_offsets": [0, 4]}) + b"1234",
    ],
)  # fmt: skip
def test_damaged_files_are_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.safetensors"
    path.write_bytes(data)
    with pytest.raises(SavingError, match="expected a whole file"):
        small().load_weights(path)


def test_names_of_files(trained: Any, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="found no such file"):
        trained.load_weights(tmp_path / "m.safetensors")
    with pytest.raises(SavingError, match="'.weights.json'"):
        trained.save_weights(tmp_path / "m.safetensors", max_shard_size=1)
    with pytest.raises(SavingError, match="'.weights.h5' or '.safetensors'"):
        trained.save_weights(tmp_path / "m.npz")
