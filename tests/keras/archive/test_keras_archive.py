"""`.keras` files made to do harm are refused; those of ours are whole or absent."""

from __future__ import annotations

import io
import json
import os
import signal
import stat
import subprocess
import sys
import textwrap
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg._src.base.errors import SavingError

ROOT = Path(__file__).parents[3]
layers = keras.layers


def small() -> Any:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, name="d")], name="small")
    model.compile("sgd", "mse")
    return model


@pytest.fixture(scope="module")
def members() -> dict[str, bytes]:
    """Members of a good file."""
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"good-{os.getpid()}.keras"
    small().save(path)
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    path.unlink()
    return found


def packed(path: Path, members: dict[str, bytes], *more: tuple[Any, bytes], method: int = 0) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that occur twice
        with zipfile.ZipFile(path, "w", method) as archive:
            for name, data in [*members.items(), *more]:
                archive.writestr(name, data)
    return path


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


EXTRA = {
    "parent": ("../evil", b""), "absolute": ("/etc/evil", b""), "inside": ("assets/../evil", b""),
    "backslash": ("assets\\..\\evil", b""), "unknown": ("evil.py", b""), "twice": ("config.json", b"{}"),
    "link": (link("assets/x"), b"/etc/passwd"), "hidden": ("assets/.ssh/x", b""), "drive": ("C:evil", b""),
    "bomb": ("assets/a", b"\0" * (1 << 24)),
}  # fmt: skip


@pytest.mark.parametrize("case", list(EXTRA))
def test_members_that_do_not_belong_there_are_refused(
    case: str, members: dict[str, bytes], tmp_path: Path
) -> None:
    path = packed(tmp_path / "m.keras", members, EXTRA[case], method=zipfile.ZIP_DEFLATED)
    with pytest.raises(SavingError, match="damaged"):
        keras.models.load_model(path)
    assert os.listdir(tmp_path) == ["m.keras"]


@pytest.mark.parametrize("name", ["config.json", "model.weights.h5"])
def test_members_that_are_missing_are_named(
    name: str, members: dict[str, bytes], tmp_path: Path
) -> None:
    rest = {k: v for k, v in members.items() if k != name}
    with pytest.raises(SavingError, match=name):
        keras.models.load_model(packed(tmp_path / "m.keras", rest))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(
    method: int, members: dict[str, bytes], tmp_path: Path
) -> None:
    with pytest.raises(SavingError, match="packed by method"):
        keras.models.load_model(packed(tmp_path / "m.keras", members, method=method))


def test_a_deflated_file_opens(members: dict[str, bytes], tmp_path: Path) -> None:
    model = keras.models.load_model(
        packed(tmp_path / "m.keras", members, method=zipfile.ZIP_DEFLATED)
    )
    assert model.name == "small"


def test_an_encrypted_member_is_refused(members: dict[str, bytes], tmp_path: Path) -> None:
    path = packed(tmp_path / "m.keras", members)
    data = bytearray(path.read_bytes())
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(SavingError, match="encrypted"):
        keras.models.load_model(path)


@pytest.mark.parametrize("cut", [0, 10, 500, -30])
def test_a_cut_file_is_refused(cut: int, members: dict[str, bytes], tmp_path: Path) -> None:
    path = packed(tmp_path / "m.keras", members)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(SavingError):
        keras.models.load_model(path)


def test_a_changed_byte_in_the_weights_is_noticed(
    members: dict[str, bytes], tmp_path: Path
) -> None:
    path = packed(tmp_path / "m.keras", members)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(SavingError, match="CRC"):
        keras.models.load_model(path)


def changed(config: dict[str, Any], change: Callable[[dict[str, Any]], Any]) -> bytes:
    copy = json.loads(json.dumps(config))
    result = change(copy)
    return json.dumps(copy if result is None else result).encode()


def layer(config: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = config["config"]["layers"][1]
    return found


LAMBDA = {
    "module": "keras.layers",
    "class_name": "Lambda",
    "config": {
        "name": "l",
        "function": {"class_name": "__lambda__", "config": {"code": "4wEAAAA=", "defaults": None}},
    },
    "registered_name": None,
}
CONFIGS: dict[str, tuple[Any, str]] = {
    "a function of the system": (
        lambda c: layer(c).update(module="os", class_name="system", config="true"), "no class"
    ),
    "a class of another module": (
        lambda c: layer(c).update(module="subprocess", class_name="Popen", config={"args": "true"}),
        "no class",
    ),
    "a function of this package": (
        lambda c: layer(c).update(module="keras.saving", class_name="save_model"), "no class"
    ),
    "code that is none": (lambda c: c["config"]["layers"].append(LAMBDA), "bytes that are none"),
    "an activation that is no code": (
        lambda c: layer(c)["config"].update(activation=LAMBDA["config"]["function"]), "bytes that are"
    ),
    "an op as a layer": (
        lambda c: layer(c).update(
            module="keras.ops", class_name="ones", config={"shape": [10**6, 10**6]}
        ),
        "expected a layer",
    ),
    "an op as an initializer": (
        lambda c: layer(c)["config"].update(
            kernel_initializer={
                "module": "keras.ops", "class_name": "zeros", "config": {"shape": [10**6, 10**6]}
            }
        ),
        "",
    ),
    "weights that are not there": (
        lambda c: layer(c)["config"].update(units=10**10), "the file does not hold"
    ),
    "an array of objects": (
        lambda c: layer(c)["config"].update(
            units={"class_name": "__numpy__", "config": {"value": [1], "dtype": "object"}}
        ),
        "",
    ),
    "no model": (lambda c: [1, 2], "describes no model"),
    "a string": (lambda c: "x", "describes no model"),
    "no layers": (lambda c: c["config"].pop("layers"), ""),
    "an unknown setting": (lambda c: layer(c)["config"].update(evil=1), "evil"),
    "a wrong type": (lambda c: layer(c)["config"].update(units="many"), ""),
    "an unknown optimizer": (
        lambda c: c["compile_config"].update(optimizer={"class_name": "Popen", "config": {}}),
        "compile=False",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", list(CONFIGS))
def test_configs_that_ask_for_more_than_a_model_are_refused(
    case: str, members: dict[str, bytes], tmp_path: Path
) -> None:
    change, message = CONFIGS[case]
    text = changed(json.loads(members["config.json"]), change)
    path = packed(tmp_path / "m.keras", members | {"config.json": text})
    with pytest.raises(SavingError, match=message or None):
        keras.models.load_model(path, safe_mode=False)


def test_a_call_of_an_op_without_tensors_is_not_made(tmp_path: Path) -> None:
    inputs = keras.Input((2,))
    model = keras.Model(inputs, keras.ops.tile(inputs, (1, 2)))
    model.save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(members["config.json"])
    config["config"]["layers"][1]["inbound_nodes"][0]["args"] = [[1.0] * 1000]
    config["config"]["layers"][1]["config"]["repeats"] = [10**9]
    path = packed(tmp_path / "n.keras", members | {"config.json": json.dumps(config).encode()})
    with pytest.raises(SavingError, match="on tensors"):
        keras.models.load_model(path)


@pytest.mark.parametrize("text", [b"[" * 100000, b"{", b"\xff", b'{"a": 1e999999999}', b"9" * 10000])
def test_json_that_is_none_is_refused(
    text: bytes, members: dict[str, bytes], tmp_path: Path
) -> None:
    path = packed(tmp_path / "m.keras", members | {"config.json": text})
    with pytest.raises(SavingError):
        keras.models.load_model(path)


def test_deeply_nested_configs_are_refused(members: dict[str, bytes], tmp_path: Path) -> None:
    text = b'{"class_name": "x", "config": ' * 5000 + b"1" + b"}" * 5000
    path = packed(tmp_path / "m.keras", members | {"config.json": text})
    with pytest.raises(SavingError):
        keras.models.load_model(path)


def test_a_folder_with_links_is_refused(tmp_path: Path) -> None:
    small().save(tmp_path / "m", zipped=False)
    assert keras.models.load_model(tmp_path / "m").name == "small"
    (tmp_path / "m" / "config.json").rename(tmp_path / "elsewhere.json")
    (tmp_path / "m" / "config.json").symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(SavingError, match="as a link"):
        keras.models.load_model(tmp_path / "m")


@pytest.mark.parametrize("name", ["m.keras", "m.weights.h5", "m.weights.json", "folder"])
def test_a_missing_file_is_both_kinds_of_error(name: str, tmp_path: Path) -> None:
    model = small()
    with pytest.raises(ValueError, match="m|folder") as caught:
        model.load_weights(tmp_path / name)
    assert isinstance(caught.value, FileNotFoundError) == (name != "folder")
    if name == "m.keras":
        with pytest.raises(FileNotFoundError):
            keras.models.load_model(tmp_path / name)


class WithFiles(layers.Layer):
    """Keeps words in a file of its own."""

    def __init__(self, words: Any = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = list(words)

    def call(self, inputs: Any) -> Any:
        return inputs

    def save_assets(self, folder: str) -> None:
        Path(folder, "words.txt").write_text("\n".join(self.words))

    def load_assets(self, folder: str) -> None:
        self.words = Path(folder, "words.txt").read_text().split("\n")

    def get_config(self) -> dict[str, Any]:
        return {"name": self.name}


@pytest.mark.parametrize("zipped", [None, False])
def test_files_of_layers_come_along(zipped: Any, tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((3,)), WithFiles(["a", "b"]), layers.Dense(1), WithFiles(["c"])])
    path = tmp_path / ("m" if zipped is False else "m.keras")
    model.save(path, zipped=zipped)
    again = keras.models.load_model(path, {"WithFiles": WithFiles})
    assert [again.layers[0].words, again.layers[2].words] == [["a", "b"], ["c"]]
    if zipped is None:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
        assert "assets/layers/with_files_1/words.txt" in names


def test_the_same_model_gives_the_same_members(tmp_path: Path) -> None:
    model = small()
    model.save(tmp_path / "a.keras")
    model.save(tmp_path / "b.keras")
    with zipfile.ZipFile(tmp_path / "a.keras") as a, zipfile.ZipFile(tmp_path / "b.keras") as b:
        assert a.namelist() == ["metadata.json", "config.json", "model.weights.h5"]
        assert a.read("config.json") == b.read("config.json")
        assert a.read("model.weights.h5") == b.read("model.weights.h5")
        assert set(json.loads(a.read("metadata.json"))) == {"keras_version", "date_saved"}


def test_a_save_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "m.keras"
    small().save(path)
    before = path.read_bytes()
    model = keras.Sequential([keras.Input((3,)), layers.Lambda(np.negative, output_shape=(3,))])
    with pytest.raises(SavingError, match="function"):
        model.save(path)

    class Broken(layers.Layer):
        def call(self, inputs: Any) -> Any:
            return inputs

        def save_own_variables(self, store: Any) -> None:
            store["a"] = np.array(["text"])

    with pytest.raises(SavingError, match="arrays of numbers"):
        keras.Sequential([keras.Input((3,)), Broken()]).save(path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["m.keras"]


# Dies by SIGKILL at the n-th of the calls that change the disk, for each n until a writer survives.
KILLED = """
    import os, signal, sys
    import numpy as np
    from thalweg import keras

    path, count = sys.argv[1], 0

    def deadly(call):
        def wrapped(*args, **kwargs):
            global left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)
        return wrapped

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    shapes = [w.shape for w in model.weights]
    save = model.save if path.endswith(".keras") else model.save_weights
    if path.endswith(".json"):
        save = lambda p: model.save_weights(p, max_shard_size=1e-8)
    survived = False
    while not survived:
        count += 1
        model.set_weights([np.zeros(s, "float32") for s in shapes])
        save(path)
        model.set_weights([np.ones(s, "float32") for s in shapes])
        child = os.fork()
        if child == 0:
            left = count
            for name in ("open", "fsync", "replace", "unlink"):
                setattr(os, name, deadly(getattr(os, name)))
            save(path)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        survived = os.WIFEXITED(status)
        model.load_weights(path)
        values = {float(v) for w in model.get_weights() for v in w.ravel()}
        assert len(values) == 1, values
        print(int(values.pop()), end="")
    print(flush=True)
"""


@pytest.mark.parametrize("name", ["m.keras", "m.weights.h5", "m.weights.json"])
def test_a_writer_killed_at_any_moment_leaves_the_old_or_the_new_file(
    name: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(KILLED), str(tmp_path / name)],
        cwd=ROOT, env={**os.environ, "JAX_PLATFORMS": "cpu"},
        capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    outcomes = done.stdout.strip()
    assert set(outcomes) == {"0", "1"}
    assert outcomes == "".join(sorted(outcomes))
    assert signal.SIGKILL == 9


def test_nothing_of_a_good_file_is_written_to_the_disk(tmp_path: Path) -> None:
    small().save(tmp_path / "m.keras")
    before = (tmp_path / "m.keras").stat().st_mtime_ns
    keras.models.load_model(tmp_path / "m.keras")
    assert os.listdir(tmp_path) == ["m.keras"]
    assert (tmp_path / "m.keras").stat().st_mtime_ns == before
    assert io.BytesIO((tmp_path / "m.keras").read_bytes()).read(2) == b"PK"
    assert tf.keras.models.load_model is keras.saving.load_model


def unrolled() -> Any:
    inputs = keras.Input((5, 3))
    return keras.Model(inputs, layers.LSTM(2, activation="elu", unroll=True)(inputs))


def pooled() -> Any:
    inputs = keras.Input((8, 8, 1))
    return keras.Model(inputs, keras.ops.max_pool(inputs, (2, 2), padding="same"))


def mirrored() -> Any:
    inputs = keras.Input((4,))
    return keras.Model(inputs, keras.ops.pad(inputs, ((0, 0), (1, 1)), "reflect"))


@pytest.mark.parametrize(
    ("build", "old", "new"),
    [
        (unrolled, "[null, 5, 3]", "[null, 99999999, 3]"), (pooled, "[2, 2]", "[99999999, 2]"),
        (mirrored, "[1, 1]", "[1, 99999999]"),
    ],
)  # fmt: skip
def test_sizes_that_would_be_written_out_step_by_step_are_refused(
    build: Any, old: str, new: str, tmp_path: Path
) -> None:
    build().save(tmp_path / "m.keras")
    with zipfile.ZipFile(tmp_path / "m.keras") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    text = members["config.json"].decode()
    assert old in text
    path = packed(tmp_path / "m.keras", members | {"config.json": text.replace(old, new).encode()})
    with pytest.raises(SavingError, match="expected at most"):
        keras.models.load_model(path)
