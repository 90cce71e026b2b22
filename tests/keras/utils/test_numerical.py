"""`to_categorical` and `normalize`."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

U = tf.keras.utils


def test_to_categorical():
    assert U.to_categorical([0, 2]).tolist() == [[1, 0, 0], [0, 0, 1]]
    assert U.to_categorical([[1], [0]], num_classes=3).shape == (2, 3)
    assert U.to_categorical(np.zeros((2, 4), int), 5).shape == (2, 4, 5)
    assert U.to_categorical([1.0, 0.0]).dtype == np.float32
    assert U.to_categorical(1, 3).tolist() == [0, 1, 0]


@pytest.mark.parametrize("labels", [[3], [-1]])
def test_to_categorical_refuses_other_classes(labels):
    with pytest.raises(ValueError, match=r"\[to_categorical\] expected class numbers from 0 to 2"):
        U.to_categorical(labels, num_classes=3)


def test_normalize_of_arrays():
    x = np.array([[3.0, 4.0], [0.0, 0.0]])
    np.testing.assert_allclose(U.normalize(x), [[0.6, 0.8], [0.0, 0.0]])
    np.testing.assert_allclose(U.normalize(x, axis=0, order=1), [[1.0, 1.0], [0.0, 0.0]])


def test_normalize_of_tensors():
    x = tf.constant([[3.0, -4.0], [0.0, 0.0]])
    np.testing.assert_allclose(U.normalize(x).numpy(), [[0.6, -0.8], [0.0, 0.0]], rtol=1e-6)
    np.testing.assert_allclose(U.normalize(x, order=1).numpy()[0], [3 / 7, -4 / 7], rtol=1e-6)
