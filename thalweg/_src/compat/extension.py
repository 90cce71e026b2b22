"""`%load_ext thalweg` in IPython and Jupyter."""

from __future__ import annotations

from typing import Any


def load_ipython_extension(shell: Any) -> None:
    """Cells of this notebook that import `tensorflow` and `keras` find thalweg: `%load_ext thalweg`.

    Args:
        shell: IPython's shell, which hands itself over.
    """
    # Here, since every `import thalweg` loads this file, and hardly any needs the rest of the room.
    from thalweg._src.compat import aliases

    aliases.install()


def unload_ipython_extension(shell: Any) -> None:
    """The opposite: `%unload_ext thalweg`.

    Args:
        shell: IPython's shell, which hands itself over.
    """
    from thalweg._src.compat import aliases

    aliases.uninstall()
