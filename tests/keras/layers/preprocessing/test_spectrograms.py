"""`STFTSpectrogram` and `MelSpectrogram`. Values: rows of the contract, `tests/golden`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf

keras = tf.keras
layers = keras.layers

SIGNALS = np.sin(np.arange(3 * 400) * 0.7).reshape(3, 400).astype("float32")


def test_kernels_are_a_fourier_transform() -> None:
    for size, window in ((16, np.hanning(16)), (13, np.arange(13.0))):
        layer = layers.STFTSpectrogram(
            "stft", size, 5, 2 * size, window=window if size == 13 else "hann", scaling=None
        )
        found = layer(SIGNALS[:, :, None]).numpy()
        frames = np.lib.stride_tricks.sliding_window_view(SIGNALS, size, axis=1)[:, ::5]
        wanted = np.fft.rfft(frames * window, 2 * size)
        limit = {"atol": 1e-4 * window.sum()}
        np.testing.assert_allclose(found, np.concatenate([wanted.real, wanted.imag], -1), **limit)


def test_periodic_windows_repeat_without_a_seam() -> None:
    layer = layers.STFTSpectrogram("real", 8, 4, window="hann", periodic=True, scaling=None)
    layer.build((None, None, 1))
    window = layer.real_kernel.numpy()[:, 0, 0]
    np.testing.assert_allclose(window[:4] + window[4:], 1, atol=1e-6)


@pytest.mark.parametrize("kind", ["stft", "mel"])
def test_in_a_pipeline_and_inside_a_model(kind: str) -> None:
    mel = kind == "mel"
    layer = layers.MelSpectrogram(64, 32, num_mel_bins=5) if mel else layers.STFTSpectrogram("log", 32)
    signals = SIGNALS if mel else SIGNALS[..., None]
    wanted = layer(signals).numpy()
    data = tf.data.Dataset.from_tensor_slices(signals)
    batches = np.concatenate([x.numpy() for x in data.batch(2).map(layer)])
    inputs = keras.Input(signals.shape[1:])
    model = keras.Model(inputs, layer(inputs))
    assert model.output_shape[1:] == wanted.shape[1:]
    np.testing.assert_allclose(model.predict(signals, verbose=0), wanted, atol=1e-3)
    open_inputs = keras.Input((None, *signals.shape[2:]))
    open_model = keras.Model(open_inputs, layer(open_inputs))
    assert open_model.output_shape.count(None) == 2
    np.testing.assert_allclose(open_model(signals).numpy(), wanted, atol=1e-3)
    if not mel:
        np.testing.assert_allclose(batches, wanted, atol=1e-3)
    else:  # decibels are cut off below the loudest value of a batch
        alone = np.stack([x.numpy() for x in data.map(layer)])
        np.testing.assert_allclose(alone, [layer(s).numpy() for s in signals], atol=1e-3)


def test_kernels_are_trained_unless_they_are_frozen() -> None:
    for trainable in (True, False):
        layer = layers.STFTSpectrogram("magnitude", 16, trainable=trainable)
        model = keras.Sequential([layer, layers.Flatten(), layers.Dense(1)])
        model.compile("sgd", "mse")
        model.build((None, 400, 1))
        before = layer.get_weights()
        model.fit(SIGNALS[..., None], np.ones((3, 1)), verbose=0)
        moved = [(a != b).any() for a, b in zip(before, layer.get_weights(), strict=True)]
        assert moved == [trainable] * 2


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: layers.STFTSpectrogram("power"), ValueError, "mode"),
        (lambda: layers.STFTSpectrogram(frame_length=0), ValueError, "frame_length"),
        (lambda: layers.STFTSpectrogram(frame_length=8.5), ValueError, "frame_length"),
        (lambda: layers.STFTSpectrogram(frame_length=8, frame_step=9), ValueError, "frame_step"),
        (lambda: layers.STFTSpectrogram(frame_length=8, frame_step=0), ValueError, "frame_step"),
        (lambda: layers.STFTSpectrogram(frame_length=8, fft_length=4), ValueError, "fft_length"),
        (lambda: layers.STFTSpectrogram(window="square"), ValueError, "window"),
        (lambda: layers.STFTSpectrogram(window=np.ones(3)), ValueError, "window of shape"),
        (lambda: layers.STFTSpectrogram(scaling="unit"), ValueError, "scaling"),
        (lambda: layers.STFTSpectrogram(padding="causal"), ValueError, "padding"),
        (lambda: layers.STFTSpectrogram(data_format="last"), ValueError, "data_format"),
        (lambda: layers.STFTSpectrogram()(np.zeros((300, 1))), ValueError, "ndim=3|rank 3|3 dim"),
        (lambda: layers.STFTSpectrogram()(np.zeros((1, 99, 1))), ValueError, "frame_length=256"),
        (lambda: layers.STFTSpectrogram()(np.zeros((1, 300, 1), "int16")), TypeError, "int16"),
        (lambda: layers.MelSpectrogram(min_power=0), ValueError, "min_power"),
        (lambda: layers.MelSpectrogram(window="square")(SIGNALS), ValueError, "window"),
        (lambda: layers.MelSpectrogram()(tf.constant(1.0)), ValueError, "samples"),
    ],
)
def test_misuse(make: Any, error: Any, words: str) -> None:
    with pytest.raises(error, match=words):
        make()
