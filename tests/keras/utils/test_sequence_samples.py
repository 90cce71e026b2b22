"""Pairs of words and windows of series; the expected values are those of TensorFlow 2.21 with Keras 3.15."""

from __future__ import annotations

import json

import numpy as np
import pytest

from thalweg import keras
from thalweg.keras.preprocessing.sequence import TimeseriesGenerator, make_sampling_table, skipgrams


def test_frequent_words_are_kept_seldom() -> None:
    expected = [0.00315225, 0.00315225, 0.00547597, 0.00741556, 0.00912817, 0.01068435]
    np.testing.assert_allclose(make_sampling_table(6), expected, rtol=1e-5)
    np.testing.assert_allclose(make_sampling_table(2, sampling_factor=10.0), [1.0, 1.0])


def test_neighbours_are_paired() -> None:
    pairs, labels = skipgrams(
        [1, 2, 3], 5, 2, negative_samples=0.0, shuffle=False, categorical=True
    )
    assert pairs == [[1, 2], [1, 3], [2, 1], [2, 3], [3, 1], [3, 2]]
    assert labels == [[0, 1]] * 6


def test_random_pairs_begin_with_words_of_the_sequence() -> None:
    pairs, labels = skipgrams([1, 2, 0, 3], 5, 1, shuffle=False, seed=3)
    assert pairs[:2] == [[1, 2], [2, 1]]
    assert labels == [1, 1, 0, 0]
    assert sorted(word for word, _ in pairs[2:]) == [1, 2]
    assert all(1 <= other < 5 for _, other in pairs[2:])


def test_a_seed_decides_everything() -> None:
    words = list(range(1, 30))
    table = [0.5] * 30
    first, second = (skipgrams(words, 30, seed=1, sampling_table=table) for _ in range(2))
    assert first == second
    assert first != skipgrams(words, 30, seed=2, sampling_table=table)
    assert sum(first[1]) * 2 == len(first[1])
    neighbours = [pair for pair, label in zip(*first) if label]
    assert all(0 < abs(word - other) <= 4 for word, other in neighbours)


def test_windows_come_with_the_target_behind_them() -> None:
    data, targets = np.arange(10).reshape(10, 1), np.arange(10) * 10
    batches = TimeseriesGenerator(data, targets, length=3, batch_size=4)
    assert len(batches) == 2
    windows, values = batches[1]
    assert windows[..., 0].tolist() == [[4, 5, 6], [5, 6, 7], [6, 7, 8]]
    assert values.tolist() == [70, 80, 90]


def test_windows_are_thinned_reversed_and_bounded() -> None:
    data = np.arange(10)
    batches = TimeseriesGenerator(
        data,
        data,
        4,
        sampling_rate=2,
        stride=2,
        start_index=1,
        end_index=8,
        reverse=True,
        batch_size=3,
    )
    assert [(x.tolist(), y.tolist()) for x, y in batches] == [([[3, 1], [5, 3]], [5, 7])]
    config = json.loads(batches.to_json())["config"]
    assert TimeseriesGenerator(**config).get_config() == config


def test_windows_are_drawn() -> None:
    data = np.arange(50)
    windows, targets = TimeseriesGenerator(data, data, 3, shuffle=True, batch_size=20)[0]
    np.testing.assert_array_equal(windows + [3, 2, 1], np.repeat(targets[:, None], 3, axis=1))
    assert len(set(targets.tolist())) > 1


def test_series_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="one length, got 10 and 3"):
        TimeseriesGenerator(np.arange(10), np.arange(3), length=3)
    with pytest.raises(ValueError, match="start_index"):
        TimeseriesGenerator(np.arange(10), np.arange(10), length=3, start_index=8)


def test_a_model_learns_from_windows() -> None:
    series = np.linspace(0.0, 1.0, 40, dtype=np.float32)[:, None]
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    history = model.fit(TimeseriesGenerator(series, series, 3, batch_size=8), epochs=3, verbose=0)
    assert history.history["loss"][-1] < history.history["loss"][0]
