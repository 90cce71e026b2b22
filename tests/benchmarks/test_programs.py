"""Every benchmark runs on our side in its smallest size, so that none of them can rot."""

from __future__ import annotations

from typing import Any

import jax
import pytest

import thalweg as tf
from benchmarks.case import Case, Mode
from benchmarks.programs import DIFFERENCES, PROGRAMS
from benchmarks.timing import wait
from thalweg import keras

CASES = [case for program in PROGRAMS for case in program.cases]
OURS = [
    # What is meant for GPUs takes long to compile for a CPU.
    pytest.param(case, id=case.name, marks=() if case.runs("cpu") else pytest.mark.slow)
    for case in CASES
    if "ours" in case.sides
]
BY_HAND = [
    pytest.param(case, side, id=f"{case.name}-{side}")
    for case in CASES
    for side in case.by_hand
    if side in ("jax", "torch")
]


def check(case: Case, result: Any) -> None:
    """Fails unless a call's result is what the clock and the table expect of its mode."""
    if case.mode is Mode.MEASURES:
        assert set(result) <= set(case.measures)
        assert all(number > 0 for number in result.values())
    elif case.mode is Mode.OWN_CLOCK:
        assert result > 0
    else:
        wait(result)


@pytest.mark.parametrize("case", OURS)
def test_a_case_runs(case: Case) -> None:
    check(case, case.thunk("ours", "tiny", tf, keras)())


@pytest.mark.parametrize(("case", "side"), BY_HAND)
def test_a_case_by_hand_runs(case: Case, side: Any) -> None:
    library = pytest.importorskip(side)
    with jax.enable_x64(False):  # as in a process of its own
        check(case, case.thunk(side, "tiny", library, None)())


def test_names_are_unique() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))


def test_differences_name_cases() -> None:
    names = {case.name for case in CASES}
    assert {name for d in DIFFERENCES for name in (d.whole, d.part)} <= names
