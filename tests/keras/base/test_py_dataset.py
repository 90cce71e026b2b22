"""`PyDataset`: order, workers of both kinds, errors with their traceback, clean ends."""

from __future__ import annotations

import itertools
import os
import threading
import time
import traceback

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.keras.base.py_dataset import Loader, iterate

U = tf.keras.utils


class Numbers(U.PyDataset):
    """Batches of two numbers; some are slow, one may fail."""

    def __init__(self, count=6, fails_at=None, **kwargs):
        super().__init__(**kwargs)
        self.count = count
        self.fails_at = fails_at
        self.offset = 0

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        if index == self.fails_at:
            raise KeyError("no such file")
        time.sleep(0.002 * (index % 2))
        return np.array([index + self.offset, os.getpid()])

    def on_epoch_end(self):
        self.offset += 100


def first(batches):
    return [int(batch[0]) for batch in batches]


def threads():
    return [t for t in threading.enumerate() if t.name.startswith("Numbers-worker")]


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_order_is_kept_with_any_workers(workers):
    data = Numbers(workers=workers, max_queue_size=2)
    assert first(data) == list(range(6))
    assert first(iterate(data, [4, 0, 4])) == [4, 0, 4]
    assert threads() == []


def test_threads_run_at_most_so_far_ahead():
    made = []

    class Recording(Numbers):
        def __getitem__(self, index):
            made.append(index)
            return super().__getitem__(index)

    batches = iter(Recording(count=100, workers=2, max_queue_size=3))
    next(batches)
    time.sleep(0.05)
    assert max(made) <= 3
    batches.close()


def test_processes_make_the_batches_and_see_changes():
    data = Numbers(workers=1, use_multiprocessing=True)
    with Loader(data) as loader:
        batches = list(loader.iterate(range(3)))
        assert first(batches) == [0, 1, 2]
        assert os.getpid() not in {int(batch[1]) for batch in batches}
        data.on_epoch_end()
        again = list(loader.iterate([2, 0]))
        assert first(again) == [102, 100]
        assert again[0][1] == batches[0][1]  # the same process
        data.fails_at = 1
        with pytest.raises(KeyError, match="no such file") as caught:
            list(loader.iterate(range(3)))
    assert "in __getitem__" in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("workers", [1, 2])
def test_errors_come_with_their_traceback(workers):
    batches = iter(Numbers(workers=workers, fails_at=2))
    assert first(itertools.islice(batches, 2)) == [0, 1]
    with pytest.raises(KeyError, match="no such file") as caught:
        next(batches)
    assert "in __getitem__" in "".join(traceback.format_exception(caught.value))
    assert threads() == []


def test_what_cannot_be_sent_is_said():
    data = Numbers(workers=1, use_multiprocessing=True)
    data.lock = threading.Lock()
    with pytest.raises(TypeError, match="pickle") as caught:
        list(data)
    assert "or use threads" in caught.value.__notes__[0]


def test_datasets_without_end():
    class Endless(Numbers):
        @property
        def num_batches(self):
            return None

    assert first(itertools.islice(Endless(workers=2), 9)) == list(range(9))


def test_without_a_constructor_call_settings_have_their_defaults():
    class Careless(U.Sequence):
        def __init__(self):
            self.max_queue_size = 4

        def __getitem__(self, index):
            return index

    data = Careless()
    with pytest.warns(UserWarning, match=r"\[Careless\] expected super\(\).__init__"):
        assert data.workers == 1
    assert (data.use_multiprocessing, data.max_queue_size) == (False, 4)
    with pytest.raises(NotImplementedError, match="__len__"):
        list(data)


def test_settings_are_checked():
    with pytest.raises(ValueError, match=r"\[Numbers.workers\] expected an integer of 0 or more"):
        Numbers(workers=-1)
    with pytest.raises(ValueError, match="max_queue_size"):
        Numbers().max_queue_size = 0


def test_sequence_is_another_name():
    assert U.Sequence is U.PyDataset
