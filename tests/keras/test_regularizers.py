"""Regularizers: values of Keras, one meaning in all lives, configs, lookup, errors."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from tests.keras.golden.tables import REGULARIZERS, WEIGHT, Row
from tests.keras.golden.values import check, each, orphans

R = tf.keras.regularizers


@each("regularizers")
def test_values_are_those_of_keras(row: Row) -> None:
    check("regularizers", row)


def test_tables():
    assert orphans("regularizers") == set()
    public = {name for name in dir(R) if name[0].isupper()}
    assert public - {"Regularizer"} == {row.name for row in REGULARIZERS}


@each("regularizers")
def test_traced_equals_eager_and_config_round_trip(row: Row) -> None:
    regularizer = getattr(R, row.name)(**row.options)
    again = R.deserialize(R.serialize(regularizer))
    assert again.get_config() == regularizer.get_config()
    traced = tf.function(again)(tf.constant(WEIGHT))
    np.testing.assert_allclose(traced.numpy(), regularizer(tf.constant(WEIGHT)).numpy(), rtol=1e-6)


def test_lookup():
    assert R.get(None) is None
    assert R.get("l2").get_config() == {"l2": 0.01}
    assert R.l1_l2 is R.L1L2
    with pytest.raises(ValueError, match="no regularizer is called 'l3'. Did you mean 'l"):
        R.get("l3")


def test_errors():
    with pytest.raises(ValueError, match="expected mode 'rows' or 'columns', got 'cells'"):
        R.OrthogonalRegularizer(mode="cells")
    with pytest.raises(
        ValueError, match=r"\[OrthogonalRegularizer\] expected a matrix, got shape \(3,\)"
    ):
        R.OrthogonalRegularizer()(tf.ones((3,)))


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf"), "much"])
def test_factors_are_finite_and_not_negative(value):
    for make in (R.L1, R.L2, lambda v: R.L1L2(0.1, v), R.OrthogonalRegularizer):
        with pytest.raises(ValueError, match="as a number of 0 or more"):
            make(value)


def test_factors_of_none_are_the_defaults():
    assert R.L1(None).get_config() == {"l1": 0.01}
    assert R.L1L2(None, np.float32(0.5)).get_config() == {"l1": 0.0, "l2": 0.5}
