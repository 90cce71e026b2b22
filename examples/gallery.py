"""Runs the programs in full, moves their pictures to `docs/images/gallery` and writes `docs/gallery.md`."""

import argparse
import ast
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs/images/gallery"
RECORD = PICTURES / "results.json"
RESULT = re.compile(r"^result: (?P<name>.+) (?P<value>\S+) (?P<sign>[<>]) baseline (?P<baseline>\S+)$", re.M)
HEAD = """# Gallery

Programs that import `tensorflow` and `keras` and run on thalweg, unmodified:
`thalweg run examples/NAME.py`. Each takes less than a minute on two cores, on data that come with thalweg
or that the program makes. Written by `python -m examples.gallery`.
"""


def programs() -> list[Path]:
    """The programs, by name."""
    return sorted(p for p in (ROOT / "examples").glob("*.py") if p.stem not in ("gallery", "__init__"))


def run(program: Path, folder: Path, *arguments: str) -> str:
    """Runs a program in a folder, where it leaves its picture; returns what it printed.

    Raises:
        RuntimeError: It failed.
    """
    command = [sys.executable, "-m", "thalweg", "run", str(program), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{program.name} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def result(output: str) -> re.Match[str]:
    """The line with which a program ends: a measure, its value, and that of the baseline."""
    found = RESULT.search(output)
    if found is None:
        raise RuntimeError(f"expected a line 'result: NAME VALUE > baseline VALUE', got {output[-200:]!r}")
    return found


def record(program: Path) -> dict[str, str]:
    """Runs a program in full; returns its result as text, and how long it took."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        found = result(run(program, Path(folder)))
        seconds = time.perf_counter() - began
        picture = Path(folder) / f"{program.stem}.png"
        picture.replace(PICTURES / picture.name)
    text = f"{found['name']} {found['value']}, baseline {found['baseline']}"
    return {"result": text, "seconds": f"{seconds:.0f}"}


def recorded() -> dict[str, dict[str, str]]:
    """What was recorded, by program."""
    found: dict[str, dict[str, str]] = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {}
    return found


def page(results: dict[str, dict[str, str]]) -> str:
    """The gallery as Markdown."""
    parts = [HEAD]
    for program in programs():
        title, _, text = (ast.get_docstring(ast.parse(program.read_text("utf-8"))) or "").partition("\n\n")
        name, found = program.stem, results[program.stem]
        parts.append(
            f"## {title.rstrip('.')}\n\n[`{name}.py`](../examples/{name}.py): {' '.join(text.split())}\n\n"
            f"{found['result']}; {found['seconds']} s.\n\n![{name}](images/gallery/{name}.png)\n"
        )
    return "\n".join(parts)


def main() -> None:
    """Runs all programs, or those that are named, and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="programs to run; all when none is named")
    names = parser.parse_args().names
    PICTURES.mkdir(parents=True, exist_ok=True)
    for program in programs():
        if not names or program.stem in names:
            found = record(program)
            print(program.stem, found, flush=True)
            # Read now: another run may have written its own meanwhile.
            results = recorded() | {program.stem: found}
            RECORD.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", "utf-8")
    (ROOT / "docs/gallery.md").write_text(page(recorded()), "utf-8")


if __name__ == "__main__":
    main()
