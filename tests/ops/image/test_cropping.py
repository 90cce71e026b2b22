"""Crops and paddings at places that a program computes."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

X = np.random.default_rng(0).uniform(size=(2, 6, 8, 3)).astype(np.float32)


@pytest.mark.parametrize("images", [X, X[0]], ids=["batch", "one"])
def test_computed_crops(images):
    @tf.function
    def program(x, top, left):
        return tf.image.crop_to_bounding_box(x, top, left, 3, 4)

    got = program(tf.constant(images), tf.constant(2), tf.constant(1)).numpy()
    np.testing.assert_array_equal(got, images[..., 2:5, 1:5, :])
    moved = program(tf.constant(images), tf.constant(5), tf.constant(7)).numpy()
    np.testing.assert_array_equal(moved, images[..., 3:6, 4:8, :])


@pytest.mark.parametrize("images", [X, X[0]], ids=["batch", "one"])
def test_computed_paddings(images):
    @tf.function
    def program(x, top, left):
        return tf.image.pad_to_bounding_box(x, top, left, 9, 10)

    got = program(tf.constant(images), tf.constant(1), tf.constant(2)).numpy()
    want = tf.image.pad_to_bounding_box(images, 1, 2, 9, 10).numpy()
    np.testing.assert_array_equal(got, want)
    with pytest.raises(ValueError, match=r"\[pad_to_bounding_box\] expected a target size"):
        tf.function(lambda t: tf.image.pad_to_bounding_box(images, t, 0, 5, 10))(tf.constant(0))


def test_sizes_come_from_shapes():
    @tf.function
    def program(x):
        height = tf.shape(x)[1]
        return tf.image.resize_with_crop_or_pad(x, height // 2, height * 2)

    assert program(tf.constant(X)).shape == (2, 3, 12, 3)


def test_symbolic_images_of_unknown_size():
    x = tf.keras.Input((None, None, 3))
    assert tf.image.crop_to_bounding_box(x, 1, 2, 30, 40).shape == (None, 30, 40, 3)
    assert tf.image.resize_with_crop_or_pad(x, 30, 40).shape == (None, 30, 40, 3)
    assert tf.image.resize_with_pad(x, 30, 40).shape == (None, 30, 40, 3)
    assert tf.image.central_crop(x, 0.5).shape == (None, None, None, 3)
    assert tf.image.resize(x, (4, 5)).shape == (None, 4, 5, 3)


def test_turns_that_are_computed():
    @tf.function
    def program(x, k):
        return tf.image.rot90(x, k)

    square = X[:, :, 1:7]
    for k in (-1, 0, 1, 2, 7):
        got = program(tf.constant(square), tf.constant(k)).numpy()
        np.testing.assert_array_equal(got, np.rot90(square, k, (1, 2)))
    with pytest.raises(ValueError, match=r"\[rot90\] expected square images"):
        program(tf.constant(X), tf.constant(1))
