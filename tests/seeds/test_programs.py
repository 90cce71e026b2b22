"""The programs of the documents, and those that go their way, print what they shall, up to random numbers."""

from __future__ import annotations

import contextlib
import io
import re
import runpy
from pathlib import Path

import pytest

from thalweg import keras

matplotlib = pytest.importorskip("matplotlib")
FOLDERS = ("programs", "workflows")
PROGRAMS = [p for folder in FOLDERS for p in sorted((Path(__file__).parent / folder).glob("*.py"))]
_NUMBER = r"\s*[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+)(?:us|ms|s)?\s*"


def expected_of(source: str) -> list[str]:
    """Lines of the comments that follow ``# prints:``."""
    lines: list[str] = []
    printing = False
    for line in source.splitlines():
        if line.strip() == "# prints:":
            printing = True
        elif printing and line.startswith("#"):
            lines.append(line[2:] if line.startswith("# ") else line[1:])
        else:
            printing = False
    return lines


def matches(expected: str, got: str) -> bool:
    pattern = re.escape(expected).replace("¤", _NUMBER)
    return re.fullmatch(pattern + r"\s*", got) is not None


@pytest.mark.parametrize("path", PROGRAMS, ids=[p.stem for p in PROGRAMS])
def test_program_prints_what_it_shall(path, tmp_path, monkeypatch):
    matplotlib.use("Agg")
    monkeypatch.chdir(tmp_path)
    # The documents' own step sizes are near the edge of stability for some draws of the data.
    keras.utils.set_random_seed(7)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        runpy.run_path(str(path), run_name="__main__")
    got = printed.getvalue().rstrip("\n").split("\n")
    expected = expected_of(path.read_text(encoding="utf-8"))
    assert len(got) == len(expected), "\n".join(got)
    for want, line in zip(expected, got, strict=True):
        assert matches(want, line), f"expected {want!r}, got {line!r}"


def test_the_comparison_can_fail():
    assert matches("loss: ¤", "loss: 0.25")
    assert not matches("loss: ¤", "loss: nan")
    assert not matches("[[1.]", "[[2.]")
