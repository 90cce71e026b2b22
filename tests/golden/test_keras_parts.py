"""thalweg gives what TensorFlow gives: golden values of `cases/keras_parts.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.keras_parts import cases
from .later import parameters

RECORD = support.load("keras_parts")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "activation_sparsemax": "ours sums to 1; Keras 3.15 takes too small a support",
    "initializer_lookup/?onstant": "Constant() is 0, as its signature says; Keras does not know its name",
}

#: Cases about what is still to come -> what that is.
LATER: dict[str, str] = {
    "normalization_layers": "the other layers",
    "attention_and_embedding": "the other layers",
}

#: Entries of cases about what is still to come -> what that is.
LATER_PARTS: dict[str, str] = {
    "layer_arithmetic/add": "the other layers",
    "layer_arithmetic/subtract": "the other layers",
    "layer_arithmetic/multiply": "the other layers",
    "layer_arithmetic/average": "the other layers",
    "layer_arithmetic/maximum": "the other layers",
    "layer_arithmetic/concatenate": "the other layers",
    "layer_arithmetic/dot*": "the other layers",
    "layer_arithmetic/reshape": "the other layers",
    "layer_arithmetic/permute": "the other layers",
    "layer_arithmetic/repeat": "the other layers",
    "layer_arithmetic/leaky": "the other layers",
    "layer_arithmetic/prelu": "the other layers",
    "layer_arithmetic/softmax layer": "the other layers",
    "layer_arithmetic/category": "the other layers",
    "layer_arithmetic/discretization": "the other layers",
    "layer_arithmetic/normalization": "the other layers",
    "layer_arithmetic/hashing": "the other layers",
}


@pytest.mark.parametrize("case", parameters(cases, LATER))
def test_keras_parts(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE | LATER_PARTS, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
