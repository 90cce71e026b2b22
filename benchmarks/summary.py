"""From records to lines: medians of paired ratios, intervals, contention, promises kept or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import comb, log
from statistics import linear_regression, median

from benchmarks.case import Budget, Difference, Growth, SideName
from benchmarks.records import Record, Row

SAME_RELATIVE = 1e-3
"""First results of the sides may differ by this share: float32 sums in another order."""

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Comparison:
    """One row beside one peer.

    Attributes:
      side: the peer.
      amount: median over the rounds.
      ratio: median of ours/theirs over the rounds, pair by pair; below 1 we are faster.
      low, high: interval around it, see ``interval``.
      pairs: number of pairs.
      same: both sides gave the same first result; None if unknown.
    """

    side: SideName
    amount: float | None
    ratio: float | None
    low: float | None
    high: float | None
    pairs: int
    same: bool | None


@dataclass(frozen=True)
class Line:
    """One row, summarised.

    Attributes:
      row: name, group, unit, targets.
      ours: our median over the rounds.
      peers: the row beside each peer that ran it.
      foreign: median share of CPU time that other processes took.
      error: what failed, if something did.
    """

    row: Row
    ours: float | None
    peers: tuple[Comparison, ...]
    foreign: float | None
    error: str | None

    def beside(self, side: SideName) -> Comparison | None:
        """Returns the comparison with a peer."""
        return next((peer for peer in self.peers if peer.side == side), None)


@dataclass(frozen=True)
class Verdict:
    """A promise checked: its text, whether the median keeps it, whether the interval crosses it."""

    text: str
    met: bool | None
    crosses: bool


def middle(numbers: Iterable[float | None]) -> float | None:
    """Returns the median of the numbers that are there."""
    present = [number for number in numbers if number is not None]
    return median(present) if present else None


def interval(numbers: list[float]) -> tuple[float, float] | None:
    """Returns the 95 % interval of the median that order statistics give, of whatever distribution.

    Between the k-th least and the k-th largest of n numbers lies the true median unless fewer than
    k of them fall on one side of it, as of n tosses of a coin. With fewer than six numbers even
    the least and the largest do not reach 95 %; they are returned all the same.
    """
    ordered, n = sorted(numbers), len(numbers)
    if not ordered:
        return None
    outside, cut = 0.0, 0
    for k in range((n - 1) // 2):
        outside += 2 * comb(n, k) / 2**n
        if outside > 1 - CONFIDENCE:
            break
        cut = k
    return ordered[cut], ordered[n - 1 - cut]


def same_values(ours: list[Record], theirs: list[Record]) -> bool | None:
    """Says whether all first results agree across the sides."""
    found = [record.value for record in ours if record.value is not None]
    wanted = next((record.value for record in theirs if record.value is not None), None)
    if not found or wanted is None:
        return None
    allowed = SAME_RELATIVE * max(1e-3, abs(wanted))
    return all(abs(value - wanted) <= allowed for value in found)


def by_round(records: list[Record], side: SideName) -> dict[int, float]:
    """Returns a side's amounts by round."""
    return {r.round: r.amount for r in records if r.side == side and r.amount is not None}


def comparison(records: list[Record], side: SideName) -> Comparison:
    """Returns ours beside a peer's, from the records of one row."""
    ours, theirs = by_round(records, "ours"), by_round(records, side)
    paired = [ours[i] / theirs[i] for i in ours if i in theirs and theirs[i] > 0]
    low, high = interval(paired) or (None, None)
    return Comparison(
        side,
        middle(theirs.values()),
        middle(paired),
        low,
        high,
        len(paired),
        same_values(
            [record for record in records if record.side == "ours"],
            [record for record in records if record.side == side],
        ),
    )


def line(row: Row, records: list[Record]) -> Line:
    """Summarises the records of one row."""
    records = [record for record in records if record.row == row.name]
    peers = dict.fromkeys(record.side for record in records if record.side != "ours")
    errors = [f"{record.side}: {record.error}" for record in records if record.error]
    return Line(
        row,
        middle(by_round(records, "ours").values()),
        tuple(comparison(records, side) for side in peers),
        middle(record.foreign for record in records),
        errors[0] if errors else None,
    )


def difference_records(difference: Difference, records: list[Record]) -> list[Record]:
    """Returns records of ``whole - part``, round by round."""
    found = []
    for side in dict.fromkeys(record.side for record in records):
        whole = {r.round: r for r in records if r.row == difference.whole and r.side == side}
        part = by_round([r for r in records if r.row == difference.part], side)
        for index, record in whole.items():
            if record.amount is not None and index in part:
                amount = record.amount - part[index]
                found.append(Record(difference.name, side, index, amount, foreign=record.foreign))
    return found


def verdicts(line: Line) -> list[Verdict]:
    """Checks a row's promises."""
    beside = line.beside("tensorflow")
    found = []
    for target in line.row.targets:
        amount = line.ours if target.on == "ours" else beside.ratio if beside else None
        met = None if amount is None else amount <= target.limit
        crosses = False
        if target.on == "ratio" and beside and beside.low is not None and beside.high is not None:
            crosses = beside.low <= target.limit < beside.high
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


def amounts_of(lines: list[Line], side: SideName) -> dict[str, float]:
    """Returns a side's amount of each row that it ran."""
    found = {}
    for item in lines:
        peer = item.beside(side)
        amount = item.ours if side == "ours" else peer.amount if peer else None
        if amount is not None:
            found[item.row.name] = amount
    return found


def exponent(points: dict[int, float]) -> float | None:
    """Returns the power of the number with which an amount grows, by least squares of logarithms."""
    if len(points) < 2:
        return None
    logs = [(log(number), log(amount)) for number, amount in points.items()]
    return linear_regression(*zip(*logs, strict=True)).slope


def growth_points(growth: Growth, lines: list[Line], side: SideName) -> dict[int, float]:
    """Returns a side's amount at each number of what grows."""
    amounts = amounts_of(lines, side)
    rows = {number: growth.row(number) for number in growth.numbers}
    return {number: amounts[row] for number, row in rows.items() if row in amounts}


def theory(growth: Growth) -> float:
    """Returns the exponent that theory says, fitted over the same numbers."""
    return exponent({number: growth.work(number) for number in growth.numbers}) or 0.0
