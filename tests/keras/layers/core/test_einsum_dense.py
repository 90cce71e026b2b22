"""EinsumDense: equations read, sizes found, mistakes named."""

from __future__ import annotations

from typing import Any

import pytest

import thalweg as tf
from thalweg import keras
from thalweg.keras import layers


@pytest.mark.parametrize(
    ("equation", "output_shape", "bias_axes", "shape", "result", "weights"),
    [
        ("ab,bc->ac", 5, "c", (None, 3), (None, 5), [(3, 5), (5,)]),
        ("ab...,bc->ac...", 5, "c", (None, 3, None), (None, 5, None), [(3, 5), (5, 1)]),
        ("...x,xy->...y", 4, "y", (None, None, 3), (None, None, 4), [(3, 4), (4,)]),
        (
            "abc,cde->abde",
            (None, 2, 6),
            "bd",
            (None, 7, 3),
            (None, 7, 2, 6),
            [(3, 2, 6), (7, 2, 1)],
        ),
    ],
)
def test_shapes(equation, output_shape, bias_axes, shape, result, weights):
    layer = layers.EinsumDense(equation, output_shape, bias_axes=bias_axes)
    assert layer(keras.Input(batch_shape=shape)).shape == result
    assert [w.shape for w in layer.weights] == weights


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ab,bc", 5), "expected an equation such as"),
        (("a...b,bc->a...c", 5), "expected an equation such as"),
        (("...ab,bc->ac...", 5), r"expected '\.\.\.' at one end"),
        (("ab,bc->ad", 5), "got 'd' in one term"),
        (
            ("ab,bc->ac", 5, None, "b"),
            "expected bias_axes among the output's letters 'ac', got 'b'",
        ),
    ],
)
def test_equations_that_make_no_sense_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        layers.EinsumDense(*arguments)


@pytest.mark.parametrize(
    ("equation", "output_shape", "shape", "message"),
    [
        ("ab,bc->ac", 5, (2, 3, 4), "expected inputs of rank 2 for 'ab'"),
        ("abc,cd->abd", 5, (2, 3, 4), "expected output_shape with a size for each of 'bd'"),
        ("abc,cd->abd", (2, 5), (2, 3, 4), "expected 'b' to have one size .* got 3 and 2"),
    ],
)
def test_inputs_that_do_not_fit_are_refused(equation, output_shape, shape, message):
    with pytest.raises(ValueError, match=message):
        layers.EinsumDense(equation, output_shape)(tf.ones(shape))


def test_an_unknown_size_in_the_kernel_is_named():
    with pytest.raises(ValueError, match="got none for 'b'"):
        layers.EinsumDense("ab,bc->ac", 5)(keras.Input((None,)))


def test_subclasses_may_hand_on_training() -> None:
    class Own(keras.layers.Dense):
        def call(self, inputs: Any, training: Any = None) -> Any:
            return super().call(inputs, training=training)

    for layer in (Own(2), keras.layers.EinsumDense("ab,bc->ac", 2)):
        assert layer(tf.ones((1, 3)), training=True).shape == (1, 2)
        assert layer.call(tf.ones((1, 3)), training=False).shape == (1, 2)
