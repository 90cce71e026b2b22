"""Poolings: values by NumPy, layouts, masks, dtypes, shapes, errors."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

L = tf.keras.layers
IMAGES = np.random.default_rng(0).normal(size=(2, 7, 6, 4)).astype(np.float32)


def windows(x, size, strides, same):
    """Windows of images, ``(batch, rows, columns, *size, channels)``, NaN outside the image."""
    for axis in (1, 2) if same else ():
        steps = -(-x.shape[axis] // strides[axis - 1])
        missing = max((steps - 1) * strides[axis - 1] + size[axis - 1] - x.shape[axis], 0)
        pads = [(0, 0)] * 4
        pads[axis] = (missing // 2, missing - missing // 2)
        x = np.pad(x, pads, constant_values=np.nan)
    rows = range(0, x.shape[1] - size[0] + 1, strides[0])
    columns = range(0, x.shape[2] - size[1] + 1, strides[1])
    return np.stack(
        [np.stack([x[:, i : i + size[0], j : j + size[1]] for j in columns], 1) for i in rows], 1
    )


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
def test_values_and_layouts(cls, options):
    layer = getattr(L, cls)(**options)
    w = windows(IMAGES, layer.pool_size, layer.strides, layer.padding == "same")
    expected = (np.nanmax if cls == "MaxPooling2D" else np.nanmean)(w, axis=(3, 4))
    np.testing.assert_allclose(layer(IMAGES).numpy(), expected, rtol=1e-5, atol=1e-6)
    assert layer(tf.keras.Input((7, 6, 4))).shape == (None, *expected.shape[1:])
    first = getattr(L, cls)(data_format="channels_first", **options)
    got = np.moveaxis(first(np.moveaxis(IMAGES, -1, 1)).numpy(), 1, -1)
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)


def test_whole_images():
    np.testing.assert_allclose(
        L.GlobalAveragePooling2D()(IMAGES).numpy(), IMAGES.mean((1, 2)), atol=1e-6
    )
    kept = L.GlobalMaxPooling2D(keepdims=True)(IMAGES).numpy()
    np.testing.assert_array_equal(kept, IMAGES.max((1, 2), keepdims=True))
    first = L.GlobalMaxPooling2D("channels_first")(np.moveaxis(IMAGES, -1, 1)).numpy()
    np.testing.assert_array_equal(first, IMAGES.max((1, 2)))


@pytest.mark.parametrize(("kind", "reduce"), [("Max", np.max), ("Average", np.mean)])
def test_adaptive_windows_are_nearly_equal(kind, reduce):
    x = IMAGES[:, :, 0]
    expected = np.stack(
        [reduce(x[:, i * 7 // 3 : -(-(i + 1) * 7 // 3)], axis=1) for i in range(3)], 1
    )
    make = getattr(L, f"Adaptive{kind}Pooling1D")
    np.testing.assert_allclose(make(3)(x).numpy(), expected, rtol=1e-5, atol=1e-6)
    first = make(3, data_format="channels_first")(np.moveaxis(x, -1, 1)).numpy()
    np.testing.assert_allclose(np.moveaxis(first, 1, -1), expected, rtol=1e-5, atol=1e-6)


def test_mean_leaves_masked_steps_out():
    x = np.array([[[1.0], [3.0], [8.0]], [[5.0], [7.0], [9.0]]], np.float32)
    mask = np.array([[True, True, False], [False, False, False]])
    # The second has no steps: its mean is 0, and so is the gradient.
    watched = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(watched)
        y = L.GlobalAveragePooling1D(keepdims=True)(watched, mask=tf.constant(mask))
    assert y.numpy().tolist() == [[[2.0]], [[0.0]]]
    slope = tape.gradient(y, watched).numpy()[..., 0].tolist()
    assert slope == [[0.5, 0.5, 0.0], [0.0, 0.0, 0.0]]
    turned = L.GlobalAveragePooling1D("channels_first")(
        np.moveaxis(x, 1, 2), mask=tf.constant(mask)
    )
    assert turned.numpy().tolist() == [[2.0], [0.0]]


def test_mean_gets_the_mask_of_its_inputs_in_every_kind_of_model():
    words = np.array([[1, 2, 0, 0], [3, 0, 0, 0]])
    embedding, mean = L.Embedding(4, 2, mask_zero=True), L.GlobalAveragePooling1D()
    expected = mean(embedding(words)).numpy()
    table = embedding.get_weights()[0]
    np.testing.assert_allclose(expected, [table[[1, 2]].mean(0), table[3]], rtol=1e-6)
    sequential = tf.keras.Sequential([tf.keras.Input((4,)), embedding, mean])
    symbol = tf.keras.Input((4,))
    functional = tf.keras.Model(symbol, mean(embedding(symbol)))
    for model in (sequential, functional):
        np.testing.assert_allclose(model(words).numpy(), expected, rtol=1e-6)
        np.testing.assert_allclose(model.predict(words, verbose=0), expected, rtol=1e-6)
    assert mean.compute_mask(words, words > 0) is None


def test_means_in_half_precision_do_not_overflow():
    x = tf.fill((1, 5000, 1), tf.constant(100.0, tf.float16))
    for layer in (
        L.GlobalAveragePooling1D(dtype="float16"),
        L.AveragePooling1D(5000, dtype="float16"),
    ):
        assert layer(x).numpy().ravel().tolist() == [100.0]
    mask = tf.ones((1, 5000), tf.bool)
    assert L.GlobalAveragePooling1D(dtype="float16")(x, mask=mask).numpy().item() == 100.0


@pytest.mark.parametrize(
    "make",
    [
        lambda: L.MaxPooling1D(2),
        lambda: L.AveragePooling1D(2),
        lambda: L.GlobalMaxPooling1D(),
        lambda: L.GlobalAveragePooling1D(),
        lambda: L.AdaptiveMaxPooling1D(2),
        lambda: L.AdaptiveAveragePooling1D(2),
    ],
)
def test_largest_integers_are_integers_and_their_means_are_floats(make):
    layer = make()
    wanted = "int32" if "Max" in type(layer).__name__ else "float32"
    assert layer(np.array([[[1], [2], [4], [8]]], np.int32)).dtype.name == wanted
    assert layer(tf.keras.Input((4, 1), dtype="int32")).dtype == wanted


def test_sizes_may_be_unknown():
    x = tf.keras.Input((None, None, 3))
    assert L.MaxPooling2D()(x).shape == (None, None, None, 3)
    assert L.GlobalAveragePooling2D(keepdims=True)(x).shape == (None, 1, 1, 3)
    assert L.AdaptiveAveragePooling2D((2, 3))(x).shape == (None, 2, 3, 3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: L.MaxPooling2D((2, 2, 2)), "expected pool_size as a positive int or 2 of them"),
        (lambda: L.MaxPooling1D(2, strides=0), "expected strides as a positive int"),
        (lambda: L.AveragePooling3D(2, padding="causal"), "expected padding 'valid' or 'same'"),
        (lambda: L.AdaptiveMaxPooling2D(0), "expected output_size as a positive int"),
        (lambda: L.GlobalMaxPooling1D("last"), "expected data_format 'channels_last'"),
        (lambda: L.MaxPooling2D(3)(tf.keras.Input((2, 2, 1))), "too many poolings or strides"),
        (
            lambda: L.GlobalMaxPooling2D()(tf.ones((2, 3))),
            r"inputs of shape \(batch, height, width",
        ),
        (lambda: L.AdaptiveMaxPooling1D(2)(tf.ones((2, 3))), r"inputs of shape \(batch, steps, ch"),
    ],
)
def test_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
