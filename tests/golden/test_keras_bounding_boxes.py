"""thalweg gives what Keras gives: golden values of `cases/keras_bounding_boxes.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.keras_bounding_boxes import cases

RECORD = support.load("keras_bounding_boxes")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "affine/turned, leaning columns": "one term of Keras' matrix has the sign of no sequence of steps",
    "affine/leaning both ways": "one term of Keras' matrix has the sign of no sequence of steps",
    "complete_overlaps/shares": "Keras refuses relative formats even with the shape that it asks for",
}


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases])
def test_keras_bounding_boxes(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
