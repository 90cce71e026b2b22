"""thalweg gives what TensorFlow gives: golden values of `cases/keras_parts.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.keras_parts import cases

RECORD = support.load("keras_parts")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "activation_sparsemax": "ours sums to 1; Keras 3.15 takes too small a support",
    "initializer_lookup/?onstant": "Constant() is 0, as its signature says; Keras does not know its name",
}

#: Entries of cases about what is still to come -> what that is.
LATER_PARTS: dict[str, str] = {
}


@pytest.mark.parametrize("case", list(cases), ids=lambda case: case.name)
def test_keras_parts(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE | LATER_PARTS, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
