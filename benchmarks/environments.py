"""The environments: ``.bench/ours`` (the package, installed) and those of the peers."""

import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

from benchmarks.case import SideName
from benchmarks.process import BENCH, ROOT, Side

PACKAGE = "thalweg"
TENSORFLOW = ("tensorflow-cpu", "keras")


@dataclass(frozen=True)
class Peer:
    """What a side is made of.

    Attributes:
      label: heading of its column.
      environment: name of its environment and of its file of requirements.
      package: the module that the worker imports.
      distributions: what a user installs.
      backend: of Keras.
    """

    label: str
    environment: str
    package: str
    distributions: tuple[str, ...]
    backend: str = ""


PEERS: dict[SideName, Peer] = {
    "tensorflow": Peer("TensorFlow", "tensorflow", "tensorflow", TENSORFLOW, "tensorflow"),
    "keras-jax": Peer("Keras on JAX", "keras", "keras", ("keras", "jax"), "jax"),
    "keras-torch": Peer("Keras on PyTorch", "keras", "keras", ("keras", "torch"), "torch"),
    "torch": Peer("PyTorch by hand", "keras", "torch", ("torch",)),
    "jax": Peer("JAX by hand", "keras", "jax", ("jax",)),
}


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


def requirements(name: str) -> Path:
    """Returns an environment's file of requirements."""
    return ROOT / f"benchmarks/requirements-{name}.txt"


def peer_python(name: str, gpu: bool) -> Path:
    """Returns a peer's interpreter: the one named by a variable, or an environment made here."""
    given = os.environ.get(f"BENCH_{name.upper()}_PYTHON")
    if given:
        return Path(given).absolute()
    name = f"{name}-gpu" if gpu else name
    python = make(BENCH / name)
    pip(python, "install", "-r", str(requirements(name)))
    return python


def peer_sides(names: list[SideName], gpu: bool) -> tuple[Side, ...]:
    """Returns the sides of some peers, with their environments made."""
    pythons = {PEERS[name].environment: Path() for name in names}
    pythons = {environment: peer_python(environment, gpu) for environment in pythons}
    return tuple(
        Side(
            name,
            peer.label,
            pythons[peer.environment],
            peer.package,
            peer.distributions,
            installed=True,
            backend=peer.backend,
            gpu=gpu,
        )
        for name, peer in PEERS.items()
        if name in names
    )


def copy_sources(target: Path) -> None:
    """Copies the files that git does not ignore: building leaves no trace in the tree."""
    shutil.rmtree(target, ignore_errors=True)
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file() and not name.startswith((".venv/", ".bench/", "tests/")):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def installed_side(gpu: bool) -> Side:
    """Installs the checkout as a user would, into ``.bench/ours``, anew each time."""
    python, sources = make(BENCH / ("ours-gpu" if gpu else "ours")), BENCH / "sources"
    copy_sources(sources)
    if gpu:
        pip(python, "install", "-r", str(requirements("ours-gpu")))
    pip(python, "install", str(sources))
    pip(python, "install", "--no-deps", "--force-reinstall", str(sources))
    shutil.rmtree(sources)
    return Side("ours", PACKAGE, python, PACKAGE, (PACKAGE,), installed=True, gpu=gpu)


def our_side(python: Path | None, package: str, gpu: bool) -> Side:
    """Returns our side: installed, or the checkout run by a given Python (for development)."""
    if python is None:
        return installed_side(gpu)
    if package == "tensorflow":
        return Side("ours", package, python, package, TENSORFLOW, True, package, gpu)
    return Side("ours", package, python, package, (package,), installed=False, gpu=gpu)
