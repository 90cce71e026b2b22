"""Samples from sequences, as Keras 2 drew them: pairs of words, and windows of time series."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.base.py_dataset import PyDataset

_EULER = 0.577


def make_sampling_table(size: int, sampling_factor: float = 1e-5) -> np.ndarray[Any, Any]:
    """Probability with which the word of each rank is kept in `skipgrams`, if words follow Zipf's law.

    Args:
        size: Number of words, the most frequent one first; number 0 stands for none and gets the first's.
        sampling_factor: The greater, the more of the frequent words are kept.

    Returns:
        float64 array of shape ``(size,)``.

    Source: `keras.preprocessing.sequence.make_sampling_table` of Keras 2; subsampling of Mikolov et al. 2013.
    """
    rank = np.maximum(np.arange(size, dtype=np.float64), 1.0)
    inverse_frequency = rank * (np.log(rank) + _EULER) + 0.5 - 1.0 / (12.0 * rank)
    return np.minimum(1.0, np.sqrt(sampling_factor * inverse_frequency))


def skipgrams(
    sequence: Any,
    vocabulary_size: int,
    window_size: int = 4,
    negative_samples: float = 1.0,
    shuffle: bool = True,
    categorical: bool = False,
    sampling_table: Any = None,
    seed: int | None = None,
) -> tuple[list[list[int]], list[Any]]:
    """Pairs of words that stand near each other, and pairs that need not.

    Args:
        sequence: Words' numbers; 0 stands for none.
        vocabulary_size: Numbers go from 1 to ``vocabulary_size - 1``.
        window_size: A word's neighbours stand at most so far from it.
        negative_samples: Number of random pairs for each pair of neighbours.
        shuffle: Pairs come in random order; else neighbours first.
        categorical: Labels are ``[0, 1]`` and ``[1, 0]`` instead of 1 and 0.
        sampling_table: For each number, the probability with which it is taken as a pair's first.
        seed: Of all that is random; None for another one each time.

    Returns:
        Pairs ``[word, other]``, and their labels: 1 for neighbours, 0 for random ones.

    Example:
        >>> skipgrams([1, 2, 0, 3], 5, window_size=1, negative_samples=0.0, shuffle=False)
        ([[1, 2], [2, 1]], [1, 1])

    Source: `keras.preprocessing.sequence.skipgrams` of Keras 2. There, `seed` decides the order only.
    """
    generator = random.Random(seed)
    pairs = []
    for place, word in enumerate(sequence):
        if not word or (sampling_table is not None and sampling_table[word] < generator.random()):
            continue
        start = max(0, place - window_size)
        for other_place in range(start, min(len(sequence), place + window_size + 1)):
            other = sequence[other_place]
            if other_place != place and other:
                pairs.append([word, other])
    near, far = ([0, 1], [1, 0]) if categorical else (1, 0)
    labels: list[Any] = [near] * len(pairs)
    words = [word for word, _ in pairs]
    generator.shuffle(words)
    for index in range(int(len(labels) * negative_samples)):
        pairs.append([words[index % len(words)], generator.randint(1, vocabulary_size - 1)])
        labels.append(far)
    if shuffle:
        order = list(range(len(pairs)))
        generator.shuffle(order)
        pairs, labels = [pairs[i] for i in order], [labels[i] for i in order]
    return pairs, labels


class TimeseriesGenerator(PyDataset):
    """Batches of windows of a time series, each with the target that follows it.

    Args:
        data: Array ``(time, ...)``.
        targets: Array ``(time, ...)``: the target of a window stands at the place behind it.
        length: Length of a window, in steps of `data`.
        sampling_rate: Only every so many steps of a window are taken.
        stride: Windows begin so many steps after each other.
        start_index: First step that is used.
        end_index: Last step that is used; that of `data` when None.
        shuffle: Windows are drawn anew each time a batch is asked for.
        reverse: The last step of a window comes first.
        batch_size: Windows in a batch; the last one may have fewer.
        **kwargs: As for `PyDataset`.

    Raises:
        ValueError: Lengths differ, or no window fits.

    Example:
        >>> series = np.arange(6.0)
        >>> windows, targets = TimeseriesGenerator(series, series, length=3, batch_size=2)[0]
        >>> windows.tolist(), targets.tolist()
        ([[0.0, 1.0, 2.0], [1.0, 2.0, 3.0]], [3.0, 4.0])

    Source: `keras.preprocessing.sequence.TimeseriesGenerator` of Keras 2; new programs write
    `keras.utils.timeseries_dataset_from_array`.
    """

    def __init__(
        self,
        data: Any,
        targets: Any,
        length: int,
        sampling_rate: int = 1,
        stride: int = 1,
        start_index: int = 0,
        end_index: int | None = None,
        shuffle: bool = False,
        reverse: bool = False,
        batch_size: int = 128,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if len(data) != len(targets):
            raise InvalidArgumentError(
                f"[TimeseriesGenerator] expected data and targets of one length, got {len(data)} and "
                f"{len(targets)}."
            )
        self.data = np.asarray(data)
        self.targets = np.asarray(targets)
        self.length = length
        self.sampling_rate = sampling_rate
        self.stride = stride
        self.start_index = start_index + length
        self.end_index = len(data) - 1 if end_index is None else end_index
        self.shuffle = shuffle
        self.reverse = reverse
        self.batch_size = batch_size
        if self.start_index > self.end_index:
            raise InvalidArgumentError(
                f"[TimeseriesGenerator] expected start_index + length <= end_index, got {self.start_index} "
                f"> {self.end_index}; give shorter windows or a longer series."
            )

    def __len__(self) -> int:
        span = self.batch_size * self.stride
        return (self.end_index - self.start_index + span) // span

    def __getitem__(self, index: int) -> Any:
        if self.shuffle:
            rows = np.random.randint(self.start_index, self.end_index + 1, self.batch_size)
        else:
            first = self.start_index + self.batch_size * self.stride * index
            last = min(first + self.batch_size * self.stride, self.end_index + 1)
            rows = np.arange(first, last, self.stride)
        windows = [self.data[row - self.length : row : self.sampling_rate] for row in rows]
        samples = np.array(windows)
        return samples[:, ::-1] if self.reverse else samples, self.targets[rows]

    def get_config(self) -> dict[str, Any]:
        """The arguments; arrays as lists."""
        return {
            "data": self.data.tolist(),
            "targets": self.targets.tolist(),
            "length": self.length,
            "sampling_rate": self.sampling_rate,
            "stride": self.stride,
            "start_index": self.start_index - self.length,
            "end_index": self.end_index,
            "shuffle": self.shuffle,
            "reverse": self.reverse,
            "batch_size": self.batch_size,
        }

    def to_json(self, **kwargs: Any) -> str:
        """The config as JSON text.

        Args:
            **kwargs: As for `json.dumps`.
        """
        return json.dumps(
            {"class_name": type(self).__name__, "config": self.get_config()}, **kwargs
        )
