"""thalweg gives what TensorFlow gives: golden values of `cases/lookup.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.lookup import cases

RECORD = support.load("lookup")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {}


@pytest.mark.parametrize("case", list(cases), ids=lambda case: case.name)
def test_lookup(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
