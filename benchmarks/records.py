"""What a run leaves: one record for each row, side and round."""

from dataclasses import dataclass

from benchmarks.case import SideName, Target, Unit


@dataclass(frozen=True)
class Row:
    """A row of the table.

    Attributes:
      name: of the case, with its measure or the variant of its cache.
      group: heading under which it stands.
      unit: ``s`` or ``B``.
      targets: promises to check.
    """

    name: str
    group: str
    unit: Unit = "s"
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True)
class Record:
    """One process' answer for one row.

    Attributes:
      amount: median seconds per call (or bytes), None if the case failed.
      low, high: quartiles inside the process.
      value: checksum of the first result.
      foreign: share of the machine's CPU time that others took meanwhile.
      error: why there is no amount.
    """

    row: str
    side: SideName
    round: int
    amount: float | None
    low: float | None = None
    high: float | None = None
    value: float | None = None
    foreign: float | None = None
    error: str | None = None
