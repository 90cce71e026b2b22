"""Data sets of sounds in folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

import numpy as np

from thalweg._src.base.lazy import LazyModule
from thalweg._src.core import dtypes
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.keras.utils.directories import Request
from thalweg._src.ops.audio import read_wav, with_length
from thalweg._src.ops.ragged.tensor import RaggedTensor

_signal = LazyModule("scipy.signal")
_WHERE = "audio_dataset_from_directory"


def audio_dataset_from_directory(
    directory: Any,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    batch_size: int | None = 32,
    sampling_rate: int | None = None,
    output_sequence_length: int | None = None,
    ragged: bool = False,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    verbose: bool = True,
) -> Any:
    """Batches of sounds in folders, one folder for each class.

    Args:
        directory: Folder with a folder for each class, in which, and below which, are files ``*.wav``.
        labels: As of `image_dataset_from_directory`.
        label_mode: Likewise.
        class_names: Likewise.
        batch_size: Sounds in a batch; None for single ones.
        sampling_rate: Samples a second in the result; None for those of each file.
        output_sequence_length: Samples of each sound: longer ones are cut, shorter ones end with zeros. None
            for the length of the longest one in each batch.
        ragged: Leave each sound as long as it is, in ragged tensors.
        shuffle: As of `image_dataset_from_directory`.
        seed: Likewise.
        validation_split: Likewise.
        subset: Likewise.
        follow_links: Whether to go into folders that are links.
        verbose: Whether to print how many files there are.

    Returns:
        `tf.data.Dataset` of sounds, float32 ``(batch, samples, channels)`` in [-1, 1), and labels, or of
        sounds alone, with the attributes ``class_names`` and ``file_paths``; a list of two for
        ``subset="both"``.

    Raises:
        FileNotFoundError: There is no such folder.
        ValueError: Arguments do not fit each other, or the folder; when it is iterated, a file is no sound.

    Source: `keras.utils.audio_dataset_from_directory`, which needs `tensorflow_io` for `sampling_rate`; here
    sounds are filtered as `scipy.signal.resample_poly` does, then cut. Encodings: see `tf.audio.decode_wav`.
    """
    request = Request(
        where=_WHERE,
        endings=(".wav",),
        directory=directory,
        labels=labels,
        label_mode=label_mode,
        class_names=class_names,
        batch_size=batch_size,
        shuffle=shuffle,
        seed=seed,
        validation_split=validation_split,
        subset=subset,
        follow_links=follow_links,
        verbose=verbose,
    )
    length = output_sequence_length
    if sampling_rate is not None and sampling_rate < 1:
        request.refuse("sampling_rate", "of 1 or more, or None", sampling_rate)
    if length is not None and length < 1:
        request.refuse("output_sequence_length", "of 1 or more, or None", length)
    if ragged and length is not None:
        request.refuse("output_sequence_length", "None where sounds are ragged", length)
    batched = _ragged if ragged else _padded if length is None else None
    spec = TensorSpec((length, None), dtypes.float32)
    return request.datasets(_Sound(sampling_rate, length), spec, batched)


@dataclass(frozen=True)
class _Sound:
    """Decodes a sound and gives it the wanted rate and length."""

    sampling_rate: int | None
    length: int | None

    def __call__(self, contents: bytes) -> Any:
        audio, rate = read_wav(_WHERE, contents)
        wanted = self.sampling_rate or rate
        if wanted != rate and len(audio):
            common = gcd(wanted, rate)
            audio = _signal.resample_poly(audio, wanted // common, rate // common).astype(np.float32)
        return audio if self.length is None else with_length(audio, self.length)


def _padded(dataset: Any, size: int | None) -> Any:
    return dataset if size is None else dataset.padded_batch(size)


def _ragged(dataset: Any, size: int | None) -> Any:
    if size is not None:
        return dataset.ragged_batch(size)

    def as_ragged(audio: Any, *label: Any) -> Any:
        sound = RaggedTensor.from_tensor(audio)
        return (sound, *label) if label else sound

    return dataset.map(as_ragged)
