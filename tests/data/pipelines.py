"""Pipelines that the contract in `test_contract.py` holds: each row gives a data set and what it gives."""

from __future__ import annotations

import numpy as np

import thalweg as tf
from tests.data.experimental_pipelines import EXPERIMENTAL_ROWS
from tests.data.file_pipelines import FILE_ROWS
from tests.data.folder_pipelines import FOLDER_ROWS
from tests.data.ragged_pipelines import RAGGED_ROWS
from tests.data.row import Row, lists
from tests.data.split_pipelines import SPLIT_ROWS
from tests.data.storing_pipelines import STORING_ROWS

Dataset = tf.data.Dataset
X = np.arange(20, dtype=np.float32).reshape(10, 2)
Y = np.arange(10, dtype=np.int32)


def counted():
    yield from range(7)


def numbers():
    return Dataset.from_generator(counted, output_signature=tf.TensorSpec((), tf.int32))


def lengths():
    """1, 2 2, 3 3 3, ..."""
    return Dataset.from_generator(
        lambda: ([n] * n for n in range(1, 6)), output_signature=tf.TensorSpec([None], tf.int32)
    )


def python_square(x):
    return tf.py_function(lambda v: v * v, [x], tf.int64)


ROWS = [
    Row("range", lambda: Dataset.range(5), lists(range(5)), cardinality=5),
    Row("range_step", lambda: Dataset.range(8, 1, -3), [8, 5, 2], cardinality=3),
    Row("range_empty", lambda: Dataset.range(0), [], cardinality=0),
    Row("slices", lambda: Dataset.from_tensor_slices(X), lists(X), cardinality=10),
    Row(
        "slices_of_tuple",
        lambda: Dataset.from_tensor_slices((X, Y)),
        [(x, y) for x, y in zip(lists(X), lists(Y), strict=True)],
        cardinality=10,
    ),
    Row(
        "slices_of_strings",
        lambda: Dataset.from_tensor_slices(["a", "b"]),
        [b"a", b"b"],
        cardinality=2,
    ),
    Row(
        "map_of_strings",
        lambda: Dataset.from_tensor_slices(["a", "b", "c"]).map(lambda s: (s, 1)).batch(2),
        [([b"a", b"b"], [1, 1]), ([b"c"], [1])],
        cardinality=2,
    ),
    Row("tensors", lambda: Dataset.from_tensors({"a": Y}), [{"a": lists(Y)}], cardinality=1),
    Row("generator", numbers, lists(range(7))),
    Row("map", lambda: Dataset.range(5).map(lambda v: v * v), [0, 1, 4, 9, 16], cardinality=5),
    Row(
        "map_many",
        lambda: Dataset.range(40).map(lambda v: v + 1),
        lists(range(1, 41)),
        cardinality=40,
    ),
    Row(
        "map_tuple",
        lambda: Dataset.from_tensor_slices((X, Y)).map(lambda x, y: (y, {"s": tf.reduce_sum(x)})),
        [(y, {"s": s}) for y, s in zip(lists(Y), lists(X.sum(1)), strict=True)],
        cardinality=10,
    ),
    Row(
        "map_to_list",
        lambda: Dataset.range(2).map(lambda v: [v, {"a": [v, v]}]),
        [(0, {"a": [0, 0]}), (1, {"a": [1, 1]})],
        cardinality=2,
    ),
    Row(
        "map_in_python",
        lambda: Dataset.range(5).map(python_square),
        [0, 1, 4, 9, 16],
        cardinality=5,
    ),
    Row(
        "map_in_threads",
        lambda: Dataset.range(9).map(python_square, num_parallel_calls=3),
        [v * v for v in range(9)],
        cardinality=9,
    ),
    Row("map_of_generator", lambda: numbers().map(lambda v: v * 2), lists(range(0, 14, 2))),
    Row("filter", lambda: Dataset.range(40).filter(lambda v: v % 3 == 0), lists(range(0, 40, 3))),
    Row("filter_of_generator", lambda: numbers().filter(lambda v: v > 4), [5, 6]),
    Row("batch", lambda: Dataset.range(5).batch(2), [[0, 1], [2, 3], [4]], cardinality=3),
    Row(
        "batch_drop",
        lambda: Dataset.range(5).batch(2, drop_remainder=True),
        [[0, 1], [2, 3]],
        cardinality=2,
    ),
    Row(
        "batch_of_batches",
        lambda: Dataset.range(8).batch(2).batch(2),
        lists(np.arange(8).reshape(2, 2, 2)),
        cardinality=2,
    ),
    Row("batch_of_generator", lambda: numbers().batch(3), [[0, 1, 2], [3, 4, 5], [6]]),
    Row(
        "map_of_batches",
        lambda: Dataset.range(5).batch(2).map(tf.reduce_sum),
        [1, 5, 4],
        cardinality=3,
    ),
    Row(
        "map_of_many_shapes",
        lambda: Dataset.range(1, 14).map(lambda n: tf.reduce_sum(tf.range(n))),
        [n * (n - 1) // 2 for n in range(1, 14)],
        cardinality=13,
    ),
    Row(
        "map_of_batches_of_strings",
        lambda: (
            Dataset.from_tensor_slices(["a", "b", "c"])
            .batch(2)
            .map(lambda s: (tf.concat([s, s], 0), tf.size(s)))
        ),
        [([b"a", b"b", b"a", b"b"], 2), ([b"c", b"c"], 1)],
        cardinality=2,
    ),
    Row(
        "draws_of_batches",
        lambda: Dataset.range(7).batch(2).map(lambda v: tf.random.uniform(tf.shape(v), seed=1)),
        cardinality=4,
    ),
    Row("unbatch", lambda: Dataset.range(5).batch(2).unbatch(), lists(range(5))),
    Row("take", lambda: Dataset.range(5).take(3), [0, 1, 2], cardinality=3),
    Row("take_all", lambda: Dataset.range(3).take(-1), [0, 1, 2], cardinality=3),
    Row(
        "take_of_endless", lambda: Dataset.range(2).repeat().take(5), [0, 1, 0, 1, 0], cardinality=5
    ),
    Row("skip", lambda: Dataset.range(5).skip(3), [3, 4], cardinality=2),
    Row("skip_all", lambda: Dataset.range(5).skip(-1), [], cardinality=0),
    Row("skip_of_generator", lambda: numbers().skip(5), [5, 6]),
    Row("repeat", lambda: Dataset.range(2).repeat(3), [0, 1, 0, 1, 0, 1], cardinality=6),
    Row("repeat_of_generator", lambda: numbers().take(2).repeat(2), [0, 1, 0, 1]),
    Row(
        "repeat_of_nothing",
        lambda: Dataset.range(5).filter(lambda v: v > 9).repeat(),
        [],
        cardinality=-1,
    ),
    Row("shard", lambda: Dataset.range(10).shard(3, 1), [1, 4, 7], cardinality=3),
    Row("shard_of_generator", lambda: numbers().shard(2, 1), [1, 3, 5]),
    Row("prefetch", lambda: numbers().prefetch(2), lists(range(7))),
    Row(
        "prefetch_of_map",
        lambda: Dataset.range(4).map(python_square).prefetch(1),
        [0, 1, 4, 9],
        cardinality=4,
    ),
    Row(
        "shuffle",
        lambda: Dataset.range(10).shuffle(10, seed=1),
        members=lists(range(10)),
        cardinality=10,
    ),
    Row(
        "shuffle_window",
        lambda: Dataset.range(40).shuffle(4, seed=1),
        members=lists(range(40)),
        cardinality=40,
    ),
    Row("shuffle_of_one", lambda: Dataset.range(5).shuffle(1), lists(range(5)), cardinality=5),
    Row("shuffle_of_generator", lambda: numbers().shuffle(3, seed=1), members=lists(range(7))),
    Row(
        "shuffle_repeat_batch",
        lambda: Dataset.from_tensor_slices(Y).shuffle(10, seed=2).repeat(2).batch(4),
        members=None,
        cardinality=5,
    ),
    Row(
        "shuffle_of_map",
        lambda: Dataset.range(6).map(lambda v: v * 2).shuffle(6, seed=3),
        members=lists(range(0, 12, 2)),
        cardinality=6,
    ),
    Row(
        "draws",
        lambda: Dataset.range(20).map(lambda v: tf.random.uniform((), seed=1)),
        cardinality=20,
    ),
    Row(
        "draws_in_python",
        lambda: Dataset.range(5).map(
            lambda v: tf.random.uniform((), seed=1) + tf.py_function(float, [v], tf.float32)
        ),
        cardinality=5,
    ),
    Row(
        "zip",
        lambda: Dataset.zip((Dataset.range(3), Dataset.range(9, 4, -1))),
        [(0, 9), (1, 8), (2, 7)],
        cardinality=3,
    ),
    Row("zip_of_arguments", lambda: Dataset.zip(numbers(), Dataset.range(2)), [(0, 0), (1, 1)]),
    Row(
        "zip_nested",
        lambda: Dataset.zip(
            {"a": Dataset.range(2), "b": (Dataset.range(2, 4), Dataset.from_tensor_slices((X, Y)))}
        ),
        [{"a": a, "b": (a + 2, (x, a))} for a, x in zip(range(2), lists(X), strict=False)],
        cardinality=2,
    ),
    Row(
        "zip_shuffled",
        lambda: Dataset.zip((Dataset.from_tensor_slices(X), Dataset.from_tensor_slices(Y))).shuffle(
            10, seed=4
        ),
        members=list(zip(lists(X), lists(Y), strict=True)),
        cardinality=10,
    ),
    Row(
        "concatenate",
        lambda: Dataset.range(2).concatenate(Dataset.range(5, 7)),
        [0, 1, 5, 6],
        cardinality=4,
    ),
    Row(
        "concatenate_of_generator",
        lambda: numbers().take(2).concatenate(numbers()),
        [0, 1, *range(7)],
    ),
    Row("enumerate", lambda: numbers().take(2).enumerate(start=5), [(5, 0), (6, 1)]),
    Row("counter", lambda: Dataset.counter(3, 2).take(3), [3, 5, 7], cardinality=3),
    Row("random", lambda: Dataset.random(seed=4).take(20), cardinality=20),
    Row(
        "choose",
        lambda: Dataset.choose_from_datasets(
            [Dataset.range(3), Dataset.range(10, 12)],
            Dataset.from_tensor_slices(np.array([0, 1, 1, 0, 1, 0, 0], np.int64)),
            stop_on_empty_dataset=False,
        ),
        [0, 10, 11, 1, 2],
    ),
    Row(
        "choose_stopping",
        lambda: Dataset.choose_from_datasets(
            [Dataset.range(3), Dataset.range(10, 12)],
            Dataset.from_tensor_slices(np.array([0, 1, 1, 0, 1, 0, 0], np.int64)),
        ),
        [0, 10, 11, 1],
    ),
    Row(
        "sample",
        lambda: Dataset.sample_from_datasets(
            [Dataset.range(20), Dataset.range(100, 120)], [0.3, 0.7], seed=1
        ),
        members=[*range(20), *range(100, 120)],
    ),
    Row(
        "flat_map",
        lambda: Dataset.from_tensor_slices(X).flat_map(Dataset.from_tensor_slices),
        lists(X.reshape(-1)),
    ),
    Row(
        "flat_map_of_none",
        lambda: Dataset.range(4).flat_map(lambda n: Dataset.range(n % 2)),
        [0, 0],
    ),
    Row(
        "interleave",
        lambda: Dataset.range(5).interleave(
            lambda n: Dataset.from_tensors(n).repeat(3), cycle_length=2, block_length=2
        ),
        [0, 0, 1, 1, 0, 1, 2, 2, 3, 3, 2, 3, 4, 4, 4],
    ),
    Row(
        "interleave_of_lengths",
        lambda: Dataset.range(6).interleave(
            lambda n: Dataset.range(n * 10, n * 10 + n), cycle_length=3
        ),
        None,
    ),
    Row(
        "interleave_in_threads",
        lambda: Dataset.range(6).interleave(
            lambda n: Dataset.range(n * 10, n * 10 + n), cycle_length=3, num_parallel_calls=2
        ),
        None,
    ),
    Row(
        "interleave_shuffled",
        lambda: Dataset.range(3).interleave(
            lambda n: Dataset.range(5).shuffle(5, seed=1), cycle_length=3
        ),
        None,
    ),
    Row(
        "scan",
        lambda: Dataset.range(5).scan(np.int64(0), lambda s, v: (s + v, s * 10 + v)),
        [0, 1, 12, 33, 64],
        cardinality=5,
    ),
    Row("take_while", lambda: Dataset.range(9).take_while(lambda v: v < 4), [0, 1, 2, 3]),
    Row("unique", lambda: Dataset.from_tensor_slices([3, 1, 3, 2, 1]).unique(), [3, 1, 2]),
    Row(
        "unique_strings", lambda: Dataset.from_tensor_slices(["b", "a", "b"]).unique(), [b"b", b"a"]
    ),
    Row(
        "ignore_errors",
        lambda: (
            Dataset.range(5)
            .map(lambda v: tf.py_function(lambda n: 6 // (int(n) - 2), [v], tf.int64))
            .ignore_errors()
        ),
        [-3, -6, 6, 3],
    ),
    Row(
        "padded_batch",
        lambda: lengths().padded_batch(2),
        [[[1, 0], [2, 2]], [[3, 3, 3, 0], [4, 4, 4, 4]], [[5] * 5]],
    ),
    Row(
        "padded_batch_of_shape",
        lambda: lengths().padded_batch(
            2, padded_shapes=[6], padding_values=np.int32(-1), drop_remainder=True
        ),
        [[[n] * n + [-1] * (6 - n) for n in pair] for pair in ((1, 2), (3, 4))],
    ),
    Row(
        "padded_batch_of_structure",
        lambda: Dataset.from_generator(
            lambda: iter([([1], "a"), ([1, 2], "b")]),
            output_signature=(tf.TensorSpec([None], tf.int32), tf.TensorSpec([], tf.string)),
        ).padded_batch(2, padded_shapes=([None], [])),
        [([[1, 0], [1, 2]], [b"a", b"b"])],
    ),
    Row("rebatch", lambda: Dataset.range(8).batch(4).rebatch(3), [[0, 1, 2], [3, 4, 5], [6, 7]]),
    Row(
        "window",
        lambda: Dataset.range(7).window(3).flat_map(lambda w: w.batch(3)),
        [[0, 1, 2], [3, 4, 5], [6]],
    ),
    Row(
        "window_shifted",
        lambda: (
            Dataset.range(7)
            .window(3, shift=2, stride=2, drop_remainder=True)
            .flat_map(lambda w: w.batch(3))
        ),
        [[0, 2, 4], [2, 4, 6]],
    ),
    Row(
        "window_with_gaps",
        lambda: Dataset.range(10).window(2, shift=4).flat_map(lambda w: w.batch(2)),
        [[0, 1], [4, 5], [8, 9]],
    ),
    Row(
        "window_of_tuples",
        lambda: (
            Dataset.from_tensor_slices((X, Y))
            .window(4)
            .flat_map(lambda x, y: Dataset.zip((x, y)).batch(4))
        ),
        [(lists(X[i : i + 4]), lists(Y[i : i + 4])) for i in (0, 4, 8)],
    ),
    Row(
        "group_by_window",
        lambda: Dataset.range(10).group_by_window(
            lambda v: v % 3, lambda key, w: w.batch(2), window_size=2
        ),
        [[0, 3], [1, 4], [2, 5], [6, 9], [7], [8]],
    ),
    Row(
        "bucket_by_length",
        lambda: lengths().bucket_by_sequence_length(lambda v: tf.shape(v)[0], [3, 5], [2, 2, 2]),
        [[[1, 0], [2, 2]], [[3, 3, 3, 0], [4, 4, 4, 4]], [[5] * 5]],
    ),
    Row(
        "bucket_to_boundary",
        lambda: (
            lengths()
            .take(4)
            .bucket_by_sequence_length(
                lambda v: tf.shape(v)[0], [4, 7], [2, 2, 2], pad_to_bucket_boundary=True
            )
        ),
        [[[1, 0, 0], [2, 2, 0]], [[3, 3, 3]], [[4, 4, 4, 4, 0, 0]]],
    ),
    Row(
        "rejection_resample",
        lambda: Dataset.range(60).rejection_resample(
            lambda v: v % 2, [0.25, 0.75], [0.5, 0.5], seed=1
        ),
        None,
    ),
    *FILE_ROWS,
    *FOLDER_ROWS,
    *RAGGED_ROWS,
    *SPLIT_ROWS,
    *STORING_ROWS,
    *EXPERIMENTAL_ROWS,
]
