"""Convolutions: values by plain loops, layouts, causality, shapes, errors, training."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

L = tf.keras.layers
IMAGES = np.random.default_rng(0).normal(size=(2, 7, 6, 4)).astype(np.float32)


def windows(x, size, stride, gap=1, same=False):
    """Windows of images, ``(batch, rows, columns, *size, channels)``, by plain loops."""
    for axis in (1, 2) if same else ():
        steps = -(-x.shape[axis] // stride)
        reach = (size[axis - 1] - 1) * gap + 1
        missing = max((steps - 1) * stride + reach - x.shape[axis], 0)
        pads = [(0, 0)] * 4
        pads[axis] = (missing // 2, missing - missing // 2)
        x = np.pad(x, pads)
    reach = [(s - 1) * gap + 1 for s in size]
    rows = range(0, x.shape[1] - reach[0] + 1, stride)
    columns = range(0, x.shape[2] - reach[1] + 1, stride)
    return np.stack(
        [
            np.stack([x[:, i : i + reach[0] : gap, j : j + reach[1] : gap] for j in columns], 1)
            for i in rows
        ],
        1,
    )


CONVOLUTIONS = [
    {"filters": 5, "kernel_size": 3},
    {"filters": 5, "kernel_size": (3, 2), "strides": 2, "padding": "same", "activation": "relu"},
    {"filters": 4, "kernel_size": 2, "dilation_rate": 2, "strides": 2, "use_bias": False},
    {"filters": 6, "kernel_size": 1},
    {"filters": 6, "kernel_size": 3, "groups": 2},
]


def convolved(layer, x):
    kernel = layer.kernel.numpy()
    stride, gap = layer.strides[0], layer.dilation_rate[0]
    w = windows(x, kernel.shape[:2], stride, gap, same=layer.padding == "same")
    parts, width = [], kernel.shape[2]
    for group in range(layer.groups):
        count = layer.filters // layer.groups
        seen = w[..., group * width : (group + 1) * width]
        parts.append(
            np.einsum("brcijk,ijkf->brcf", seen, kernel[..., group * count : (group + 1) * count])
        )
    y = np.concatenate(parts, -1)
    y = y if layer.bias is None else y + layer.bias.numpy()
    return np.maximum(y, 0) if layer.activation is tf.keras.activations.relu else y


@pytest.mark.parametrize("options", CONVOLUTIONS, ids=str)
def test_conv2d_values_and_shapes(options):
    layer = L.Conv2D(bias_initializer="ones", **options)
    y = layer(IMAGES).numpy()
    np.testing.assert_allclose(y, convolved(layer, IMAGES), rtol=1e-4, atol=1e-4)
    assert L.Conv2D(**options)(tf.keras.Input((7, 6, 4))).shape == (None, *y.shape[1:])


LAYERS = {
    "conv1d": (L.Conv1D, (3, 2), {"padding": "causal", "strides": 2}, (2, 5, 3)),
    "conv2d": (L.Conv2D, (4, (2, 3)), {"padding": "same", "groups": 2}, (2, 4, 5, 4)),
    "conv3d": (L.Conv3D, (2, (1, 2, 2)), {}, (1, 2, 3, 4, 2)),
    "conv1d-transpose": (L.Conv1DTranspose, (2, 3, 2, "same"), {"output_padding": 1}, (2, 3, 2)),
    "conv2d-transpose": (L.Conv2DTranspose, (2, (2, 3)), {"strides": (1, 2)}, (2, 2, 3, 1)),
    "conv3d-transpose": (L.Conv3DTranspose, (1, 2), {"padding": "same"}, (1, 2, 3, 2, 2)),
    "depthwise-conv1d": (L.DepthwiseConv1D, (3, 2, "same", 2), {}, (2, 5, 3)),
    "depthwise-conv2d": (L.DepthwiseConv2D, ((3, 2),), {"strides": (1, 2)}, (2, 4, 5, 2)),
    "separable-conv1d": (L.SeparableConv1D, (3, 2), {"dilation_rate": 2}, (2, 5, 2)),
    "separable-conv2d": (L.SeparableConv2D, (2, (2, 3)), {"depth_multiplier": 2}, (1, 3, 4, 2)),
}


@pytest.mark.parametrize("name", LAYERS)
def test_layouts_agree(name):
    kind, args, options, shape = LAYERS[name]
    x = np.cos(np.arange(np.prod(shape)) * 0.7).astype(np.float32).reshape(shape)
    last = kind(*args, bias_initializer="normal", **options)
    first = kind(*args, data_format="channels_first", **options)
    expected, turned = last(x).numpy(), np.moveaxis(x, -1, 1)
    first(turned)
    first.set_weights(last.get_weights())
    got = first(turned).numpy()
    np.testing.assert_allclose(np.moveaxis(got, 1, -1), expected, rtol=1e-5, atol=1e-5)
    assert first.compute_output_shape(turned.shape) == got.shape


def test_causal_outputs_see_no_later_input():
    layer = L.Conv1D(2, 3, padding="causal", dilation_rate=2)
    x = np.random.default_rng(1).normal(size=(1, 6, 2)).astype(np.float32)
    later = x.copy()
    later[:, 4:] = 9.0
    np.testing.assert_array_equal(layer(x).numpy()[:, :4], layer(later).numpy()[:, :4])
    assert (layer(x).numpy()[:, 4:] != layer(later).numpy()[:, 4:]).all()


# Steps of 4 inputs become these, as real Keras says: (output_padding, padding, window, stride, dilation).
LENGTHS = {
    (None, "valid", 2, 1, 1): 5,
    (None, "valid", 2, 3, 1): 12,
    (None, "valid", 3, 2, 1): 9,
    (None, "valid", 3, 1, 2): 8,
    (None, "valid", 4, 3, 1): 13,
    (None, "same", 4, 3, 1): 12,
    (None, "same", 3, 1, 2): 4,
    (0, "valid", 2, 3, 1): 11,
    (0, "same", 3, 2, 1): 7,
    (1, "valid", 3, 3, 1): 13,
    (1, "same", 2, 2, 1): 7,
    (1, "same", 4, 3, 1): 10,
    (2, "valid", 4, 3, 1): 15,
    (2, "same", 3, 3, 1): 12,
}


@pytest.mark.parametrize("case", LENGTHS, ids=str)
def test_lengths_of_transposed_convolutions(case):
    extra, padding, window, stride, gap = case
    layer = L.Conv1DTranspose(1, window, stride, padding, extra, dilation_rate=gap)
    assert layer.compute_output_shape((None, 4, 1)) == (None, LENGTHS[case], 1)
    assert layer(tf.keras.Input((None, 1))).shape == (None, None, 1)


@pytest.mark.parametrize("case", [(None, 3, 2, 2), (0, 2, 2, 1), (2, 2, 4, 1)], ids=str)
def test_transposed_convolution_adds_windows(case):
    """Even windows without extra outputs, which stop TensorFlow, and dilated strides, too."""
    extra, window, stride, gap = case
    layer = L.Conv1DTranspose(1, window, stride, "same", extra, dilation_rate=gap, use_bias=False)
    x = np.array([[[1.0], [-2.0], [3.0]]], np.float32)
    got = layer(x).numpy().ravel()
    whole = np.zeros(2 * stride + (window - 1) * gap + 1 + stride)
    for start, value in enumerate(x.ravel()):
        for tap, weight in enumerate(layer.kernel.numpy().ravel()):
            whole[start * stride + tap * gap] += value * weight
    cut = max(2 * stride + (window - 1) * gap + 1 - len(got), 0) // 2
    np.testing.assert_allclose(got, whole[cut : cut + len(got)], rtol=1e-5, atol=1e-6)


def test_depthwise_strides_may_go_with_dilation():
    x = IMAGES[..., :2]
    dense = L.DepthwiseConv2D(2, dilation_rate=2, use_bias=False)
    sparse = L.DepthwiseConv2D(2, strides=2, dilation_rate=2, use_bias=False)
    expected = dense(x).numpy()[:, ::2, ::2]
    sparse(x)
    sparse.set_weights(dense.get_weights())
    np.testing.assert_allclose(sparse(x).numpy(), expected, rtol=1e-5, atol=1e-6)


def test_sizes_may_be_unknown():
    x = tf.keras.Input((None, None, 3))
    assert L.Conv2D(4, 3)(x).shape == (None, None, None, 4)
    assert L.DepthwiseConv2D(3, depth_multiplier=2)(x).shape == (None, None, None, 6)
    assert L.SeparableConv2D(5, 3)(x).shape == (None, None, None, 5)
    assert L.Conv2DTranspose(2, 3, 2)(x).shape == (None, None, None, 2)


def test_integers_are_cast():
    y = L.Conv1D(2, 1, dtype="mixed_bfloat16")(np.ones((1, 2, 3), np.int32))
    assert y.dtype == tf.bfloat16
    assert L.DepthwiseConv1D(1)(np.ones((1, 2, 3), np.uint8)).dtype == tf.float32


def test_the_convolution_alone_can_be_replaced():
    class Doubled(L.Conv1D):
        def convolution_op(self, inputs, kernel):
            return super().convolution_op(inputs, kernel * 2.0)

    layer, x = Doubled(2, 2, bias_initializer="ones"), tf.ones((1, 3, 2))
    plain = L.Conv1D(2, 2, bias_initializer="ones")
    plain.build(x.shape)
    doubled = layer(x).numpy()
    plain.set_weights(layer.get_weights())
    np.testing.assert_allclose(doubled - 1.0, (plain(x).numpy() - 1.0) * 2.0, rtol=1e-5)


def test_adaptation_starts_as_nothing_and_is_merged_when_saved():
    layer, x = L.Conv1D(3, 2), tf.ones((1, 4, 2))
    before = layer(x).numpy()
    layer.enable_lora(1, lora_alpha=4.0)
    np.testing.assert_array_equal(layer(x).numpy(), before)
    names = [w.name for w in layer.trainable_weights]
    assert names == ["bias", "lora_kernel_a", "lora_kernel_b"]
    thin, wide = np.full((2, 2, 1), 0.5, np.float32), np.array([[1.0, 2.0, 3.0]], np.float32)
    old = layer.get_weights()[0]
    layer.set_weights([old, *layer.get_weights()[1:2], thin, wide])
    store = {}
    layer.save_own_variables(store)
    np.testing.assert_allclose(store["0"], old + 4.0 * thin @ wide, rtol=1e-6)
    assert len(store) == 2
    config = layer.get_config()
    assert (config["lora_rank"], config["lora_alpha"]) == (1, 4.0)
    assert "lora_rank" not in L.Conv1D(3, 2).get_config()
    assert "quantization_config" not in config


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: L.Conv2D(0, 3), r"\[Conv2D\] expected filters as a positive int, got 0"),
        (lambda: L.Conv2D(3, (3, 3, 3)), "expected kernel_size as a positive int or 2 of them"),
        (lambda: L.Conv1D(3, 3, strides=0), "expected strides as a positive int"),
        (lambda: L.Conv2D(3, 3, padding="full"), "expected padding 'valid' or 'same', got 'full'"),
        (lambda: L.Conv1D(3, 3, padding="all"), "padding 'valid' or 'same' or 'causal', got 'all'"),
        (lambda: L.Conv2D(3, 3, padding="causal"), "expected padding 'valid' or 'same', got"),
        (lambda: L.DepthwiseConv1D(3, padding="causal"), "expected padding 'valid' or 'same', got"),
        (lambda: L.Conv2D(3, 3, groups=2), "expected groups that divide the 3 filters"),
        (lambda: L.Conv2D(4, 3, data_format="NCHW"), "expected data_format 'channels_last'"),
        (lambda: L.DepthwiseConv2D(3, depth_multiplier=0), "depth_multiplier as a positive int"),
        (
            lambda: L.Conv1DTranspose(1, 3, strides=2, output_padding=2),
            r"expected output_padding as an int, or 1 of them, of 0 or more and below the strides \(2,\)",
        ),
        (
            lambda: L.Conv2DTranspose(1, 3, strides=2, output_padding=(1, 1, 1)),
            "expected output_padding as an int, or 2 of them",
        ),
        (
            lambda: L.Conv1DTranspose(1, 2, 2, "same", 0)(tf.ones((1, 1, 1))),
            r"spatial sizes \(1,\), which give \(0,\); use a larger output_padding",
        ),
        (lambda: L.Conv2D(4, 3)(tf.ones((2, 3))), r"inputs of shape \(batch, height, width, chan"),
        (
            lambda: L.Conv3D(4, 3, data_format="channels_first")(tf.ones((2, 3, 4))),
            r"expected inputs of shape \(batch, channels, depth, height, width\), got \(2, 3, 4\)",
        ),
        (
            lambda: L.Conv2D(4, 3)(tf.ones((1, 2, 2, 3))),
            "expected inputs of at least the window's size",
        ),
        (
            lambda: L.Conv2D(4, 3, groups=2)(tf.ones((1, 4, 4, 3))),
            "a number of channels that 2 groups divide",
        ),
        (lambda: L.Conv1D(4, 3)(tf.keras.Input((4, None))), "expected a known number of channels"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("kind", [L.Conv2D, L.Conv2DTranspose, L.SeparableConv2D])
def test_other_channels_than_when_built(kind):
    layer = kind(2, 1)
    layer.build((None, 2, 2, 3))
    with pytest.raises(ValueError, match="expected inputs of 3 channels, as when it was built"):
        layer(tf.ones((1, 2, 2, 4)))


@pytest.mark.slow
def test_a_convnet_learns_where_the_bright_half_is():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, 256)
    x = rng.uniform(size=(256, 8, 8, 1)).astype(np.float32)
    x[np.arange(256), :, :, 0] += np.where(
        y[:, None, None] == 1, np.arange(8) > 3, np.arange(8) < 4
    )
    tf.keras.utils.set_random_seed(0)
    model = tf.keras.Sequential(
        [
            tf.keras.Input((8, 8, 1)),
            L.Conv2D(4, 3, activation="relu"),
            L.MaxPooling2D(),
            L.Flatten(),
            L.Dense(2),
        ]
    )
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile("adam", loss, metrics=["accuracy"])
    model.fit(x, y, epochs=10, verbose=0)
    assert model.evaluate(x, y, verbose=0)[1] > 0.95
