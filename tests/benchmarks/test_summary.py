"""Medians, intervals and verdicts of benchmark records."""

from __future__ import annotations

import pytest

from benchmarks.case import Budget, Difference, SideName, Target
from benchmarks.records import Record, Row
from benchmarks.summary import budget_amount, difference_records, interval, line, verdicts


def records(side: SideName, *amounts: float, row: str = "a") -> list[Record]:
    return [Record(row, side, i, amount, value=amount) for i, amount in enumerate(amounts)]


@pytest.mark.parametrize(
    ("count", "cut"), [(1, 0), (5, 0), (6, 0), (8, 0), (9, 1), (11, 1), (12, 2), (25, 7)]
)
def test_interval_is_the_sign_test_s(count: int, cut: int) -> None:
    # Ranks of the 95 % interval of a median in published tables.
    numbers = [float(i) for i in range(count)]
    assert interval(numbers) == (cut, count - 1 - cut)


def test_interval_of_nothing() -> None:
    assert interval([]) is None


def test_ratios_are_paired_by_round_and_peer() -> None:
    found = line(
        Row("a", "group"),
        records("ours", 1.0, 2.0, 3.0)
        + records("tensorflow", 2.0, 2.0, 30.0)
        + records("torch", 4.0),
    )
    tensorflow, torch = found.beside("tensorflow"), found.beside("torch")
    assert found.ours == 2.0
    assert tensorflow is not None
    assert (tensorflow.ratio, tensorflow.low, tensorflow.high) == (0.5, 0.1, 1.0)
    assert torch is not None
    assert (torch.ratio, torch.pairs, torch.same) == (0.25, 1, False)
    assert found.beside("jax") is None


def test_verdicts_look_at_tensorflow() -> None:
    row = Row("a", "group", targets=(Target("ours", 1.5, "short"), Target("ratio", 0.6, "fast")))
    found = line(row, records("ours", 1.0, 2.0) + records("tensorflow", 2.0, 2.0))
    ours, ratio = verdicts(found)
    assert (ours.met, ours.crosses) == (True, False)
    assert (ratio.met, ratio.crosses) == (False, True)


def test_differences_and_budgets() -> None:
    whole, part = records("ours", 5.0, 6.0, row="whole"), records("ours", 1.0, 1.0, row="part")
    found = difference_records(Difference("overhead", "whole", "part"), whole + part)
    assert [record.amount for record in found] == [4.0, 5.0]
    lines = [line(Row("whole", "g"), whole), line(Row("part", "g"), part)]
    assert budget_amount(Budget("b", "whole", 1.0), lines) == 5.5
    assert budget_amount(Budget("b", "whole", 1.0, "part"), lines) == 5.5
    assert budget_amount(Budget("b", "missing", 1.0, "part"), lines) is None
