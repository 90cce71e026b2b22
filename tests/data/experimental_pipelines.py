"""Pipelines of the steps of `tf.data.experimental`, and of options."""

from __future__ import annotations

import numpy as np

import thalweg as tf
from tests.data.row import Row

Dataset = tf.data.Dataset
experimental = tf.data.experimental


def numbers():
    """0, 1, 2, whose number is not known."""
    return Dataset.range(9).take_while(lambda v: v < 3)


def options(**settings):
    found = tf.data.Options()
    for name, value in settings.items():
        setattr(found, name, value)
    return found


def slow_plan():
    """Options under which a plan runs as it is written."""
    found = tf.data.Options()
    found.experimental_optimization.apply_default_optimizations = False
    found.experimental_optimization.inject_prefetch = True
    found.experimental_warm_start = True
    return found


def sums():
    """Sum of the numbers of each remainder, and the remainder."""
    return experimental.Reducer(
        lambda key: (np.int64(0), key),
        lambda state, value: (state[0] + value, state[1]),
        lambda total, key: {"total": total, "key": key},
    )


EXPERIMENTAL_ROWS = [
    Row(
        "with_options",
        lambda: Dataset.range(5).with_options(options(deterministic=False)).map(lambda v: v + 1),
        [1, 2, 3, 4, 5],
        cardinality=5,
    ),
    Row(
        "plan_as_written",
        lambda: Dataset.range(5).map(lambda v: v * 2).skip(1).with_options(slow_plan()),
        [2, 4, 6, 8],
        cardinality=4,
    ),
    Row(
        "assert_cardinality",
        lambda: (
            Dataset.range(5).filter(lambda v: v < 3).apply(experimental.assert_cardinality(3)).batch(2)
        ),
        [[0, 1], [2]],
        cardinality=2,
    ),
    Row(
        "pad_to_cardinality",
        lambda: Dataset.from_tensor_slices({"a": [1, 2], "z": ["x", "y"]}).apply(
            experimental.pad_to_cardinality(3, mask_key="real")
        ),
        [
            {"a": 1, "real": True, "z": b"x"},
            {"a": 2, "real": True, "z": b"y"},
            {"a": 0, "real": False, "z": b""},
        ],
        cardinality=3,
    ),
    Row(
        "from_list",
        lambda: experimental.from_list([(1, [1, 2]), (2, [3])]),
        [(1, [1, 2]), (2, [3])],
        cardinality=2,
    ),
    Row(
        "from_list_of_dicts",
        lambda: experimental.from_list([{"a": 1.5, "b": "x"}, {"a": 2.5, "b": "y"}]),
        [{"a": 1.5, "b": b"x"}, {"a": 2.5, "b": b"y"}],
        cardinality=2,
    ),
    Row(
        "group_by_reducer",
        lambda: Dataset.range(10).apply(experimental.group_by_reducer(lambda v: (v + 1) % 3, sums())),
        [{"total": 15, "key": 0}, {"total": 18, "key": 1}, {"total": 12, "key": 2}],
    ),
    Row(
        "map_and_batch",
        lambda: Dataset.range(5).apply(
            experimental.map_and_batch(lambda v: v * 2, 2, drop_remainder=True)
        ),
        [[0, 2], [4, 6]],
        cardinality=2,
    ),
    Row(
        "parallel_interleave",
        lambda: Dataset.range(4).apply(
            experimental.parallel_interleave(
                lambda v: Dataset.from_tensors(v).repeat(3), cycle_length=2, block_length=2
            )
        ),
        None,
    ),
    Row(
        "shuffle_and_repeat",
        lambda: Dataset.range(4).apply(experimental.shuffle_and_repeat(4, 2, seed=1)),
        members=[0, 1, 2, 3] * 2,
        cardinality=8,
    ),
    Row(
        "prefetch_to_device",
        lambda: numbers().apply(experimental.prefetch_to_device("/cpu:0")),
        [0, 1, 2],
    ),
    Row(
        "copy_to_device",
        lambda: numbers().map(tf.strings.as_string).apply(experimental.copy_to_device("/cpu:0")),
        [b"0", b"1", b"2"],
    ),
    Row(
        "steps_as_functions",
        lambda: (
            Dataset.range(8)
            .apply(experimental.take_while(lambda v: v < 6))
            .apply(experimental.scan(np.int64(0), lambda s, v: (s + v, s)))
            .apply(experimental.enumerate_dataset(3))
            .apply(experimental.ignore_errors())
        ),
        [(3, 0), (4, 0), (5, 1), (6, 3), (7, 6), (8, 10)],
    ),
    Row(
        "batches_as_functions",
        lambda: (
            Dataset.range(1, 4)
            .map(lambda v: tf.stack([v, v]))
            .apply(experimental.unbatch())
            .apply(experimental.unique())
            .apply(experimental.dense_to_ragged_batch(2))
        ),
        [[1, 2], [3]],
    ),
    Row(
        "windows_as_functions",
        lambda: Dataset.range(6).apply(
            experimental.group_by_window(lambda v: v % 2, lambda key, w: w.batch(3), window_size=3)
        ),
        [[0, 2, 4], [1, 3, 5]],
    ),
    Row(
        "choose_as_function",
        lambda: experimental.choose_from_datasets(
            [Dataset.range(2), Dataset.range(5, 9)], Dataset.range(2).repeat(4)
        ),
        [0, 5, 1, 6, 7, 8],
    ),
    Row(
        "counter_as_function",
        lambda: experimental.Counter(3, 2).take(2),
        [3, 5],
        cardinality=2,
    ),
    Row(
        "variant",
        lambda: experimental.from_variant(
            experimental.to_variant(Dataset.range(3)), tf.TensorSpec((), tf.int64)
        ),
        [0, 1, 2],
        cardinality=3,
    ),
    Row("random_dataset", lambda: experimental.RandomDataset(seed=1).take(3), cardinality=3),
]
