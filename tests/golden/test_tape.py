"""thalweg gives what TensorFlow gives: golden values of `cases/tape.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.tape import cases
from .later import parameters

RECORD = support.load("tape")

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    "output_gradients/[[]2]": "None among the cotangents means ones, as it does for all of them",
    "watched_variables": "variables come in the order of their first read; TensorFlow sorts them",
    "sort_ties_descending": "equal elements keep their order in both directions",
    "indexed_slices_kind": "gradients of gathers are dense tensors; there is no IndexedSlices gradient",
    "unary_cumprod/grads*": "TensorFlow divides by x, which is wrong at a zero; ours is the derivative",
    "cumprod_zero/grads*": "TensorFlow divides by x, which is wrong at a zero; ours is the derivative",
    "unary_pow_0/grads*": "TensorFlow computes 0 * inf = nan at x = 0; the derivative of x**0 is 0",
    "binary_pow/grads*": "TensorFlow computes 0 * inf = nan at 0**0; the derivative of x**0 is 0",
}

#: Cases about what is still to come -> what that is.
LATER: dict[str, str] = {
}


@pytest.mark.parametrize("case", parameters(cases, LATER))
def test_tape(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
