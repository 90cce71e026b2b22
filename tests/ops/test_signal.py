"""Signals: messages, values and gradients of TensorFlow, round trips."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import thalweg as tf
from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core.symbolic import KerasTensor

WAVE = np.sin(np.arange(40.0) * 0.7).astype(np.float32)
COMPLEX = np.array([1 + 2j, 3 - 1j, 0.5j, 2], np.complex64)


def gradient(function, value):
    x = tf.constant(value)
    with tf.GradientTape() as tape:
        tape.watch(x)
        target = function(x)
    return tape.gradient(target, x).numpy()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tf.signal.fft2d(COMPLEX), r"\[fft2d\] expected input of rank 2"),
        (lambda: tf.signal.rfft(WAVE, [3, 3]), r"\[rfft\] expected fft_length of 1 sizes"),
        (lambda: tf.signal.fftnd(COMPLEX, norm="unit"), r"\[fftnd\] expected norm as one of"),
        (lambda: tf.signal.fftnd(COMPLEX, axes=[1]), r"\[fftnd\] expected an axis from -1 to 0"),
        (lambda: tf.signal.fftshift(WAVE, axes=2), r"\[fftshift\] expected an axis"),
        (lambda: tf.signal.hann_window(-1), r"\[hann_window\] expected window_length"),
        (lambda: tf.signal.frame(WAVE, 0, 2), r"\[frame\] expected frame_length .* got 0"),
        (lambda: tf.signal.frame(WAVE, 2, 0), r"expected frame_step .* at least 1, got 0"),
        (lambda: tf.signal.frame(WAVE, 2, 1, axis=1), r"\[frame\] expected an axis"),
        (
            lambda: tf.signal.frame([1, 2], 1, 1, pad_value=0.5),
            r"dtype int32, got the Python float",
        ),
        (
            lambda: tf.signal.overlap_and_add(WAVE, 2),
            r"\[overlap_and_add\] expected signal of rank 2",
        ),
        (lambda: tf.signal.dct(WAVE, type=5), r"\[dct\] expected type 1, 2, 3 or 4, got 5"),
        (lambda: tf.signal.dct(WAVE, type=1, norm="ortho"), r"'ortho' for types 2, 3 and 4"),
        (lambda: tf.signal.dct(WAVE, n=0), r"\[dct\] expected n as a size of at least 1"),
        (lambda: tf.signal.dct([1.0], type=1), r"at least 2 samples for type 1"),
        (lambda: tf.signal.mdct(WAVE, 6), r"frame_length as a multiple of 4, got 6"),
        (
            lambda: tf.signal.linear_to_mel_weight_matrix(4, 9, 8000, 125.0, 5800.0),
            r"upper_edge_hertz <= sample_rate / 2",
        ),
        (lambda: tf.signal.linear_to_mel_weight_matrix(0, 9), r"num_mel_bins=0"),
    ],
)
def test_wrong_arguments_are_named(call, message):
    with pytest.raises(InvalidArgumentError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: tf.signal.fft(WAVE),
            r"\[fft\] expected dtype complex64 or complex128, got float32",
        ),
        (lambda: tf.signal.rfft(COMPLEX), r"\[rfft\] expected dtype float32 or float64"),
        (lambda: tf.signal.irfft(WAVE), r"cast it with tf.cast\(x, tf.complex64\)"),
        (lambda: tf.signal.dct([1, 2]), r"\[dct\] expected dtype float32"),
        (lambda: tf.signal.hann_window(4, dtype=tf.int32), r"\[hann_window\] expected a floating"),
        (lambda: tf.signal.linear_to_mel_weight_matrix(dtype=tf.int32), r"a floating dtype"),
    ],
)
def test_wrong_dtypes_are_named(call, message):
    with pytest.raises(DTypeError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "want"),
    [
        # An odd periodic window is the symmetric one.
        (lambda: tf.signal.hann_window(5), [0, 0.5, 1, 0.5, 0]),
        (lambda: tf.signal.hann_window(6), [0, 0.25, 0.75, 1, 0.75, 0.25]),
        (lambda: tf.signal.hann_window(1), [1]),
        (lambda: tf.signal.hann_window(0), []),
        (lambda: tf.signal.hamming_window(5), [0.08, 0.54, 1, 0.54, 0.08]),
        (
            lambda: tf.signal.kaiser_window(5),
            [5.2773448e-05, 0.21567266, 1, 0.21567266, 5.2773448e-05],
        ),
        (lambda: tf.signal.kaiser_window(1), [1]),
        (
            lambda: tf.signal.kaiser_bessel_derived_window(5),
            [0.00726415, 0.9999736, 0.9999736, 0.00726415],
        ),
        (lambda: tf.signal.vorbis_window(5), [0.14943586, 0.8563191, 1, 0.8563191, 0.14943568]),
        (lambda: tf.signal.frame([0, 1, 2, 3, 4, 5, 6], 3, 2, pad_end=True)[-1], [6, 0, 0]),
        (lambda: tf.signal.frame([0, 1, 2, 3, 4, 5, 6, 7], 2, 3, pad_end=True)[-1], [6, 7]),
        (lambda: tf.signal.frame([0, 1], 3, 2, pad_end=True)[0], [0, 1, 0]),
        (lambda: tf.signal.frame([0, 1], 3, 2).shape, [0, 3]),
        (lambda: tf.signal.overlap_and_add([[0, 1, 2], [3, 4, 5]], 5), [0, 1, 2, 0, 0, 3, 4, 5]),
        (
            lambda: tf.math.real(tf.signal.stft(WAVE, 6, 4)[0]),
            [1.9268963, -0.6857294, -0.4878462, 0.18324718, 0.05376035],
        ),
        (
            lambda: tf.math.imag(tf.signal.stft(WAVE, 6, 4, window_fn=None)[0]),
            [0, -2.2994027, 0.5697749, -0.3285033, 0],
        ),
        (
            lambda: tf.signal.inverse_stft_window_fn(3)(8, tf.float32),
            [0, 0.14042343, 0.5109583, 0.8722604, 0.958871, 0.8722604, 0.5109583, 0.14042327],
        ),
        (
            lambda: tf.signal.inverse_stft(tf.signal.stft(WAVE, 8, 4), 8, 4)[4:8],
            [0.33498815, -0.2630874, -0.43578792, -0.7368393],
        ),
        (lambda: tf.signal.inverse_stft(tf.signal.stft(WAVE, 6, 4), 10, 4).shape, [42]),
        (
            lambda: tf.signal.idct([1.0, 2.0, 3.0, 5.0], n=6),
            [17.130924, -3.2426405, -10.231943, 1.8396391, 5.2426405, -4.7386193],
        ),
        (lambda: tf.signal.mdct(WAVE, 8)[0], [-0.23332775, 3.624557, 0.05020082, 0.27430907]),
        (
            lambda: tf.signal.mdct(WAVE, 8, window_fn=None)[0],
            [1.6844333, 2.724117, -0.5770634, -0.71318585],
        ),
        (
            lambda: tf.signal.inverse_mdct(tf.signal.mdct(WAVE, 8))[:5],
            [-0.05148399, -0.2664167, 0.50574815, 0.8601277, 0.33498812],
        ),
        (
            lambda: tf.signal.linear_to_mel_weight_matrix(4, 9, 8000, 125.0, 3800.0)[2],
            [0, 0.8690782, 0.13092178, 0],
        ),
        (
            lambda: tf.signal.linear_to_mel_weight_matrix(4, 9, 8000, 125.0, 3800.0)[7],
            [0, 0, 0, 0.20334473],
        ),
        (
            lambda: tf.signal.mfccs_from_log_mel_spectrograms([[1.0, 2.0, 3.0, 4.0]])[0],
            [7.0710678, -2.2304425, 0, -0.15851244],
        ),
    ],
)
def test_values_are_those_of_tensorflow(call, want):
    np.testing.assert_allclose(np.asarray(call()), want, rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("function", "value", "want"),
    [
        (lambda x: tf.math.real(tf.signal.fft(x)[1]), COMPLEX, [1, 1j, -1, -1j]),
        (
            lambda x: tf.signal.irfft(x)[1],
            COMPLEX,
            [0.16666667, 0.16666667 - 0.28867513j, -0.16666667 - 0.28867513j, -0.16666667],
        ),
        (
            lambda x: tf.math.imag(tf.signal.rfft(x, [8])[1]),
            np.arange(1, 5, dtype=np.float32),
            [0, -0.70710677, -1, -0.70710677],
        ),
        # TensorFlow fails here: the input is cut.
        (
            lambda x: tf.math.real(tf.signal.rfft(x, [2])[1]),
            np.arange(1, 5, dtype=np.float32),
            [1, -1, 0, 0],
        ),
    ],
)
def test_gradients_are_those_of_tensorflow(function, value, want):
    np.testing.assert_allclose(gradient(function, value), want, rtol=1e-5, atol=1e-6)


def test_sizes_may_be_tensors_and_parts_of_shapes():
    assert tf.signal.rfft(WAVE, tf.constant([64])).shape == (33,)
    assert tf.signal.stft(WAVE, tf.constant(16), tf.constant(8)).shape == (4, 9)
    assert tf.signal.hann_window(tf.shape(tf.zeros((4, 2)))[0]).shape == (4,)
    symbol = KerasTensor((None, 40))
    assert tf.signal.stft(symbol, 16, 8).shape == (None, 4, 9)
    assert tf.signal.mdct(symbol, 8).shape == (None, 9, 4)


def test_float64_stays_float64():
    wave = WAVE.astype(np.float64)
    assert tf.signal.stft(wave, 8, 4).dtype == tf.complex128
    assert tf.signal.dct(wave).dtype == tf.float64
    assert tf.signal.mdct(wave, 8).dtype == tf.float64


@settings(max_examples=12, deadline=None)
@given(
    st.integers(1, 30), st.integers(1, 20), st.integers(1, 12), st.booleans(), st.integers(0, 99)
)
def test_frames_and_their_sum_are_adjoint(samples, length, step, pad_end, seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=samples)
    frames = tf.signal.frame(x, length, step, pad_end=pad_end)
    weights = rng.normal(size=frames.shape)
    total = tf.signal.overlap_and_add(weights, step).numpy() if frames.shape[0] else np.zeros(0)
    one, other = np.zeros(max(len(total), samples)), np.zeros(max(len(total), samples))
    one[: len(total)], other[:samples] = total, x
    np.testing.assert_allclose(np.sum(frames.numpy() * weights), one @ other, atol=1e-9)


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 9), st.sampled_from([2, 3, 4]), st.integers(0, 99))
def test_orthonormal_cosine_transforms_are_undone(size, kind, seed):
    x = np.random.default_rng(seed).normal(size=size)
    spectrum = tf.signal.dct(x, type=kind, norm="ortho")
    back = tf.signal.idct(spectrum, type=kind, norm="ortho")
    np.testing.assert_allclose(back.numpy(), x, atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(spectrum.numpy()), np.linalg.norm(x))
