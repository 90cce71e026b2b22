"""thalweg gives what TensorFlow gives: golden values of `cases/keras_losses.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.keras_losses import cases

RECORD = support.load("keras_losses")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "loss_shapes/config": "a config holds all settings; Keras 3.15 leaves out delta, so that it is lost",
    "resolve_other_metrics/crossentropy": "found by the shapes like 'accuracy', as in Keras 2",
}


@pytest.mark.parametrize("case", list(cases), ids=lambda case: case.name)
def test_keras_losses(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
