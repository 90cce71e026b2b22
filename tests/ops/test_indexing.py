"""Indexing, slices, gathers and scatters: keys of every kind, lives, errors and compile counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from thalweg._src.base import errors
from thalweg._src.core import symbolic, xla
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor, is_static
from thalweg._src.ops import indexing

CUBE = np.arange(24, dtype=np.int32).reshape(2, 3, 4)


def compiled(function, *arrays):
    """`function` of tensors, run as one program."""
    out = xla.jit_whole(lambda *a: function(*map(Tensor, a)).array)(*arrays)
    return np.asarray(out)


def bounds(size):
    return st.one_of(st.none(), st.integers(-size - 2, size + 2))


def part(size):
    steps = st.one_of(st.none(), st.integers(-3, 3).filter(bool))
    return st.one_of(
        st.integers(-size, size - 1), st.builds(slice, bounds(size), bounds(size), steps)
    )


@st.composite
def keys(draw):
    shape = CUBE.shape
    count = draw(st.integers(0, 3))
    after = draw(st.integers(0, count))
    parts = [draw(part(n)) for n in shape[: count - after]]
    if after or draw(st.booleans()):
        parts.append(...)
        parts += [draw(part(n)) for n in shape[3 - after :]]
    for _ in range(draw(st.integers(0, 2))):
        parts.insert(draw(st.integers(0, len(parts))), None)
    return tuple(parts)


@settings(deadline=None, max_examples=60)
@given(keys())
def test_any_key_as_in_numpy(key):
    want = CUBE[key]
    assert np.array_equal(tf.constant(CUBE)[key].numpy(), want)
    assert Tensor(CUBE)[key].shape == want.shape
    traced = xla.jax.eval_shape(lambda x: Tensor(x)[key].array, CUBE)
    assert traced.shape == want.shape
    assert KerasTensor(CUBE.shape, "int32")[key].shape == want.shape


@settings(deadline=None, max_examples=20)
@given(keys())
def test_any_key_in_a_program_and_assigned_to(key):
    assert np.array_equal(compiled(lambda x: x[key], CUBE), CUBE[key])
    want = CUBE.copy()
    want[key] = 7
    assert np.array_equal(indexing.setitem(tf.constant(CUBE), key, 7).numpy(), want)


def test_one_program_serves_all_indices_and_starts():
    x = tf.constant(np.arange(330, dtype=np.float32).reshape(110, 3))
    row = indexing.getitem_from.opdef
    for function in (
        lambda i: x[i],
        lambda i: x[i : i + 4],
        lambda i: x[i, 1:],
        lambda i: x[-i - 1],
    ):
        # NumPy serves shapes that came only a few times; then one kernel is compiled.
        for _ in range(5):
            function(0)
        before = [k._cache_size() for k in row.kernels.values()], len(row.kernels)
        for i in range(1, 90):
            function(i)
        assert before == ([k._cache_size() for k in row.kernels.values()], len(row.kernels))


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (5, "slice index 5 of dimension 0 out of bounds: expected -2 to 1"),
        ((0, -4), "slice index -4 of dimension 1 out of bounds"),
        ((0, 0, 0, 0), "expected at most 3 indices for a tensor of rank 3, got 4"),
    ],
)
def test_out_of_range_is_also_an_index_error(key, text):
    for x in (tf.constant(CUBE), Tensor(CUBE), KerasTensor(CUBE.shape, "int32")):
        with pytest.raises(IndexError, match=text):
            x[key]
        with pytest.raises(tf.errors.InvalidArgumentError):
            x[key]


@pytest.mark.parametrize(
    "key",
    [1.0, "a", [[0, 1], [1, 0]], {1: 2}, (0, np.array([True])), slice(0.0, 1)],
)
def test_other_keys_are_type_errors_that_name_gather(key):
    with pytest.raises(TypeError, match=r"use tf\.gather"):
        tf.constant(CUBE)[key]


def test_keys_that_say_nothing():
    x = tf.constant(CUBE)
    with pytest.raises(ValueError, match="at most one"):
        x[..., 0, ...]
    with pytest.raises(ValueError, match="stride other than 0"):
        x[::0]
    with pytest.raises(ValueError, match="mask cannot be scalar"):
        x[True]


def test_a_list_is_a_tuple_and_numbers_of_any_kind_are_indices():
    x = tf.constant(CUBE)
    for key in ([1, 2], (np.int64(1), tf.constant(2)), (tf.Variable(1), np.array(2))):
        assert np.array_equal(x[key].numpy(), CUBE[1, 2])
    assert np.array_equal(x[:, : tf.constant(2)].numpy(), CUBE[:, :2])


def test_masks():
    x = tf.constant(CUBE)
    assert np.array_equal(x[x > 12].numpy(), CUBE[CUBE > 12])
    assert np.array_equal(x[np.array([False, True])].numpy(), CUBE[1:])
    with pytest.raises(errors.OperatorNotAllowedInGraphError, match=r"tf\.where"):
        compiled(lambda a: a[a > 12], CUBE)
    known = compiled(lambda a: a[tf.constant([True, False])], CUBE)
    assert np.array_equal(known, CUBE[:1])


def test_traced_indices():
    i = np.int32(-1)
    assert np.array_equal(compiled(lambda x, k: x[:, k, ::-1], CUBE, i), CUBE[:, -1, ::-1])
    assert np.array_equal(compiled(lambda x, k: x[k][k], CUBE, np.int64(1)), CUBE[1, 1])
    clamped = compiled(lambda x, k: x[k], CUBE, np.int32(9))
    assert np.array_equal(clamped, CUBE[-1])
    with pytest.raises(errors.OperatorNotAllowedInGraphError, match=r"tf\.slice\(x, begin, size\)"):
        compiled(lambda x, k: x[:k], CUBE, i)
    picked = compiled(lambda x, k: x[k], CUBE, np.int32([0, 1]))
    assert np.array_equal(picked, CUBE[[0, 1]])


def test_shapes_stay_static_in_programs():
    def program(x):
        size = tf.shape(x)[-1]
        assert is_static(size)
        assert is_static(tf.shape(x)[1:])
        return x[..., : size // 2]

    assert compiled(program, CUBE).shape == (2, 3, 2)


def test_symbols_in_keys():
    x = KerasTensor((None, 6), "float32")
    half = x[:, : tf.shape(x)[1] // 2]
    assert half.shape == (None, 3)
    assert x[: tf.shape(x)[0] // 2].shape == (None, 6)
    row = KerasTensor((), "int32")
    assert x[row].shape == (6,)
    value = tf.constant(np.arange(12, dtype=np.float32).reshape(2, 6))
    got = symbolic.evaluate(half, {x.ref(): value})
    assert np.array_equal(got.numpy(), value.numpy()[:, :3])


def test_gradient_of_parts():
    x = tf.Variable(np.ones((3, 4), np.float32))
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(x[1, ::2]) + tf.reduce_sum(x[:, -1]) * 2.0
    want = np.zeros((3, 4))
    want[1, ::2] += 1
    want[:, -1] += 2
    assert np.array_equal(tape.gradient(y, x).numpy(), want)


def test_setitem_by_traced_index():
    def program(x, k, v):
        return indexing.setitem(x, (slice(None), k), v)

    got = compiled(program, CUBE, np.int32(-2), np.int32([1, 2, 3, 4]))
    want = CUBE.copy()
    want[:, -2] = [1, 2, 3, 4]
    assert np.array_equal(got, want)


def test_slice_checks_and_traced_begin():
    x = tf.constant(CUBE)
    for begin, size, text in [
        ([0, 0, 0], [3, 1, 1], r"expected size\[0\] from 0 to 2"),
        ([-1, 0, 0], [1, 1, 1], r"expected begin\[0\] from 0 to 2"),
        ([0, 0], [1, 1], "begin and size of shape"),
        ([0, 0, 0], [1, 1, -2], r"size\[2\]"),
    ]:
        with pytest.raises(tf.errors.InvalidArgumentError, match=text):
            tf.slice(x, begin, size)
        with pytest.raises(tf.errors.InvalidArgumentError, match=text):
            compiled(lambda a, b=begin, s=size: tf.slice(a, b, s), CUBE)
    got = compiled(lambda a, i: tf.slice(a, [0, i, 0], [2, 1, 4]), CUBE, np.int32(2))
    assert np.array_equal(got, CUBE[:, 2:])
    with pytest.raises(tf.errors.InvalidArgumentError, match="cannot go with a size of -1"):
        compiled(lambda a, i: tf.slice(a, [0, i, 0], [2, -1, 4]), CUBE, np.int32(2))
    assert tf.slice(KerasTensor((None, 6)), [0, 1], [-1, 2]).shape == (None, 2)


def test_strided_slice_faults():
    x = tf.constant(CUBE)
    with pytest.raises(tf.errors.InvalidArgumentError, match="of one length"):
        tf.strided_slice(x, [0], [1, 1])
    with pytest.raises(tf.errors.InvalidArgumentError, match="shrink_axis_mask"):
        tf.strided_slice(x, [1], [0], [-1], shrink_axis_mask=1)
    assert tf.strided_slice(x, [0], [1], new_axis_mask=1, shrink_axis_mask=1).shape == (1, 2, 3, 4)


# --- gather and scatter -------------------------------------------------------------------------------


def test_gather_refuses_what_is_out_of_range_where_it_is_known():
    x = tf.constant([1.0, 2.0])
    for call in (
        lambda: tf.gather(x, [0, 5]),
        lambda: tf.gather(x, tf.constant([-1], tf.int64)),
        lambda: tf.gather_nd(x, [[2]]),
        lambda: compiled(lambda a: tf.gather(a, [0, 5]), x.numpy()),
    ):
        with pytest.raises(
            tf.errors.InvalidArgumentError, match=r"expected (indices|every entry) from 0"
        ):
            call()
    with pytest.raises(IndexError, match=r"indices\[0\]\[1\] = 7"):
        tf.gather(x, [[0, 7]])


def test_gather_out_of_range_in_a_program_is_zero_without_gradient():
    x = np.array([[1.0, 2.0], [3.0, np.nan]], np.float32)

    def program(a, i):
        return tf.gather(a, i)

    got = compiled(program, x, np.int32([0, 5, -1]))
    assert got.tolist() == [[1.0, 2.0], [0.0, 0.0], [0.0, 0.0]]
    slope = xla.jax.grad(lambda a: program(Tensor(a), Tensor(np.int32([0, 5]))).array.sum())
    with pytest.raises(tf.errors.InvalidArgumentError):
        slope(x)
    index = xla.jnp.array([0, 5, -1], "int32")
    traced = xla.jit_whole(xla.jax.grad(lambda a, i: tf.gather(Tensor(a), Tensor(i)).array.sum()))
    assert np.asarray(traced(x, index)).tolist() == [[1.0, 1.0], [0.0, 0.0]]


def test_gather_arguments():
    x = tf.constant(CUBE)
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected an axis from -3 to 2"):
        tf.gather(x, [0], axis=3)
    with pytest.raises(tf.errors.InvalidArgumentError, match="agree in the first 1 dimensions"):
        tf.gather(x, [[0], [0], [0]], batch_dims=1)
    with pytest.raises(tf.errors.InvalidArgumentError, match="params of rank 1 or more"):
        tf.gather(1.0, [0])
    with pytest.raises(TypeError, match="int or uint dtype"):
        tf.gather(x, [0.5])
    assert tf.gather(x, tf.constant([0], tf.uint8)).shape == (1, 3, 4)
    assert tf.gather(x, [[0, 1, 2], [3, 3, 0]], batch_dims=-1).shape == (2, 3, 3)
    assert tf.gather(["a", "b"], tf.constant([1])).numpy().tolist() == [b"b"]
    assert tf.gather_nd(["a", "b"], [[1]]).numpy().tolist() == [b"b"]
    assert tf.gather(tf.zeros((0, 3)), tf.zeros((0,), tf.int32)).shape == (0, 3)


def test_gather_nd_policies():
    assert tf.gather_nd([1, 2], [[0], [5]], bad_indices_policy="IGNORE").numpy().tolist() == [1, 0]
    with pytest.raises(tf.errors.InvalidArgumentError, match="bad_indices_policy"):
        tf.gather_nd([1, 2], [[0]], bad_indices_policy="FOO")
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"indices\[1\] = \[5\] does not index"
    ):
        tf.gather_nd([1, 2], [[0], [5]], bad_indices_policy="ERROR")
    with pytest.raises(ValueError, match="batch_dims below the rank"):
        tf.gather_nd(CUBE, [[[1]]], batch_dims=3)


def test_indices_out_of_range_mean_the_same_to_numpy_and_to_the_device():
    # From many shapes on, new ones run by NumPy.
    for n in range(2, 24):
        params, indices = list(range(5, 5 + n)), [[1], [n + 3], [-1]]
        picked = tf.gather_nd(params, indices, bad_indices_policy="IGNORE")
        assert picked.numpy().tolist() == [6, 0, 0]
        placed = tf.scatter_nd(indices, [7, 8, 9], [n], bad_indices_policy="IGNORE")
        assert placed.numpy().tolist() == [0, 7, *[0] * (n - 2)]
    texts = tf.gather_nd(["a", "b"], [[1], [5]], bad_indices_policy="IGNORE")
    assert texts.numpy().tolist() == [b"b", b""]


def test_where():
    assert tf.where([True, False], ["a", "b"], "c").numpy().tolist() == [b"a", b"c"]
    assert tf.where([0.0, np.nan, -0.0]).numpy().tolist() == [[1]]
    assert tf.where([True, False], tf.constant([1.0, 2.0], tf.float64), 0).dtype is tf.float64
    with pytest.raises(ValueError, match="both x and y or neither"):
        tf.where([True], y=[1])
    for condition in ([1, 0], tf.constant([1, 0])):
        with pytest.raises(TypeError):
            tf.where(condition, [1, 2], [3, 4])
    with pytest.raises(
        errors.OperatorNotAllowedInGraphError, match=r"tf\.where\(condition, x, y\)"
    ):
        compiled(lambda c: tf.where(c), np.array([True]))


def test_boolean_mask_shapes():
    x = tf.constant(CUBE)
    assert tf.boolean_mask(x, [True, False, True], axis=1).shape == (2, 2, 4)
    assert tf.boolean_mask(x, np.ones((3, 4), bool), axis=1).shape == (2, 12)
    assert tf.boolean_mask(["a", "b"], [True, False]).numpy().tolist() == [b"a"]
    for mask in ([True, False, True], [[True]]):
        with pytest.raises(ValueError, match="incompatible"):
            tf.boolean_mask(x, mask)


def test_dynamic_partition_and_stitch():
    parts = tf.dynamic_partition([[1, 2], [3, 4]], [[0, 1], [1, 0]], 2)
    assert [p.numpy().tolist() for p in parts] == [[1, 4], [2, 3]]
    assert [p.numpy().tolist() for p in tf.dynamic_partition(5, 1, 2)] == [[], [5]]
    with pytest.raises(tf.errors.InvalidArgumentError, match="from 0 to 1"):
        tf.dynamic_partition([1, 2], [0, 5], 2)
    with pytest.raises(tf.errors.InvalidArgumentError, match="start with partitions.shape"):
        tf.dynamic_partition([1, 2], [0], 2)
    assert tf.dynamic_stitch([[0, 3]], [[1, 2]]).numpy().tolist() == [1, 0, 0, 2]
    assert tf.dynamic_stitch([[0, 0], [0]], [[1, 2], [3]]).numpy().tolist() == [3]
    got = tf.dynamic_stitch([1, [0, 2]], [[5, 6], [[1, 2], [3, 4]]])
    assert got.numpy().tolist() == [[1, 2], [5, 6], [3, 4]]
    assert tf.dynamic_stitch([[1, 0]], [["a", "b"]]).numpy().tolist() == [b"b", b"a"]
    assert tf.dynamic_stitch([tf.zeros((0,), tf.int32)], [tf.zeros((0, 2))]).shape == (0, 2)
    with pytest.raises(tf.errors.InvalidArgumentError, match="out of range"):
        tf.dynamic_stitch([[-1]], [[1]])
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.dynamic_stitch([[0, 1], [1]], [x, [5.0]]) * tf.constant([3.0, 4.0])
    assert tape.gradient(y, x).numpy().tolist() == [3.0, 0.0]


def test_scatter_checks():
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"indices\[0\] = \[7\] does not index"
    ):
        tf.scatter_nd([[7]], [1.0], [3])
    with pytest.raises(tf.errors.InvalidArgumentError, match="rank at least one"):
        tf.scatter_nd([[1]], 5, [3])
    with pytest.raises(tf.errors.InvalidArgumentError, match="sizes 0 or more"):
        tf.scatter_nd([[1]], [5], [-3])
    with pytest.raises(tf.errors.InvalidArgumentError, match="expected updates of shape"):
        tf.scatter_nd([[0]], [[1.0, 2.0]], [3])
    with pytest.raises(TypeError, match="for dtype int32"):
        tf.tensor_scatter_nd_update([1, 2], [[0]], [1.5])
    with pytest.raises(TypeError, match="got bool"):
        tf.tensor_scatter_nd_add([True], [[0]], [True])
    assert tf.scatter_nd([[7], [0]], [5, 6], [3], bad_indices_policy="IGNORE").numpy().tolist() == [
        6,
        0,
        0,
    ]
    assert tf.scatter_nd([[1]], [True], [3]).numpy().tolist() == [False, True, False]
    assert tf.scatter_nd([[1], [1]], ["a", "b"], [3]).numpy().tolist() == [b"", b"ab", b""]
    assert tf.tensor_scatter_nd_update(["a", "b"], [[1]], ["c"]).numpy().tolist() == [b"a", b"c"]
    dropped = compiled(
        lambda i, u: tf.scatter_nd(i, u, [3]), np.int32([[5], [-1], [1]]), np.int32([1, 2, 3])
    )
    assert dropped.tolist() == [0, 3, 0]


def slopes(function, *values):
    """Gradients with output gradients 1, 2, 3, ..."""
    given_values = [tf.constant(v) for v in values]
    with tf.GradientTape() as tape:
        tape.watch(given_values)
        out = function(*given_values)
    seed = tf.reshape(tf.range(1.0, 1.0 + out.array.size), out.shape)
    return [g.numpy().tolist() for g in tape.gradient(out, given_values, output_gradients=seed)]


def test_scatter_gradients_of_ties_as_in_tensorflow():
    """Values of TensorFlow 2.21."""
    largest, smallest = tf.tensor_scatter_nd_max, tf.tensor_scatter_nd_min
    got = slopes(lambda a, u: largest(a, [[0], [0], [1]], u), [1.0, 2.0, 3.0], [1.0, 5.0, 2.0])
    assert got == [[0.0, 1.0, 3.0], [0.0, 1.0, 1.0]]
    got = slopes(lambda a, u: largest(a, [[0], [0]], u), [1.0, 2.0], [5.0, 5.0])
    assert got == [[0.0, 2.0], [0.5, 0.5]]
    got = slopes(lambda a, u: smallest(a, [[0], [1]], u), [1.0, 2.0], [1.0, 1.0])
    assert got == [[0.5, 0.0], [0.5, 2.0]]
    got = slopes(lambda a, u: tf.tensor_scatter_nd_update(a, [[0], [0]], u), [1.0, 2.0], [5.0, 6.0])
    assert got == [[0.0, 2.0], [1.0, 1.0]]


def test_unravel_index():
    assert tf.unravel_index(5, [3, 4]).numpy().tolist() == [1, 1]
    got = tf.unravel_index(tf.constant([5], tf.int64), tf.constant([3, 4], tf.int64))
    assert got.dtype is tf.int64
    with pytest.raises(tf.errors.InvalidArgumentError, match="from 0 to 11"):
        tf.unravel_index([50], [3, 4])


def test_sequence_mask():
    assert tf.sequence_mask([1.5], 3).numpy().tolist() == [[True, False, False]]
    assert tf.sequence_mask([1], tf.constant(2), tf.float32).numpy().tolist() == [[1.0, 0.0]]
    assert tf.sequence_mask(tf.zeros((0,), tf.int32)).shape == (0, 0)
    with pytest.raises(ValueError, match="scalar"):
        tf.sequence_mask([1], [2])
    with pytest.raises(errors.OperatorNotAllowedInGraphError, match="Give maxlen"):
        compiled(lambda n: tf.sequence_mask(n), np.int32([1, 2]))
    x = KerasTensor((None, 7))
    assert tf.sequence_mask(KerasTensor((None,), "int32"), tf.shape(x)[1]).shape == (None, 7)


@pytest.mark.parametrize(
    "call",
    [
        lambda words: tf.one_hot(words, 3),
        lambda words: tf.gather([[1.0], [2.0]], words),
        lambda words: tf.math.segment_sum([1.0, 2.0], words),
        lambda words: tf.math.unsorted_segment_sum([1.0, 2.0], words, 2),
        lambda words: tf.dynamic_stitch([words], [[1.0, 2.0]]),
        lambda words: tf.repeat([1.0, 2.0], words),
        lambda words: tf.sequence_mask(words),
        lambda words: tf.boolean_mask([1.0, 2.0], words),
    ],
    ids=["one_hot", "gather", "segment_sum", "unsorted", "stitch", "repeat", "sequence", "boolean"],
)
def test_words_are_no_indices(call):
    for words in (["a", "b"], np.array(["a", "b"]), tf.constant(["a", "b"])):
        with pytest.raises(errors.DTypeError, match=r"^\[\w+\] expected .*string of shape \(2,\)"):
            call(words)
