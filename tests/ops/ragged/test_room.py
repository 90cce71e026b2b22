"""Ragged and sparse tensors with room: what fills up counts nowhere, or exact sizes are asked for."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.core.composite import LONGEST, TOTAL, WIDTH, bucket, wishes
from thalweg._src.function.trace import trace_body

LENGTHS = [3, 0, 5, 1]


def ragged():
    values = np.random.default_rng(0).normal(size=(sum(LENGTHS), 2)).astype(np.float32)
    return tf.RaggedTensor.from_row_lengths(values, LENGTHS)


def nested():
    return tf.ragged.constant([[[1, 2], [3]], [], [[4, 5, 6]]])


def in_program(function, tensor):
    """What a program gives that gets the tensor with room, and what it asked for."""
    roomy = tensor._roomy()
    wishes.found.clear()
    parts = roomy._flatten_composite()
    arrays = [part.array for part in parts]
    body = trace_body(lambda *given: function(roomy._pack_composite(list(given))), arrays, "test")
    asked = set(wishes.found)
    wishes.found.clear()
    return body.rebuild(body.run(body.constants, *arrays)), asked


def test_sizes_are_powers_of_two():
    assert [bucket(n) for n in (0, 1, 2, 3, 8, 9)] == [1, 1, 2, 4, 8, 16]
    assert bucket(3, 8) == 8
    assert [p.shape for p in ragged()._roomy()._flatten_composite()] == [(16, 2), (5,)]


def test_tensors_of_like_sizes_have_one_form():
    one = tf.ragged.constant([[1, 2], [3]])._roomy()
    other = tf.ragged.constant([[], [4, 5, 6, 7, 8]], dtype=tf.int32)._roomy()
    assert one._fixed() == other._fixed()
    assert one.shape == other.shape


@pytest.mark.parametrize("make", [ragged, nested], ids=["one", "two"])
def test_the_room_goes_again(make):
    assert make()._roomy()._tight().to_list() == make().to_list()


def test_exact_sizes_stay():
    exact = ragged()._roomy(frozenset({TOTAL, LONGEST}))
    assert exact._flat.shape == (9, 2)
    assert exact._partition.room == (5, True, True)
    assert ragged()._roomy(frozenset({WIDTH}))._partition.room == (8, False, False)


#: What does not ask for exact sizes.
ROOMY = {
    "square": tf.square,
    "sum_of_rows": lambda x: tf.reduce_sum(x, 1),
    "sum_of_all": tf.reduce_sum,
    "mean_of_rows": lambda x: tf.reduce_mean(x, 2),
    "largest": lambda x: tf.reduce_max(x, [0, 1]),
    "standard_deviation": lambda x: tf.math.reduce_std(x, [0, 1]),
    "mean_of_all": tf.reduce_mean,
    "scaled": lambda x: x * tf.constant([2.0, 3.0]),
    "with_itself": lambda x: x + x * 2.0,
    "lengths": lambda x: x.row_lengths(),
    "looked_up": lambda x: tf.gather(tf.eye(3), tf.cast(x > 0, tf.int32)),
    "filled_up_to": lambda x: x.to_tensor(shape=[None, 6, None]),
}


@pytest.mark.parametrize("name", ROOMY)
def test_what_fills_up_counts_nowhere(name):
    found, asked = in_program(ROOMY[name], ragged())
    assert not asked
    wanted = ROOMY[name](ragged())
    if isinstance(wanted, tf.RaggedTensor):
        found = found._tight()
        assert found.row_lengths().numpy().tolist() == wanted.row_lengths().numpy().tolist()
        found, wanted = found.flat_values, wanted.flat_values
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)


ASKING = {
    "values": (lambda x: x.values, TOTAL),
    "flat_values": (lambda x: x.flat_values, TOTAL),
    "value_rowids": (lambda x: x.value_rowids(), TOTAL),
    "softmax_of_rows": (lambda x: tf.nn.softmax(x, 1), TOTAL),
    "to_tensor": (lambda x: x.to_tensor(), LONGEST),
    "bounding_shape": (lambda x: x.bounding_shape(), LONGEST),
}


@pytest.mark.parametrize("name", ASKING)
def test_who_sees_the_values_asks_for_exact_sizes(name):
    function, wish = ASKING[name]
    assert in_program(function, ragged())[1] == {wish}


def test_sums_of_nested_rows():
    for axis in (2, None):
        found, asked = in_program(lambda x, axis=axis: tf.reduce_sum(x, axis), nested())
        wanted = tf.reduce_sum(nested(), axis)
        assert not asked
        if axis is None:
            assert int(found) == int(wanted)
        else:
            assert found._tight().to_list() == wanted.to_list()


def places():
    return tf.sparse.from_dense([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [2.0, 0.0, 3.0]])


SPARSE = {
    "product": lambda x: tf.matmul(x, tf.ones((3, 2))),
    "turned_product": lambda x: tf.sparse.sparse_dense_matmul(x, tf.ones((3, 2)), adjoint_a=True),
    "dense": tf.sparse.to_dense,
    "dense_of_squares": lambda x: tf.sparse.to_dense(tf.square(x)),
    "side_by_side": lambda x: tf.sparse.to_dense(tf.sparse.concat(1, [x, x])),
}


@pytest.mark.parametrize("name", SPARSE)
def test_places_behind_the_last_row_count_nowhere(name):
    found, asked = in_program(SPARSE[name], places())
    assert not asked
    np.testing.assert_allclose(found, SPARSE[name](places()), rtol=1e-6)


def test_who_sees_the_elements_asks_for_all():
    assert in_program(lambda x: x.values, places())[1] == {TOTAL}
    assert in_program(lambda x: tf.sparse.concat(0, [x, x]).dense_shape, places())[1] == {TOTAL}
    assert tf.sparse.to_dense(places()._roomy()._tight()).numpy().tolist() == [
        [0.0, 1.0, 0.0],
        [0.0, 0.0, 0.0],
        [2.0, 0.0, 3.0],
    ]
