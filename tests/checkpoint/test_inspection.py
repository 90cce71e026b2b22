"""Looking at checkpoints without the objects."""

from __future__ import annotations

import logging
import pathlib

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.base.errors import NotFoundError, UnimplementedError
from thalweg._src.checkpoint import files


@pytest.fixture
def path(tmp_path):
    net = {"w": tf.Variable([[1.0, 2.0]]), "n": tf.Variable(3, dtype=tf.int64)}
    return tf.train.Checkpoint(net=net).save(str(tmp_path / "c"))


def test_variables_are_listed_by_name(path, tmp_path):
    expected = [("net/n", []), ("net/w", [1, 2]), ("save_counter", [])]
    assert tf.train.list_variables(path) == expected
    assert tf.train.list_variables(tmp_path) == expected


@pytest.mark.parametrize(
    "suffix", ["", "/.ATTRIBUTES/VARIABLE_VALUE"], ids=["ours", "TensorFlow's"]
)
def test_variables_are_loaded_by_name(path, tmp_path, suffix):
    assert tf.train.load_variable(path, f"net/w{suffix}").tolist() == [[1.0, 2.0]]
    number = tf.train.load_variable(tmp_path, f"net/n{suffix}")
    assert isinstance(number, np.int64)
    assert number == 3


def test_a_reader_tells_shapes_and_dtypes(path):
    reader = tf.train.load_checkpoint(path)
    assert reader.has_tensor("net/w")
    assert not reader.has_tensor("w")
    assert reader.get_variable_to_shape_map()["net/w"] == [1, 2]
    assert reader.get_variable_to_dtype_map()["net/n"] == tf.int64
    assert reader.debug_string().splitlines()[1] == b"net/w (float32) [1, 2]"
    with pytest.raises(NotFoundError, match=r"got 'net/x'\. Did you mean"):
        reader.get_tensor("net/x")


def test_absent_checkpoints_are_not_found(tmp_path):
    for where in (tmp_path, tmp_path / "none"):
        with pytest.raises(NotFoundError):
            tf.train.list_variables(where)
        assert tf.train.latest_checkpoint(where) is None
        assert tf.train.get_checkpoint_state(where) is None


def test_the_latest_is_the_newest_whole_one(path, tmp_path, caplog):
    second = tf.train.Checkpoint(v=tf.Variable(1.0)).write(str(tmp_path / "another"))
    assert tf.train.latest_checkpoint(str(tmp_path)) == second
    assert tf.train.get_checkpoint_state(tmp_path).all_model_checkpoint_paths == [path, second]
    arrays = files.read_index(pathlib.Path(second)).arrays_path
    arrays.write_bytes(arrays.read_bytes()[:-1] + b"\7")
    with caplog.at_level(logging.WARNING, "thalweg"):
        assert tf.train.latest_checkpoint(tmp_path) == path
    assert "Skipped" in caplog.text


def test_there_is_no_file_that_lists_checkpoints(tmp_path):
    assert tf.train.latest_checkpoint(tmp_path, "checkpoint") is None
    for function in (tf.train.latest_checkpoint, tf.train.get_checkpoint_state):
        with pytest.raises(UnimplementedError, match="latest_filename"):
            function(tmp_path, "mine")


def test_checkpoints_are_iterated_as_they_come(tmp_path):
    checkpoint = tf.train.Checkpoint(v=tf.Variable(1.0))
    prefix = str(tmp_path / "c")
    first = checkpoint.save(prefix)
    found = []
    for path in tf.train.checkpoints_iterator(tmp_path, timeout=0):
        found.append(path)
        if len(found) < 3:
            checkpoint.save(prefix)
    assert found == [first, f"{prefix}-2", f"{prefix}-3"]


def test_a_name_written_anew_is_new(tmp_path):
    checkpoint = tf.train.Checkpoint(v=tf.Variable(1.0))
    iterator = tf.train.checkpoints_iterator(tmp_path, timeout=0.05)
    path = checkpoint.write(str(tmp_path / "c"))
    assert next(iterator) == path
    checkpoint.write(path)
    assert next(iterator) == path


def test_the_iteration_may_go_on_after_a_timeout(tmp_path):
    answers = iter([False, False, True])
    found = tf.train.checkpoints_iterator(tmp_path, timeout=0.01, timeout_fn=lambda: next(answers))
    assert list(found) == []
    assert next(answers, None) is None
