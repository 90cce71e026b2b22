"""The schedule: which process runs when. Sides alternate, and who begins alternates too."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from benchmarks.case import Case, Mode, Program, Target
from benchmarks.process import BENCH, Outcome, Side, run_cases, run_import, run_size
from benchmarks.programs import PROGRAMS
from benchmarks.records import Record, Row

EMPTY, WARM = ", empty cache", ", warm cache"
IMPORT_TARGETS = (Target("ours", 0.8, "< 0.8 s"),)
SIZE_TARGETS = (Target("ours", 0.75e9, "< 0.75 GB"),)
REACHED = "keras.layers.Dense"


@dataclass
class Session:
    """A run: both sides, how often, and the records so far."""

    ours: Side
    theirs: Side
    rounds: int
    repeats: int
    only: tuple[str, ...] = ()
    records: list[Record] = field(default_factory=list)
    versions: dict[str, Any] = field(default_factory=dict)

    def wants(self, name: str) -> bool:
        """Says whether a row was asked for."""
        return not self.only or any(part in name for part in self.only)

    def order(self, round: int) -> tuple[Side, Side]:
        """Returns who runs first in a round."""
        return (self.theirs, self.ours) if round % 2 else (self.ours, self.theirs)


def split(program: Program, session: Session) -> tuple[list[Case], list[Case]]:
    """Returns the wanted cases that share a process and those that get one each."""
    wanted = [case for case in program.cases if session.wants(f"{program.name}: {case.name}")]
    shared = [case for case in wanted if case.mode is not Mode.FRESH]
    return shared, [case for case in wanted if case.mode is Mode.FRESH]


def rows(session: Session) -> list[Row]:
    """Returns the table's rows for what the session runs, in order."""
    found = []
    for program in PROGRAMS:
        shared, fresh = split(program, session)
        found += [Row(case.name, program.name, targets=case.targets) for case in shared]
        for case in fresh:
            found += [Row(case.name + variant, program.name) for variant in (EMPTY, WARM)]
    if session.wants("import"):
        found.append(Row("import", "package", targets=IMPORT_TARGETS))
        found.append(Row(f"import + {REACHED}", "package"))
        found.append(Row("import jax", "package"))
    if session.wants("size"):
        found.append(Row("installed size", "package", "B", SIZE_TARGETS))
    return found


def take(session: Session, side: Side, round: int, cases: list[str], outcome: Outcome) -> None:
    """Files a worker's answer."""
    if outcome.error:
        for name in cases:
            session.records.append(
                Record(name, side.name, round, None, foreign=outcome.foreign, error=outcome.error)
            )
        return
    session.versions[side.name] = outcome.output["framework"]
    for name, result in zip(cases, outcome.output["results"], strict=True):
        session.records.append(
            Record(
                name,
                side.name,
                round,
                result.get("median"),
                result.get("low"),
                result.get("high"),
                result.get("value"),
                outcome.foreign,
                result.get("error"),
            )
        )


def shared_round(session: Session, program: Program, round: int) -> None:
    """Runs a program's warmed-up cases, one process a side."""
    cases, _ = split(program, session)
    for side in session.order(round):
        names = [case.name for case in cases if side.name in case.sides]
        if names:
            outcome = run_cases(side, names, session.repeats, BENCH / "cache" / "steady")
            take(session, side, round, names, outcome)


def fresh_round(session: Session, program: Program, round: int) -> None:
    """Runs each first-call case: theirs once, ours with an empty and then with a warm cache.

    TensorFlow keeps no compiled programs between processes; its time stands in both rows.
    """
    _, cases = split(program, session)
    for case in cases:
        cache = BENCH / "cache" / "fresh"
        shutil.rmtree(cache, ignore_errors=True)
        for side in session.order(round):
            if side.name == "theirs":
                outcome = run_cases(side, [case.name], 1, cache / "theirs")
                for variant in (EMPTY, WARM):
                    take(session, side, round, [case.name + variant], outcome)
                continue
            for variant in (EMPTY, WARM):
                outcome = run_cases(side, [case.name], 1, cache / "ours")
                take(session, side, round, [case.name + variant], outcome)
        shutil.rmtree(cache, ignore_errors=True)


def import_round(session: Session, round: int) -> None:
    """Times imports; ``import jax`` is the floor of our side."""
    for side in session.order(round):
        outcome = run_import(side, side.package, REACHED)
        found = outcome.output
        for row, key in (("import", "import"), (f"import + {REACHED}", "reach")):
            amount, foreign, error = found.get(key), outcome.foreign, outcome.error
            session.records.append(
                Record(row, side.name, round, amount, foreign=foreign, error=error)
            )
    if session.ours.package != "tensorflow":
        floor = run_import(session.ours, "jax")
        amount, foreign, error = floor.output.get("import"), floor.foreign, floor.error
        session.records.append(
            Record("import jax", "ours", round, amount, foreign=foreign, error=error)
        )


def weigh(session: Session) -> None:
    """Weighs both installations."""
    for side in (session.ours, session.theirs):
        outcome = run_size(side)
        amount = outcome.output.get("bytes")
        session.versions[f"{side.name} parts"] = outcome.output.get("parts")
        session.records.append(Record("installed size", side.name, 0, amount, error=outcome.error))


def tasks(session: Session) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yields the steps of the whole run with what to say about them."""
    if session.wants("size"):
        yield "installed size", partial(weigh, session)
    if session.wants("import"):
        for side in (session.ours, session.theirs):
            yield f"reading {side.package} once", partial(run_import, side, side.package)
    for round in range(session.rounds):
        label = f"round {round + 1}/{session.rounds}"
        if session.wants("import"):
            yield f"{label}: import", partial(import_round, session, round)
        for program in PROGRAMS:
            shared, fresh = split(program, session)
            if shared:
                yield f"{label}: {program.name}", partial(shared_round, session, program, round)
            if fresh:
                yield f"{label}: {program.name}", partial(fresh_round, session, program, round)


def measure(session: Session) -> None:
    """Runs everything, saying on stderr what runs now."""
    for label, task in tasks(session):
        print(label, file=sys.stderr, flush=True)
        task()
