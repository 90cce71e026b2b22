"""Writing and reading of whole checkpoints."""

from __future__ import annotations

import logging

import numpy as np
import pytest

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.checkpoint import files, storage


def number(i):
    return {"a": np.full(2, i, np.int32)}, {"i": i}


def fill(folder, count, **kwargs):
    for i in range(count):
        storage.write(folder, *number(i), **kwargs)


def test_the_newest_is_read(tmp_path):
    assert storage.read_latest(tmp_path / "none") is None
    assert storage.read_latest(tmp_path) is None
    fill(tmp_path / "deep" / "er", 3)
    arrays, state = storage.read_latest(tmp_path / "deep" / "er")
    assert (arrays["a"].tolist(), state) == ([2, 2], {"i": 2})


@pytest.mark.parametrize(("keep", "left"), [(1, [3]), (2, [2, 3]), (None, [0, 1, 2, 3])])
def test_old_ones_are_deleted(tmp_path, keep, left):
    fill(tmp_path, 4, max_to_keep=keep)
    found = [storage.read(index.prefix)[1]["i"] for index in files.indexes(tmp_path)]
    assert found == left
    assert len(list(tmp_path.iterdir())) == 2 * len(left)


def test_others_in_the_folder_stay(tmp_path):
    storage.write_as(tmp_path / "mine-1", {})
    fill(tmp_path, 3, max_to_keep=1)
    assert storage.read(tmp_path / "mine-1") == ({}, {})


@pytest.mark.parametrize("suffix", [".index", ".safetensors"])
def test_damaged_ones_are_passed_by_with_a_warning(tmp_path, suffix, caplog):
    fill(tmp_path, 3)
    newest = files.indexes(tmp_path)[-1]
    path = files.index_path(newest.prefix) if suffix == ".index" else newest.arrays_path
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with caplog.at_level(logging.WARNING, "thalweg"):
        assert storage.read_latest(tmp_path)[1] == {"i": 1}
        assert storage.latest(tmp_path).prefix.name == "checkpoint-2"
    assert "Skipped" in caplog.text
    assert "expected a whole file" in caplog.text
    # The next one takes the place of the damaged one or comes after it.
    storage.write(tmp_path, *number(7))
    assert storage.read_latest(tmp_path)[1] == {"i": 7}


def test_state_may_be_left_out_and_lists_are_arrays(tmp_path):
    storage.write_as(tmp_path / "c", {"a": [1.0, 2.0]})
    arrays, state = storage.read(tmp_path / "c")
    assert (arrays["a"].tolist(), state) == ([1.0, 2.0], {})


def test_what_cannot_be_written_changes_nothing(tmp_path):
    fill(tmp_path, 1)
    before = sorted(p.name for p in tmp_path.iterdir())
    with pytest.raises(DTypeError, match="'names'"):
        storage.write(tmp_path, {"names": np.array(["x"])})
    with pytest.raises(InvalidArgumentError, match="JSON"):
        storage.write(tmp_path, {}, {"f": print})
    assert sorted(p.name for p in tmp_path.iterdir()) == before


@pytest.mark.parametrize("prefix", ["", "folder/", ".."])
def test_a_prefix_needs_a_name(prefix, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidArgumentError, match="folder and a name"):
        storage.write_as(prefix, {})


def test_at_least_one_is_kept(tmp_path):
    with pytest.raises(InvalidArgumentError, match="max_to_keep"):
        storage.write(tmp_path, {}, max_to_keep=0)
