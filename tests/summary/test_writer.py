"""Writers: when the file comes to be, when it is written, and who the default is."""

from __future__ import annotations

import gc
import re
import threading

import pytest

import thalweg as tf
from tests.summary import decoder
from thalweg._src.base.errors import UnimplementedError
from thalweg._src.summary import writer as writers


@pytest.fixture(autouse=True)
def _no_default():
    """Leaves no default writer and step behind."""
    yield
    writers.settings.writer = writers.settings.step = None


def only(folder):
    (path,) = folder.iterdir()
    return path


def scalar(step):
    return tf.summary.scalar("x", float(step), step=step)


def steps(folder):
    return [found[0] for found in decoder.scalars(only(folder))]


def test_the_file_begins_with_its_version(tmp_path):
    writer = tf.summary.create_file_writer(tmp_path / "deep" / "er")
    path = only(tmp_path / "deep" / "er")
    assert re.fullmatch(r"events\.out\.tfevents\.\d+\..+\.\d+\.\d+\.v2", path.name)
    (event,) = decoder.records(path)
    assert decoder.fields(event)[3] == [b"brain.Event:2"]
    assert decoder.wall_time(event) % 1 == 0
    assert isinstance(writer, tf.summary.SummaryWriter)
    writer.close()


def test_the_suffix_is_used(tmp_path):
    tf.summary.create_file_writer(tmp_path, filename_suffix=".mine").close()
    assert only(tmp_path).name.endswith(".mine")


def test_writers_have_files_of_their_own(tmp_path):
    for _ in range(3):
        tf.summary.create_file_writer(tmp_path).close()
    assert len(list(tmp_path.iterdir())) == 3


def test_the_queue_is_flushed_when_it_is_full(tmp_path):
    writer = tf.summary.create_file_writer(tmp_path, max_queue=2)
    writer.set_as_default()
    seen = []
    for step in range(5):
        scalar(step)
        seen.append(len(steps(tmp_path)))
    assert seen == [0, 0, 3, 3, 3]
    writer.flush()
    assert steps(tmp_path) == [0, 1, 2, 3, 4]
    writer.close()


def test_the_queue_is_flushed_when_it_is_old(tmp_path, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(writers.time, "monotonic", lambda: now[0])
    writer = tf.summary.create_file_writer(tmp_path, flush_millis=1000)
    writer.set_as_default()
    scalar(0)
    assert steps(tmp_path) == []
    now[0] += 1.5
    scalar(1)
    assert steps(tmp_path) == [0, 1]
    writer.close()


def test_the_end_of_the_context_flushes(tmp_path):
    writer = tf.summary.create_file_writer(tmp_path)
    with writer.as_default() as entered:
        assert entered is writer
        scalar(1)
        assert steps(tmp_path) == []
    assert steps(tmp_path) == [1]
    writer.close()


def test_flush_takes_the_default_writer_or_another(tmp_path):
    tf.summary.flush()
    one = tf.summary.create_file_writer(tmp_path / "1")
    two = tf.summary.create_file_writer(tmp_path / "2")
    for writer in (one, two):
        writer.set_as_default()
        scalar(1)
    tf.summary.flush()
    assert (steps(tmp_path / "1"), steps(tmp_path / "2")) == ([], [1])
    tf.summary.flush(one)
    assert steps(tmp_path / "1") == [1]
    one.close()
    two.close()


def test_what_is_queued_is_written_when_nobody_holds_the_writer(tmp_path):
    writer = tf.summary.create_file_writer(tmp_path)
    writer.set_as_default()
    scalar(4)
    writers.settings.writer = None
    del writer
    gc.collect()
    assert steps(tmp_path) == [4]


def test_a_closed_writer_takes_nothing_more(tmp_path):
    writer = tf.summary.create_file_writer(tmp_path)
    writer.init()
    with writer.as_default():
        scalar(1)
        writer.close()
        with pytest.raises(RuntimeError, match="is closed; create"):
            scalar(2)
    writer.close()
    writer.flush()
    assert steps(tmp_path) == [1]
    for call in (writer.as_default, writer.set_as_default, writer.init):
        with pytest.raises(RuntimeError, match="is closed; create"):
            call()


def test_contexts_nest_and_restore_the_step(tmp_path):
    one = tf.summary.create_file_writer(tmp_path / "1")
    two = tf.summary.create_file_writer(tmp_path / "2")
    tf.summary.experimental.set_step(5)
    with one.as_default():
        tf.summary.scalar("x", 0.0)
        with two.as_default(step=9):
            assert tf.summary.experimental.get_step() == 9
            tf.summary.scalar("x", 0.0)
            tf.summary.scalar("x", 0.0, step=1)
        assert tf.summary.experimental.get_step() == 5
        tf.summary.scalar("x", 0.0)
    assert (steps(tmp_path / "1"), steps(tmp_path / "2")) == ([5, 5], [9, 1])
    one.set_as_default(step=3)
    assert tf.summary.experimental.get_step() == 3
    one.close()
    two.close()


def test_other_threads_have_no_default_writer(tmp_path):
    found = []
    with tf.summary.create_file_writer(tmp_path).as_default(step=1):
        thread = threading.Thread(target=lambda: found.append(bool(scalar(1))))
        thread.start()
        thread.join()
    assert found == [False]


def test_the_noop_writer_drops_everything():
    writer = tf.summary.create_noop_writer()
    with writer.as_default():
        assert not tf.summary.should_record_summaries()
        assert not scalar(1)
        assert not tf.summary.scalar("no step", 1.0)
    writer.close()
    writer.init()


def test_meshes_are_refused(tmp_path):
    with pytest.raises(UnimplementedError, match="experimental_mesh"):
        tf.summary.create_file_writer(tmp_path, experimental_mesh="mesh")
