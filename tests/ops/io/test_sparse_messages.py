"""Sparse tensors as messages."""

from __future__ import annotations

import pytest

import thalweg as tf

io = tf.io
ONE = tf.SparseTensor([[0, 1], [2, 0]], [1.5, 2.5], [3, 2])


def parts(value):
    return [p.numpy().tolist() for p in (value.indices, value.values, value.dense_shape)]


def test_rows_come_back():
    found = io.deserialize_many_sparse(io.serialize_many_sparse(ONE), tf.float32)
    assert parts(found) == parts(ONE)
    alone = io.deserialize_many_sparse(io.serialize_sparse(ONE), tf.float32)
    assert parts(alone) == parts(ONE)


def test_texts_come_back():
    texts = tf.SparseTensor([[0, 0], [1, 2]], ["a\0", "é"], [2, 3])
    found = io.deserialize_many_sparse(io.serialize_many_sparse(texts), tf.string)
    assert found.values.numpy().tolist() == [b"a\0", b"\xc3\xa9"]


@pytest.mark.parametrize(
    ("made", "error", "reason"),
    [
        (lambda: io.serialize_sparse([1.0]), TypeError, "a SparseTensor, got list"),
        (lambda: io.serialize_sparse(ONE, tf.int32), TypeError, "out_type string"),
        (
            lambda: io.deserialize_many_sparse([["a", "b", "c"]], tf.int32),
            ValueError,
            "in row 0, got bytes",
        ),
        (lambda: io.deserialize_many_sparse([["a"]], tf.int32), ValueError, r"shape \(rows, 3\)"),
        (
            lambda: io.deserialize_many_sparse([io.serialize_sparse(ONE)], tf.int32),
            ValueError,
            "values of dtype int32, got float32",
        ),
        (
            lambda: io.deserialize_many_sparse([io.serialize_sparse(ONE)], tf.float32, rank=2),
            ValueError,
            "expected rank 2, got 3",
        ),
        (
            lambda: io.deserialize_many_sparse(
                [[io.serialize_tensor(part) for part in (ONE.indices, [1.0], ONE.dense_shape)]],
                tf.float32,
            ),
            ValueError,
            "places, values and a shape that fit in row 0",
        ),
        (
            lambda: io.serialize_many_sparse(tf.SparseTensor([[0]], [1.0], [2])),
            ValueError,
            "rank 2 or more",
        ),
    ],
    ids=range(8),
)
def test_wrong_use_is_explained(made, error, reason):
    with pytest.raises(error, match=reason):
        made()
