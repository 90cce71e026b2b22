"""Files read by threads: how many are read, when, and what happens to those that cannot be."""

from __future__ import annotations

import itertools
import os
import threading
from pathlib import Path

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.data.dataset import Dataset
from thalweg._src.data.loading import Load

COUNT = 40


class Reader:
    """Counts what it decodes: files hold their number."""

    def __init__(self, *damaged: int) -> None:
        self.damaged = damaged
        self.seen: list[int] = []
        self.threads: set[str] = set()

    def __call__(self, contents: bytes) -> np.ndarray:
        number = int(contents)
        self.seen.append(number)
        self.threads.add(threading.current_thread().name)
        if number in self.damaged:
            raise ValueError(f"expected another number, got {number}")
        return np.full(2, number, np.float32)


@pytest.fixture
def paths(tmp_path):
    for number in range(COUNT):
        (tmp_path / f"{number:02}").write_text(str(number))
    return [str(tmp_path / f"{number:02}") for number in range(COUNT)]


def loaded(paths, reader, shape=(2,), parallel=2):
    found = Dataset.from_tensor_slices(paths)
    return Dataset(Load(found._node, reader, tf.TensorSpec(shape, tf.float32), parallel))


def values(dataset):
    return [element.numpy()[..., 0].tolist() for element in dataset]


def test_files_are_read_once_in_order_by_several_threads(paths):
    reader = Reader()
    assert values(loaded(paths, reader).batch(16)) == [[*range(16)], [*range(16, 32)], [*range(32, 40)]]
    assert sorted(reader.seen) == list(range(COUNT))
    assert all(name.startswith("thalweg-load") for name in reader.threads)


def test_what_is_passed_over_is_not_read(paths):
    reader = Reader()
    dataset = loaded(paths, reader)
    assert values(dataset.skip(30).take(4).batch(4)) == [[30, 31, 32, 33]]
    assert sorted(reader.seen) == [30, 31, 32, 33]
    reader.seen.clear()
    assert values(dataset.shuffle(COUNT, seed=1).take(2)) != [0, 1]
    assert len(reader.seen) == 2
    reader.seen.clear()
    iterator = iter(dataset.batch(16))
    iterator.load_state_dict({"epoch": 0, "given": 2})
    assert values(iterator) == [[*range(32, 40)]]
    assert sorted(reader.seen) == list(range(32, 40))


def test_elements_asked_for_one_by_one_are_read_some_ahead(paths):
    reader = Reader()
    iterator = iter(loaded(paths, reader))
    assert values([next(iterator)]) == [0]
    assert 1 < len(reader.seen) < COUNT


def test_one_thread_reads_nothing_ahead(paths):
    reader = Reader()
    iterator = iter(loaded(paths, reader, parallel=1))
    assert values([next(iterator)]) == [0]
    assert reader.seen == [0]
    assert reader.threads == {threading.current_thread().name}


def test_options_bound_the_threads(paths):
    reader = Reader()
    options = tf.data.Options()
    options.threading.private_threadpool_size = 1
    dataset = loaded(paths, reader, parallel=tf.data.AUTOTUNE).with_options(options)
    assert len(values(dataset)) == COUNT
    assert reader.threads == {threading.current_thread().name}


@pytest.mark.parametrize("shape", [(2,), (None,)], ids=["array", "list"])
def test_an_error_stands_in_the_place_of_its_file(paths, shape):
    iterator = iter(loaded(paths, Reader(3, 4, 38), shape))
    found = []
    for _ in range(COUNT):
        try:
            found.append(next(iterator).numpy()[0])
        except ValueError as error:
            found.append((str(error), *error.__notes__))
    wrong = {
        n: (
            f"expected another number, got {n}",
            f"[Dataset] while the file {paths[n]!r} was decoded",
        )
        for n in (3, 4, 38)
    }
    assert found == [wrong.get(n, n) for n in range(COUNT)]
    with pytest.raises(StopIteration):
        next(iterator)


def test_files_that_cannot_be_read_are_left_out_and_counted(paths, caplog):
    dataset = loaded(paths, Reader(0, 5, 39)).ignore_errors(log_warning=True)
    expected = [n for n in range(COUNT) if n not in (0, 5, 39)]
    assert values(dataset) == expected
    assert "ignore_errors(skipped=3)" in dataset.explain()
    assert [repr(paths[n]) in r.getMessage() for n, r in zip((0, 5, 39), caplog.records)] == [True] * 3
    iterator = iter(dataset)
    iterator.load_state_dict({"epoch": 0, "given": 4})
    assert values(iterator) == expected[4:]


def test_a_batch_with_an_error_loses_what_came_before_it(paths):
    dataset = loaded(paths, Reader(2, 20)).batch(8).ignore_errors()
    starts = (3, 11, 21, 29, 37)
    assert values(dataset) == [[*range(start, min(start + 8, COUNT))] for start in starts]


def test_errors_that_are_passed_over_are_not_raised(paths):
    iterator = iter(loaded(paths, Reader(3)))
    next(iterator)
    assert iterator._cursor.skip(4) == 4
    assert values([next(iterator)]) == [5]


def test_a_file_that_vanished(paths):
    os.remove(paths[1])
    with pytest.raises(tf.errors.NotFoundError, match=f"{paths[1]}.*No such file"):
        values(loaded(paths, Reader()).batch(4))


def test_a_file_that_may_not_be_read(paths):
    os.remove(paths[2])
    os.mkdir(paths[2])
    with pytest.raises(tf.errors.FailedPreconditionError, match=paths[2]):
        values(loaded(paths, Reader()).batch(4))


def test_a_file_that_changes_while_it_is_read(paths, monkeypatch):
    fstat, calls = os.fstat, itertools.count()

    def changed(descriptor):
        if next(calls) == 1:
            Path(paths[0]).write_text("0 and more")
        return fstat(descriptor)

    monkeypatch.setattr("thalweg._src.data.file_streams.os.fstat", changed)
    with pytest.raises(tf.errors.DataLossError, match=f"{paths[0]}.*stays as it is"):
        values(loaded(paths[:1], Reader(), parallel=1))


def test_the_plan_says_what_runs(paths):
    told = loaded(paths, Reader()).shuffle(COUNT).batch(4).prefetch(1).explain()
    written, runs = told.split("as it runs:")
    assert written.index("shuffle(") < written.index("load(decode=")
    # What orders elements orders paths.
    assert runs.index("load(decode=") < runs.index("gather(") < runs.index("shuffle(")
    assert "prefetch" in runs


def test_threads_end_with_the_iterator(paths):
    before = set(threading.enumerate())
    iterator = iter(loaded(paths, Reader()).batch(4).prefetch(2))
    next(iterator)
    started = set(threading.enumerate()) - before
    assert {t.name.rstrip("0123456789_") for t in started} == {"thalweg-load", "thalweg-ahead"}
    del iterator
    for thread in started:
        thread.join(10)
        assert not thread.is_alive()


def test_files_share_one_array(paths):
    batch = next(iter(loaded(paths, Reader()).batch(8)))
    whole = batch.host if hasattr(batch, "host") else None
    assert whole is not None
    assert whole.flags.c_contiguous
    assert whole.shape == (8, 2)
