"""thalweg gives what TensorFlow gives: golden values of `cases/sparse.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.sparse import cases
from .later import parameters

RECORD = support.load("sparse")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "lookup_empty_at_the_end": "all rows of the batch have a result, those without ids too",
    "product_at": "@ and tf.matmul of a sparse and a dense matrix are sparse_dense_matmul",
    "product_matmul": "@ and tf.matmul of a sparse and a dense matrix are sparse_dense_matmul",
}

#: Cases about what is still to come -> what that is.
LATER: dict[str, str] = {}


@pytest.mark.parametrize("case", parameters(cases, LATER))
def test_sparse(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
