"""thalweg gives what TensorFlow gives: golden values of `cases/printing.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.printing import cases
from .later import parameters

RECORD = support.load("printing")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    **dict.fromkeys(
        (
            "tensor_scalar_float_fraction/?1?",
            "tensor_scalar_float_large/?1?",
            "tensor_scalar_float_small/?1?",
            "tensor_scalar_float16/?1?",
            "tensor_scalar_bfloat16/?1?",
            "format_scalars/float repr",
        ),
        "a scalar shows its shortest form (numpy=0.1), as books and documents print it; TensorFlow 2.21 "
        "shows the digits of the double that it was widened to (numpy=0.10000000149011612)",
    ),
    "format_scalars/variable 4f": "a scalar Variable formats like its value",
    "dtype_equality/python int": "as_dtype(int) is int32, as constants of Python ints are",
    "dtype_equality/as_dtype*": "as_dtype takes int, str and complex like the other Python types",
}

#: Cases about what is still to come -> what that is.
LATER: dict[str, str] = {}


@pytest.mark.parametrize("case", parameters(cases, LATER))
def test_printing(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
