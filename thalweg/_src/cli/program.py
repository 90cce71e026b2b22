"""`thalweg run`: runs a program as Python would, with thalweg in the place of TensorFlow and Keras."""

from __future__ import annotations

import argparse
import builtins
import importlib.util
import linecache
import os
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType, TracebackType
from typing import Any

from thalweg._src.cli import notebook
from thalweg._src.compat import aliases

# Frames of these files are no part of the user's program.
_OWN_FILES = (__file__, aliases.__file__)

DESCRIPTION = """Run a program that imports tensorflow or keras, unchanged, on thalweg. Everything after
the program belongs to the program."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What stands between `thalweg run` and the words of the program itself."""
    parser.add_argument(
        "--packages",
        default="",
        metavar="A,B",
        help="installed packages whose imports of tensorflow and keras bring thalweg too",
    )
    parser.add_argument(
        "-m",
        dest="module",
        nargs=argparse.REMAINDER,
        metavar="MODULE [ARG ...]",
        help="run a module, as python -m does",
    )
    parser.add_argument(
        "program",
        nargs=argparse.REMAINDER,
        metavar="PROGRAM [ARG ...]",
        help="a script, a folder with __main__.py, - for the standard input, or a notebook "
        "NAME.ipynb [-o OUT.ipynb]",
    )


def run(options: argparse.Namespace) -> int:
    """Runs what `add_arguments` found.

    Returns:
        0 when the program came to its end. A program that ends itself or fails ends the process as Python
        would.
    """
    words = options.module or options.program
    if not words:
        print("thalweg run: expected a program; thalweg run --help says more", file=sys.stderr)
        return 2
    packages = [name for name in options.packages.split(",") if name]
    if not options.module and words[0].endswith(".ipynb"):
        return notebook.run(words[0], words[1:], packages)
    aliases.install(packages)
    try:
        kind = _module if options.module else _stdin if words[0] == "-" else _file
        main, code = kind(words[0])
    except (OSError, _NotFoundError) as error:
        print(f"thalweg run: can't open {words[0]!r}: {error}", file=sys.stderr)
        return 2
    sys.argv = [str(vars(main)["__file__"]) if options.module else words[0], *words[1:]]
    _execute(code, main)
    return 0


class _NotFoundError(Exception):
    """There is no such module, or it cannot be run."""


def _execute(code: Callable[[], CodeType], main: ModuleType) -> None:
    """Runs the program as `__main__`; what it fails with is reported as Python would, without our frames."""
    sys.modules["__main__"] = main
    try:
        exec(code(), main.__dict__)
    except SystemExit:
        raise
    except BaseException as error:
        _leave_user_frames(error)
        sys.excepthook(type(error), error, error.__traceback__)
        # Python has yet to end, with its own status; it shall not report a second time.
        sys.excepthook = lambda *_: None
        raise


def _file(name: str) -> tuple[ModuleType, Callable[[], CodeType]]:
    """Module and code of a script, or of a folder or archive with `__main__.py`."""
    path = os.path.join(os.getcwd(), name)
    spec = None if name.endswith(".py") else PathFinder.find_spec("__main__", [path])
    if spec is not None:
        _find_modules_in(path)
        return _main_module(spec), _code_of(spec)
    source = Path(path).read_bytes()
    main = ModuleType("__main__")
    loader = SourceFileLoader("__main__", path)
    vars(main).update(__file__=path, __loader__=loader, __cached__=None, __builtins__=builtins)
    _find_modules_in(os.path.dirname(os.path.realpath(path)))
    return main, lambda: _compiled(source, path)


def _module(name: str) -> tuple[ModuleType, Callable[[], CodeType]]:
    """The same for `-m name`."""
    _find_modules_in(os.getcwd())
    spec = importlib.util.find_spec(name)
    if spec is not None and spec.submodule_search_locations is not None:
        spec = importlib.util.find_spec(f"{name}.__main__")
    if spec is None:
        raise _NotFoundError(f"no module named {name}, or none that can be run")
    return _main_module(spec), _code_of(spec)


def _stdin(name: str) -> tuple[ModuleType, Callable[[], CodeType]]:
    """The same for the standard input."""
    source = sys.stdin.read()
    # Compiled functions and tracebacks look up their lines there.
    linecache.cache["<stdin>"] = (len(source), None, source.splitlines(keepends=True), "<stdin>")
    main = ModuleType("__main__")
    vars(main).update(__builtins__=builtins)
    _find_modules_in("")
    return main, lambda: _compiled(source, "<stdin>")


def _find_modules_in(folder: str) -> None:
    """Modules beside the program are found first, unless Python was told otherwise (`-P`, `-I`)."""
    if not sys.flags.safe_path:
        sys.path[0] = folder


def _compiled(source: str | bytes, path: str) -> CodeType:
    return compile(source, path, "exec", dont_inherit=True)


def _main_module(spec: ModuleSpec) -> ModuleType:
    main = ModuleType("__main__")
    vars(main).update(
        __spec__=spec,
        __loader__=spec.loader,
        __package__=spec.parent,
        __file__=spec.origin,
        __cached__=spec.cached,
        __builtins__=builtins,
    )
    return main


def _code_of(spec: ModuleSpec) -> Callable[[], CodeType]:
    loader: Any = spec.loader
    return lambda: loader.get_code(spec.name)


def _leave_user_frames(error: BaseException | None) -> None:
    """Takes the frames of running and importing out of an error's traceback, and of those it came from."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        error.__traceback__ = _user_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _user_frames(traceback: TracebackType | None) -> TracebackType | None:
    frames = []
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename not in _OWN_FILES:
            frames.append(traceback)
        traceback = traceback.tb_next
    for earlier, later in zip(frames, [*frames[1:], None]):
        earlier.tb_next = later
    return frames[0] if frames else None
