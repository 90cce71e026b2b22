"""For each advisory about Keras' files of 2024 to 2026 a file that does what it describes, and is refused.

Rows about archives that `get_file` unpacks are tested there, those about ``.h5`` files of Keras 2 with that
format.
"""

from __future__ import annotations

import inspect
import json
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from tests.keras.archive.hostile import (
    code,
    entry,
    members_of,
    packed,
    refused,
    small,
    with_layers,
    with_weights,
)
from thalweg import keras
from thalweg._src.base.errors import SavingError
from thalweg._src.core.opdef import registry
from thalweg._src.keras import cloning
from thalweg._src.keras.archive import h5_gate, zip_gate
from thalweg._src.keras.archive.hdf5 import blocks
from thalweg._src.keras.base import serialization
from thalweg._src.keras.base.settings import settings

TOUCH = "__import__('pathlib').Path('touched').touch()"


def load_weights(path: Path) -> None:
    small().load_weights(path)


def edit(path: Path) -> None:
    keras.saving.KerasFileEditor(path)


def secret(folder: Path) -> Path:
    path = folder / "secret.bin"
    path.write_bytes(b"x" * 64)
    return path


def test_cve_2024_3660_code_of_lambdas(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    path = with_layers(tmp_path / "m.keras", entry("keras.layers", "Lambda", {"function": code(TOUCH)}))
    refused(path, "the Python code of a lambda, which is not run")
    path = with_layers(tmp_path / "m.keras", activation=code(TOUCH))
    refused(path, "the Python code of a lambda, which is not run")
    # The code would do what it says.
    keras.saving.deserialize_keras_object(code(TOUCH), safe_mode=False)()
    assert (tmp_path / "touched").exists()


@pytest.mark.parametrize(
    ("module", "name", "config"),
    [
        ("os", "system", "touch touched"), ("subprocess", "Popen", {"args": ["touch", "touched"]}),
        ("builtins", "eval", TOUCH), ("builtins", "function", "eval"), ("importlib", "import_module", "this"),
        ("keras.src.utils.python_utils", "func_load", {"code": ""}),
        ("thalweg._src.base.download", "download", {"url": "http://localhost/"}),
    ],
)  # fmt: skip
def test_cve_2025_1550_modules_and_functions_in_config(
    module: str, name: str, config: Any, tmp_path: Path
) -> None:
    evil = entry(module, name, config)
    refused(with_layers(tmp_path / "m.keras", evil), "no class or function")
    refused(with_layers(tmp_path / "m.keras", kernel_initializer=evil), "no class or function")
    call = entry("keras.layers", "Lambda", {"function": evil | {"class_name": "function", "config": name}})
    refused(with_layers(tmp_path / "m.keras", call), "no class or function")


GADGETS = [
    ("keras.utils", "get_file", {"fname": "x", "origin": "http://localhost/x"}),
    ("keras.saving", "load_model", {"filepath": "secret.bin"}),
    ("keras.models", "load_model", {"filepath": "secret.bin"}),
    ("keras.saving", "save_model", {"filepath": "touched"}),
    ("keras.utils", "image_dataset_from_directory", {"directory": "."}),
    ("keras.datasets.mnist", "load_data", {}), ("keras.preprocessing.image", "save_img", {"path": "x"}),
    ("keras.callbacks", "CSVLogger", {"filename": "touched"}), ("keras.callbacks", "BackupAndRestore", {}),
    ("thalweg.ops", "read_file", {"filename": "secret.bin"}), ("thalweg.ops", "write_file", {}),
]  # fmt: skip


@pytest.mark.parametrize(("module", "name", "config"), GADGETS)
def test_cve_2025_8747_gadgets_in_the_allow_list(
    module: str, name: str, config: Any, tmp_path: Path
) -> None:
    secret(tmp_path)
    evil = entry(module, name, config)
    refused(with_layers(tmp_path / "m.keras", evil), "no class or function|expected a layer")
    function = evil | {"class_name": "function", "config": name}
    call = entry("keras.layers", "Lambda", {"function": function, "arguments": config})
    refused(with_layers(tmp_path / "m.keras", call), "no class or function")


@pytest.mark.parametrize("name", ["read_file", "write_file"])
def test_cve_2025_8747_ops_that_reach_files(name: str, tmp_path: Path) -> None:
    inputs = keras.Input((3,))
    keras.Model(inputs, keras.ops.abs(inputs)).save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    config = json.loads(members["config.json"])
    first = config["config"]["layers"][1]
    first |= {"module": "thalweg.ops", "class_name": name}
    first["inbound_nodes"][0]["kwargs"] = {"contents": "evil"} if name == "write_file" else {}
    path = packed(tmp_path / "m.keras", members | {"config.json": json.dumps(config).encode()})
    refused(path, f"'{name}', which reads or writes files")


def test_cve_2025_8747_what_files_can_name_does_not_reach_beyond_the_program() -> None:
    """All functions that configs can name compute; ops on files, which exist, are told by their module."""
    routines = [item for item in serialization._own.values() if inspect.isroutine(item)]
    assert len(routines) > 300
    rooms = {".".join(item.__module__.split(".")[:4]) for item in routines}
    assert rooms <= {
        f"thalweg._src.keras.{room}" for room in ("ops", "activations", "losses", "metrics", "random", "base")
    }
    names = {op.name for op in registry.values() if op.body.__module__ in cloning._REACHING}
    assert {"read_file", "write_file"} <= names
    reaching = {"open", "os", "subprocess", "socket", "urllib", "pathlib"}
    assert {op.name for op in registry.values() if reaching & used(op.body)} <= names


def used(function: Any) -> set[str]:
    """Global names that a function uses."""
    plain = inspect.unwrap(function)
    return set(plain.__code__.co_names) & set(plain.__globals__) if inspect.isfunction(plain) else set()


@pytest.mark.parametrize("place", ["layer", "function", "initializer", "registered", "policy"])
def test_cve_2025_9906_a_file_turns_safe_mode_off(place: str, tmp_path: Path) -> None:
    switch = entry("keras.config", "enable_unsafe_deserialization", {})
    by_name = switch | {"class_name": "function", "config": "enable_unsafe_deserialization"}
    evil = {
        "layer": switch,
        "function": entry("keras.layers", "Lambda", {"function": by_name}),
        "registered": switch | {"registered_name": "keras>enable_unsafe_deserialization"},
        "policy": entry("thalweg._src.keras.base.python_code", "load_policy", {"safe_mode": False}),
    }
    first = [] if place == "initializer" else [evil[place]]
    changes = {"kernel_initializer": switch} if place == "initializer" else {}
    lambda_ = entry("keras.layers", "Lambda", {"function": code(TOUCH)})
    refused(with_layers(tmp_path / "m.keras", *first, lambda_, **changes), "no class or function")
    assert not settings.unsafe_deserialization
    refused(with_layers(tmp_path / "m.keras", lambda_), "which is not run")


@pytest.mark.parametrize("name", ["TorchModuleWrapper", "JaxLayer", "FlaxLayer"])
def test_cve_2025_49655_foreign_loaders_of_pickles(name: str, tmp_path: Path) -> None:
    pickled = "gASVHwAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAR0cnVllIWUUpQu"
    module = {"class_name": "__torch__", "config": {"value": pickled}}
    layer = entry("keras.layers", name, {"module": module, "call_fn": module})
    refused(with_layers(tmp_path / "m.keras", layer), "no class or function|expected|__init__|function")


@pytest.mark.parametrize("place", ["secret.bin", "http://localhost/words", "file:///etc/passwd"])
@pytest.mark.parametrize("name", ["StringLookup", "IntegerLookup", "TextVectorization"])
def test_cve_2025_12058_paths_and_addresses_in_config(
    name: str, place: str, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    secret(tmp_path)
    layer = entry("keras.layers", name, {"vocabulary": place, "name": "words"})
    refused(with_layers(tmp_path / "m.keras", layer), "a config is not followed to files")
    # Settings of other layers are data: none is taken for the name of a file.
    for setting in ("kernel_initializer", "activation", "dtype"):
        refused(with_layers(tmp_path / "m.keras", **{setting: place}), "expected|no |unknown|called")


def hollow(file: h5py.File) -> None:
    file.create_dataset("layers/dense/vars/0", (1 << 20, 1 << 20), "f4", chunks=(64, 64))
    file["layers/dense/vars/1"] = np.zeros(2, "f4")


@pytest.mark.parametrize("name", ["m.keras", "m.weights.h5"])
@pytest.mark.parametrize("act", [None, load_weights, edit])
def test_cve_2026_0897_shapes_without_data(name: str, act: Any, tmp_path: Path) -> None:
    path = with_weights(tmp_path / name, hollow)
    message = "0 bytes for an array of shape"
    refused(path, message, load_weights if act is None and name != "m.keras" else act)


def test_keras_22975_shapes_that_filters_fill(tmp_path: Path, monkeypatch: Any) -> None:
    def full(file: h5py.File) -> None:
        file.create_dataset("layers/dense/vars/0", data=np.zeros((3000, 200), "i1"), compression=9)

    monkeypatch.setattr(blocks, "MAX_RATIO", 20)
    monkeypatch.setattr("thalweg._src.keras.archive.hdf5.arrays.MAX_RATIO", 20)
    path = with_weights(tmp_path / "m.weights.h5", full)
    refused(path, "bytes for an array of shape", load_weights)


@pytest.mark.parametrize("name", ["m.keras", "m.weights.h5"])
def test_cve_2026_1669_data_in_other_files(name: str, tmp_path: Path) -> None:
    def outside(file: h5py.File) -> None:
        place = [(str(secret(tmp_path)), 0, 24)]
        file.create_dataset("layers/dense/vars/0", (3, 2), "f4", external=place)
        file["layers/dense/vars/1"] = np.zeros(2, "f4")

    path = with_weights(tmp_path / name, outside)
    refused(path, "data that lies in another file", load_weights)
    refused(path, "data that lies in another file", edit)


@pytest.mark.parametrize("wrapped", [False, True])
def test_cve_2026_1462_models_of_other_files(wrapped: bool, tmp_path: Path) -> None:
    outside = entry("keras.layers", "TFSMLayer", {"filepath": str(secret(tmp_path))})
    layer = entry("keras.layers", "TimeDistributed", {"layer": outside}) if wrapped else outside
    refused(with_layers(tmp_path / "m.keras", layer), "no class or function 'TFSMLayer'")
    with pytest.raises(SavingError, match="no class or function 'TFSMLayer'"):
        keras.Model.from_config({"name": "m", "layers": [layer]})


class Keeps(keras.layers.Layer):
    """Layer with a file of its own."""

    def call(self, inputs: Any) -> Any:
        return inputs

    def save_assets(self, folder: str) -> None:
        Path(folder, "words").write_text("good")

    def load_assets(self, folder: str) -> None:
        assert Path(folder, "words").read_text() == "good"


class Holds(keras.Model):
    """Model with a layer in an attribute that is called after a path."""

    def __init__(self) -> None:
        super().__init__()
        setattr(self, "../../../evil", Keeps())

    def call(self, inputs: Any) -> Any:
        return inputs


def test_cve_2026_12479_names_of_layers_as_folders(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    path = inner / "m.keras"
    evil = entry("keras.layers", "Dense", {"units": 2, "name": "../../evil"})
    refused(with_layers(path, evil), "a name without '/'")
    model = Holds()
    model(np.ones((1, 3)))
    for target, zipped in ((path, None), (inner / "folder", False)):
        with pytest.raises(SavingError, match="save_assets.*evil"):
            model.save(target, zipped=zipped)
    members = members_of(inner)
    for name in ("assets/../../evil", "assets/layers/../../../evil", "assets//evil", "assets/layers/./evil"):
        refused(packed(path, members, (name, b"evil")), "got the member")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a", "b", "m.keras"]


@pytest.mark.parametrize("safe_mode", [None, 0, ""])
def test_cve_2026_12481_unset_is_safe(safe_mode: Any, tmp_path: Path) -> None:
    config = {"function": code(TOUCH), "name": "l"}
    layer = entry("keras.layers", "Lambda", config)
    path = with_layers(tmp_path / "m.keras", layer)
    refused(path, "which is not run", lambda p: keras.models.load_model(p, safe_mode=safe_mode))
    for read in (
        lambda: keras.layers.Lambda.from_config(config, safe_mode=safe_mode),
        lambda: keras.layers.deserialize(layer),
        lambda: keras.saving.deserialize_keras_object(layer, safe_mode=safe_mode),
        lambda: keras.Sequential.from_config({"name": "s", "layers": [layer]}),
    ):
        with pytest.raises(SavingError, match="which is not run"):
            read()


def test_ghsa_hqp4_2352_xf5r_paths_inside_the_working_folder(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    members = members_of(tmp_path)
    for name in (str(tmp_path / "evil"), "evil", "./evil", "assets/../evil"):
        refused(packed(tmp_path / "m.keras", members, (name, b"evil")), "got the member")


LINKS = {
    "external": lambda folder: h5py.ExternalLink(str(folder / "other.h5"), "/vars"),
    "soft": lambda folder: h5py.SoftLink("/layers"),
}


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("act", [load_weights, edit])
def test_keras_22900_and_22899_links_to_elsewhere(kind: str, act: Any, tmp_path: Path) -> None:
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["vars/0"] = np.zeros((3, 2), "f4")

    def linked(file: h5py.File) -> None:
        file["layers/dense/vars"] = LINKS[kind](tmp_path)

    refused(with_weights(tmp_path / "m.weights.h5", linked), "a link to elsewhere", act)


def test_keras_22976_virtual_datasets(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "other.h5", "w") as other:
        other["data"] = np.arange(6.0)

    def virtual(file: h5py.File) -> None:
        layout = h5py.VirtualLayout((6,), "f8")
        layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "data", shape=(6,))
        file.create_virtual_dataset("layers/dense/vars/0", layout)

    path = with_weights(tmp_path / "m.weights.h5", virtual)
    refused(path, "a virtual dataset", load_weights)
    refused(path, "a virtual dataset", edit)


def test_filters_of_other_makers(tmp_path: Path) -> None:
    def filtered(file: h5py.File) -> None:
        file.create_dataset("layers/dense/vars/0", data=np.zeros(99), compression="lzf")

    refused(with_weights(tmp_path / "m.weights.h5", filtered), r"filters \[", load_weights)


def test_keras_23016_arrays_that_are_pickles(tmp_path: Path) -> None:
    np.savez(tmp_path / "m.npz", a=np.array([Path("x")], object))
    refused(tmp_path / "m.npz", "expected a name that ends in", load_weights)
    pickled = {"class_name": "__numpy__", "config": {"value": [[1]], "dtype": "object"}}
    refused(with_layers(tmp_path / "m.keras", units=pickled), "dtype")


def deflated(path: Path, *more: tuple[str, bytes]) -> Path:
    return packed(path, members_of(path.parent), *more, method=zipfile.ZIP_DEFLATED)


def test_keras_23010_bombs_of_one_member(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(zip_gate, "_SMALL", 1000)
    refused(deflated(tmp_path / "m.keras", ("assets/a", b"\0" * 500_000)), "of 500000 bytes in")


def test_keras_23101_bombs_of_many_members(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(zip_gate, "_MAX_MEMBERS", 20)
    refused(deflated(tmp_path / "m.keras", *((f"assets/{i}", b"") for i in range(30))), "got 33 members")
    monkeypatch.setattr(zip_gate, "_MAX_DIRECTORY_BYTES", 1000)
    refused(tmp_path / "m.keras", "a directory of more than 1000 bytes")


def test_keras_23212_bombs_in_all(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(zip_gate, "_SMALL_IN_ALL", 10_000)
    monkeypatch.setattr(zip_gate, "_MAX_RATIO", 2)
    parts = ((f"assets/{i}", b"\0" * 10_000) for i in range(20))
    refused(deflated(tmp_path / "m.keras", *parts), "got members of .* bytes in a file of")


def test_members_that_lie_over_one_another(tmp_path: Path) -> None:
    path = packed(tmp_path / "m.keras", members_of(tmp_path), ("assets/a", b"x" * 40_000), ("assets/b", b""))
    data = bytearray(path.read_bytes())
    # The directory says that the empty member is the large one, too.
    first = data.rindex(b"PK\x01\x02", 0, data.rindex(b"PK\x01\x02"))
    last = data.rindex(b"PK\x01\x02")
    data[last + 16 : last + 28], data[last + 42 : last + 46] = (
        data[first + 16 : first + 28], data[first + 42 : first + 46],
    )  # fmt: skip
    path.write_bytes(data)
    refused(path, "got 5 members of|members")


@pytest.mark.parametrize("text", ["[" * 50_000, '{"class_name": "x", "config": ' * 20_000])
def test_tfs_4116_values_in_each_other(text: str, tmp_path: Path) -> None:
    members = members_of(tmp_path) | {"config.json": text.encode()}
    refused(packed(tmp_path / "m.keras", members), "too many values in each other")
    nested: Any = 1
    for _ in range(400):
        nested = {"class_name": "Dense", "module": "keras.layers", "config": {"units": nested}}
    refused(with_layers(tmp_path / "n.keras", nested), "")


def test_members_and_keys_that_occur_twice(tmp_path: Path) -> None:
    members = members_of(tmp_path)
    for name in ("config.json", "model.weights.h5", "metadata.json"):
        refused(packed(tmp_path / "m.keras", members, (name, members[name])), f"got the member {name!r}")
    text = members["config.json"].replace(b'"units": 2', b'"units": 2, "units": 3')
    refused(packed(tmp_path / "m.keras", members | {"config.json": text}), "a key occurs twice")


def test_members_that_are_links(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("assets/x")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = packed(tmp_path / "m.keras", members_of(tmp_path), (link, b"/etc/passwd"))
    refused(path, "as a link or encrypted")


def test_reading_needs_no_library_that_follows_links() -> None:
    """What reads HDF5 files knows no h5py, which would open what a file names."""
    for module in (h5_gate, blocks):
        assert "h5py" not in vars(module)
    folder = Path(blocks.__file__).parent
    assert not any("import h5py" in file.read_text() for file in folder.glob("*.py"))
    assert os.sep in str(folder)
