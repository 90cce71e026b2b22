"""`KerasFileEditor`: what it shows, changes and saves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import ml_dtypes
import numpy as np
import pytest

from thalweg import keras
from thalweg._src.base.errors import SavingError

layers = keras.layers
Editor = keras.saving.KerasFileEditor


def chain(*units: int, **kwargs: Any) -> Any:
    return keras.Sequential(
        [keras.Input((3,)), *(layers.Dense(n, **kwargs) for n in units)], name="chain"
    )


class Own(keras.Model):
    """Model with a weight of its own, and a layer in an attribute named as files name arrays."""

    def __init__(self) -> None:
        super().__init__(name="own")
        self.alpha = self.add_weight(shape=(2,), name="alpha")
        self.vars = layers.Dense(1)

    def call(self, inputs: Any) -> Any:
        return self.vars(inputs * self.alpha)


@pytest.fixture
def editor(tmp_path: Path) -> Any:
    chain(2, 4).save_weights(tmp_path / "m.weights.h5")
    return Editor(tmp_path / "m.weights.h5")


def saved(editor: Any, path: Path) -> dict[str, Any]:
    """Arrays by path after saving and reading again."""
    editor.save(path)
    found = {}
    with h5py.File(path) as file:
        file.visititems(lambda n, o: found.update({n: o[()]}) if hasattr(o, "shape") else None)
    return found


@pytest.mark.parametrize("name", ["m.weights.h5", "m.keras"])
def test_both_kinds_of_files_are_shown(name: str, tmp_path: Path, capsys: Any) -> None:
    model = chain(2, 4)
    (model.save if name.endswith("keras") else model.save_weights)(tmp_path / name)
    before = (tmp_path / name).read_bytes()
    capsys.readouterr()
    Editor(tmp_path / name).summary()
    kind = "model" if name.endswith("keras") else "weights"
    assert capsys.readouterr().out == (
        f"Keras {kind} file {name!r}\n"
        "Weights structure\n"
        "└─ layers\n"
        "   ├─ dense\n"
        "   │  ├─ 0: shape=(3, 2), dtype=float32\n"
        "   │  └─ 1: shape=(2,), dtype=float32\n"
        "   └─ dense_1\n"
        "      ├─ 0: shape=(2, 4), dtype=float32\n"
        "      └─ 1: shape=(4,), dtype=float32\n"
    )
    assert (tmp_path / name).read_bytes() == before


def test_what_is_saved_is_what_was_read(tmp_path: Path) -> None:
    model = Own()
    model(np.ones((1, 2)))
    model.save_weights(tmp_path / "a.weights.h5")
    editor = Editor(tmp_path / "a.weights.h5")
    editor.resave_weights(tmp_path / "b.weights.h5")
    copy = Own()
    copy(np.ones((1, 2)))
    copy.load_weights(tmp_path / "b.weights.h5")
    for one, two in zip(model.get_weights(), copy.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    assert editor.compare(copy)["match_count"] == 3


@pytest.mark.parametrize(
    ("reference", "counts", "printed"),
    [
        (lambda: chain(2, 4), (0, 4), "fits"),
        (lambda: chain(2, 5), (2, 2), "layers/dense_1/0: shape (2, 5) in the model, (2, 4) in the file"),
        (lambda: chain(2), (1, 2), "layers/dense_1: in the file, not in the model"),
        (lambda: chain(2, 4, 6), (1, 4), "layers/dense_2: in the model, not in the file"),
        (lambda: chain(2, 4, use_bias=False), (2, 2), "dense/1: shape None in the model, (2,) in the file"),
    ],
)
def test_models_are_compared(
    reference: Any, counts: tuple[int, int], printed: str, editor: Any, capsys: Any
) -> None:
    found = editor.compare(reference())
    errors, matches = counts
    assert found == {
        "status": "error" if errors else "success", "error_count": errors, "match_count": matches,
    }  # fmt: skip
    assert printed in capsys.readouterr().out


@pytest.mark.parametrize("name", ["dense_1", "layers/dense_1", "/layers/dense_1"])
def test_objects_are_renamed(name: str, editor: Any, tmp_path: Path) -> None:
    editor.rename_object(name, "out")
    assert sorted(saved(editor, tmp_path / "n.weights.h5")) == [
        "layers/dense/vars/0", "layers/dense/vars/1", "layers/out/vars/0", "layers/out/vars/1",
    ]  # fmt: skip


def test_all_in_an_object_is_renamed_and_deleted_with_it(editor: Any, tmp_path: Path) -> None:
    editor.add_object("layersmore", {"0": np.ones(1)})
    editor.rename_object("layers", "parts")
    editor.delete_object("dense")
    found = saved(editor, tmp_path / "n.weights.h5")
    assert sorted(found) == ["layersmore/vars/0", "parts/dense_1/vars/0", "parts/dense_1/vars/1"]
    editor.delete_object("parts")
    assert list(saved(editor, tmp_path / "n.weights.h5")) == ["layersmore/vars/0"]


def test_objects_and_weights_are_added(editor: Any, tmp_path: Path) -> None:
    half = np.ones(2, ml_dtypes.bfloat16)
    editor.add_object("layers/dense_2", {"0": np.ones((4, 1), "float32")})
    editor.add_weights("layers/dense_2", {"1": np.zeros(1, "float32"), "half": half})
    editor.add_object("layers/dense_2/inner", {"0": [1, 2]})
    editor.add_weights("dense", {"1": np.full(2, 7, "float32")})
    found = saved(editor, tmp_path / "n.weights.h5")
    assert found["layers/dense_2/vars/0"].shape == (4, 1)
    np.testing.assert_array_equal(found["layers/dense_2/inner/vars/0"], [1, 2])
    np.testing.assert_array_equal(found["layers/dense/vars/1"], [7, 7])
    editor = Editor(tmp_path / "n.weights.h5")
    editor.delete_weight("dense_2", "half")
    editor.delete_object("inner")
    editor.save(tmp_path / "n.weights.h5")
    chain(2, 4, 1).load_weights(tmp_path / "n.weights.h5")


ARRAY = {"0": np.ones(1)}
REFUSED: list[tuple[str, tuple[Any, ...], str]] = [
    ("rename_object", ("nope", "x"), "name or path of an object"),
    ("rename_object", ("dense", "a/b"), "without slashes"),
    ("rename_object", ("dense", "vars"), "other than 'vars'"),
    ("rename_object", ("dense", ".."), "without slashes"),
    ("rename_object", ("dense", "dense_1"), "'layers/dense_1' exists"),
    ("delete_object", ("layers/nope",), "name or path of an object"),
    ("delete_object", ("",), "name or path of an object"),
    ("add_object", ("layers/x/y", ARRAY), "expected an object 'layers/x'"),
    ("add_object", ("layers/dense", ARRAY), "which exists"),
    ("add_object", ("layers/x", [1]), "expected a dict"),
    ("add_object", ("layers/x", {"0": "text"}), "array of numbers"),
    ("add_object", ("layers/x", {"a/b": 1}), "without slashes"),
    ("add_weights", ("nope", ARRAY), "name or path of an object"),
    ("delete_weight", ("dense", "7"), r"it has \['0', '1'\]"),
    ("save", ("m.h5",), "'.weights.h5'"),
]


@pytest.mark.parametrize(("method", "args", "message"), REFUSED)
def test_misuse_is_refused(method: str, args: Any, message: str, editor: Any) -> None:
    with pytest.raises(SavingError, match=message):
        getattr(editor, method)(*args)
    assert editor.compare(chain(2, 4))["status"] == "success"


def test_a_name_that_several_have_needs_a_path(editor: Any) -> None:
    editor.add_object("layers/dense/dense", ARRAY)
    with pytest.raises(SavingError, match=r"which 2 have; give the path: \['layers/dense', "):
        editor.delete_object("dense")
    editor.delete_object("layers/dense/dense")
    editor.delete_object("dense")


def test_files_pass_the_gate(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="found no such file"):
        Editor(tmp_path / "m.weights.h5")
    with pytest.raises(SavingError, match=r"'.keras' or '.weights.h5'"):
        Editor(tmp_path / "m.h5")
    with h5py.File(tmp_path / "m.weights.h5", "w") as file:
        file["layers"] = h5py.ExternalLink("secret.h5", "/")
    with pytest.raises(SavingError, match="a link to elsewhere"):
        Editor(tmp_path / "m.weights.h5")
    with h5py.File(tmp_path / "m.weights.h5", "w") as file:
        file["layers/dense/0"] = np.ones(1)
    with pytest.raises(SavingError, match="where none belong"):
        Editor(tmp_path / "m.weights.h5")
