"""Convolutions: the lowerings of every dtype and group count, gradients in float32, errors, edges."""

from __future__ import annotations

import time

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jax import lax
from jax import numpy as jnp

import thalweg as tf
from thalweg._src.base import errors
from thalweg._src.core import xla
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.ops.nn import conv_kernels, depthwise_kernels
from thalweg._src.ops.nn.windows import Window, window
from thalweg._src.testing import windows as twin


def draw(*shape, seed=0, dtype=np.float32):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def both_gradients(function, *arrays):
    """Value, cotangent, and gradients of the inputs under that cotangent."""
    inputs = [tf.constant(a) for a in arrays]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        y = function(*inputs)
    g = draw(*y.shape, seed=9, dtype=y.dtype.numpy_dtype)
    return (
        y.numpy(),
        g,
        [d.numpy() for d in tape.gradient(y, inputs, output_gradients=tf.constant(g))],
    )


def gradients_by_definition(x, w, g, forward):
    """Gradients of ``sum(forward(x, w) * g)``, linear in both, one element at a time."""
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for target, other in ((dx, lambda e: forward(e, w)), (dw, lambda e: forward(x, e))):
        for index in np.ndindex(*target.shape):
            one = np.zeros_like(target)
            one[index] = 1
            target[index] = np.sum(other(one) * g)
    return dx, dw


GEOMETRIES = [
    # x, w, strides, padding, dilations
    ((2, 5, 4, 2), (3, 3, 2, 3), 1, "SAME", 1),
    ((1, 6, 5, 2), (2, 3, 2, 2), 2, "SAME", 1),
    ((1, 6, 5, 1), (2, 2, 1, 2), 3, "VALID", 1),
    ((1, 6, 6, 1), (3, 2, 1, 1), 1, "VALID", 2),
    ((1, 7, 6, 1), (2, 2, 1, 1), 2, "SAME", 3),
    ((1, 4, 5, 4), (3, 2, 2, 4), 2, "SAME", 1),
    ((1, 4, 5, 2), (3, 2, 1, 4), 2, "SAME", 1),
    ((1, 4, 4, 3), (1, 1, 3, 2), 2, "VALID", 1),
    ((1, 4, 4, 2), (1, 1, 2, 2), 1, [[0, 0], [1, 0], [0, 2], [0, 0]], 1),
    ((1, 3, 3, 1), (2, 2, 1, 1), 1, [[0, 0], [3, 0], [0, 3], [0, 0]], 1),
]


@pytest.mark.parametrize(("x", "w", "strides", "padding", "dilations"), GEOMETRIES)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_value_and_gradients_follow_the_definition(x, w, strides, padding, dilations, dtype):
    x, w = draw(*x, dtype=dtype), draw(*w, seed=1, dtype=dtype)

    def forward(a, b):
        return twin.convolve(a, b, strides, padding, dilations)

    y, g, (dx, dw) = both_gradients(
        lambda a, b: tf.nn.conv2d(a, b, strides, padding, dilations=dilations), x, w
    )
    np.testing.assert_allclose(y, forward(x, w), rtol=1e-4, atol=1e-4)
    want_x, want_w = gradients_by_definition(x, w, g, forward)
    np.testing.assert_allclose(dx, want_x, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(dw, want_w, rtol=1e-4, atol=1e-4)


@settings(max_examples=15, deadline=None)
@given(
    st.integers(1, 3),
    st.integers(1, 2),
    st.sampled_from(["SAME", "VALID"]),
    st.integers(3, 7),
)
def test_transposed_convolution_is_the_adjoint(kernel, stride, padding, size):
    x, w = draw(1, size, 2), draw(kernel, 2, 3, seed=1)
    y = tf.nn.conv1d(x, w, stride, padding)
    g = draw(*y.shape, seed=2)
    back = tf.nn.conv1d_transpose(g, w, [1, size, 2], stride, padding)
    np.testing.assert_allclose(
        np.sum(y.numpy() * g), np.sum(x * back.numpy()), rtol=1e-3, atol=1e-3
    )


def test_channels_first_is_channels_last_moved():
    x, w = draw(2, 5, 4, 3), draw(3, 2, 3, 4, seed=1)
    last = tf.nn.conv2d(x, w, [1, 2, 1, 1], "SAME").numpy()
    first = tf.nn.conv2d(np.moveaxis(x, -1, 1), w, [1, 1, 2, 1], "SAME", data_format="NCHW").numpy()
    np.testing.assert_allclose(np.moveaxis(first, 1, -1), last, rtol=1e-5, atol=1e-5)


def test_many_groups_take_the_native_form(monkeypatch):
    x, w = draw(1, 3, 3, 4), draw(2, 2, 1, 4, seed=1)
    several = both_gradients(lambda a, b: tf.nn.conv2d(a, b, 1, "SAME"), x, w)[2]
    monkeypatch.setattr(conv_kernels, "_MANY_GROUPS", 1)
    native = both_gradients(lambda a, b: tf.nn.conv2d(a, b, (1, 1), "SAME"), x, w)[2]
    for one, other in zip(several, native, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("x", "w"), [((1, 5, 4, 2), (3, 2, 2, 3)), ((1, 4, 4, 4), (2, 2, 2, 2))])
def test_form_for_accelerators(monkeypatch, x, w):
    monkeypatch.setattr(conv_kernels, "on_cpu", lambda: False)
    x, w = draw(*x), draw(*w, seed=1)
    y, g, (dx, dw) = both_gradients(
        lambda a, b: tf.nn.conv2d(a, b, [1, 1, 1, 1], "SAME", dilations=[1, 1, 1, 1]), x, w
    )
    want_x, want_w = gradients_by_definition(x, w, g, lambda a, b: twin.convolve(a, b, 1, "SAME"))
    np.testing.assert_allclose(y, twin.convolve(x, w, 1, "SAME"), rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(dx, want_x, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(dw, want_w, rtol=1e-4, atol=1e-4)


def test_every_lowering_agrees():
    x, w = draw(2, 6, 5, 3), draw(3, 2, 3, 4, seed=1)
    geometry = window((3, 2), (2, 1), (1, 2), "SAME", (6, 5))
    cases = {
        "native": conv_kernels.native(x, w, geometry),
        "tap products": conv_kernels._sum_of_tap_products(jnp.asarray(x), jnp.asarray(w), geometry),
    }
    g = draw(*cases["native"].shape, seed=2)
    np.testing.assert_allclose(cases["native"], cases["tap products"], rtol=1e-4, atol=1e-4)
    plain = conv_kernels._input_gradient_plain(g, w, geometry, (6, 5))
    products = conv_kernels._sum_of_products(jnp.asarray(g), jnp.asarray(w), geometry, (6, 5))
    np.testing.assert_allclose(plain, products, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("dtype", [tf.float16, tf.bfloat16])
def test_narrow_dtypes_are_summed_in_float32(dtype):
    x, w = tf.ones((1, 8, 8, 64), dtype), tf.ones((3, 3, 64, 1), dtype)
    y = tf.nn.conv2d(x, w, 1, "VALID")
    assert y.dtype is dtype
    assert float(y[0, 0, 0, 0]) == 576.0  # bfloat16 sums would stop at 256
    d = tf.nn.depthwise_conv2d(x, tf.ones((3, 3, 64, 1), dtype), [1, 1, 1, 1], "SAME")
    assert d.dtype is dtype


def test_integers_convolve_without_gradient():
    x = np.arange(16, dtype=np.int32).reshape(1, 4, 4, 1)
    y = tf.nn.conv2d(x, tf.ones((2, 2, 1, 1), tf.int32), 1, "VALID")
    assert y.dtype is tf.int32
    assert y.numpy().ravel().tolist() == [10, 14, 18, 26, 30, 34, 42, 46, 50]


class TestEdges:
    def test_empty_batch_and_window_larger_than_input(self):
        w = tf.ones((3, 3, 2, 5))
        assert tf.nn.conv2d(tf.ones((0, 4, 4, 2)), w, 1, "SAME").shape == (0, 4, 4, 5)
        assert tf.nn.conv2d(tf.ones((1, 2, 4, 2)), w, 1, "VALID").shape == (1, 0, 2, 5)
        assert tf.nn.conv2d(tf.ones((1, 1, 1, 2)), w, 1, "SAME").shape == (1, 1, 1, 5)

    def test_gradient_of_an_empty_result_is_zero(self):
        *_, (dx, dw) = both_gradients(
            lambda a, b: tf.nn.conv2d(a, b, 1, "VALID"), draw(1, 2, 2, 1), draw(3, 3, 1, 1)
        )
        assert not dx.any()
        assert not dw.any()

    def test_more_batch_dimensions(self):
        x, w = draw(2, 3, 4, 4, 1), draw(2, 2, 1, 2)
        y = tf.nn.conv2d(x, w, 1, "VALID")
        assert y.shape == (2, 3, 3, 3, 2)
        np.testing.assert_allclose(y[1], tf.nn.conv2d(x[1], w, 1, "VALID"), rtol=1e-5, atol=1e-6)

    def test_symbolic_batch_and_sizes(self):
        x = KerasTensor((None, None, None, 3))
        assert tf.nn.conv2d(x, tf.ones((3, 3, 3, 8)), 2, "SAME").shape == (None, None, None, 8)
        y = tf.nn.conv2d_transpose(
            x, tf.ones((2, 2, 4, 3)), [tf.shape(x)[0], tf.shape(x)[1] * 2, tf.shape(x)[2] * 2, 4], 2
        )
        assert y.shape == (None, None, None, 4)

    def test_transposed_takes_spatial_sizes_alone_and_unknown_batch(self):
        x, w = tf.ones((2, 3, 3, 1)), tf.ones((2, 2, 4, 1))
        for shape in ([6, 6], [2, 6, 6, 4], [None, 6, 6, 4], tf.constant([2, 6, 6, 4])):
            assert tf.nn.conv2d_transpose(x, w, shape, 2).shape == (2, 6, 6, 4)

    def test_function_of_variables(self):
        w = tf.Variable(draw(2, 2, 1, 1))
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(tf.nn.conv2d(draw(1, 3, 3, 1), w, 1, "SAME"))
        assert tape.gradient(y, w).shape == (2, 2, 1, 1)


class TestErrors:
    def test_channels(self):
        with pytest.raises(
            errors.ShapeError, match=r"\[conv2d\] .* divides the input's 4 channels"
        ):
            tf.nn.conv2d(tf.ones((1, 4, 4, 4)), tf.ones((3, 3, 3, 1)), 1, "SAME")

    def test_ranks(self):
        with pytest.raises(errors.ShapeError, match="expected filters of rank 4"):
            tf.nn.conv2d(tf.ones((1, 4, 4, 1)), tf.ones((3, 1, 1)), 1, "SAME")
        with pytest.raises(errors.ShapeError, match="expected an input of rank 4 or more"):
            tf.nn.conv2d(tf.ones((4, 4)), tf.ones((3, 3, 1, 1)), 1, "SAME")

    def test_padding(self):
        x, w = tf.ones((1, 4, 4, 1)), tf.ones((3, 3, 1, 1))
        with pytest.raises(errors.InvalidArgumentError, match="got 'same'; write 'SAME'"):
            tf.nn.conv2d(x, w, 1, "same")
        with pytest.raises(errors.InvalidArgumentError, match="as 4 pairs"):
            tf.nn.conv2d(x, w, 1, [[1, 1], [1, 1]])
        with pytest.raises(errors.InvalidArgumentError, match="0 for batch and channels"):
            tf.nn.conv2d(x, w, 1, [[1, 1], [0, 0], [0, 0], [0, 0]])

    def test_strides_and_dilations(self):
        x, w = tf.ones((1, 4, 4, 1)), tf.ones((3, 3, 1, 1))
        with pytest.raises(errors.ShapeError, match="strides to be an int or 1, 2 or 4 ints"):
            tf.nn.conv2d(x, w, [1, 1, 1], "SAME")
        with pytest.raises(errors.InvalidArgumentError, match="strides of 1 or more"):
            tf.nn.conv2d(x, w, 0, "SAME")
        with pytest.raises(errors.UnimplementedError, match="only spatial dimensions"):
            tf.nn.conv2d(x, w, [2, 1, 1, 1], "SAME")
        with pytest.raises(errors.InvalidArgumentError, match="ints for dilations"):
            tf.nn.conv2d(x, w, 1, "SAME", dilations=1.5)

    def test_data_format(self):
        with pytest.raises(errors.InvalidArgumentError, match="got 'HWCN'; use 'NHWC'"):
            tf.nn.conv2d(
                tf.ones((1, 4, 4, 1)), tf.ones((3, 3, 1, 1)), 1, "SAME", data_format="HWCN"
            )

    def test_dtypes(self):
        with pytest.raises(errors.DTypeError, match=r"tf\.cast"):
            tf.nn.conv2d(tf.ones((1, 4, 4, 1), tf.float64), tf.ones((3, 3, 1, 1)), 1, "SAME")
        with pytest.raises(errors.DTypeError, match="conv2d"):
            tf.nn.conv2d(tf.ones((1, 4, 4, 1), tf.bool), tf.ones((3, 3, 1, 1), tf.bool), 1, "SAME")

    def test_transposed(self):
        x = tf.ones((1, 4, 4, 2))
        with pytest.raises(errors.ShapeError, match="with in = 2, the input's channels"):
            tf.nn.conv2d_transpose(x, tf.ones((3, 3, 2, 1)), [1, 8, 8, 2], 2)
        with pytest.raises(
            errors.InvalidArgumentError, match=r"turns into \(10, 10\); with SAME padding"
        ):
            tf.nn.conv2d_transpose(x, tf.ones((3, 3, 1, 2)), [1, 20, 20, 1], 2)
        with pytest.raises(errors.InvalidArgumentError, match="batch 1 and 1 channels"):
            tf.nn.conv2d_transpose(x, tf.ones((3, 3, 1, 2)), [2, 8, 8, 1], 2)

    def test_bias(self):
        with pytest.raises(errors.ShapeError, match="one bias for each channel"):
            tf.nn.bias_add(tf.ones((2, 3)), tf.ones((2,)))

    def test_depthwise(self):
        with pytest.raises(errors.ShapeError, match="with in = 3"):
            tf.nn.depthwise_conv2d(tf.ones((1, 4, 4, 3)), tf.ones((2, 2, 2, 1)), [1] * 4, "SAME")
        with pytest.raises(errors.ShapeError, match="it has the shape of the forward result"):
            tf.nn.depthwise_conv2d_backprop_input(
                [1, 4, 4, 1], tf.ones((2, 2, 1, 1)), tf.ones((1, 4, 4, 1)), [1] * 4, "VALID"
            )
        with pytest.raises(errors.ShapeError, match=r"expected a pointwise_filter \(1, 1"):
            tf.nn.separable_conv2d(
                tf.ones((1, 4, 4, 1)), tf.ones((2, 2, 1, 1)), tf.ones((2, 2, 1, 1)), [1] * 4, "SAME"
            )


class TestDepthwise:
    @pytest.mark.parametrize("strides", [(1, 1), (2, 1), (2, 3)])
    @pytest.mark.parametrize("height", [3, 8, 19])
    @pytest.mark.parametrize("multiplier", [1, 2])
    def test_gradients_in_float32(self, strides, height, multiplier):
        x, w = draw(2, height, 5, 3), draw(3, 2, 3, multiplier, seed=1)
        geometry = window((3, 2), strides, (1, 1), "SAME", (height, 5))
        y, g, (dx, dw) = both_gradients(
            lambda a, b: tf.nn.depthwise_conv2d(a, b, [1, *strides, 1], "SAME"), x, w
        )
        want, pullback = jax.vjp(lambda a, b: depthwise_kernels._native(a, b, geometry), x, w)
        want_x, want_w = pullback(jnp.asarray(g))
        for got, wanted in ((y, want), (dx, want_x), (dw, want_w)):
            np.testing.assert_allclose(got, wanted, rtol=1e-4, atol=1e-4)

    def test_large_window_takes_the_native_form(self):
        x, w = draw(1, 12, 12, 2), draw(9, 9, 2, 1, seed=1)
        y = tf.nn.depthwise_conv2d(x, w, [1, 1, 1, 1], "SAME")
        np.testing.assert_allclose(y, twin.depthwise(x, w, 1, "SAME"), rtol=1e-3, atol=1e-3)

    def test_strides_and_dilations_together(self):
        x, w = draw(1, 7, 7, 2), draw(2, 2, 2, 1, seed=1)
        y = tf.nn.depthwise_conv2d(x, w, [1, 2, 2, 1], "SAME", dilations=[2, 2])
        np.testing.assert_allclose(y, twin.depthwise(x, w, 2, "SAME", 2), rtol=1e-4, atol=1e-4)

    def test_one_group_for_each_channel_is_depthwise(self):
        x, w = draw(1, 5, 5, 3), draw(3, 3, 1, 3, seed=1)
        grouped = tf.nn.conv2d(x, w, 1, "SAME")
        assert tf.nn.conv1d(x[0], w[0], 1, "SAME").shape == (5, 5, 3)
        each = tf.nn.depthwise_conv2d(x, np.swapaxes(w, 2, 3), [1, 1, 1, 1], "SAME")
        np.testing.assert_allclose(grouped, each, rtol=1e-4, atol=1e-4)


class TestPrograms:
    def test_gradient_inside_a_loop(self):
        x, w = jnp.asarray(draw(2, 5, 5, 2)), jnp.asarray(draw(3, 3, 2, 2, seed=1))
        geometry = window((3, 3), (1, 1), (1, 1), "SAME", (5, 5))
        convolve = tf.nn.conv2d

        def loss(a, b):
            return tf.reduce_sum(tf.square(convolve(a, b, 1, "SAME"))).array

        def body(_, state):
            dx, dw = jax.grad(loss, (0, 1))(x, w)
            return state[0] + dx, state[1] + dw

        looped = xla.jit_whole(lambda: lax.fori_loop(0, 2, body, (x * 0, w * 0)))()
        want = jax.grad(lambda a, b: jnp.sum(conv_kernels.native(a, b, geometry) ** 2), (0, 1))(
            x, w
        )
        for got, wanted in zip(looped, want, strict=True):
            np.testing.assert_allclose(got, 2 * wanted, rtol=1e-3, atol=1e-3)

    @pytest.mark.slow
    @pytest.mark.skipif(jax.default_backend() != "cpu", reason="about XLA:CPU")
    def test_kernel_gradient_in_a_loop_is_as_fast_as_outside(self):
        x, g = jnp.asarray(draw(64, 13, 13, 32)), jnp.asarray(draw(64, 11, 11, 64, seed=1))
        geometry = Window((3, 3), (1, 1), (1, 1), ((0, 0), (0, 0)))

        def gradient(a, b):
            return conv_kernels.kernel_gradient(a, b, geometry)

        def looped(a, b):
            return lax.fori_loop(
                0, 4, lambda _, s: (s[0] + gradient(s[1], b), s[1] * 1.001), (gradient(a, b), a)
            )[0]

        outside, inside = (_seconds(xla.jit_whole(f), x, g) for f in (gradient, looped))
        assert inside < 5 * 5 * outside  # the derived form takes 100 times as long


def _seconds(function, *args):
    jax.block_until_ready(function(*args))
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        jax.block_until_ready(function(*args))
        best = min(best, time.perf_counter() - start)
    return best
