"""The command line of ``python -m benchmarks``."""

import argparse
from datetime import date
from pathlib import Path

from benchmarks.environments import our_side, peer_side, prepare_folder
from benchmarks.process import BENCH, ROOT
from benchmarks.programs import PROGRAMS
from benchmarks.report import all_lines, markdown, write
from benchmarks.rounds import Session, measure


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--rounds", type=int, default=5, help="pairs of processes for each program (5)")
    add("--repeats", type=int, default=15, help="timed blocks in a process (15)")
    add("--quick", action="store_true", help="one round of five blocks: does it run?")
    add("--only", nargs="+", default=(), metavar="PART", help="rows whose 'program: name' has PART")
    add("--list", action="store_true", help="name the programs and stop")
    add("--peer-python", type=Path, metavar="PATH", help="a Python that has TensorFlow")
    add("--ours-python", type=Path, metavar="PATH", help="run the checkout with this Python")
    add("--ours-package", default="thalweg", help="tensorflow: compare it with itself (a check)")
    add("--output", type=Path, help="folder for results (benchmarks/results; .bench if partial)")
    return parser.parse_args(argv)


def list_programs() -> None:
    """Prints the names that ``--only`` looks at."""
    for program in PROGRAMS:
        for case in program.cases:
            print(f"{program.name}: {case.name}")
    print("import\nsize")


def destination(options: argparse.Namespace) -> Path:
    """Returns where results go: a partial or foreign run must not pass for a full one."""
    if options.output:
        return Path(options.output)
    partial = options.quick or options.only or options.ours_python
    return BENCH / "results" if partial else ROOT / "benchmarks" / "results"


def main(argv: list[str] | None = None) -> int:
    """Measures, prints the table, writes the results; returns 1 if a row failed."""
    options = arguments(argv)
    if options.list:
        list_programs()
        return 0
    prepare_folder()
    session = Session(
        ours=our_side(options.ours_python, options.ours_package),
        theirs=peer_side(options.peer_python),
        rounds=1 if options.quick else options.rounds,
        repeats=5 if options.quick else options.repeats,
        only=tuple(options.only),
    )
    measure(session)
    lines = all_lines(session)
    folder = destination(options)
    write(folder, date.today().isoformat(), session, lines)
    print(markdown(session, lines))
    print(f"written to {folder}/{date.today().isoformat()}.json and .md")
    return 1 if any(line.error for line in lines) else 0
