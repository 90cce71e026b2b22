"""`Checkpoint`: its arguments, its count, what status and errors say, and writing in a thread."""

from __future__ import annotations

import pathlib

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.base.errors import (
    DataLossError,
    DTypeError,
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
    RestoreError,
)
from thalweg._src.checkpoint import files, storage


@pytest.fixture
def folder(tmp_path):
    return str(tmp_path)


def test_save_numbers_and_restore_brings_back(folder):
    v = tf.Variable(1.0)
    checkpoint = tf.train.Checkpoint(v=v)
    assert checkpoint.save(f"{folder}/new/ckpt") == f"{folder}/new/ckpt-1"
    v.assign(2.0)
    assert checkpoint.save(f"{folder}/new/ckpt") == f"{folder}/new/ckpt-2"
    assert int(checkpoint.save_counter) == 2
    checkpoint.restore(f"{folder}/new/ckpt-1").assert_consumed()
    assert float(v) == 1.0
    assert int(checkpoint.save_counter) == 1


def test_write_and_read_do_not_count(folder):
    v = tf.Variable(1.0)
    assert tf.train.Checkpoint(v=v).write(pathlib.Path(folder) / "c") == f"{folder}/c"
    assert tf.train.list_variables(f"{folder}/c") == [("v", [])]
    v.assign(0.0)
    other = tf.train.Checkpoint(v=v)
    other.read(f"{folder}/c").assert_consumed()
    assert float(v) == 1.0
    assert other.save(f"{folder}/d") == f"{folder}/d-1"


def test_the_root_is_saved_as_if_by_name(folder):
    class Net(tf.Module):
        def __init__(self, value):
            super().__init__()
            self.w = tf.Variable(value)

    path = tf.train.Checkpoint(Net(3.0), step=tf.Variable(4)).write(f"{folder}/c")
    assert tf.train.list_variables(path) == [("step", []), ("w", [])]
    w, net = tf.Variable(0.0), Net(0.0)
    tf.train.Checkpoint(w=w).restore(path).expect_partial()
    tf.train.Checkpoint(root=net).restore(path).expect_partial()
    assert (float(w), float(net.w)) == (3.0, 3.0)
    with pytest.raises(InvalidArgumentError, match="w=, which root holds already"):
        tf.train.Checkpoint(net, w=tf.Variable(0.0))
    tf.train.Checkpoint(net, w=net.w)


@pytest.mark.parametrize("value", [3, "text", None, np.zeros(2)], ids=repr)
def test_arguments_without_state_are_refused(value):
    with pytest.raises(ValueError, match="expected x to hold Variables"):
        tf.train.Checkpoint(x=value)


def test_names_of_methods_are_refused():
    with pytest.raises(InvalidArgumentError, match="save=, which is a method"):
        tf.train.Checkpoint(save=tf.Variable(1.0))


def test_more_can_be_set_as_attributes(folder):
    checkpoint = tf.train.Checkpoint()
    checkpoint.late = tf.Variable([5.0])
    path = checkpoint.save(f"{folder}/c")
    empty = tf.train.Checkpoint()
    empty.restore(path)
    v = tf.Variable([0.0])
    assert v.numpy().tolist() == [0.0]
    empty.late = v
    assert v.numpy().tolist() == [5.0]


def test_checkpoints_may_hold_checkpoints(folder):
    inner = tf.train.Checkpoint(bias=tf.Variable([1.0]))
    path = tf.train.Checkpoint(net=tf.train.Checkpoint(l1=inner)).write(f"{folder}/c")
    fresh = tf.train.Checkpoint()
    tf.train.Checkpoint(net=tf.train.Checkpoint(l1=fresh)).restore(path)
    fresh.bias = tf.Variable([0.0])
    assert fresh.bias.numpy().tolist() == [1.0]


def test_status_tells_what_is_missing_and_left_over(folder):
    path = tf.train.Checkpoint(a=tf.Variable(1.0), b=tf.Variable(1.0)).write(f"{folder}/c")
    status = tf.train.Checkpoint(a=tf.Variable(0.0)).read(path)
    assert status.report().unexpected == ["b"]
    assert status.assert_existing_objects_matched() is status.assert_nontrivial_match()
    with pytest.raises(AssertionError, match="1 mapped; 1 unexpected: b"):
        status.assert_consumed()
    status = tf.train.Checkpoint(a=tf.Variable(0.0), c=tf.Variable(0.0)).read(path)
    with pytest.raises(AssertionError, match="1 missing: c; 1 unexpected: b"):
        status.assert_existing_objects_matched()
    status = tf.train.Checkpoint(x=tf.Variable(0.0)).read(path).expect_partial()
    with pytest.raises(RestoreError, match="0 mapped"):
        status.assert_nontrivial_match()


def test_no_path_restores_nothing():
    status = tf.train.Checkpoint(a=tf.Variable(1.0)).restore(None)
    assert status.expect_partial().report().missing == ["a"]
    with pytest.raises(AssertionError):
        status.assert_consumed()


@pytest.mark.parametrize("wrong", [tf.zeros(3), tf.zeros(2, tf.int32)], ids=["shape", "dtype"])
def test_a_misfit_changes_nothing(folder, wrong):
    path = tf.train.Checkpoint(a=tf.Variable(1.0), b=tf.Variable([1.0, 1.0])).save(f"{folder}/c")
    a = tf.Variable(0.0)
    checkpoint = tf.train.Checkpoint(a=a, b=tf.Variable(wrong))
    with pytest.raises(
        RestoreError, match=r"1 misshapen: b float32\[2\] for .*nothing was restored"
    ):
        checkpoint.restore(path)
    assert float(a) == 0.0
    assert checkpoint.save(f"{folder}/d") == f"{folder}/d-1"


def test_absent_and_damaged_checkpoints_are_told_apart(folder):
    a = tf.Variable(0.0)
    checkpoint = tf.train.Checkpoint(a=a)
    with pytest.raises(NotFoundError):
        checkpoint.restore(f"{folder}/none-1")
    path = checkpoint.save(f"{folder}/c")
    arrays = files.read_index(pathlib.Path(path)).arrays_path
    arrays.write_bytes(arrays.read_bytes()[:-1] + b"\1")
    with pytest.raises(DataLossError, match="another checksum"):
        checkpoint.restore(path)
    assert float(a) == 0.0


def test_a_graph_that_does_not_fit_is_damage(folder):
    storage.write_as(f"{folder}/c", {"a": np.zeros(1)}, {"graph": [{"a": 7}]})
    with pytest.raises(DataLossError, match="graph of objects"):
        tf.train.Checkpoint(a=tf.Variable(1.0)).restore(f"{folder}/c")


def test_arrays_written_without_objects_are_restored_by_name(folder):
    storage.write_as(f"{folder}/c", {"net/w": np.ones(2, np.float32)})
    w = tf.Variable([0.0, 0.0])
    tf.train.Checkpoint(net={"w": w}).read(f"{folder}/c").assert_consumed()
    assert w.numpy().tolist() == [1.0, 1.0]


def test_strings_are_refused_and_not_counted(folder):
    checkpoint = tf.train.Checkpoint(words=tf.Variable("text"))
    with pytest.raises(DTypeError, match="'words'"):
        checkpoint.save(f"{folder}/c")
    assert int(checkpoint.save_counter) == 0


def test_compiled_functions_may_not_save_or_restore(folder):
    checkpoint = tf.train.Checkpoint(v=tf.Variable(1.0))
    for call in (lambda: checkpoint.save(f"{folder}/c"), lambda: checkpoint.restore(f"{folder}/c")):
        with pytest.raises(FailedPreconditionError, match="called eagerly"):
            tf.function(call)()


def test_a_thread_may_write(folder):
    v = tf.Variable([1.0, 2.0])
    checkpoint = tf.train.Checkpoint(v=v)
    paths = []
    options = tf.train.CheckpointOptions(
        enable_async=True,
        experimental_write_callbacks=[paths.append, lambda: paths.append("no argument")],
    )
    path = checkpoint.save(f"{folder}/c", options)
    v.assign_add([1.0, 1.0])
    checkpoint.sync()
    assert paths == [path, "no argument"]
    checkpoint.restore(path)
    assert v.numpy().tolist() == [1.0, 2.0]


def test_what_fails_in_the_thread_is_raised_by_sync(folder):
    checkpoint = tf.train.Checkpoint(v=tf.Variable(1.0))
    (pathlib.Path(folder) / "file").write_text("")
    checkpoint.write(f"{folder}/file/c", tf.train.CheckpointOptions(enable_async=True))
    with pytest.raises(OSError, match="file"):
        checkpoint.sync()
    checkpoint.sync()


def test_keras_models_come_back_with_their_optimizer(folder):
    def model():
        made = tf.keras.Sequential([tf.keras.layers.Dense(2), tf.keras.layers.Dense(1)])
        made.compile("adam", "mse")
        return made

    x, y = np.ones((4, 3), np.float32), np.ones((4, 1), np.float32)
    first = model()
    first.fit(x, y, verbose=0)
    path = tf.train.Checkpoint(model=first).save(f"{folder}/c")
    second = model()
    status = tf.train.Checkpoint(model=second).restore(path)
    for each in (first, second):
        each.fit(x, y, verbose=0, shuffle=False)
    status.assert_consumed()
    for one, two in zip(first.get_weights(), second.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
