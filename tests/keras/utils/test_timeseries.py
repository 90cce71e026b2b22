"""`timeseries_dataset_from_array` beyond the golden values: iterated again, seeds, training."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf

windows = tf.keras.utils.timeseries_dataset_from_array
T = np.arange(20)


def test_epochs_differ_only_where_shuffled():
    plain, mixed = windows(T, T, 3, 2), windows(T, T, 3, 2, shuffle=True)
    for dataset, same in ((plain, True), (mixed, False)):
        one, other = ([int(v) for _, y in dataset for v in y] for _ in range(2))
        assert sorted(one) == sorted(other) == list(range(0, 18, 2))
        assert (one == other) is same


def test_the_global_seed_decides_orders_without_seed():
    def order():
        tf.keras.utils.set_random_seed(5)
        return [int(y) for _, y in windows(T, T, 3, batch_size=None, shuffle=True)]

    assert order() == order()


def test_targets_end_before_the_last_window():
    dataset = windows(T, T[:6], 3, start_index=2)
    assert [y.numpy().tolist() for _, y in dataset] == [[2, 3, 4, 5]]


def test_batches_have_a_known_number():
    dataset = windows(T, T, 3, batch_size=5)
    assert len(dataset) == 4
    assert [len(x) for x in dataset] == [2] * 4
    assert [tuple(x.shape) for x, _ in dataset] == [(5, 3)] * 3 + [(3, 3)]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sequence_length": 0}, "sequence_length of 1 or more, got 0"),
        ({"sampling_rate": 20}, "sampling_rate above 0 and below the length of the data, got 20"),
        ({"end_index": 0}, r"end_index above start_index \(0\)"),
        ({"format": "grain"}, "format 'tf'"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_messages(options, message):
    with pytest.raises(ValueError, match=message):
        windows(T, T, **({"sequence_length": 3} | options))
