"""thalweg gives what TensorFlow gives: golden values of `cases/variables.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.variables import cases
from .later import parameters

RECORD = support.load("variables")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "slice_assign_results/?[23]?": "parts of Variables have assign_add and assign_sub too",
    "assign_errors/add scalar": "a scalar is added to every element, as NumPy and `v + 1.0` do it",
    "properties/len": "a Variable has the length of its value",
    "properties/index": "an integer scalar Variable serves as an index, as its value does",
    "properties/ndim": "a Variable has the number of dimensions of its value",
    "graph_mode_attributes/handle dtype": "Variables are Python objects, not resources of a graph",
    "graph_mode_attributes/initializer": "there are no initializer ops: a Variable always has a value",
    "graph_mode_attributes/initial_value": "an AttributeError, so that hasattr() says no",
    "graph_mode_attributes/eval": "an AttributeError, so that hasattr() says no",
    "equality_and_hash/with none": "nothing equals None, as for tensors; TensorFlow raises",
}

#: Cases about what is still to come -> what that is.
LATER: dict[str, str] = {}


@pytest.mark.parametrize("case", parameters(cases, LATER))
def test_variables(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
