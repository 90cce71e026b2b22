"""Convolution and pooling of images: values by NumPy, layouts, shapes, errors, training."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

L = tf.keras.layers
IMAGES = np.random.default_rng(0).normal(size=(2, 7, 6, 4)).astype(np.float32)


def windows(x, size, stride, gap=1, fill=0.0, same=False):
    """Windows of images, ``(batch, rows, columns, *size, channels)``, by plain loops."""
    for axis in (1, 2) if same else ():
        steps = -(-x.shape[axis] // stride)
        reach = (size[axis - 1] - 1) * gap + 1
        missing = max((steps - 1) * stride + reach - x.shape[axis], 0)
        pads = [(0, 0)] * 4
        pads[axis] = (missing // 2, missing - missing // 2)
        x = np.pad(x, pads, constant_values=fill)
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
    {"filters": 4, "kernel_size": 2, "dilation_rate": 2, "use_bias": False},
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
def test_conv2d_values_and_layouts(options):
    layer = L.Conv2D(bias_initializer="ones", **options)
    y = layer(IMAGES).numpy()
    np.testing.assert_allclose(y, convolved(layer, IMAGES), rtol=1e-4, atol=1e-4)
    assert L.Conv2D(**options)(tf.keras.Input((7, 6, 4))).shape == (None, *y.shape[1:])
    first = L.Conv2D(bias_initializer="ones", data_format="channels_first", **options)
    flipped = np.moveaxis(IMAGES, -1, 1)
    first(flipped)
    first.set_weights(layer.get_weights())
    np.testing.assert_allclose(np.moveaxis(first(flipped).numpy(), 1, -1), y, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("cls", ["MaxPooling2D", "AveragePooling2D"])
@pytest.mark.parametrize(
    "options",
    [
        {"pool_size": 2},
        {"pool_size": (3, 2), "strides": 1},
        {"pool_size": 3, "strides": 2, "padding": "same"},
    ],
    ids=str,
)
def test_pooling_values_and_layouts(cls, options):
    layer = getattr(L, cls)(**options)
    w = windows(
        IMAGES, layer.pool_size, layer.strides[0], fill=np.nan, same=layer.padding == "same"
    )
    # With pool_size 2 both strides are equal, so that one number stands for both.
    expected = (np.nanmax if cls == "MaxPooling2D" else np.nanmean)(w, axis=(3, 4))
    np.testing.assert_allclose(layer(IMAGES).numpy(), expected, rtol=1e-5, atol=1e-6)
    assert layer(tf.keras.Input((7, 6, 4))).shape == (None, *expected.shape[1:])
    first = getattr(L, cls)(data_format="channels_first", **options)
    got = np.moveaxis(first(np.moveaxis(IMAGES, -1, 1)).numpy(), 1, -1)
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)


def test_global_pooling():
    np.testing.assert_allclose(
        L.GlobalAveragePooling2D()(IMAGES).numpy(), IMAGES.mean((1, 2)), atol=1e-6
    )
    kept = L.GlobalMaxPooling2D(keepdims=True)(IMAGES).numpy()
    np.testing.assert_array_equal(kept, IMAGES.max((1, 2), keepdims=True))
    first = L.GlobalMaxPooling2D("channels_first")(np.moveaxis(IMAGES, -1, 1)).numpy()
    np.testing.assert_array_equal(first, IMAGES.max((1, 2)))


def test_images_of_unknown_size():
    symbol = L.MaxPooling2D()(L.Conv2D(4, 3)(tf.keras.Input((None, None, 3))))
    assert symbol.shape == (None, None, None, 4)
    assert L.GlobalAveragePooling2D()(symbol).shape == (None, 4)


@pytest.mark.parametrize(
    "cls", ["Conv2D", "MaxPooling2D", "AveragePooling2D", "GlobalMaxPooling2D"]
)
def test_config_makes_an_equal_layer(cls):
    arguments = {"Conv2D": (3, 2), "GlobalMaxPooling2D": ()}.get(cls, (2,))
    layer = getattr(L, cls)(*arguments, data_format="channels_last", name="mine")
    again = type(layer).from_config(layer.get_config())
    assert again.name == "mine"
    assert again(IMAGES).shape == layer(IMAGES).shape


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: L.Conv2D(0, 3), r"\[Conv2D\] expected filters as a positive int, got 0"),
        (lambda: L.Conv2D(3, (3, 3, 3)), "expected kernel_size as a positive int or 2 of them"),
        (lambda: L.Conv2D(3, 3, strides=0), "expected strides as a positive int"),
        (lambda: L.Conv2D(3, 3, padding="full"), "expected padding 'valid' or 'same', got 'full'"),
        (lambda: L.Conv2D(3, 3, groups=2), "expected groups that divide the 3 filters"),
        (lambda: L.Conv2D(4, 3, groups=3), "expected groups that divide the 4 filters"),
        (lambda: L.Conv2D(4, 3, data_format="NCHW"), "expected data_format 'channels_last'"),
        (
            lambda: L.Conv2D(4, 3)(tf.ones((2, 3))),
            r"expected inputs of shape \(batch, height, width",
        ),
        (
            lambda: L.Conv2D(4, 3)(tf.ones((1, 2, 2, 3))),
            "expected inputs of at least the window's size",
        ),
        (
            lambda: L.Conv2D(4, 3, groups=2)(tf.ones((1, 4, 4, 3))),
            "a number of channels that 2 groups divide",
        ),
        (
            lambda: L.MaxPooling2D(3)(tf.keras.Input((2, 2, 1))),
            "too many poolings or strides before it",
        ),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_other_channels_than_when_built():
    layer = L.Conv2D(2, 1)
    layer(tf.ones((1, 2, 2, 3)))
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
