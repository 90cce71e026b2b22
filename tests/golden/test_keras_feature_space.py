"""thalweg gives what Keras gives: golden values of `cases/keras_feature_space.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.keras_feature_space import cases

RECORD = support.load("keras_feature_space")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {}


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases])
def test_keras_feature_space(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
