"""Pooling: ties, NaN, edges, large windows, errors, and the compiler's fault that it avoids."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jax import numpy as jnp

import thalweg as tf
from thalweg._src.base import errors
from thalweg._src.core import xla
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.nn import pooling_kernels
from thalweg._src.ops.nn.windows import window
from thalweg._src.testing import windows as twin

NAN, INF = float("nan"), float("inf")


def slope(function, values):
    x = tf.constant(values)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = function(x)
    return tape.gradient(y, x).numpy()


def image(values):
    values = np.asarray(values, np.float32)
    return values.reshape(1, *values.shape, 1)


class TestMax:
    def test_gradient_goes_to_the_first_of_equal_maxima(self):
        d = slope(lambda x: tf.nn.max_pool2d(x, 2, 2, "VALID"), image([[1, 3], [3, 3]]))
        assert d.ravel().tolist() == [0, 1, 0, 0]
        d = slope(lambda x: tf.nn.max_pool2d(x, 3, 1, "SAME"), image(np.zeros((3, 3))))
        assert d.ravel().tolist() == [4, 2, 0, 2, 1, 0, 0, 0, 0]
        d = slope(
            lambda x: tf.nn.max_pool3d(x, 2, 2, "VALID"), np.zeros((1, 2, 2, 2, 1), np.float32)
        )
        assert d.ravel().tolist() == [1, 0, 0, 0, 0, 0, 0, 0]

    def test_forward_mode_takes_the_first_too(self):
        x, direction = tf.constant(image([[3, 3], [3, 3]])), tf.constant(image([[1, 2], [4, 8]]))
        with tf.autodiff.ForwardAccumulator(x, direction) as forward:
            y = tf.nn.max_pool2d(x, 2, 2, "VALID")
        assert forward.jvp(y).numpy().item() == 1.0

    def test_nan_and_infinities(self):
        y = tf.nn.max_pool2d(image([[1, NAN], [2, 3]]), 2, 1, "SAME").numpy()[0, :, :, 0]
        np.testing.assert_array_equal(y, [[NAN, NAN], [3, 3]])
        assert tf.nn.max_pool2d(image([[-INF]]), 2, 2, "SAME").numpy().item() == -INF

    def test_padding_is_never_the_largest(self):
        x = image(-np.ones((3, 3)))
        assert (tf.nn.max_pool2d(x, 3, 1, "SAME").numpy() == -1).all()
        explicit = [[0, 0], [1, 1], [1, 0], [0, 0]]
        assert (tf.nn.max_pool2d(x, 2, 2, explicit).numpy() == -1).all()
        ints = tf.constant(np.full((1, 3, 1), -7, np.int8))
        assert tf.nn.max_pool1d(ints, 2, 2, "SAME").numpy().ravel().tolist() == [-7, -7]

    def test_windows_over_channels(self):
        x = np.arange(8, dtype=np.float32).reshape(1, 1, 1, 8)
        y = tf.nn.max_pool2d(x, [1, 1, 1, 2], [1, 1, 1, 2], "VALID")
        assert y.numpy().ravel().tolist() == [1, 3, 5, 7]

    @settings(max_examples=20, deadline=None)
    @given(
        st.integers(1, 4), st.integers(1, 3), st.sampled_from(["SAME", "VALID"]), st.integers(0, 99)
    )
    def test_value_and_gradient_with_ties(self, size, stride, padding, seed):
        rng = np.random.default_rng(seed)
        x = rng.integers(0, 3, (2, 6, 5, 2)).astype(np.float32)
        y, index = twin.argmax_pooled(x, size, stride, padding)
        found, places = tf.nn.max_pool_with_argmax(x, size, stride, padding)
        np.testing.assert_array_equal(found, y)
        np.testing.assert_array_equal(places, index)
        want = np.zeros((2, 60), np.float32)
        for batch in range(2):
            np.add.at(want[batch], index[batch].ravel(), 1)
        got = slope(lambda t: tf.nn.max_pool2d(t, size, stride, padding), x)
        np.testing.assert_array_equal(got.reshape(2, 60), want)

    def test_large_windows_are_taken_dimension_by_dimension(self, monkeypatch):
        x = np.random.default_rng(0).integers(0, 3, (2, 9, 8, 2)).astype(np.float32)
        geometry = window((7, 6), (2, 1), (1, 1), "SAME", (9, 8))
        assert len(pooling_kernels.stages(geometry)) == 2
        in_two = _with_gradient(x, geometry)
        monkeypatch.setattr(pooling_kernels, "_MANY_TAPS", 100)
        for one, other in zip(in_two, _with_gradient(x, geometry), strict=True):
            np.testing.assert_array_equal(one, other)


def _with_gradient(x, geometry):
    value, indices = pooling_kernels.max_pool_with_residuals(jnp.asarray(x), geometry)
    g = jnp.ones_like(value)
    return value, pooling_kernels.max_pool_gradient(g, indices, geometry, x.shape[1:3])


class TestArgmax:
    def test_dtypes_and_batches(self):
        x = np.random.default_rng(0).normal(size=(2, 4, 4, 2)).astype(np.float32)
        one = tf.nn.max_pool_with_argmax(x, 2, 2, "SAME", output_dtype=tf.int32)
        assert one.argmax.dtype is tf.int32
        whole = tf.nn.max_pool_with_argmax(x, 2, 2, "SAME", include_batch_in_index=True)
        assert whole.argmax.dtype is tf.int64
        np.testing.assert_array_equal(
            x.ravel()[whole.argmax.numpy().ravel()], whole.output.numpy().ravel()
        )

    def test_arguments(self):
        x = tf.ones((1, 2, 2, 1))
        with pytest.raises(errors.InvalidArgumentError, match="expected data_format 'NHWC'"):
            tf.nn.max_pool_with_argmax(x, 2, 2, "SAME", data_format="NCHW")
        with pytest.raises(errors.DTypeError, match="int32 or int64, got float32"):
            tf.nn.max_pool_with_argmax(x, 2, 2, "SAME", output_dtype=tf.float32)


class TestAverage:
    def test_padding_is_not_counted(self):
        y = tf.nn.avg_pool2d(image([[1, 2, 6], [3, 4, 8], [5, 5, 9]]), 2, 2, "SAME")
        assert y.numpy().ravel().tolist() == [2.5, 7.0, 5.0, 9.0]

    def test_window_as_large_as_the_input(self):
        x = np.random.default_rng(0).normal(size=(2, 24, 20, 3)).astype(np.float32)
        y = tf.nn.avg_pool2d(x, [24, 20], 1, "VALID")
        np.testing.assert_allclose(y[:, 0, 0], x.mean((1, 2)), rtol=1e-5, atol=1e-6)
        d = slope(lambda t: tf.nn.avg_pool2d(t, [24, 20], 1, "VALID"), x)
        np.testing.assert_allclose(d, np.full_like(x, 1 / 480), rtol=1e-5)

    def test_narrow_dtypes_are_summed_in_float32(self):
        x = tf.ones((1, 64, 64, 1), tf.bfloat16)
        y = tf.nn.avg_pool2d(x, 64, 1, "VALID")
        assert y.dtype is tf.bfloat16
        assert float(y[0, 0, 0, 0]) == 1.0

    def test_integers_are_refused(self):
        with pytest.raises(errors.DTypeError, match=r"\[avg_pool2d\] expected a tensor of a float"):
            tf.nn.avg_pool2d(tf.ones((1, 2, 2, 1), tf.int32), 2, 2, "SAME")


class TestEdges:
    def test_empty(self):
        assert tf.nn.max_pool2d(tf.ones((1, 2, 2, 3)), 3, 1, "VALID").shape == (1, 0, 0, 3)
        assert tf.nn.avg_pool2d(tf.ones((0, 4, 4, 3)), 2, 2, "VALID").shape == (0, 2, 2, 3)
        assert slope(
            lambda x: tf.nn.max_pool1d(x, 3, 1, "VALID"), np.ones((1, 2, 1), np.float32)
        ).shape == (1, 2, 1)

    def test_symbolic(self):
        y = tf.nn.max_pool2d(KerasTensor((None, 28, None, 3)), 2, 2, "SAME")
        assert y.shape == (None, 14, None, 3)

    def test_dilated_same(self):
        x = np.random.default_rng(0).normal(size=(1, 6, 5, 2)).astype(np.float32)
        for kind, reduce in (("MAX", np.max), ("AVG", np.mean)):
            y = tf.nn.pool(x, [3, 2], kind, [2, 1], "SAME", dilations=[1, 2])
            want = twin.pooled(x, (3, 2), (2, 1), "SAME", reduce, (1, 2))
            np.testing.assert_allclose(y, want, rtol=1e-5, atol=1e-6)

    def test_errors(self):
        x = tf.ones((1, 4, 4, 1))
        with pytest.raises(errors.ShapeError, match="expected an input of rank 4"):
            tf.nn.max_pool2d(tf.ones((4, 4)), 2, 2, "SAME")
        with pytest.raises(errors.ShapeError, match="rank 3 to 5"):
            tf.nn.max_pool(tf.ones((4, 4)), 2, 2, "SAME")
        with pytest.raises(errors.InvalidArgumentError, match="padding smaller than the window"):
            tf.nn.max_pool2d(x, 2, 2, [[0, 0], [2, 0], [0, 0], [0, 0]])
        with pytest.raises(errors.InvalidArgumentError, match="'MAX' or 'AVG', got 'max'"):
            tf.nn.pool(x, 2, "max")


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d"])
@pytest.mark.parametrize("size", [2, 7])
def test_pool_then_product_with_equal_numbers(name, size):
    """XLA:CPU of jaxlib 0.10.2 gives NaN here for other forms of pooling."""
    x = np.random.default_rng(0).normal(size=(4, 14, 14, 8)).astype(np.float32)

    def program(array):
        pooled = getattr(tf.nn, name)(Tensor(array), size, size, "VALID")
        flat = tf.reshape(pooled, (4, -1))
        return tf.matmul(flat, tf.ones((flat.shape[1], 3))).array

    reduce = np.max if name == "max_pool2d" else np.mean
    want = twin.pooled(x, size, size, "VALID", reduce).reshape(4, -1).sum(1)
    for compiled in (xla.jit_whole(program), xla.jit_op(program), jax.jit(program)):
        got = np.asarray(compiled(x))
        np.testing.assert_allclose(got, np.tile(want[:, None], 3), rtol=1e-3, atol=1e-3)
