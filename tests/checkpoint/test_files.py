"""Files of a checkpoint: whole or absent, whenever the writer dies."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import subprocess
import sys
import textwrap

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thalweg._src.base.errors import DataLossError, NotFoundError, UnimplementedError
from thalweg._src.checkpoint import files, storage

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def prefix(tmp_path):
    storage.write_as(tmp_path / "c", {"a": np.arange(3.0)}, {"n": 1})
    return tmp_path / "c"


def names(folder):
    return sorted(p.name for p in folder.iterdir())


def test_a_checkpoint_is_two_files(prefix):
    index = files.read_index(prefix)
    assert names(prefix.parent) == [f"c.{index.sha256[:16]}.safetensors", "c.index"]
    assert index.arrays_path.stat().st_size == index.size


def test_index_comes_back(tmp_path):
    index = files.Index(tmp_path / "x", 12, "ab" * 32, 7, 1.5, True)
    files.write_index(index)
    assert files.read_index(tmp_path / "x") == index


def test_a_new_version_replaces_the_old_one(prefix):
    storage.write_as(prefix, {"a": np.zeros(2)})
    assert len(names(prefix.parent)) == 2
    assert storage.read(prefix)[0]["a"].tolist() == [0.0, 0.0]


def test_leftovers_of_a_killed_writer_are_deleted(prefix):
    (prefix.parent / f"c.{'0' * 16}.safetensors").write_bytes(b"x")
    (prefix.parent / ".c.arrays.part").write_bytes(b"x")
    (prefix.parent / f"cc.{'0' * 16}.safetensors").write_bytes(b"another's")
    storage.write_as(prefix, {})
    assert len(names(prefix.parent)) == 3
    assert f"cc.{'0' * 16}.safetensors" in names(prefix.parent)


def test_a_link_in_place_of_the_temporary_file_is_not_followed(prefix, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("precious")
    (tmp_path / ".c.arrays.part").symlink_to(outside)
    storage.write_as(prefix, {"a": np.zeros(1)})
    assert outside.read_text() == "precious"


def test_a_failing_writer_leaves_nothing_and_the_old_whole(prefix):
    before = names(prefix.parent)

    def pieces():
        yield b"half"
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        files.replace(prefix.parent / "c.index", pieces())
    assert names(prefix.parent) == before
    assert storage.read(prefix)[1] == {"n": 1}


def test_a_missing_checkpoint_is_not_found(tmp_path):
    for path in (tmp_path / "no", tmp_path / "no" / "such"):
        with pytest.raises(NotFoundError, match=r"found no file"):
            files.read_index(path)


def test_checkpoints_of_tensorflow_are_named_as_such(tmp_path):
    (tmp_path / "t.index").write_bytes(b"\x00\x01binary")
    (tmp_path / "t.data-00000-of-00001").write_bytes(b"")
    with pytest.raises(UnimplementedError, match="TensorFlow's binary format"):
        files.read_index(tmp_path / "t")


@pytest.mark.parametrize("damage", ["cut", "flip", "longer", "gone"])
def test_damaged_arrays_raise_the_one_error(prefix, damage):
    path = files.read_index(prefix).arrays_path
    data = bytearray(path.read_bytes())
    if damage == "cut":
        path.write_bytes(data[:-1])
    elif damage == "flip":
        data[-1] ^= 1
        path.write_bytes(data)
    elif damage == "longer":
        path.write_bytes(bytes(data) + b"\0")
    else:
        path.unlink()
    with pytest.raises(DataLossError, match="expected a whole file"):
        storage.read(prefix)


@pytest.mark.parametrize(
    "changes",
    [
        {"sha256": "../../../../etc/passwd"},
        {"sha256": "0" * 63},
        {"size": "12"},
        {"size": True},
        {"sequence": 1.0},
        {"time": None},
        {"kept": 0},
    ],
    ids=str,
)
def test_an_index_of_other_types_raises_the_one_error(prefix, changes):
    index = dataclasses.replace(files.read_index(prefix), **changes)
    files.write_index(index)  # Its checksum is right.
    with pytest.raises(DataLossError, match="fields of other types"):
        storage.read(prefix)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_changed_index_raises_the_one_error(prefix, data):
    path = prefix.parent / "c.index"
    good = path.read_bytes()
    changed = bytearray(good)
    at = data.draw(st.integers(0, len(changed) - 1))
    if data.draw(st.booleans()):
        changed[at] ^= data.draw(st.integers(1, 255))
    else:
        del changed[at : at + data.draw(st.integers(1, 30))]
    try:
        path.write_bytes(changed)
        with contextlib.suppress(DataLossError):
            assert storage.read(prefix)[1] == {"n": 1}  # Only a space may have changed.
    finally:
        path.write_bytes(good)


def test_indexes_are_in_the_order_of_writing(tmp_path):
    for name in ("z-1", "a-2", "z-3", "other"):
        storage.write_as(tmp_path / name, {})
    assert [i.prefix.name for i in files.indexes(tmp_path)] == ["z-1", "a-2", "z-3", "other"]
    assert [i.prefix.name for i in files.indexes(tmp_path, "z")] == ["z-1", "z-3"]
    assert files.indexes(tmp_path / "none") == []


# Dies by SIGKILL at the n-th of the calls that change the disk, for each n until a writer survives.
KILLED_WRITERS = """
    import os, signal, sys
    import numpy as np
    from thalweg._src.checkpoint import storage

    folder, count = sys.argv[1], 0

    def deadly(call):
        def wrapped(*args, **kwargs):
            global left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)
        return wrapped

    class Deadly:
        # A file whose writes may be the last, half of each on the disk by then.
        def __init__(self, file):
            self.file = file
        def __enter__(self):
            return self
        def __exit__(self, *_):
            self.file.close()
        def write(self, piece):
            half = len(piece) // 2
            self.file.write(piece[:half])
            self.file.flush()
            os.fstat(self.file.fileno())
            self.file.write(piece[half:])
        def __getattr__(self, name):
            return getattr(self.file, name)

    fdopen = os.fdopen
    old, new = {"w": np.zeros(1000)}, {"w": np.ones(1000)}
    survived = False
    while not survived:
        count += 1
        storage.write_as(f"{folder}/c", old, {"n": 0})
        child = os.fork()
        if child == 0:
            left = count
            for name in ("open", "fstat", "fsync", "replace"):
                setattr(os, name, deadly(getattr(os, name)))
            os.fdopen = lambda *args: Deadly(fdopen(*args))
            storage.write_as(f"{folder}/c", new, {"n": 1})
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        survived = os.WIFEXITED(status)
        arrays, state = storage.read(f"{folder}/c")
        assert (arrays["w"] == state["n"]).all() and len(arrays["w"]) == 1000
        assert storage.latest(folder) is not None
        print(state["n"], end="")
    print(flush=True)
"""


def test_a_writer_killed_at_any_moment_leaves_the_old_or_the_new_checkpoint(tmp_path):
    program = textwrap.dedent(KILLED_WRITERS)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outcomes = done.stdout.strip()
    assert len(outcomes) > 10
    assert set(outcomes) == {"0", "1"}
    assert outcomes == "".join(sorted(outcomes))
