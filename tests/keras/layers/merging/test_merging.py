"""Merging layers: masks, dtypes, open sizes, functions, and inputs that do not fit."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers

ONE = np.array([[1, 1, 0], [1, 0, 0]], bool)
TWO = np.array([[1, 0, 0], [1, 1, 1]], bool)
STEPS = tf.ones((2, 3, 4))
ELEMENTWISE = [
    layers.Add, layers.Subtract, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum,
]  # fmt: skip
EACH = pytest.mark.parametrize("kind", ELEMENTWISE)


@EACH
def test_what_counts_in_any_input_counts(kind):
    mask = kind().compute_mask([STEPS, STEPS], [tf.constant(ONE), tf.constant(TWO)])
    np.testing.assert_array_equal(mask, ONE | TWO)
    assert kind().compute_mask([STEPS, STEPS], [tf.constant(ONE), None]) is None
    assert kind().compute_mask([STEPS, STEPS], None) is None


@pytest.mark.parametrize(
    ("axis", "masks", "wanted"),
    [
        (-1, (ONE, TWO), ONE | TWO),
        (-1, (ONE, None), np.ones((2, 3), bool)),
        (1, (ONE, TWO), np.concatenate([ONE, TWO], 1)),
        (1, (None, TWO), np.concatenate([np.ones((2, 3), bool), TWO], 1)),
        (0, (ONE, TWO), np.concatenate([ONE, TWO], 0)),
    ],
)
def test_masks_of_a_concatenation(axis, masks, wanted):
    given = [None if m is None else tf.constant(m) for m in masks]
    found = layers.Concatenate(axis=axis).compute_mask([STEPS, STEPS], given)
    np.testing.assert_array_equal(found, wanted)
    assert layers.Concatenate(axis=axis).compute_mask([STEPS, STEPS], [None, None]) is None


def test_masks_travel_through_models():
    seen = []

    class Watch(layers.Layer):
        def __init__(self):
            super().__init__()
            self.supports_masking = True

        def call(self, inputs, mask=None):
            seen.append(mask)
            return inputs

    numbers = keras.Input((None,), dtype="int32")
    one = layers.Embedding(5, 4, mask_zero=True)(numbers)
    two = layers.Embedding(5, 4, mask_zero=True)(numbers)
    model = keras.Model(numbers, Watch()(layers.Add()([one, two])))
    model(np.array([[1, 0]]))
    assert seen[-1].numpy().tolist() == [[True, False]]


@EACH
def test_dtypes_are_promoted(kind):
    whole, half = tf.ones((2, 3), "int32"), tf.ones((2, 3))
    average = kind is layers.Average
    assert kind()([whole, half]).dtype == tf.float32
    assert kind()([whole, whole]).dtype == (tf.float32 if average else tf.int32)
    drawn = kind()([keras.Input((3,), dtype="int32"), keras.Input((3,), dtype="int32")])
    assert drawn.dtype == ("float32" if average else "int32")


def test_other_layers_promote_too():
    whole, half = tf.ones((2, 3), "int32"), tf.ones((2, 3))
    assert layers.Concatenate()([whole, half]).dtype == tf.float32
    assert layers.Dot(1)([whole, half]).dtype == tf.float32
    assert layers.Dot(1)([whole, whole]).dtype == tf.int32


@pytest.mark.parametrize(
    ("layer", "shapes", "wanted"),
    [
        (layers.Add(), [(None, None, 4), (None, 3, 4)], (None, 3, 4)),
        (layers.Add(), [(None, None, 4), (None, 1, 4)], (None, None, 4)),
        (layers.Add(), [(None, 3, 4), (2, 4)], (2, 3, 4)),
        (layers.Concatenate(1), [(None, None, 4), (None, 3, 4)], (None, None, 4)),
        (layers.Concatenate(), [(None, None, 4), (None, 3, 4)], (None, 3, 8)),
        (layers.Dot((2, 1)), [(None, 7, None), (None, 3, 4)], (None, 7, 4)),
        (layers.Dot(1), [(None, 3), (5, 3)], (5, 1)),
    ],
)
def test_open_sizes(layer, shapes, wanted):
    assert layer([keras.Input(batch_shape=s) for s in shapes]).shape == wanted
    assert layer.compute_output_shape(shapes) == wanted


def test_functions_make_the_layers():
    one, two = tf.constant([[1.0, 2.0]]), tf.constant([[3.0, 5.0]])
    results = {
        "add": [[4.0, 7.0]], "subtract": [[-2.0, -3.0]], "multiply": [[3.0, 10.0]],
        "average": [[2.0, 3.5]], "maximum": [[3.0, 5.0]], "minimum": [[1.0, 2.0]],
        "concatenate": [[1.0, 2.0, 3.0, 5.0]], "dot": [[13.0]],
    }  # fmt: skip
    for name, wanted in results.items():
        assert getattr(layers, name)([one, two]).numpy().tolist() == wanted
    drawn = layers.concatenate([keras.Input((2,)), keras.Input((2,))], axis=-1, name="joined")
    assert drawn.node.operation.name == "joined"


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: layers.Add()(STEPS), "expected a list of one or more tensors, got one of shape"),
        (lambda: layers.Add()([]), "expected a list of one or more tensors"),
        (lambda: layers.Subtract()([STEPS] * 3), "expected a list of 2 tensors, got 3 of them"),
        (lambda: layers.Add()([STEPS, tf.ones((2, 5))]), "equal or 1, got shapes"),
        (lambda: layers.Add()([STEPS, tf.ones((3, 3, 4))]), "tensors of one batch size"),
        (
            lambda: layers.Add().compute_mask([STEPS] * 2, tf.constant(ONE)),
            "expected mask as a list of 2",
        ),
        (
            lambda: layers.Concatenate(1)([STEPS, tf.ones((2, 3, 5))]),
            "equal sizes along all axes but 1",
        ),
        (
            lambda: layers.Concatenate()([STEPS, tf.ones((2, 4))]),
            "tensors of one rank with an axis -1",
        ),
        (lambda: layers.Concatenate(3)([STEPS, STEPS]), "tensors of one rank with an axis 3"),
        (lambda: layers.Concatenate("last"), "expected axis as an int"),
        (lambda: layers.Dot("x"), "expected axes as an int or a pair"),
        (lambda: layers.Dot((1, 2, 3)), "expected axes as an int or a pair"),
        (lambda: layers.Dot(0)([STEPS, STEPS]), "axes 0 behind the batch"),
        (lambda: layers.Dot((1, 2))([STEPS, STEPS]), r"equal sizes along axes \(1, 2\)"),
    ],
)
def test_misuse_is_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()
