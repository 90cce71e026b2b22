"""Segments, spectra, distances: refusals and round trips."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

ops, KerasTensor = tf.keras.ops, tf.keras.KerasTensor


def test_segments_are_counted():
    assert ops.segment_sum([1.0, 2.0, 3.0], [0, 2, 0]).numpy().tolist() == [4.0, 0.0, 2.0]
    assert ops.segment_max(tf.zeros((0,)), tf.zeros((0,), "int32")).shape == (0,)


def test_segments_refuse():
    with pytest.raises(ValueError, match="never decrease"):
        ops.segment_sum([1.0, 2.0, 3.0], [0, 2, 0], sorted=True)
    with pytest.raises(ValueError, match="below num_segments"):
        ops.segment_sum([1.0, 2.0], [0, 7], num_segments=2)
    with pytest.raises(ValueError, match=r"shape \(rows,\)"):
        ops.segment_sum(tf.ones((2, 2)), [[0, 1], [1, 0]])
    with pytest.raises(TypeError, match="num_segments"):
        ops.segment_sum(KerasTensor((None, 2)), KerasTensor((None,), "int32"))
    assert ops.segment_sum(KerasTensor((None, 2)), KerasTensor((None,), "int32"), 4).shape == (4, 2)


def test_spectra_refuse():
    x = tf.ones((16,))
    with pytest.raises(ValueError, match="pair"):
        ops.fft(x)
    with pytest.raises(ValueError, match="one shape"):
        ops.fft((x, x[:2]))
    with pytest.raises(ValueError, match="fft_length"):
        ops.stft(x, 6, 2, 4)
    with pytest.raises(ValueError, match="hamming"):
        ops.stft(x, 4, 2, 4, window="kaiser")
    with pytest.raises(ValueError, match=r"shape \(4,\)"):
        ops.stft(x, 4, 2, 6, window=np.ones(3))


@pytest.mark.parametrize("window", ["hann", "hamming", None], ids=str)
def test_signals_come_back(window):
    x = np.random.default_rng(0).normal(size=(2, 24)).astype("float32")
    spectra = ops.stft(x, 6, 2, 8, window=window)
    back = ops.istft(spectra, 6, 2, 8, window=window)
    # As in Keras on TensorFlow, samples over which fewer windows lie come back weaker.
    np.testing.assert_allclose(back.numpy()[:, 2:-2], x[:, 2:-2], rtol=1e-4, atol=1e-5)
    assert ops.istft(spectra, 6, 2, 8, length=20, window=window).shape == (2, 20)


def test_spectra_of_unknown_length():
    assert ops.rfft(KerasTensor((None, None)))[0].shape == (None, None)
    assert ops.rfft(KerasTensor((None, None)), 8)[1].shape == (None, 5)
    assert ops.stft(KerasTensor((None, None)), 4, 2, 6)[0].shape == (None, None, 4)


def test_gradient_of_the_distance_of_a_point_to_itself_is_zero():
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = ops.cdist(x, x)
    assert np.isfinite(tape.gradient(y, x).numpy()).all()
    with pytest.raises(ValueError, match="same features"):
        ops.cdist(x, tf.ones((2, 3)))


def test_pairs_are_two():
    with pytest.raises(ValueError, match="size 2"):
        ops.view_as_complex(tf.ones((2, 3)))
