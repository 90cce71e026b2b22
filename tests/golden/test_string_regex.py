"""thalweg gives what TensorFlow gives: golden values of `cases/string_regex.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.string_regex import cases

RECORD = support.load("string_regex")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "rewrites/missing group": "A wrong rewrite is an error; TensorFlow leaves things out silently.",
    "rewrites/letter": "The same.",
    "rewrites/end": "The same.",
}


@pytest.mark.parametrize("case", list(cases), ids=lambda case: case.name)
def test_string_regex(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
