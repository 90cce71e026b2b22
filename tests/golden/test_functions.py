"""thalweg gives what TensorFlow gives: golden values of `cases/functions.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.functions import cases

RECORD = support.load("functions")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "autograph_assert_statement": "assert on a traced tensor is a check of the program",
    "autograph_enumerate": "enumerate works on traced tensors",
    "autograph_len_range_min_max": "max and min work on traced tensors",
    "autograph_return_in_loop": "return inside a loop on tensors works",
    "autograph_while_break": "after a traced break a Python loop goes on in the program",
    "map_fn_empty_eager": "TensorFlow forgets the row shape eagerly, but not in a function; ours keeps it",
}


@pytest.mark.parametrize("case", list(cases), ids=lambda case: case.name)
def test_functions(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
