"""thalweg gives what TensorFlow gives: golden values of `cases/keras_optimizers.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.keras_optimizers import cases
from .later import parameters

RECORD = support.load("keras_optimizers")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {}

#: Cases about what is still to come -> what that is.
LATER: dict[str, str] = {
    "trajectory_ema": "with the complete Keras",
    "trajectory_accumulation": "with the complete Keras",
    "trajectory_loss_scale": "with the complete Keras",
}

#: Entries of cases about what is still to come -> what that is.
LATER_PARTS: dict[str, str] = {
    "lookup/config": "with the complete Keras",
    "lookup/rmsprop config": "with the complete Keras",
}


@pytest.mark.parametrize("case", parameters(cases, LATER))
def test_keras_optimizers(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE | LATER_PARTS, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
