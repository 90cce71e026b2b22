"""thalweg gives what TensorFlow gives: golden values of `cases/functions.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.functions import cases
from .later import parameters

RECORD = support.load("functions")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "autograph_assert_statement": "assert on a traced tensor is a check of the program",
    "autograph_enumerate": "enumerate works on traced tensors",
    "autograph_len_range_min_max": "max and min work on traced tensors",
    "autograph_return_in_loop": "return inside a loop on tensors works",
    "autograph_while_break": "after a traced break a Python loop goes on in the program",
    "retraces": "Python values decide dtypes, so 1 and 1.0 are two signatures",
    "retraces_for_new_sizes": "XLA programs have fixed sizes: one trace for each",
    "retraces_with_signature": "XLA programs have fixed sizes: one trace for each",
    "errors_in_functions": "numpy() names the way out, iteration works, asserts say what failed",
    "group_function": "there are no op objects, so group gives None in functions too",
    "map_fn_empty_eager": "TensorFlow forgets the row shape eagerly, but not in a function; ours keeps it",
}


LATER: dict[str, str] = {}


@pytest.mark.parametrize("case", parameters(cases, LATER))
def test_functions(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
