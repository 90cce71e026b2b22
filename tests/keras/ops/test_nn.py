"""Functions of neural networks: refusals, notes of logits, edges."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

ops, KerasTensor = tf.keras.ops, tf.keras.KerasTensor


def test_other_names():
    assert ops.swish is ops.silu
    assert ops.hard_swish is ops.nn.hard_silu


@pytest.mark.parametrize("name", ["sigmoid", "softplus", "celu", "softmax", "hard_tanh", "soft_shrink"])
def test_integers_become_floats(name):
    got = getattr(ops, name)(tf.constant([-1, 0, 2]))
    want = getattr(ops, name)(tf.constant([-1.0, 0.0, 2.0]))
    assert got.numpy().tolist() == want.numpy().tolist()
    assert getattr(ops, name)(KerasTensor((None,), "int32")).dtype == "float32"


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="even size"):
        ops.glu(tf.ones((3,)))
    with pytest.raises(ValueError, match="the window.s size"):
        ops.conv(tf.ones((1, 2, 4, 1)), tf.ones((3, 3, 1, 2)))
    with pytest.raises(ValueError, match="the window.s size"):
        ops.max_pool(KerasTensor((None, 4, 4, 1)), 5)
    with pytest.raises(ValueError, match="rank 4"):
        ops.conv(tf.ones((1, 4, 4, 1)), tf.ones((3, 1, 2)))
    with pytest.raises(ValueError, match="multiplier"):
        ops.depthwise_conv(tf.ones((1, 4, 4, 2)), tf.ones((3, 3, 1, 2)))
    with pytest.raises(ValueError, match="these are the windows"):
        ops.fold(tf.ones((1, 4, 8)), 4, 2)
    with pytest.raises(ValueError, match="multiple"):
        ops.space_to_depth(tf.ones((1, 4, 4, 1)), 3)


def test_arguments_that_do_not_fit_are_refused():
    x, w = tf.ones((1, 4, 1)), tf.ones((2, 1, 1))
    with pytest.raises(ValueError, match="padding"):
        ops.conv(x, w, padding="causal")
    with pytest.raises(ValueError, match="strides"):
        ops.conv(x, w, strides=0)
    with pytest.raises(ValueError, match="data_format"):
        ops.conv(x, w, data_format="NWC")
    with pytest.raises(ValueError, match="output_padding"):
        ops.conv_transpose(x, w, strides=2, output_padding=2)
    with pytest.raises(ValueError, match="rank 3 to 5"):
        ops.average_pool(tf.ones((2, 2)), 2)


def test_open_sizes_stay_open():
    image = KerasTensor((None, None, None, 1))
    assert ops.conv(image, tf.ones((3, 3, 1, 2))).shape == (None, None, None, 2)
    assert ops.conv_transpose(image, tf.ones((3, 3, 2, 1)), 2).shape == (None, None, None, 2)
    assert ops.adaptive_average_pool(image, (3, 2)).shape == (None, 3, 2, 1)
    assert ops.space_to_depth(image, 2).shape == (None, None, None, 4)
    assert ops.unfold(KerasTensor((None, 2, None, 6)), (2, 3)).shape == (None, 12, None)


def test_strides_and_dilation_together():
    x, w = np.arange(9, dtype="float32").reshape(1, 9, 1), tf.ones((2, 1, 1))
    got = ops.conv(x, w, strides=2, dilation_rate=3)
    assert got.numpy().ravel().tolist() == [3.0, 7.0, 11.0]


def test_dtypes_meet():
    x, w = tf.ones((1, 4, 1), "float16"), tf.ones((2, 1, 1))
    assert ops.conv(x, w).dtype == tf.float32
    assert ops.conv(tf.ones((1, 4, 1), "int32"), w).dtype == tf.float32


@pytest.mark.parametrize("sizes", [(1, 1), (7, 3), (8, 1), (9, 4), (64, 5), (65, 1)], ids=str)
def test_adaptive_pools_of_many_sizes(sizes):
    size, count = sizes
    x = np.random.default_rng(0).normal(size=(2, size, 3)).astype("float32")
    bounds = [(i * size // count, -(-(i + 1) * size // count)) for i in range(count)]
    largest = np.stack([x[:, a:b].max(1) for a, b in bounds], 1)
    mean = np.stack([x[:, a:b].mean(1) for a, b in bounds], 1)
    np.testing.assert_array_equal(ops.adaptive_max_pool(x, count).numpy(), largest)
    np.testing.assert_allclose(ops.adaptive_average_pool(x, count).numpy(), mean, rtol=1e-5, atol=1e-6)


def test_pool_before_a_matrix_of_equal_values_in_one_program():
    """The compiler miscompiles some reductions that feed such products."""
    x = np.random.default_rng(0).normal(size=(3, 8, 6, 2)).astype("float32")

    @tf.function
    def program(x):
        pooled = [ops.adaptive_max_pool(x, 2), ops.adaptive_average_pool(x, 1)]
        return [tf.matmul(tf.reshape(p, (3, -1)), tf.ones((int(tf.size(p)) // 3, 4))) for p in pooled]

    largest, mean = program(tf.constant(x))
    want = x.reshape(3, 2, 4, 2, 3, 2).max((2, 4)).sum((1, 2, 3))
    np.testing.assert_allclose(largest.numpy(), np.tile(want[:, None], 4), rtol=1e-5)
    np.testing.assert_allclose(mean.numpy(), np.tile(x.mean((1, 2)).sum(1)[:, None], 4), rtol=1e-4, atol=1e-6)


def test_encoding_refuses():
    with pytest.raises(ValueError, match="num_classes"):
        ops.multi_hot([1])
    with pytest.raises(TypeError, match="classes"):
        ops.multi_hot([1], classes=2)


def test_normalization_refuses():
    x = tf.ones((2, 3))
    with pytest.raises(TypeError, match="scaling"):
        ops.layer_normalization(x, scaling=True)
    with pytest.raises(ValueError, match=r"weights of shape \(3,\)"):
        ops.layer_normalization(x, gamma=tf.ones((2,)))
    with pytest.raises(ValueError, match="mean of shape"):
        ops.batch_normalization(x, tf.zeros((2,)), tf.ones((3,)), -1)
    with pytest.raises(ValueError, match="order"):
        ops.normalize(x, order=0)


def test_half_precision_is_normalized_in_float32():
    x = tf.constant([[300.0, 301.0, 302.0, 303.0]], "float16")
    got = ops.layer_normalization(x)
    assert got.dtype == tf.float16
    np.testing.assert_allclose(got.numpy(), [[-1.3416, -0.4472, 0.4472, 1.3416]], rtol=2e-3)


def test_losses_know_the_logits_of_probabilities():
    logits = tf.constant([[60.0, -60.0]])
    target = tf.constant([[0.0, 1.0]])
    assert ops.categorical_crossentropy(target, ops.softmax(logits)).numpy().tolist() == [120.0]
    assert ops.sparse_categorical_crossentropy([1], ops.softmax(logits)).numpy().tolist() == [120.0]
    assert ops.binary_crossentropy(target, ops.sigmoid(logits)).numpy().tolist() == [[60.0, 60.0]]
    with pytest.warns(UserWarning, match="from_logits"):
        ops.binary_crossentropy(target, ops.sigmoid(logits), from_logits=True)


def test_losses_refuse():
    p = tf.ones((2, 3)) / 3.0
    with pytest.raises(ValueError, match="one shape"):
        ops.binary_crossentropy(tf.ones((2,)), p)
    with pytest.raises(ValueError, match="class number for each row"):
        ops.sparse_categorical_crossentropy(tf.ones((3,), "int32"), p)
    with pytest.raises(ValueError, match="last axis"):
        ops.sparse_categorical_crossentropy(tf.ones((3,), "int32"), p, axis=0)
    with pytest.raises(ValueError, match="strategy"):
        ops.ctc_decode(tf.ones((1, 2, 3)), [2], "guess")
    with pytest.raises(ValueError, match="top_paths"):
        ops.ctc_decode(tf.ones((1, 2, 3)), [2], "beam_search", beam_width=2, top_paths=3)


def test_attention_refuses():
    q, k = tf.ones((1, 3, 2, 4)), tf.ones((1, 5, 2, 4))
    with pytest.raises(NotImplementedError, match="flash"):
        ops.dot_product_attention(q, k, k, flash_attention=True)
    with pytest.raises(ValueError, match="features"):
        ops.dot_product_attention(q[0], k[0], k[0])
    with pytest.raises(ValueError, match="heads"):
        ops.dot_product_attention(q, tf.ones((1, 5, 3, 4)), tf.ones((1, 5, 3, 4)))
    with pytest.raises(ValueError, match="mask"):
        ops.dot_product_attention(q, k, k, mask=tf.ones((4, 5), "bool"))


def test_attention_over_equal_values():
    q = np.random.default_rng(0).normal(size=(2, 4, 2, 3)).astype("float32")
    got = tf.function(lambda x: ops.dot_product_attention(x, x, tf.ones((2, 4, 2, 5))))(tf.constant(q))
    np.testing.assert_allclose(got.numpy(), np.ones((2, 4, 2, 5)), rtol=1e-6)


def test_psnr_of_equal_tensors_is_infinite():
    assert ops.psnr([1.0, 2.0], [1.0, 2.0], 1.0).numpy() == np.inf
    with pytest.raises(ValueError, match="one shape"):
        ops.psnr(tf.ones((2,)), tf.ones((2, 1)), 1.0)
