"""Embedding: tables given, masks that reach the loss, lengths declared, numbers refused."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers


@pytest.mark.parametrize("wrap", [lambda table: table, lambda table: [table]])
def test_weights_are_the_table_to_start_with(wrap):
    table = np.arange(6.0, dtype="float32").reshape(3, 2)
    layer = layers.Embedding(3, 2, weights=wrap(table))
    assert layer.built
    np.testing.assert_array_equal(layer(tf.constant([[2, 0]])).numpy(), table[[2, 0]][None])
    assert "weights" not in layer.get_config()


def test_weights_of_a_reversible_embedding():
    table = np.arange(6.0, dtype="float32").reshape(3, 2)
    layer = layers.ReversibleEmbedding(3, 2, weights=table)
    scores = layer(tf.constant([[1.0, 0.0]]), reverse=True)
    np.testing.assert_array_equal(scores.numpy(), [[0.0, 2.0, 4.0]])


def test_the_way_back_is_computed_in_the_dtype_asked_for():
    layer = layers.ReversibleEmbedding(3, 2, dtype="bfloat16", reverse_dtype="float32")
    assert layer(tf.ones((1, 2)), reverse=True).dtype == tf.float32
    assert layer(keras.Input((2,)), reverse=True).shape == (None, 3)


def test_input_length_declares_the_inputs_of_a_sequential():
    model = keras.Sequential(
        [layers.Embedding(5, 3, input_length=4), layers.Flatten(), layers.Dense(1)]
    )
    assert model.output_shape == (None, 1)
    assert model(tf.constant([[1, 2, 3, 4]])).shape == (1, 1)


def test_the_mask_reaches_the_loss_in_fit():
    def model():
        keras.utils.set_random_seed(1)
        made = keras.Sequential(
            [
                keras.Input((3,), dtype="int32"),
                layers.Embedding(4, 2, mask_zero=True),
                layers.Dense(1),
            ]
        )
        made.compile("sgd", "mse")
        return made

    numbers = np.array([[1, 2, 0], [3, 0, 0]], "int32")
    targets = np.ones((2, 3, 1), "float32")
    wild = np.where(numbers[..., None] == 0, np.float32(100.0), targets)
    one, two = model(), model()
    losses = [
        m.fit(numbers, t, verbose=0).history["loss"] for m, t in ((one, targets), (two, wild))
    ]
    assert losses[0] == losses[1]
    for a, b in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_floats_are_cut_to_numbers():
    layer = layers.Embedding(3, 2)
    np.testing.assert_array_equal(
        layer(tf.constant([1.7])).numpy(), layer(tf.constant([1])).numpy()
    )


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: layers.Embedding(0, 2), "expected input_dim as a positive int, got 0"),
        (lambda: layers.Embedding(2, 2.5), "expected output_dim as a positive int, got 2.5"),
        (lambda: layers.Embedding(2, 2)(tf.constant([2])), "2"),
        (lambda: layers.Embedding(3, 2, weights=np.ones((2, 2))), r"expected shape \(3, 2\)"),
    ],
)
def test_misuse_is_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()
