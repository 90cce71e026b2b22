"""`thalweg run notebook.ipynb` runs its cells with thalweg in TensorFlow's place and keeps what they say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

pytestmark = pytest.mark.slow


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "thalweg", "run", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


def write(path: Path, *cells: str) -> None:
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])
    nbformat.write(notebook, path)


def test_cells_share_names_and_their_outputs_are_kept(tmp_path: Path) -> None:
    write(
        tmp_path / "book.ipynb",
        "import tensorflow as tf\nfrom tensorflow.keras import layers",
        "print(layers.Dense(2)(tf.ones((1, 3))).shape)",
        "tf.constant(1) + 1",
    )
    done = run(tmp_path, "book.ipynb", "-o", "out.ipynb")
    assert done.returncode == 0, done.stderr
    assert "(1, 2)\n" in done.stdout
    cells = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells
    assert cells[1].outputs[0].text == "(1, 2)\n"
    assert "numpy=2" in cells[2].outputs[0].data["text/plain"]
    assert [cell.execution_count for cell in cells] == [1, 2, 3]


def test_a_failing_cell_ends_the_run_and_is_written(tmp_path: Path) -> None:
    write(tmp_path / "book.ipynb", "import tensorflow.python", "print('never')")
    done = run(tmp_path, "book.ipynb", "-o", "book.ipynb")
    assert done.returncode == 1
    assert "private part of TensorFlow" in done.stderr
    assert "never" not in done.stdout
    first, second = nbformat.read(tmp_path / "book.ipynb", as_version=4).cells
    assert (first.outputs[0].ename, second.outputs) == ("ModuleNotFoundError", [])


def test_a_notebook_can_load_the_names_itself() -> None:
    program = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell()
shell.run_cell("%load_ext thalweg").raise_error()
shell.run_cell("import tensorflow.keras as keras").raise_error()
assert shell.user_ns["keras"].__name__ == "thalweg.keras"
shell.run_cell("%unload_ext thalweg").raise_error()
assert isinstance(shell.run_cell("import tensorflow").error_in_exec, ModuleNotFoundError)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
