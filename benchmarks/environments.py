"""The two environments: ``.bench/peer`` (TensorFlow), ``.bench/ours`` (the package, installed)."""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.process import BENCH, ROOT, Side

PEER = ("tensorflow-cpu", "keras")


def prepare_folder() -> None:
    """Creates ``.bench`` with a ``.gitignore`` of its own: it never shows in the checkout."""
    BENCH.mkdir(exist_ok=True)
    (BENCH / ".gitignore").write_text("*\n", encoding="ascii")


def pip(python: Path, *arguments: str) -> None:
    """Runs pip quietly in an environment; ends the program when pip fails."""
    command = [str(python), "-m", "pip", *arguments, "--quiet", "--disable-pip-version-check"]
    if subprocess.run(command, cwd=BENCH).returncode:
        raise SystemExit(f"benchmarks: failed: {' '.join(command)}")


def make(folder: Path) -> Path:
    """Creates a virtual environment when missing; returns its interpreter."""
    python = folder / "bin" / "python"
    if not python.exists():
        print(f"creating {folder}", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
    return python


def peer_side(python: Path | None) -> Side:
    """Returns TensorFlow's side; installs ``requirements-peer.txt`` unless a Python is given."""
    if python is None:
        python = make(BENCH / "peer")
        pip(python, "install", "-r", str(ROOT / "benchmarks/requirements-peer.txt"))
    return Side("theirs", python, "tensorflow", PEER, installed=True)


def copy_sources(target: Path) -> None:
    """Copies the files that git does not ignore: building leaves no trace in the tree."""
    shutil.rmtree(target, ignore_errors=True)
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file() and not name.startswith((".venv/", ".bench/", "tests/")):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def installed_side() -> Side:
    """Installs the checkout as a user would, into ``.bench/ours``, anew each time."""
    python, sources = make(BENCH / "ours"), BENCH / "sources"
    copy_sources(sources)
    pip(python, "install", str(sources))
    pip(python, "install", "--no-deps", "--force-reinstall", str(sources))
    shutil.rmtree(sources)
    return Side("ours", python, "thalweg", ("thalweg",), installed=True)


def our_side(python: Path | None, package: str) -> Side:
    """Returns our side: installed, or the checkout run by a given Python (for development)."""
    if python is None:
        return installed_side()
    if package == "tensorflow":
        return Side("ours", python, package, PEER, installed=True)
    return Side("ours", python, package, (package,), installed=False)
