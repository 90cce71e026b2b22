"""thalweg gives what TensorFlow gives: golden values of `cases/indexing.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.indexing import cases
from .later import parameters

RECORD = support.load("indexing")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "index_error_array": "arrays of integers pick elements, as in NumPy",
    "index_error_vector_tensor": "vectors of integers pick elements, as in NumPy",
    "joining_and_splitting/parallel_stack": "works eagerly too; TensorFlow has it in graphs only",
}

#: Cases about what is still to come -> what that is.
LATER: dict[str, str] = {}


@pytest.mark.parametrize("case", parameters(cases, LATER))
def test_indexing(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
