"""Moments, batch normalization, sums of columns and embeddings: precision, shapes, errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from thalweg._src.base import errors
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.ops.nn import column_sums
from thalweg._src.ops.nn.normalization import batch_normalize


def draw(*shape, seed=0, dtype=np.float32):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


class TestColumnSums:
    @settings(max_examples=20, deadline=None)
    @given(st.integers(1, 500), st.integers(1, 9))
    def test_any_number_of_rows(self, rows, channels):
        x = draw(rows, channels)
        got = column_sums.column_sum(lambda a: a, [x])
        np.testing.assert_allclose(got, x.sum(0), rtol=1e-4, atol=1e-4)

    @pytest.mark.parametrize("shape", [(64, 13, 13, 64), (33, 47, 29, 3), (5000, 7), (70000, 1)])
    def test_by_blocks_with_a_rest(self, shape):
        x, g, mean = draw(*shape), draw(*shape, seed=1), draw(shape[-1], seed=2)
        got = column_sums.column_sum(lambda a, b, m: a * (b - m), [g, x], [mean])
        want = (g.astype(np.float64) * (x - mean)).reshape(-1, shape[-1]).sum(0)
        np.testing.assert_allclose(got, want, rtol=1e-3, atol=1e-3 * np.sqrt(g.size))

    def test_gradient_of_a_bias(self):
        value, bias, g = draw(40, 30, 30, 5), draw(5), draw(40, 30, 30, 5, seed=1)
        b = tf.constant(bias)
        with tf.GradientTape() as tape:
            tape.watch(b)
            y = tf.nn.bias_add(value, b)
        got = tape.gradient(y, b, output_gradients=tf.constant(g))
        np.testing.assert_allclose(got, g.astype(np.float64).sum((0, 1, 2)), rtol=1e-3, atol=1e-2)


class TestMoments:
    def test_far_from_zero(self):
        x = (draw(64, 30, 30, 2) + 1000).astype(np.float32)
        mean, variance = tf.nn.moments(x, [0, 1, 2])
        wide = x.astype(np.float64)
        np.testing.assert_allclose(mean, wide.mean((0, 1, 2)), rtol=1e-6)
        np.testing.assert_allclose(variance, wide.var((0, 1, 2)), rtol=1e-3)

    def test_axes(self):
        x = draw(2, 3, 4)
        assert tf.nn.moments(x, None).mean.shape == ()
        assert tf.nn.moments(x, 1).mean.shape == (2, 4)
        assert tf.nn.moments(x, [-1, 0], keepdims=True).variance.shape == (1, 3, 1)
        mean, variance = tf.nn.moments(x, [])
        np.testing.assert_array_equal(mean, x)
        assert not variance.numpy().any()
        with pytest.raises(errors.InvalidArgumentError, match=r"\[moments\] expected an axis"):
            tf.nn.moments(x, [3])

    def test_narrow_values_are_summed_in_float32(self):
        x = tf.cast(np.full((4096,), 100.0, np.float32), tf.float16)
        mean, variance = tf.nn.moments(x, [0])
        assert mean.dtype is tf.float16
        assert (float(mean), float(variance)) == (100.0, 0.0)

    def test_weights_of_zero_give_nan(self):
        mean, _ = tf.nn.weighted_moments(tf.constant([1.0, 2.0]), [0], tf.constant([0.0, 0.0]))
        assert np.isnan(float(mean))

    def test_symbolic(self):
        mean, variance = tf.nn.moments(KerasTensor((None, 5, 3)), [0, 1])
        assert mean.shape == variance.shape == (3,)


class TestBatchNormalization:
    @pytest.mark.parametrize("axis", [-1, 1])
    def test_one_op_is_the_chain_of_ops(self, axis):
        x, scale, offset = draw(6, 5, 4, 3), draw(3, seed=1), draw(3, seed=2)
        if axis == 1:
            x = np.moveaxis(x, -1, 1).copy()
        over = [a for a in range(4) if a != axis % 4]
        shape = [-1 if a == axis % 4 else 1 for a in range(4)]

        def chain(a, s, o):
            mean, variance = tf.nn.moments(a, over, keepdims=True)
            s, o = tf.reshape(s, shape), tf.reshape(o, shape)
            y = tf.nn.batch_normalization(a, mean, variance, o, s, 1e-3)
            return y, tf.reshape(mean, [-1]), tf.reshape(variance, [-1])

        results = []
        for function in (chain, lambda a, s, o: batch_normalize(a, s, o, axis, 1e-3)):
            inputs = [tf.constant(v) for v in (x, scale, offset)]
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                parts = function(*inputs)
                total = tf.reduce_sum(tf.sin(parts[0])) + tf.reduce_sum(
                    parts[1] * 2 + parts[2] ** 2
                )
            results.append([*parts, *tape.gradient(total, inputs)])
        for one, other in zip(*results, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)

    def test_narrow_values_with_wide_statistics(self):
        x = tf.constant([[1.0, 3.0]], tf.float16)
        y = tf.nn.batch_normalization(
            x, tf.constant([1.0, 1.0]), tf.constant([1.0, 4.0]), None, None, 0.0
        )
        assert y.dtype is tf.float16
        assert y.numpy().tolist() == [[0.0, 1.0]]
        assert batch_normalize(x).mean.dtype is tf.float32

    def test_errors(self):
        one = tf.constant([1.0], tf.float64)
        with pytest.raises(errors.DTypeError, match="mean of dtype float32"):
            tf.nn.batch_normalization(tf.ones((2, 1)), one, one, None, None, 0.0)
        with pytest.raises(errors.DTypeError, match="batch_normalization"):
            tf.nn.batch_normalization(tf.ones((2,), tf.int32), 0.0, 1.0, None, None, 0.0)
        with pytest.raises(errors.ShapeError, match="rank 4"):
            tf.nn.lrn(tf.ones((2, 3)))


class TestEmbedding:
    def test_parts_of_a_table(self):
        table = draw(4, 2)
        np.testing.assert_array_equal(
            tf.nn.embedding_lookup([tf.constant(table), tf.constant(table + 10)], [0, 5]),
            [table[0], table[1] + 10],
        )
        with pytest.raises(errors.InvalidArgumentError, match="got none"):
            tf.nn.embedding_lookup([], [0])

    def test_greatest_norm(self):
        table = tf.constant([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]])
        got = tf.nn.embedding_lookup(table, [[0], [1], [2]], max_norm=1.0).numpy()
        np.testing.assert_allclose(got[:, 0], [[0.6, 0.8], [0.3, 0.4], [0.0, 0.0]], rtol=1e-6)
        np.testing.assert_allclose(
            tf.nn.embedding_lookup(tf.constant([-4.0, 0.5]), [0, 1], 1.0), [-1.0, 0.5]
        )

    def test_gradient_and_range(self):
        table = tf.Variable(draw(4, 2))
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(tf.nn.embedding_lookup(table, [1, 1, 3]))
        got = tf.convert_to_tensor(tape.gradient(y, table)).numpy()
        assert got[:, 0].tolist() == [0, 2, 0, 1]
        with pytest.raises(IndexError, match="from 0 to 3"):
            tf.nn.embedding_lookup(table, [4])


def test_space_to_batch_errors():
    def same(x, num_spatial_dims, padding):
        return x

    x = tf.ones((1, 4, 1))
    with pytest.raises(errors.InvalidArgumentError, match="expected filter_shape for SAME"):
        tf.nn.with_space_to_batch(x, [2], "SAME", same)
    with pytest.raises(errors.InvalidArgumentError, match="'SAME' or 'VALID'"):
        tf.nn.with_space_to_batch(x, [2], "FULL", same)
    assert tf.nn.with_space_to_batch(x, [1], "SAME", same) is x
