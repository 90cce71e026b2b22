"""The command `thalweg`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import metadata

from thalweg._src.base.errors import ThalwegError
from thalweg._src.cli import doctor, program

_COMMANDS = ("doctor", "demo", "run")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one subcommand.

    Args:
        arguments: Words after the command's name; those of the process when None. Words that begin with
            no subcommand are those of `run`: `thalweg script.py` is `thalweg run script.py`.

    Returns:
        Exit status: 0 when all is well, 1 when the subcommand found something amiss. Words that
        cannot be understood end the process with status 2.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and words[0] not in (*_COMMANDS, "-h", "--help", "--version"):
        words.insert(0, "run")
    options = _parser().parse_args(words)
    if options.run is program.run:  # an error of the program is the program's, not ours
        return int(options.run(options))
    try:
        return int(options.run(options))
    except ThalwegError as error:
        print(f"thalweg: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="thalweg", description="Deep learning on JAX and XLA.")
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(required=True, metavar="command")
    doctor_command = commands.add_parser(
        "doctor", help="say what is installed, which devices are seen, and what to mend"
    )
    doctor_command.add_argument("--json", action="store_true", help="print one JSON object")
    doctor_command.set_defaults(run=lambda options: doctor.run(as_json=options.json))
    demo_command = commands.add_parser(
        "demo", help="train a digit classifier and draw what it learned"
    )
    demo_command.add_argument(
        "--output", default="demo-output", metavar="FOLDER", help="where pictures go (%(default)s)"
    )
    demo_command.set_defaults(run=_demo)
    run_command = commands.add_parser(
        "run",
        help="run a program or notebook that imports tensorflow or keras",
        description=program.DESCRIPTION,
    )
    program.add_arguments(run_command)
    run_command.set_defaults(run=program.run)
    return parser


def _demo(options: argparse.Namespace) -> int:
    try:  # here, because it needs matplotlib, which only the extra `plot` installs
        from thalweg._src.cli import demo
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "matplotlib":
            raise
        print(
            "[thalweg demo] expected matplotlib to draw with, found it not installed; run "
            'pip install "thalweg[plot]"',
            file=sys.stderr,
        )
        return 1
    return demo.run(options.output)


def _version() -> str:
    try:
        return f"thalweg {metadata.version('thalweg')}"
    except metadata.PackageNotFoundError:
        return "thalweg (not installed, run from its source folder)"


if __name__ == "__main__":
    sys.exit(main())
