"""Pipelines of ragged and sparse elements."""

from __future__ import annotations

import numpy as np

import thalweg as tf
from tests.data.row import Row

Dataset = tf.data.Dataset
ROWS_OF_WORDS = [[1, 2], [], [3, 4, 5], [6]]
NESTED = [[[1, 2], [3]], [], [[4]]]


def ragged():
    return tf.ragged.constant(ROWS_OF_WORDS)


def sparse():
    """[[1, 0, 2], [0, 0, 0], [0, 3, 0]]"""
    return tf.SparseTensor([[0, 0], [0, 2], [2, 1]], np.array([1, 2, 3], np.int32), [3, 3])


def counts(stop=5):
    """0, 0 1, 0 1 2, ..."""
    return Dataset.from_generator(
        lambda: (list(range(n)) for n in range(1, stop)),
        output_signature=tf.TensorSpec([None], tf.int32),
    )


def squares():
    """A 1 x 1, a 2 x 2 and a 3 x 3 matrix."""
    return Dataset.from_generator(
        lambda: (np.full((n, n), n, np.int32) for n in range(1, 4)),
        output_signature=tf.TensorSpec([None, None], tf.int32),
    )


def places(indices, values, shape):
    """A sparse tensor as the tests see it."""
    return {"indices": indices, "values": values, "shape": shape}


RAGGED_ROWS = [
    Row(
        "ragged_slices",
        lambda: Dataset.from_tensor_slices(ragged()),
        ROWS_OF_WORDS,
        cardinality=4,
    ),
    Row(
        "ragged_slices_of_structure",
        lambda: Dataset.from_tensor_slices({"a": ragged(), "b": [7, 8, 9, 10]}),
        [{"a": a, "b": b} for a, b in zip(ROWS_OF_WORDS, (7, 8, 9, 10), strict=True)],
        cardinality=4,
    ),
    Row(
        "ragged_slices_nested",
        lambda: Dataset.from_tensor_slices(tf.ragged.constant(NESTED)),
        NESTED,
        cardinality=3,
    ),
    Row(
        "ragged_tensors",
        lambda: Dataset.from_tensors(ragged()).repeat(2).batch(2),
        [[ROWS_OF_WORDS, ROWS_OF_WORDS]],
        cardinality=1,
    ),
    Row(
        "ragged_batches",
        lambda: Dataset.from_tensor_slices(ragged()).batch(3),
        [ROWS_OF_WORDS[:3], ROWS_OF_WORDS[3:]],
        cardinality=2,
    ),
    Row(
        "ragged_batches_nested",
        lambda: Dataset.from_tensor_slices(tf.ragged.constant(NESTED)).batch(2),
        [NESTED[:2], NESTED[2:]],
        cardinality=2,
    ),
    Row(
        "ragged_unbatch",
        lambda: Dataset.from_tensor_slices(ragged()).batch(3).unbatch(),
        ROWS_OF_WORDS,
    ),
    Row(
        "ragged_rebatch",
        lambda: Dataset.from_tensor_slices(ragged()).batch(2).rebatch(3),
        [ROWS_OF_WORDS[:3], ROWS_OF_WORDS[3:]],
    ),
    Row(
        "ragged_shuffled",
        lambda: Dataset.from_tensor_slices(ragged()).shuffle(4, seed=1),
        members=ROWS_OF_WORDS,
        cardinality=4,
    ),
    Row(
        "ragged_shuffled_batches",
        lambda: Dataset.from_tensor_slices(ragged()).shuffle(4, seed=1).repeat(2).batch(3),
        cardinality=3,
    ),
    Row(
        "ragged_zipped",
        lambda: Dataset.zip(Dataset.from_tensor_slices(ragged()), Dataset.range(4)).batch(3),
        [(ROWS_OF_WORDS[:3], [0, 1, 2]), (ROWS_OF_WORDS[3:], [3])],
        cardinality=2,
    ),
    Row(
        "ragged_concatenated",
        lambda: (
            Dataset.from_tensor_slices(ragged())
            .take(2)
            .concatenate(Dataset.from_tensor_slices(ragged()))
            .batch(3)
        ),
        [[*ROWS_OF_WORDS[:2], ROWS_OF_WORDS[0]], ROWS_OF_WORDS[1:]],
        cardinality=2,
    ),
    Row(
        "ragged_map",
        lambda: Dataset.from_tensor_slices(ragged()).map(lambda v: v * 2),
        [[2, 4], [], [6, 8, 10], [12]],
        cardinality=4,
    ),
    Row(
        "ragged_map_of_batches",
        lambda: Dataset.from_tensor_slices(ragged()).batch(2).map(lambda v: v * 2),
        [[[2, 4], []], [[6, 8, 10], [12]]],
        cardinality=2,
    ),
    Row(
        "ragged_filter",
        lambda: Dataset.from_tensor_slices(ragged()).filter(lambda v: tf.size(v) > 1),
        [[1, 2], [3, 4, 5]],
    ),
    Row(
        "ragged_window",
        lambda: Dataset.from_tensor_slices(ragged()).window(2).flat_map(lambda w: w.batch(2)),
        [ROWS_OF_WORDS[:2], ROWS_OF_WORDS[2:]],
    ),
    Row(
        "ragged_generator",
        lambda: Dataset.from_generator(
            lambda: iter([ragged(), ragged()]),
            output_signature=tf.RaggedTensorSpec([4, None], tf.int32),
        ).batch(2),
        [[ROWS_OF_WORDS, ROWS_OF_WORDS]],
    ),
    Row(
        "ragged_batch",
        lambda: counts().ragged_batch(3),
        [[[0], [0, 1], [0, 1, 2]], [[0, 1, 2, 3]]],
    ),
    Row(
        "ragged_batch_drop",
        lambda: counts().ragged_batch(3, drop_remainder=True, row_splits_dtype=tf.int32),
        [[[0], [0, 1], [0, 1, 2]]],
    ),
    Row("ragged_batch_of_squares", lambda: squares().ragged_batch(2), None),
    Row(
        "ragged_batch_of_scalars",
        lambda: Dataset.range(3).map(lambda n: (n, [n, n])).ragged_batch(2),
        [([0, 1], [[0, 0], [1, 1]]), ([2], [[2, 2]])],
        cardinality=2,
    ),
    Row(
        "ragged_batch_of_words",
        lambda: (
            Dataset.from_tensor_slices(["a b", "c", ""]).map(tf.strings.split).ragged_batch(2)
        ),
        [[[b"a", b"b"], [b"c"]], [[]]],
        cardinality=2,
    ),
    Row(
        "sparse_slices",
        lambda: Dataset.from_tensor_slices(sparse()),
        [places([[0], [2]], [1, 2], [3]), places([], [], [3]), places([[1]], [3], [3])],
        cardinality=3,
    ),
    Row(
        "sparse_batches",
        lambda: Dataset.from_tensor_slices(sparse()).batch(2),
        [places([[0, 0], [0, 2]], [1, 2], [2, 3]), places([[0, 1]], [3], [1, 3])],
        cardinality=2,
    ),
    Row(
        "sparse_unbatch",
        lambda: Dataset.from_tensor_slices(sparse()).batch(3).unbatch().skip(2),
        [places([[1]], [3], [3])],
    ),
    Row(
        "sparse_shuffled",
        lambda: Dataset.from_tensor_slices(sparse()).shuffle(3, seed=3).batch(3),
        cardinality=1,
    ),
    Row(
        "sparse_batch",
        lambda: counts(4).sparse_batch(2, [4]),
        [
            places([[0, 0], [1, 0], [1, 1]], [0, 0, 1], [2, 4]),
            places([[0, 0], [0, 1], [0, 2]], [0, 1, 2], [1, 4]),
        ],
    ),
    Row(
        "sparse_batch_of_any_size",
        lambda: counts(3).sparse_batch(2, [None]),
        [places([[0, 0], [1, 0], [1, 1]], [0, 0, 1], [2, 2])],
    ),
]
