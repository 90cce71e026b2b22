"""`thalweg run notebook.ipynb`: runs its cells in order, with thalweg in TensorFlow's place."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from thalweg._src.base.lazy import needed

_EXTRA = '"thalweg[notebook]"'


def run(path: str, words: Sequence[str], packages: Sequence[str]) -> int:
    """Runs a notebook, printing what its cells print.

    Args:
        path: The notebook.
        words: What stands after it: `-o out.ipynb` names the file that gets the notebook with its outputs.
        packages: As for `compat.install`.

    Returns:
        0 when all cells ran, 1 when one failed; the notebook is written with what ran until then.
    """
    parser = argparse.ArgumentParser(prog="thalweg run notebook.ipynb")
    parser.add_argument(
        "-o", "--output", metavar="OUT.ipynb", help="where the notebook goes with its outputs"
    )
    options = parser.parse_args(words)
    nbformat = needed("nbformat", "thalweg run", _EXTRA)
    failure = needed("nbclient.exceptions", "thalweg run", _EXTRA).CellExecutionError
    try:
        notebook = nbformat.read(path, as_version=4)
    except OSError as error:
        print(f"thalweg run: can't open {path!r}: {error}", file=sys.stderr)
        return 2
    try:
        _client(notebook, Path(path).resolve().parent, packages).execute()
    except failure:  # its traceback has been printed where it happened
        return 1
    finally:
        if options.output:
            nbformat.write(notebook, options.output)
    return 0


def _client(notebook: Any, folder: Path, packages: Sequence[str]) -> Any:
    """Jupyter's client with a fresh kernel of this very Python, whatever kernels are registered."""
    nbclient = needed("nbclient", "thalweg run", _EXTRA)
    kernelspec = needed("jupyter_client.kernelspec", "thalweg run", _EXTRA)
    managing = needed("jupyter_client.manager", "thalweg run", _EXTRA)
    own = needed("ipykernel.kernelspec", "thalweg run", _EXTRA)
    install = f"import thalweg.compat; thalweg.compat.install({list(packages)!r})"
    command = own.make_ipkernel_cmd(extra_arguments=[f"--IPKernelApp.exec_lines={install}"])

    class ThisPython(kernelspec.KernelSpecManager):  # type: ignore[name-defined]
        def get_kernel_spec(self, kernel_name: str) -> Any:
            return kernelspec.KernelSpec(argv=command, language="python")

    class Speaking(nbclient.NotebookClient):  # type: ignore[name-defined]
        def output(self, outs: Any, message: Any, display_id: str, cell_index: int) -> Any:
            _speak(message["msg_type"], message["content"])
            return super().output(outs, message, display_id, cell_index)

    manager = managing.AsyncKernelManager(kernel_spec_manager=ThisPython())
    return Speaking(
        notebook, km=manager, timeout=None, resources={"metadata": {"path": str(folder)}}
    )


def _speak(kind: str, content: Any) -> None:
    """Prints what a cell gave out as soon as it comes."""
    if kind == "stream":
        stream = sys.stderr if content["name"] == "stderr" else sys.stdout
        print(content["text"], end="", file=stream, flush=True)
    elif kind in ("execute_result", "display_data"):
        print(content["data"].get("text/plain", ""), flush=True)
    elif kind == "error":
        print(*content["traceback"], sep="\n", file=sys.stderr, flush=True)
