"""thalweg gives what TensorFlow gives: golden values of `cases/strings.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.strings import cases

RECORD = support.load("strings")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "letters/* utf-8": "TensorFlow cuts texts at a zero byte.",
    "parts/rest characters": "A negative length takes the rest in both units.",
    "parts/three dimensions": "All ranks broadcast.",
    "pieces/None *": "Where the last piece ends the text, no empty one follows, as in Python.",
    "pieces/'' *": "The same.",
    "pieces/ends at a cut*": "The same.",
    "joins/reduce outside": "An axis out of range is an invalid argument, as everywhere.",
}


@pytest.mark.parametrize("case", list(cases), ids=lambda case: case.name)
def test_strings(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
