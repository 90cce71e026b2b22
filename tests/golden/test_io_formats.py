"""thalweg gives what TensorFlow gives: golden values of `cases/io_formats.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.io_formats import cases

RECORD = support.load("io_formats")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "compressed/torn": "Data that break off are an error.",
}


@pytest.mark.parametrize("case", list(cases), ids=lambda case: case.name)
def test_io_formats(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
