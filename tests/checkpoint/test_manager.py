"""`CheckpointManager`: which checkpoints stay, when it saves, and where it goes on.

Expected values are TensorFlow 2.21's where it has them.
"""

from __future__ import annotations

import dataclasses
import logging
import pathlib

import pytest

import thalweg as tf
from thalweg._src.base.errors import InvalidArgumentError, UnimplementedError
from thalweg._src.checkpoint import files


@pytest.fixture
def step():
    return tf.Variable(0, dtype=tf.int64)


@pytest.fixture
def checkpoint(step):
    return tf.train.Checkpoint(step=step)


def numbers(manager):
    return [int(path.rpartition("-")[2]) for path in manager.checkpoints]


def test_the_newest_stay(checkpoint, tmp_path):
    manager = tf.train.CheckpointManager(checkpoint, tmp_path, max_to_keep=2)
    assert (manager.checkpoints, manager.latest_checkpoint) == ([], None)
    paths = [manager.save() for _ in range(4)]
    assert paths == [f"{tmp_path}/ckpt-{i}" for i in (1, 2, 3, 4)]
    assert manager.checkpoints == paths[2:]
    assert manager.latest_checkpoint == paths[3]
    assert len(list(tmp_path.iterdir())) == 4
    assert (manager.directory, manager.checkpoint) == (str(tmp_path), checkpoint)


def test_all_stay_without_a_bound(checkpoint, tmp_path):
    manager = tf.train.CheckpointManager(checkpoint, str(tmp_path), None, checkpoint_name="all")
    for _ in range(3):
        manager.save()
    assert numbers(manager) == [1, 2, 3]
    assert manager.latest_checkpoint == f"{tmp_path}/all-3"


def test_others_files_stay(checkpoint, tmp_path):
    checkpoint.write(tmp_path / "ckpt-best")
    checkpoint.write(tmp_path / "other-1")
    manager = tf.train.CheckpointManager(checkpoint, tmp_path, 1)
    manager.save()
    manager.save()
    assert {i.prefix.name for i in files.indexes(tmp_path)} == {"ckpt-best", "other-1", "ckpt-2"}


def test_a_new_manager_goes_on(checkpoint, step, tmp_path):
    manager = tf.train.CheckpointManager(checkpoint, tmp_path, 2)
    manager.save()
    step.assign(5)
    path = manager.save()
    step.assign(0)
    again = tf.train.CheckpointManager(tf.train.Checkpoint(step=step), tmp_path, 2)
    assert again.restore_or_initialize() == path
    assert int(step) == 5
    assert again.save() == f"{tmp_path}/ckpt-3"
    assert numbers(again) == [2, 3]


def test_a_run_that_starts_anew_has_the_latest(checkpoint, tmp_path):
    manager = tf.train.CheckpointManager(checkpoint, tmp_path, 3)
    for _ in range(3):
        manager.save()
    fresh = tf.train.CheckpointManager(tf.train.Checkpoint(step=tf.Variable(9)), tmp_path, 3)
    assert fresh.save() == f"{tmp_path}/ckpt-1"
    assert fresh.latest_checkpoint == f"{tmp_path}/ckpt-1"
    assert tf.train.latest_checkpoint(tmp_path) == f"{tmp_path}/ckpt-1"


def test_init_is_called_when_there_is_nothing(checkpoint, tmp_path):
    calls = []
    manager = tf.train.CheckpointManager(checkpoint, tmp_path, 1, init_fn=lambda: calls.append(1))
    assert manager.restore_or_initialize() is None
    assert calls == [1]
    manager.save()
    assert manager.restore_or_initialize() == manager.latest_checkpoint
    assert calls == [1]


def test_damaged_checkpoints_are_passed_by(checkpoint, step, tmp_path, caplog):
    manager = tf.train.CheckpointManager(checkpoint, tmp_path, 3)
    for value in (1, 2):
        step.assign(value)
        manager.save()
    arrays = files.read_index(pathlib.Path(manager.latest_checkpoint)).arrays_path
    arrays.write_bytes(arrays.read_bytes()[:-1] + b"\7")
    with caplog.at_level(logging.WARNING, "thalweg"):
        assert manager.restore_or_initialize() == f"{tmp_path}/ckpt-1"
    assert int(step) == 1
    assert "Skipped" in caplog.text


def test_the_interval_is_kept(checkpoint, step, tmp_path):
    manager = tf.train.CheckpointManager(
        checkpoint, tmp_path, 3, step_counter=step, checkpoint_interval=2
    )
    saved = []
    for _ in range(5):
        saved.append(manager.save())
        step.assign_add(1)
    assert [path is not None for path in saved] == [True, False, True, False, True]
    assert manager.checkpoint_interval == 2
    assert manager.save(check_interval=False) is not None
    assert manager.save(checkpoint_number=77) is None
    step.assign_add(2)
    assert manager.save(checkpoint_number=tf.constant(77)) == f"{tmp_path}/ckpt-77"


def test_the_interval_counts_from_the_last_step(checkpoint, step, tmp_path):
    def manager(**kwargs):
        return tf.train.CheckpointManager(
            checkpoint, tmp_path, 3, step_counter=step, checkpoint_interval=10, **kwargs
        )

    step.assign(8)
    assert manager(last_checkpoint_step=3).save() is None
    assert manager().save() is not None
    again = manager()
    again.restore_or_initialize()
    assert again.save() is None


def test_one_in_some_hours_stays_for_ever(checkpoint, tmp_path):
    manager = tf.train.CheckpointManager(checkpoint, tmp_path, 1, keep_checkpoint_every_n_hours=2)
    hour = 3600.0
    for at in (1, 1, 1, 1, 1):
        manager.save()
        index = files.read_index(pathlib.Path(manager.latest_checkpoint))
        files.write_index(dataclasses.replace(index, time=index.time + at * hour * index.sequence))
    # Saved 1, 2, 3 and 4 hours after the start (5 is the newest): 2 and 4 are kept.
    assert numbers(manager) == [5]
    kept = [i.prefix.name for i in files.indexes(tmp_path) if i.kept]
    assert kept == ["ckpt-2", "ckpt-4"]
    state = tf.train.get_checkpoint_state(tmp_path)
    assert state.all_model_checkpoint_paths == [f"{tmp_path}/ckpt-5"]
    assert state.last_preserved_timestamp > 0
    again = tf.train.CheckpointManager(checkpoint, tmp_path, 1, keep_checkpoint_every_n_hours=2)
    again.save()
    again.save()
    assert [i.prefix.name for i in files.indexes(tmp_path) if i.kept] == kept


def test_a_thread_may_write(checkpoint, tmp_path):
    manager = tf.train.CheckpointManager(checkpoint, tmp_path, 2)
    options = tf.train.CheckpointOptions(enable_async=True)
    for _ in range(4):
        manager.save(options=options)
    manager.sync()
    assert numbers(manager) == [3, 4]


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"max_to_keep": 0}, InvalidArgumentError),
        ({"max_to_keep": -1}, InvalidArgumentError),
        ({"max_to_keep": 1, "checkpoint_interval": 2}, InvalidArgumentError),
        ({"max_to_keep": None, "keep_checkpoint_every_n_hours": 1}, UnimplementedError),
    ],
    ids=["none", "negative", "interval", "hours"],
)
def test_arguments_that_do_not_fit_are_refused(given, error, checkpoint, tmp_path):
    with pytest.raises(error, match=r"\[CheckpointManager\] expected"):
        tf.train.CheckpointManager(checkpoint, tmp_path, **given)
