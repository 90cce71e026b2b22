"""Constraints: values of Keras, one meaning in all lives, configs, lookup."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from tests.keras.golden.tables import CONSTRAINTS, WEIGHT, Row
from tests.keras.golden.values import check, each, orphans

C = tf.keras.constraints


@each("constraints")
def test_values_are_those_of_keras(row: Row) -> None:
    check("constraints", row)


def test_tables():
    assert orphans("constraints") == set()
    public = {name for name in dir(C) if name[0].isupper()}
    assert public - {"Constraint"} == {row.name for row in CONSTRAINTS}


@each("constraints")
def test_traced_equals_eager_and_config_round_trip(row: Row) -> None:
    constraint = getattr(C, row.name)(**row.options)
    again = C.deserialize(C.serialize(constraint))
    assert again.get_config() == constraint.get_config()
    traced = tf.function(again)(tf.constant(WEIGHT))
    np.testing.assert_allclose(traced.numpy(), constraint(tf.constant(WEIGHT)).numpy(), rtol=1e-6)


def test_lookup():
    assert C.get(None) is None
    assert type(C.get("non_neg")) is C.NonNeg
    assert C.max_norm is C.MaxNorm
    with pytest.raises(ValueError, match="no constraint is called 'nonneg_'. Did you mean"):
        C.get("nonneg_")
