"""The schedule: which process runs when. Sides take turns, and who begins changes too."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from benchmarks.case import ALONE, Case, Mode, Program, SideName, SizeName, Target
from benchmarks.process import BENCH, Outcome, Side, run_cases, run_import, run_size
from benchmarks.programs import PROGRAMS
from benchmarks.records import Record, Row

EMPTY, WARM = ", empty cache", ", warm cache"
KEEPS_PROGRAMS: tuple[SideName, ...] = ("ours", "keras-jax", "jax")
"""Sides whose compiled programs outlive the process."""
IMPORT_TARGETS = (Target("ours", 0.8, "< 0.8 s"),)
SIZE_TARGETS = (Target("ours", 0.75e9, "< 0.75 GB"),)
REACHED = "keras.layers.Dense"


@dataclass
class Session:
    """A run: all sides, how large, how often, and the records so far."""

    ours: Side
    peers: tuple[Side, ...]
    size: SizeName
    rounds: int
    repeats: int
    only: tuple[str, ...] = ()
    records: list[Record] = field(default_factory=list)
    versions: dict[str, Any] = field(default_factory=dict)

    @property
    def sides(self) -> tuple[Side, ...]:
        """Ours and the peers."""
        return (self.ours, *self.peers)

    def order(self, round: int) -> tuple[Side, ...]:
        """Returns who runs when in a round: forth and back, each time from another side on."""
        start = round // 2 % len(self.sides)
        turned = self.sides[start:] + self.sides[:start]
        return turned[::-1] if round % 2 else turned

    def packages(self) -> tuple[Side, ...]:
        """Returns the sides whose import and size are measured: ours and TensorFlow."""
        return tuple(side for side in self.sides if side.name in ("ours", "tensorflow"))

    def weighs(self, what: str) -> bool:
        """Says whether imports or sizes were asked for; a GPU changes neither."""
        return self.size != "gpu" and asked(self.only, what)


def asked(only: tuple[str, ...], name: str) -> bool:
    """Says whether a row was asked for."""
    return not only or any(part in name for part in only)


def wanted_cases(program: Program, only: tuple[str, ...], size: SizeName) -> list[Case]:
    """Returns the cases of a program that were asked for and have the size."""
    return [c for c in program.cases if c.runs(size) and asked(only, f"{program.name}: {c.name}")]


def split(program: Program, session: Session) -> tuple[list[Case], list[Case]]:
    """Returns the wanted cases that share a process and those that get one each."""
    wanted = wanted_cases(program, session.only, session.size)
    shared = [case for case in wanted if case.mode not in ALONE]
    return shared, [case for case in wanted if case.mode in ALONE]


def row_names(case: Case) -> list[str]:
    """Returns the names of a case's rows."""
    if case.mode is Mode.MEASURES:
        return [f"{case.name}, {measure}" for measure in case.measures]
    if case.mode in ALONE:
        return [case.name + variant for variant in (EMPTY, WARM)]
    return [case.name]


def rows(session: Session) -> list[Row]:
    """Returns the table's rows for what the session runs, in order."""
    found = []
    for program in PROGRAMS:
        for case in [case for cases in split(program, session) for case in cases]:
            units = list(case.measures.values()) or ["s", "s"]
            for index, name in enumerate(row_names(case)):
                targets = () if index else case.targets
                found.append(Row(name, program.name, units[index], targets))
    if session.weighs("import"):
        found.append(Row("import", "package", targets=IMPORT_TARGETS))
        found.append(Row(f"import + {REACHED}", "package"))
        found.append(Row("import jax", "package"))
    if session.weighs("size"):
        found.append(Row("installed size", "package", "B", SIZE_TARGETS))
    return found


def failure(row: str, side: Side, round: int, outcome: Outcome, error: str) -> Record:
    """Returns the record of a row that has no amount."""
    return Record(row, side.name, round, None, foreign=outcome.foreign, error=error)


def take(
    session: Session, side: Side, round: int, cases: list[Case], outcome: Outcome, variant: str = ""
) -> None:
    """Files a worker's answer."""
    results: list[dict[str, Any]] = [{"error": outcome.error}] * len(cases)
    if not outcome.error:
        session.versions[side.name] = outcome.output["framework"]
        results = outcome.output["results"]
    for case, result in zip(cases, results, strict=True):
        if "error" in result:
            names = [case.name + variant] if variant else row_names(case)
            session.records += [failure(n, side, round, outcome, result["error"]) for n in names]
            continue
        for measure, timing in result["measures"].items():
            name = case.name + (f", {measure}" if measure else variant)
            low, high, value = timing["low"], timing["high"], timing["value"]
            session.records.append(
                Record(name, side.name, round, timing["median"], low, high, value, outcome.foreign)
            )


def shared_round(session: Session, program: Program, round: int) -> None:
    """Runs a program's warmed-up cases, one process a side."""
    cases, _ = split(program, session)
    for side in session.order(round):
        mine = [case for case in cases if side.name in case.sides]
        if mine:
            cache, names = BENCH / "cache" / "steady", [case.name for case in mine]
            outcome = run_cases(side, names, session.size, session.repeats, cache)
            take(session, side, round, mine, outcome)


def alone_round(session: Session, program: Program, round: int) -> None:
    """Runs each case that gets a process of its own, with an empty cache of compiled programs.

    First calls follow with the cache that the first process left. A side that keeps no programs
    between processes runs once; its time stands in both rows.
    """
    _, cases = split(program, session)
    cache = BENCH / "cache" / "fresh"
    for case in cases:
        for side in session.order(round):
            if side.name not in case.sides:
                continue
            shutil.rmtree(cache, ignore_errors=True)
            run = partial(run_cases, side, [case.name], session.size, 1, cache)
            outcome = run()
            if case.mode is Mode.MEASURES:
                take(session, side, round, [case], outcome)
                continue
            take(session, side, round, [case], outcome, EMPTY)
            if side.name in KEEPS_PROGRAMS:
                outcome = run()
            take(session, side, round, [case], outcome, WARM)
        shutil.rmtree(cache, ignore_errors=True)


def import_round(session: Session, round: int) -> None:
    """Times imports; ``import jax`` is the floor of our side."""
    order = [side for side in session.order(round) if side in session.packages()]
    probes = [(side, side.package, REACHED) for side in order]
    probes += [(session.ours, "jax", "")] if session.ours.package != "tensorflow" else []
    for side, package, reached in probes:
        outcome = run_import(side, package, reached)
        names = {"import": "import", f"import + {REACHED}": "reach"}
        for row, key in names.items() if reached else [("import jax", "import")]:
            amount, foreign, error = outcome.output.get(key), outcome.foreign, outcome.error
            session.records.append(
                Record(row, side.name, round, amount, foreign=foreign, error=error)
            )


def weigh(session: Session) -> None:
    """Weighs the installations."""
    for side in session.packages():
        outcome = run_size(side)
        amount = outcome.output.get("bytes")
        session.versions[f"{side.name} parts"] = outcome.output.get("parts")
        session.records.append(Record("installed size", side.name, 0, amount, error=outcome.error))


def tasks(session: Session) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yields the steps of the whole run with what to say about them."""
    if session.weighs("size"):
        yield "installed size", partial(weigh, session)
    if session.weighs("import"):
        for side in session.packages():
            yield f"reading {side.package} once", partial(run_import, side, side.package)
    for round in range(session.rounds):
        label = f"round {round + 1}/{session.rounds}"
        if session.weighs("import"):
            yield f"{label}: import", partial(import_round, session, round)
        for program in PROGRAMS:
            shared, alone = split(program, session)
            if shared:
                yield f"{label}: {program.name}", partial(shared_round, session, program, round)
            if alone:
                yield f"{label}: {program.name}", partial(alone_round, session, program, round)


def measure(session: Session) -> None:
    """Runs everything, saying on stderr what runs now."""
    for label, task in tasks(session):
        print(label, file=sys.stderr, flush=True)
        task()
