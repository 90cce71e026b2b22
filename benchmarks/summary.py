"""From records to lines: medians of paired ratios, spread, contention, promises kept or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from benchmarks.case import Budget, Difference, SideName
from benchmarks.records import Record, Row

SAME_RELATIVE = 1e-3
"""First results of the sides may differ by this share: float32 sums in another order."""


@dataclass(frozen=True)
class Line:
    """One row, summarised.

    Attributes:
      row: name, group, unit, targets.
      ours, theirs: median over the rounds.
      ratio: median of ours/theirs over the rounds, pair by pair; below 1 we are faster.
      low, high: smallest and largest of these ratios.
      foreign: median share of CPU time that other processes took.
      same: both sides gave the same first result; None if unknown.
      error: what failed, if something did.
    """

    row: Row
    ours: float | None
    theirs: float | None
    ratio: float | None
    low: float | None
    high: float | None
    foreign: float | None
    same: bool | None
    error: str | None


@dataclass(frozen=True)
class Verdict:
    """A promise checked: its text, whether the median keeps it, whether the spread crosses it."""

    text: str
    met: bool | None
    crosses: bool


def middle(numbers: Iterable[float | None]) -> float | None:
    """Returns the median of the numbers that are there."""
    present = [number for number in numbers if number is not None]
    return median(present) if present else None


def same_values(records: list[Record]) -> bool | None:
    """Says whether all first results agree across the sides."""
    values = {
        side: [r.value for r in records if r.side == side and r.value is not None]
        for side in ("ours", "theirs")
    }
    if not values["ours"] or not values["theirs"]:
        return None
    theirs = values["theirs"][0]
    allowed = SAME_RELATIVE * max(1e-3, abs(theirs))
    return all(abs(value - theirs) <= allowed for value in values["ours"])


def by_round(records: list[Record], side: SideName) -> dict[int, float]:
    """Returns a side's amounts by round."""
    return {r.round: r.amount for r in records if r.side == side and r.amount is not None}


def line(row: Row, records: list[Record]) -> Line:
    """Summarises the records of one row."""
    records = [record for record in records if record.row == row.name]
    ours, theirs = by_round(records, "ours"), by_round(records, "theirs")
    paired = [ours[i] / theirs[i] for i in ours if i in theirs and theirs[i] > 0]
    errors = [f"{record.side}: {record.error}" for record in records if record.error]
    return Line(
        row,
        middle(ours.values()),
        middle(theirs.values()),
        middle(paired),
        min(paired, default=None),
        max(paired, default=None),
        middle(record.foreign for record in records),
        same_values(records),
        errors[0] if errors else None,
    )


def difference_records(difference: Difference, records: list[Record]) -> list[Record]:
    """Returns records of ``whole - part``, round by round."""
    found = []
    for side in ("ours", "theirs"):
        whole = {r.round: r for r in records if r.row == difference.whole and r.side == side}
        part = by_round([r for r in records if r.row == difference.part], side)
        for index, record in whole.items():
            if record.amount is not None and index in part:
                amount = record.amount - part[index]
                found.append(Record(difference.name, side, index, amount, foreign=record.foreign))
    return found


def verdicts(line: Line) -> list[Verdict]:
    """Checks a row's promises."""
    found = []
    for target in line.row.targets:
        amount = line.ratio if target.on == "ratio" else line.ours
        met = None if amount is None else amount <= target.limit
        crosses = False
        if target.on == "ratio" and line.low is not None and line.high is not None:
            crosses = line.low <= target.limit < line.high
        found.append(Verdict(target.text, met, crosses))
    return found


def budget_amount(budget: Budget, lines: list[Line]) -> float | None:
    """Returns what a budget limits: our seconds, or the quotient of two of them."""
    ours = {line.row.name: line.ours for line in lines}
    amount = ours.get(budget.numerator)
    if budget.denominator is None or amount is None:
        return amount
    below = ours.get(budget.denominator)
    return amount / below if below else None
