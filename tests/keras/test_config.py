"""`keras.config`: settings of the process."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

C = tf.keras.config


@pytest.fixture(autouse=True)
def _restore():
    before = C.epsilon(), C.floatx(), C.image_data_format()
    yield
    C.set_epsilon(before[0])
    C.set_floatx(before[1])
    C.set_image_data_format(before[2])


def test_epsilon_reaches_the_losses():
    y, p = np.array([[1.0]], np.float32), np.array([[0.0]], np.float32)
    C.set_epsilon(1e-3)
    np.testing.assert_allclose(
        float(tf.keras.losses.BinaryCrossentropy()(y, p)), -np.log(1e-3), rtol=1e-5
    )


def test_epsilon_must_be_positive():
    with pytest.raises(ValueError, match=r"\[set_epsilon\] expected a positive number, got 0"):
        C.set_epsilon(0)


def test_floatx_reaches_initializers():
    C.set_floatx("float64")
    assert tf.keras.initializers.GlorotUniform()((2, 2)).dtype == tf.float64


def test_image_layout_reaches_layers():
    C.set_image_data_format("channels_first")
    assert tf.keras.layers.Conv2D(2, 3)(tf.ones((1, 4, 5, 5))).shape == (1, 2, 3, 3)
    with pytest.raises(
        ValueError, match="expected data_format 'channels_last' or 'channels_first'"
    ):
        C.set_image_data_format("NHWC")


def test_programs_find_the_api_of_tensorflow():
    assert C.backend() == tf.keras.backend.backend() == "tensorflow"
