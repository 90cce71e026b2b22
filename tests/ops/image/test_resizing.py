"""Resizing: methods that `keras.ops` does not offer, and what all methods must keep."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from thalweg._src.ops.image.resizing import METHODS, resize, resized

# What TensorFlow 2.21 gives for the row 0, 1, 5, 2: method, width, antialias, result.
RECORDED = [
    ("gaussian", 6, False, [0.064969175, 0.5, 1.7388191, 4.052692, 3.5, 2.1949074]),
    ("gaussian", 3, True, [0.39438567, 2.8093014, 2.9316108]),
    ("mitchellcubic", 6, False, [-0.0077254293, 0.3489939, 1.6995887, 4.355968, 3.5838923, 1.9768233]),
    ("mitchellcubic", 3, True, [0.17758816, 2.9842336, 2.9963448]),
]


@pytest.mark.parametrize(("method", "width", "antialias", "want"), RECORDED, ids=lambda v: str(v)[:13])
def test_methods_of_tensorflow(method, width, antialias, want):
    x = np.array([0.0, 1.0, 5.0, 2.0], "float32").reshape(1, 1, 4, 1)
    got = resize(x, (1, width), method, antialias).numpy().ravel()
    np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_equal_pixels_stay_equal(method):
    for size in ((3, 2), (7, 11)):
        got = resize(np.full((1, 5, 4, 2), 3.0, "float32"), size, method, True)
        np.testing.assert_allclose(got.numpy(), np.full((1, *size, 2), 3.0), rtol=1e-6)


def test_refusals():
    with pytest.raises(ValueError, match="method"):
        resize(np.ones((1, 2, 2, 1), "float32"), (2, 2), "cubic")
    with pytest.raises(ValueError, match="batch"):
        resize(np.ones((2, 2), "float32"), (2, 2))


def peak_of(size, method):
    """Bytes allocated at once while a picture of 12 MB is resized."""
    picture = np.zeros((2000, 2000, 3), np.uint8)
    tracemalloc.start()
    try:
        found = resized(np, picture, size, method, False, False)
        return found.shape, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_only_pixels_that_are_used_are_converted():
    shape, peak = peak_of((10, 8), "bilinear")
    assert shape == (10, 8, 3)
    # Twenty of its 2000 rows as floats, a few times.
    assert peak < 20 * 2000 * 3 * 4 * 6


def test_a_picture_of_the_size_is_converted_once():
    assert peak_of((2000, 2000), "bilinear")[1] < 1.1 * 4 * 2000 * 2000 * 3 + 1e6


def test_a_result_of_the_same_size_is_an_array_of_its_own():
    picture = np.ones((3, 2, 1), np.float32)
    found = resize(picture, (3, 2))
    picture[:] = 5
    assert found.numpy().max() == 1
