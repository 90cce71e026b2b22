"""Pipelines that keep their elements."""

from __future__ import annotations

import uuid

import numpy as np

import thalweg as tf
from tests.data.ragged_pipelines import ragged, sparse, squares
from tests.data.row import Row
from tests.data.sample_files import folder

Dataset = tf.data.Dataset


def fresh():
    """Path of a file that is not there."""
    kept = folder() / "kept"
    kept.mkdir(exist_ok=True)
    return str(kept / uuid.uuid4().hex)


def generated():
    def numbers():
        yield from range(4)

    return Dataset.from_generator(numbers, output_signature=tf.TensorSpec((), tf.int32))


def mixed():
    """Strings, ragged rows and numbers."""
    return Dataset.from_tensor_slices(
        {"a": ragged(), "b": ["x", "", "yy", "z"], "c": np.arange(8, dtype=np.float64).reshape(4, 2)}
    )


def loaded(dataset, **settings):
    """The data set after it was saved and loaded."""
    path = fresh()
    dataset.save(path, **settings)
    return Dataset.load(path, compression=settings.get("compression"))


MIXED = [
    {"a": a, "b": b, "c": c}
    for a, b, c in zip(
        [[1, 2], [], [3, 4, 5], [6]],
        [b"x", b"", b"yy", b"z"],
        [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0], [6.0, 7.0]],
        strict=True,
    )
]

STORING_ROWS = [
    Row("cache", lambda: Dataset.range(3).cache(), [0, 1, 2], cardinality=3),
    Row("cache_of_generator", lambda: generated().cache(), [0, 1, 2, 3]),
    Row("cache_repeated", lambda: generated().cache().repeat(2), [0, 1, 2, 3] * 2),
    Row("cache_of_none", lambda: Dataset.range(0).cache().repeat(2), [], cardinality=0),
    Row(
        "cache_shuffled",
        lambda: generated().cache().shuffle(4, seed=2),
        members=[0, 1, 2, 3],
    ),
    Row("cache_of_shuffled", lambda: generated().shuffle(4, seed=2).cache(), members=[0, 1, 2, 3]),
    Row("cache_of_mixed", lambda: mixed().cache(), MIXED, cardinality=4),
    Row("cache_of_squares", lambda: squares().cache(), [[[1]], [[2] * 2] * 2, [[3] * 3] * 3]),
    Row(
        "cache_of_draws",
        lambda: Dataset.range(5).map(lambda v: tf.random.uniform((), seed=1)).cache(),
        cardinality=5,
    ),
    Row("cache_in_file", lambda: generated().cache(fresh()), [0, 1, 2, 3]),
    Row(
        "cache_in_file_repeated",
        lambda: generated().cache(fresh()).map(lambda v: v * 2).repeat(2),
        [0, 2, 4, 6] * 2,
    ),
    Row("cache_in_file_of_mixed", lambda: mixed().cache(fresh()), MIXED, cardinality=4),
    Row(
        "cache_in_file_of_squares",
        lambda: squares().cache(fresh()),
        [[[1]], [[2] * 2] * 2, [[3] * 3] * 3],
    ),
    Row(
        "cache_in_file_of_sparse",
        lambda: Dataset.from_tensor_slices(sparse()).cache(fresh()).batch(2).skip(1),
        [{"indices": [[0, 1]], "values": [3], "shape": [1, 3]}],
        cardinality=1,
    ),
    Row(
        "cache_in_file_shuffled",
        lambda: generated().cache(fresh()).shuffle(4, seed=2),
        members=[0, 1, 2, 3],
    ),
    Row("load", lambda: loaded(generated()), [0, 1, 2, 3], cardinality=4),
    Row("load_of_none", lambda: loaded(Dataset.range(0)), [], cardinality=0),
    Row("load_of_mixed", lambda: loaded(mixed(), compression="GZIP"), MIXED, cardinality=4),
    Row(
        "load_of_squares",
        lambda: loaded(squares()).ragged_batch(3),
        [[[[1]], [[2] * 2] * 2, [[3] * 3] * 3]],
        cardinality=1,
    ),
    Row(
        "load_of_shards",
        lambda: loaded(Dataset.range(7), shard_func=lambda v: v % 2),
        [0, 1, 2, 3, 4, 5, 6],
        cardinality=7,
    ),
    Row(
        "load_shuffled",
        lambda: loaded(Dataset.range(7), shard_func=lambda v: v % 2).shuffle(7, seed=1),
        members=[0, 1, 2, 3, 4, 5, 6],
        cardinality=7,
    ),
    Row("snapshot", lambda: generated().snapshot(fresh()), [0, 1, 2, 3]),
    Row(
        "snapshot_repeated",
        lambda: mixed().snapshot(fresh(), compression="GZIP").repeat(2),
        MIXED * 2,
        cardinality=8,
    ),
    Row(
        "snapshot_of_shards",
        lambda: (
            Dataset.range(6)
            .snapshot(
                fresh(),
                shard_func=lambda v: v // 3,
                reader_func=lambda shards: shards.interleave(lambda s: s, cycle_length=1),
            )
            .map(lambda v: v + 1)
        ),
        [1, 2, 3, 4, 5, 6],
        cardinality=6,
    ),
    Row(
        "snapshot_of_shuffled",
        lambda: generated().shuffle(4, seed=2).snapshot(fresh()),
        members=[0, 1, 2, 3],
    ),
]
