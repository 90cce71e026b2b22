"""Files of data sets: found in the cache that Keras uses too, else downloaded, checked and kept."""

from __future__ import annotations

import hashlib
import os
import tempfile
import urllib.request
from pathlib import Path
from typing import IO

from thalweg._src.base.errors import DataLossError, DataUnavailableError

KERAS_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"

TIMEOUT_SECONDS = 30.0
MAX_DOWNLOAD_BYTES = 1 << 30


def datasets_folder() -> Path:
    """Folder of the cached data sets: `$KERAS_HOME/datasets`, by default `~/.keras/datasets`."""
    home = os.environ.get("KERAS_HOME")
    return Path(home).expanduser() / "datasets" if home else Path.home() / ".keras" / "datasets"


def cached_file(path: str | os.PathLike[str], origin: str, digest: str, hint: str = "") -> Path:
    """Path of a data file on this machine, downloaded when it is not in the cache yet.

    A file that is there already is used as it stands, without the network and whatever its digest,
    so that own files of the same form can be put there. The readers run no code from it.

    Args:
        path: Name in `datasets_folder()`; an absolute path is used as it is.
        origin: `https` address to download from.
        digest: Hexadecimal SHA-256 (64 digits) or MD5 (32 digits) that the download must have.
        hint: One more thing the user can do when the download fails, as an infinitive.

    Returns:
        Path of an existing file.

    Raises:
        DataUnavailableError: Not cached, and the download failed.
        DataLossError: The download does not have the expected digest, or is too large.
    """
    target = datasets_folder() / path
    if target.is_file():
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _download(origin, target, digest)
    except DataLossError:
        raise
    except OSError as error:  # URLError, HTTPError and TimeoutError are OSErrors
        or_else = f", or {hint}" if hint else ""
        raise DataUnavailableError(
            f"[keras.datasets] expected {target} or a connection to fetch it from {origin}, got "
            f"{type(error).__name__}: {error}; put the file there by hand{or_else}."
        ) from error
    return target


def _download(origin: str, target: Path, digest: str) -> None:
    """Writes the verified bytes of `origin` to `target`, which appears whole or not at all."""
    if not origin.startswith("https://"):
        raise ValueError(f"[keras.datasets] expected an https address, got {origin!r}.")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with (
            os.fdopen(handle, "wb") as sink,
            urllib.request.urlopen(origin, timeout=TIMEOUT_SECONDS) as source,
        ):
            found = _copy_hashed(source, sink, digest, origin)
            sink.flush()
            os.fsync(sink.fileno())
        if found != digest:
            raise DataLossError(
                f"[keras.datasets] expected {origin} to have the digest {digest}, got {found}; "
                "try again, and check what stands between this machine and the network."
            )
        temporary.chmod(0o644)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _copy_hashed(source: IO[bytes], sink: IO[bytes], digest: str, origin: str) -> str:
    """Copies `source` to `sink`; returns the digest of the same kind as `digest`."""
    if len(digest) == 64:
        hasher = hashlib.sha256()
    else:
        hasher = hashlib.md5(usedforsecurity=False)
    size = 0
    while block := source.read(1 << 20):
        size += len(block)
        if size > MAX_DOWNLOAD_BYTES:
            raise DataLossError(
                f"[keras.datasets] expected at most {MAX_DOWNLOAD_BYTES} bytes from {origin}, "
                "got more; download the file by hand if it is right."
            )
        hasher.update(block)
        sink.write(block)
    return hasher.hexdigest()
