"""thalweg gives what TensorFlow gives: golden values of `cases/convolution.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.convolution import cases

RECORD = support.load("convolution")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "max_pool3d_SAME/grads*": "The gradient goes to the first maximum as in 1-D and 2-D; TensorFlow gives "
    "it to all of them in 3-D.",
    "max_pool_of_nan": "NaN is the largest value of its window; TensorFlow on CPU leaves it out.",
    "integer_pooling_and_dtypes/conv list": "Lists are converted like everywhere else.",
}


@pytest.mark.parametrize("case", list(cases), ids=lambda case: case.name)
def test_convolution(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
