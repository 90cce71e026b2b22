"""Options: what they are, how they are put together, and what they do."""

from __future__ import annotations

import threading
import time

import pytest

import thalweg as tf
from thalweg._src.data.debugging import debug_mode
from thalweg._src.data.options import workers_of

Dataset = tf.data.Dataset
experimental = tf.data.experimental


def test_options_are_none_until_they_are_given():
    options = tf.data.Options()
    for name in ("deterministic", "dataset_name", "experimental_warm_start", "framework_type"):
        assert getattr(options, name) is None
    assert options.experimental_distribute.auto_shard_policy is experimental.AutoShardPolicy.AUTO
    assert options.autotune.cpu_budget is None
    assert Dataset.range(3).options() == tf.data.Options()


def test_older_names_are_the_same_options():
    options = tf.data.Options()
    options.experimental_threading.private_threadpool_size = 5
    options.experimental_deterministic = True
    assert options.threading.private_threadpool_size == 5
    assert options.deterministic is True


def test_wrong_options_are_refused():
    options = tf.data.Options()
    with pytest.raises(AttributeError, match=r"Cannot set the property speed on Options.*threading"):
        options.speed = 3
    with pytest.raises(AttributeError, match="on ThreadingOptions"):
        options.threading.size = 3
    with pytest.raises(TypeError, match='"deterministic" must be of type'):
        options.deterministic = 3
    with pytest.raises(TypeError, match='"threading" must be of type'):
        options.threading = 3
    with pytest.raises(TypeError, match=r"expected tf\.data\.Options, got int"):
        Dataset.range(3).with_options(3)


def test_options_are_merged_and_the_latest_hold():
    first, second = tf.data.Options(), tf.data.Options()
    first.deterministic = False
    second.threading.private_threadpool_size = 3
    both = first.merge(second)
    assert (both.deterministic, both.threading.private_threadpool_size) == (False, 3)
    assert first.threading.private_threadpool_size is None
    dataset = Dataset.range(3).with_options(first).map(lambda v: v).with_options(second)
    assert dataset.options() == both
    zipped = Dataset.zip(Dataset.range(3).with_options(first), Dataset.range(3).with_options(second))
    assert zipped.options() == both
    other = tf.data.Options()
    other.deterministic = True
    assert dataset.with_options(other).options().deterministic is True
    first.deterministic = True
    assert dataset.options().deterministic is False


def test_plans_run_as_they_are_written_if_asked():
    options = tf.data.Options()
    options.experimental_optimization.apply_default_optimizations = False
    options.dataset_name = "numbers"
    dataset = Dataset.range(9).map(lambda v: v).shuffle(9)
    written, runs = dataset.with_options(options).explain().split("as it runs:\n")
    assert written.startswith("numbers\n")
    assert [line.split("(")[0].strip() for line in runs.splitlines()][1:] == ["shuffle", "map", "range"]
    faster = dataset.explain().split("as it runs:\n")[1]
    assert [line.split("(")[0].strip() for line in faster.splitlines()] == ["map", "shuffle", "range"]


def most_at_once(options, calls=8):
    """Functions of a map that run at once."""
    lock, running, most = threading.Lock(), 0, 0

    def slow(value):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1
        return value

    def mapped(value):
        return tf.py_function(slow, [value], tf.int64)

    dataset = Dataset.range(6).map(mapped, num_parallel_calls=calls).with_options(options)
    assert [int(v) for v in dataset] == list(range(6))
    return most


def test_threads_are_bounded():
    options = tf.data.Options()
    options.threading.private_threadpool_size = 2
    assert most_at_once(options) == 2
    assert most_at_once(tf.data.Options()) > 2
    options.threading.private_threadpool_size = 1
    assert most_at_once(options) == 1


def test_autotune_stands_for_as_many_threads_as_asked():
    options = tf.data.Options()
    options.autotune.cpu_budget = 3
    assert most_at_once(options, tf.data.AUTOTUNE) == 3
    options.autotune.min_parallelism = 5
    assert workers_of(options).count(tf.data.AUTOTUNE) == 5
    assert workers_of(options).count(None) == 1
    options.experimental_optimization.map_parallelization = True
    assert most_at_once(options, None) == 5


def test_prefetching_begins_with_the_iterator_if_asked():
    begun = threading.Event()

    def numbers():
        begun.set()
        yield 1

    dataset = Dataset.from_generator(numbers, output_signature=tf.TensorSpec((), tf.int32)).prefetch(1)
    iterator = iter(dataset)
    assert not begun.wait(0.05)
    options = tf.data.Options()
    options.experimental_warm_start = True
    iterator = iter(dataset.with_options(options))
    assert begun.wait(10)
    assert int(next(iterator)) == 1


def test_debug_mode_runs_functions_in_python(monkeypatch):
    monkeypatch.setattr(debug_mode, "on", False)
    experimental.enable_debug_mode()
    seen = []

    def double(value):
        seen.append((threading.current_thread(), int(value)))
        return value * 2

    dataset = Dataset.range(3).map(double, num_parallel_calls=4).filter(lambda v: int(v) > 0).prefetch(2)
    seen.clear()
    assert [int(v) for v in dataset] == [2, 4]
    assert seen == [(threading.current_thread(), n) for n in range(3)]
    assert int(Dataset.range(4).reduce(0, lambda total, v: int(total) + int(v))) == 6
