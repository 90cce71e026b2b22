"""The folder of downloaded files that Keras uses too, and downloads that show how far they are."""

from __future__ import annotations

import os
from pathlib import Path

from thalweg._src.base.download import MAX_BYTES, Digest, download
from thalweg._src.keras.callbacks.progress import ProgressBar, say

_MEGABYTE = 1_000_000


def keras_home() -> Path:
    """Folder of the cache: ``$KERAS_HOME``, by default ``~/.keras``."""
    home = os.environ.get("KERAS_HOME")
    return Path(home).expanduser() if home else Path.home() / ".keras"


def fetch(
    origin: str,
    target: Path,
    digest: Digest | None = None,
    *,
    where: str,
    max_bytes: int = MAX_BYTES,
    hint: str = "",
) -> None:
    """Downloads a file as `base.download` does, with a line that names the address and a progress bar."""
    say(f"Downloading data from {origin}")
    bar = _Megabytes()
    try:
        download(
            origin, target, digest, where=where, max_bytes=max_bytes, progress=bar.show, hint=hint
        )
    finally:
        bar.end()


class _Megabytes:
    """A progress bar that counts megabytes, begun ones as whole."""

    def __init__(self) -> None:
        self._bar: ProgressBar | None = None
        self._done = 0

    def show(self, done: int, total: int | None) -> None:
        """Takes the bytes that have come, and the bytes of the file when they are known."""
        if self._bar is None:
            steps = None if total is None else max(1, -(-total // _MEGABYTE))
            self._bar = ProgressBar(steps, verbose=1, unit="MB")
        self._done = -(-done // _MEGABYTE)
        self._bar.update(self._done, {})

    def end(self) -> None:
        """Ends the line, if one was begun."""
        if self._bar is not None:
            self._bar.update(self._done, {}, final=True)
