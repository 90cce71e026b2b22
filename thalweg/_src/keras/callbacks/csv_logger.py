"""`CSVLogger`: a line of a table for each epoch."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from thalweg._src.keras.callbacks.base import Callback


class CSVLogger(Callback):
    """Writes the values of each epoch to a file of comma-separated values.

    Args:
        filename: Path of the file.
        separator: Between values.
        append: Add to the file instead of replacing it.

    Source: `keras.callbacks.CSVLogger`.
    """

    def __init__(
        self, filename: str | os.PathLike[str], separator: str = ",", append: bool = False
    ) -> None:
        super().__init__()
        self.filename = os.fspath(filename)
        self.sep = separator
        self.append = append
        self.keys: list[str] | None = None
        self._file: TextIO | None = None

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Forgets earlier runs; the file is opened with the first line."""
        self.keys = None
        self.close()

    def _open(self) -> TextIO:
        path = Path(self.filename)
        keep = self.append and path.exists()
        if keep:
            with path.open(newline="") as file:
                self.keys = next(csv.reader(file, delimiter=self.sep), ["epoch"])[1:] or None
        return path.open("a" if keep else "w", newline="")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Writes a line."""
        if self._file is None:
            self._file = self._open()
        values = logs or {}
        writer = csv.writer(self._file, delimiter=self.sep)
        if self.keys is None:
            self.keys = sorted(values)
            writer.writerow(["epoch", *self.keys])
        writer.writerow([epoch, *(_shown(values.get(key, "NA")) for key in self.keys)])
        self._file.flush()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Closes the file."""
        self.close()

    def close(self) -> None:
        """Closes the file, however the run ended."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def get_state(self) -> dict[str, Any]:
        """What an interrupted run needs to go on: the length of the file."""
        size = None if self._file is None else Path(self.filename).stat().st_size
        return {"bytes": size, "keys": self.keys}

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on from what `get_state` told: cuts off the lines that were written since."""
        self.close()
        if state["bytes"] is None:
            return
        with Path(self.filename).open("ab") as file:
            file.truncate(state["bytes"])
        self.keys = state["keys"]
        self._file = Path(self.filename).open("a", newline="")  # noqa: SIM115 closed in close()


def _shown(value: Any) -> Any:
    if isinstance(value, np.ndarray) and value.ndim:
        return f'"[{", ".join(map(str, value.tolist()))}]"'
    return value
