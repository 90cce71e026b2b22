"""The command line of ``python -m benchmarks``."""

import argparse
from datetime import date
from pathlib import Path

from benchmarks.case import SideName, SizeName
from benchmarks.environments import PACKAGE, PEERS, our_side, peer_sides, prepare_folder
from benchmarks.process import BENCH, ROOT
from benchmarks.programs import PROGRAMS
from benchmarks.report import all_lines, markdown, write
from benchmarks.rounds import Session, asked, measure, wanted_cases

GPU_PEERS: tuple[SideName, ...] = ("keras-jax",)


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--pairs", type=int, default=6, help="processes of each side for each program (6)")
    add("--repeats", type=int, default=15, help="timed blocks in a process (15)")
    add("--quick", action="store_true", help="everything small, once: does it run?")
    add("--gpu", action="store_true", help="what is measured on a CUDA machine")
    add("--only", nargs="+", default=(), metavar="PART", help="rows whose 'program: name' has PART")
    add("--peers", nargs="*", choices=list(PEERS), metavar="PEER", help=f"of {', '.join(PEERS)}")
    add("--list", action="store_true", help="name the programs and stop")
    add("--ours-python", type=Path, metavar="PATH", help="run the checkout with this Python")
    add("--ours-package", default=PACKAGE, help="tensorflow: compare it with itself (a check)")
    add("--output", type=Path, help="folder for results (benchmarks/results; .bench if partial)")
    return parser.parse_args(argv)


def size_of(options: argparse.Namespace) -> SizeName:
    """Returns how large the programs are."""
    return "tiny" if options.quick else "gpu" if options.gpu else "cpu"


def list_programs(size: SizeName) -> None:
    """Prints the names that ``--only`` looks at."""
    for program in PROGRAMS:
        for case in wanted_cases(program, (), size):
            print(f"{program.name}: {case.name}")
    print("" if size == "gpu" else "import\nsize")


def peers_of(options: argparse.Namespace) -> list[SideName]:
    """Returns the peers to measure: those asked for that run any of the programs."""
    size = size_of(options)
    named = (GPU_PEERS if options.gpu else tuple(PEERS)) if options.peers is None else options.peers
    cases = [case for program in PROGRAMS for case in wanted_cases(program, options.only, size)]
    running = {side for case in cases for side in case.sides}
    packages = any(asked(tuple(options.only), part) for part in ("import", "size"))
    running |= {"tensorflow"} if packages else set()
    return [name for name in PEERS if name in named and name in running]


def destination(options: argparse.Namespace) -> Path:
    """Returns where results go: a partial or foreign run must not pass for a full one."""
    if options.output:
        return Path(options.output)
    partial = options.quick or options.only or options.peers is not None or options.ours_python
    return BENCH / "results" if partial else ROOT / "benchmarks" / "results"


def main(argv: list[str] | None = None) -> int:
    """Measures, prints the table, writes the results; returns 1 if a row failed."""
    options = arguments(argv)
    size = size_of(options)
    if options.list:
        list_programs(size)
        return 0
    prepare_folder()
    session = Session(
        ours=our_side(options.ours_python, options.ours_package, options.gpu),
        peers=peer_sides(peers_of(options), options.gpu),
        size=size,
        rounds=1 if options.quick else options.pairs,
        repeats=5 if options.quick else options.repeats,
        only=tuple(options.only),
    )
    measure(session)
    lines = all_lines(session)
    folder, name = destination(options), date.today().isoformat() + ("-gpu" if options.gpu else "")
    write(folder, name, session, lines)
    print(markdown(session, lines))
    print(f"written to {folder}/{name}.json and .md")
    return 1 if any(line.error for line in lines) else 0
