"""`audio_dataset_from_directory`: sounds at other rates and of other encodings."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from tests.golden.files import folder, wav

RATE = 8000


def sine(frequency, rate, seconds=0.05):
    times = np.arange(int(rate * seconds)) / rate
    return (np.sin(2 * np.pi * frequency * times) * 20000).astype("<i2")


def sounds(files, **options):
    settings = {"verbose": False, "shuffle": False, "batch_size": None, "label_mode": None}
    return tf.keras.utils.audio_dataset_from_directory(folder(files), **(settings | options))


@pytest.mark.parametrize("rate", [4000, 11025, 16000])
def test_sounds_at_another_rate_sound_the_same(rate):
    (found,) = sounds({"a/0.wav": wav(sine(440, RATE).tobytes(), rate=RATE)}, sampling_rate=rate)
    expected = sine(440, rate) / 32768
    assert found.shape.as_list() == [-(-len(sine(440, RATE)) * rate // RATE), 1]
    inner = slice(40, -40)
    np.testing.assert_allclose(found.numpy()[: len(expected), 0][inner], expected[inner], atol=4e-3)


def test_frequencies_that_a_rate_cannot_hold_are_filtered_out():
    (found,) = sounds({"a/0.wav": wav(sine(3500, RATE).tobytes(), rate=RATE)}, sampling_rate=4000)
    assert np.abs(found.numpy()[40:-40]).max() < 0.02


def test_sounds_of_several_rates_in_a_batch():
    files = {
        "a/0.wav": wav(sine(440, 8000).tobytes(), rate=8000),
        "a/1.wav": wav(sine(440, 16000).tobytes(), rate=16000),
        "b/0.wav": wav(b"", rate=16000),
    }
    ((batch, labels),) = sounds(files, sampling_rate=8000, batch_size=3, label_mode="int")
    assert batch.shape.as_list() == [3, 400, 1]
    assert labels.numpy().tolist() == [0, 0, 1]
    (cut,) = sounds(files, sampling_rate=8000, output_sequence_length=150, batch_size=3)
    np.testing.assert_array_equal(cut.numpy(), batch.numpy()[:, :150])


def test_files_that_are_no_sounds():
    dataset = sounds({"a/0.wav": b"no sound", "a/1.wav": wav(bytes(6))})
    with pytest.raises(ValueError, match=r"\[audio_dataset_from_directory\] expected a WAV file") as caught:
        list(dataset)
    assert "a/0.wav" in caught.value.__notes__[0]
    assert [s.shape.as_list() for s in dataset.ignore_errors()] == [[3, 1]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sampling_rate": 0}, "sampling_rate of 1 or more, or None, got 0"),
        ({"output_sequence_length": -1}, "output_sequence_length of 1 or more"),
        ({"output_sequence_length": 3, "ragged": True}, "None where sounds are ragged, got 3"),
    ],
    ids=["rate", "length", "ragged"],
)
def test_messages(options, message):
    with pytest.raises(ValueError, match=message):
        sounds({"a/0.wav": wav(b"")}, **options)
