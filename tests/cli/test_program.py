"""`thalweg run` runs programs as Python does: words, names, lines of tracebacks, exit status."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROGRAM = """\
import os, sys
print(__name__, __file__ == os.path.abspath(sys.argv[0]), __spec__, __package__, sys.argv[1:])
print(sys.path[0] == os.path.dirname(__file__), sys.modules["__main__"].os is os)
"""

TRAINING = """\
import sys
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

(x, y), _ = keras.datasets.mnist.load_data(sample=True)
model = keras.Sequential([layers.Flatten(), layers.Dense(10, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x[:2048] / 255.0, y[:2048], epochs=2, verbose=0)
sys.exit(0 if history.history["accuracy"][-1] > 0.5 and isinstance(x, tf.Tensor) is False else 5)
"""

# What `python` is compared with; thalweg's own start takes seconds.
run = pytest.mark.slow


def thalweg(*words: str, where: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "thalweg", *words]
    return subprocess.run(
        command, cwd=where, input=stdin, capture_output=True, text=True, timeout=300
    )


def python(*words: str, where: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *words]
    return subprocess.run(
        command, cwd=where, input=stdin, capture_output=True, text=True, timeout=300
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Programs of each kind, in a place that is not the current folder."""
    (tmp_path / "here").mkdir()
    (tmp_path / "package").mkdir()
    for name in ("script.py", "package/__main__.py", "here/module.py"):
        (tmp_path / name).write_text(PROGRAM)
    with zipfile.ZipFile(tmp_path / "archive.pyz", "w") as archive:
        archive.writestr("__main__.py", "import sys; print(__name__, __package__, sys.argv)")
    return tmp_path


@run
@pytest.mark.parametrize(
    "words",
    [
        ("../script.py", "-m", "--help", "--", "x"),
        ("../package", "a"),
        ("../archive.pyz", "-o"),
        ("-m", "module", "-m", "y"),
        ("../nothing.py",),
    ],
    ids=lambda words: words[0].replace("../", ""),
)
def test_a_program_sees_what_python_shows_it(folder: Path, words: tuple[str, ...]) -> None:
    ours, theirs = (start(*words, where=folder / "here") for start in (thalweg, python))
    # A spec shows its loader's address.
    assert ours.stdout.split(" at 0x")[0] == theirs.stdout.split(" at 0x")[0]
    assert ours.returncode == theirs.returncode


@run
@pytest.mark.parametrize(
    "program",
    [
        "import sys; sys.exit(3)",
        "raise SystemExit('the end')",
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    raise ValueError from error",
        "x = = 1",
        "raise KeyboardInterrupt",
    ],
    ids=["status", "message", "error", "syntax", "interrupt"],
)
def test_a_program_ends_as_under_python(folder: Path, program: str) -> None:
    (folder / "ending.py").write_text(program)
    ours, theirs = (start("ending.py", where=folder) for start in (thalweg, python))
    assert (ours.returncode, ours.stdout) == (theirs.returncode, theirs.stdout)
    assert ours.stderr == theirs.stderr


@run
def test_a_program_for_tensorflow_learns(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(TRAINING)
    done = thalweg("run", "train.py", where=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@run
def test_standard_input_is_a_program_whose_functions_can_be_compiled(tmp_path: Path) -> None:
    program = """
import tensorflow as tf

@tf.function
def size(x):
    if tf.reduce_sum(x) > 0:
        return x
    return -x

print(size(tf.constant([-2.0])).numpy(), __name__)
"""
    done = thalweg("-", where=tmp_path, stdin=program)
    assert (done.stdout, done.stderr) == ("[2.] __main__\n", "")


@run
def test_a_failing_import_shows_only_lines_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "part.py").write_text("import tensorflow.python.ops\n")
    (tmp_path / "main.py").write_text("import part\n")
    done = thalweg("main.py", where=tmp_path)
    lines = done.stderr.splitlines()
    assert [line.split('"')[1] for line in lines if "File" in line] == [
        str(tmp_path / "main.py"),
        str(tmp_path / "part.py"),
    ]
    assert lines[-1].startswith("ModuleNotFoundError: No module named 'tensorflow.python.ops'")
