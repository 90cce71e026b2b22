"""thalweg gives what TensorFlow gives: golden values of `cases/dtypes.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.dtypes import cases

RECORD = support.load("dtypes")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "cast_floats_to_ints_out_of_range": "the language defines no result; XLA saturates and maps nan to 0",
    "conversions_to_python/numpy writes": "tensors are immutable, and so is the array they hand out",
    "matmul/uint*": "TensorFlow has no kernel for unsigned integers; XLA has",
    "of_where/float16": "TensorFlow has no kernel for float16; XLA has",
}


@pytest.mark.parametrize("case", list(cases), ids=lambda case: case.name)
def test_dtypes(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
