"""Hashes of integers are those of their decimal texts, eagerly, compiled and on the host."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.ops.strings.number_hashing import crossed_bins, number_to_hash_bucket

layers = tf.keras.layers
MOST = (1 << 63) - 1


def numbers(dtype: str) -> Any:
    """Integers of every length, with the ends of the range."""
    limits = np.iinfo(dtype)
    found = [0, 9, limits.max, limits.max // 3, limits.min, limits.min // 7]
    for length in range(1, len(str(limits.max))):
        found += [10**length, 10**length - 1, -(10**length)]
    return np.array([n for n in found if limits.min <= n <= limits.max], dtype)


@pytest.mark.parametrize("key", [None, (133, 137)])
@pytest.mark.parametrize("dtype", ["int8", "uint8", "int32", "int64", "uint64"])
def test_like_the_hashes_of_texts(dtype: str, key: Any) -> None:
    values = numbers(dtype)
    texts = tf.strings.as_string(values)
    if key is None:
        wanted = tf.strings.to_hash_bucket_fast(texts, MOST).numpy()
    else:
        wanted = tf.strings.to_hash_bucket_strong(texts, MOST, list(key)).numpy()
    found = number_to_hash_bucket(values, num_buckets=MOST, key=key)
    assert found.dtype == "int64"
    assert (found.numpy() == wanted).all()
    twin = number_to_hash_bucket.opdef.host(values, num_buckets=MOST, key=key)
    assert (twin == wanted).all()


def test_crosses_of_numbers_and_texts_agree_with_ragged_crosses() -> None:
    one, two = np.array([[4], [-5]]), np.array([["a"], ["b"]])
    wanted = tf.ragged.cross_hashed([one, two], 1000).to_tensor().numpy()
    assert (layers.HashedCrossing(1000)((one, two)).numpy() == wanted).all()
    both = tf.ragged.cross_hashed([one, one], 1000).to_tensor().numpy()
    assert (crossed_bins(one, one, num_bins=1000).numpy() == both).all()


@pytest.mark.parametrize(
    "layer",
    [
        layers.Hashing(5, output_mode="one_hot"),
        layers.Hashing(5, mask_value=3, salt=[1, 2], output_mode="one_hot"),
    ],
)
def test_layers_that_hash_integers_stand_in_models_that_train(layer: Any) -> None:
    values = np.array([[1], [2], [3], [4]], "int32")
    wanted = layer(values).numpy()
    assert (tf.function(layer)(tf.constant(values)).numpy() == wanted).all()
    rows = tf.data.Dataset.from_tensor_slices(values)
    batches = [x.numpy() for x in rows.batch(2).map(layer)]
    assert (np.concatenate(batches) == wanted).all()
    inputs = tf.keras.Input((1,), dtype="int32")
    model = tf.keras.Model(inputs, layers.Dense(1)(layer(inputs)))
    model.compile("sgd", "mse")
    model.fit(values, np.ones(4), verbose=0)
    assert (tf.keras.Model(inputs, layer(inputs)).predict(values, verbose=0) == wanted).all()
