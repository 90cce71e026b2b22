"""Activations: values and gradients of Keras, one meaning in all lives, lookup by name."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from tests.keras.golden.tables import INPUT, Row
from tests.keras.golden.values import check, each, orphans
from thalweg._src.keras import activations


@each("activations")
def test_values_are_those_of_keras(row: Row) -> None:
    check("activations", row)


def test_every_recorded_row_has_its_case():
    assert orphans("activations") == set()


def test_every_activation_is_a_row():
    from tests.keras.golden.tables import ACTIVATIONS

    public = {name for name in dir(tf.keras.activations) if not name.startswith("_")}
    named = {row.name for row in ACTIVATIONS} | {"sparsemax"}
    assert public - {"get", "serialize", "deserialize"} == named


@each("activations")
def test_traced_equals_eager(row: Row) -> None:
    function = getattr(tf.keras.activations, row.name)
    eager = function(tf.constant(INPUT), **row.options)
    traced = tf.function(lambda x: function(x, **row.options))(tf.constant(INPUT))
    np.testing.assert_allclose(eager.numpy(), traced.numpy(), rtol=1e-6, atol=1e-7)
    assert eager.dtype == traced.dtype == tf.float32


@each("activations", lambda row: not row.options)
def test_symbolic_shape_is_the_eager_one(row: Row) -> None:
    function = getattr(tf.keras.activations, row.name)
    drawn = function(tf.keras.Input((4,)))
    assert tuple(drawn.shape)[1:] == tuple(function(tf.constant(INPUT)).shape)[1:]


def test_sparsemax_is_the_nearest_point_of_the_simplex():
    # Not recorded: Keras 3.15 subtracts a wrong threshold, so that its results sum to more than 1.
    p = tf.keras.activations.sparsemax(tf.constant([[-0.5, -1.0, -3.0], [0.1, 0.0, -0.1]])).numpy()
    np.testing.assert_allclose(p, [[0.75, 0.25, 0.0], [1.3 / 3, 1 / 3, 0.7 / 3]], rtol=1e-6)


@pytest.mark.parametrize("name", ["relu", "softmax", "swish", "hard_silu", "log_softmax"])
def test_names_are_found(name):
    assert tf.keras.activations.get(name)(tf.constant(INPUT)).shape == (2, 4)


def test_none_is_linear_and_callables_are_themselves():
    def own(x):
        return x

    assert tf.keras.activations.get(None) is activations.linear
    assert tf.keras.activations.get(own) is own


def test_names_survive_a_round_trip():
    for function in (tf.keras.activations.relu, tf.keras.activations.silu):
        name = tf.keras.activations.serialize(function)
        assert tf.keras.activations.deserialize(name) is function


def test_unknown_name_suggests_the_nearest():
    with pytest.raises(ValueError, match="no activation is called 'rellu'. Did you mean 'relu'"):
        tf.keras.activations.get("rellu")


def test_softmax_over_several_axes_sums_to_one():
    p = tf.keras.activations.softmax(tf.random.normal((2, 3, 4)), axis=(1, 2))
    np.testing.assert_allclose(p.numpy().sum((1, 2)), 1.0, rtol=1e-6)


def test_softmax_refuses_a_scalar():
    with pytest.raises(ValueError, match=r"\[softmax\] expected a tensor of rank 1 or more"):
        tf.keras.activations.softmax(tf.constant(1.0))


def test_glu_refuses_an_odd_size():
    with pytest.raises(ValueError, match=r"\[glu\] expected an even size along axis -1"):
        tf.keras.activations.glu(tf.ones((2, 3)))


@pytest.mark.parametrize("name", ["exponential", "gelu", "hard_sigmoid", "softmax", "tanh"])
def test_integers_become_floats(name):
    function = getattr(tf.keras.activations, name)
    got = function(tf.constant([[1, -2]]))
    np.testing.assert_array_equal(got, function(tf.constant([[1.0, -2.0]])))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"threshold": -0.5}, [np.inf, 0.0, 0.0]),
        ({"threshold": 0.5, "negative_slope": 0.5}, [np.inf, -np.inf, np.nan]),
        ({"negative_slope": 0.5, "max_value": 2.0}, [2.0, -np.inf, np.nan]),
    ],
)
def test_relu_of_infinity_is_no_nan(options, expected):
    x = tf.constant([np.inf, -np.inf, np.nan])
    np.testing.assert_array_equal(tf.keras.activations.relu(x, **options), np.float32(expected))
    integers = tf.keras.activations.relu(tf.constant([-2, 4]), max_value=1.5)
    assert integers.numpy().tolist() == [0.0, 1.5]
