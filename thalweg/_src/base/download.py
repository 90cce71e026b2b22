"""Files from the network: by https only, checked, and on the disk whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from thalweg._src.base.errors import (
    DataLossError,
    DataUnavailableError,
    DigestError,
    InvalidArgumentError,
    PermissionDeniedError,
)
from thalweg._src.base.version import RELEASE

TIMEOUT_SECONDS = 30.0
# Guards against a server that never ends; the largest published data sets of one file are smaller.
MAX_BYTES = 256 << 30

_BLOCK = 1 << 20
_DIGITS = {"md5": 32, "sha256": 64}

Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Digest:
    """Fingerprint that a file must have.

    Attributes:
        algorithm: ``"md5"`` or ``"sha256"``.
        digits: The fingerprint in hexadecimal, lower case.
    """

    algorithm: str
    digits: str

    @classmethod
    def parse(cls, digits: str, algorithm: str = "auto", where: str = "download") -> Digest:
        """Fingerprint of the given text; ``"auto"`` tells the algorithm by the number of digits.

        Raises:
            InvalidArgumentError: Unknown algorithm, or the text is no fingerprint of it.
        """
        digits = digits.lower()
        if algorithm == "auto":
            algorithm = "sha256" if len(digits) == _DIGITS["sha256"] else "md5"
        if algorithm not in _DIGITS:
            raise InvalidArgumentError(
                f"[{where}] expected the algorithm 'auto', 'md5' or 'sha256', got {algorithm!r}; "
                "leave it out to tell it by the length."
            )
        if len(digits) != _DIGITS[algorithm] or not re.fullmatch("[0-9a-f]+", digits):
            raise InvalidArgumentError(
                f"[{where}] expected {_DIGITS[algorithm]} hexadecimal digits of {algorithm}, got "
                f"{digits!r}; copy all of them."
            )
        return cls(algorithm, digits)

    def hasher(self) -> Any:
        """Object that computes such a fingerprint."""
        return hashlib.new(self.algorithm, usedforsecurity=False)

    def fits(self, path: Path) -> bool:
        """Whether the file has this fingerprint."""
        with path.open("rb") as file:
            return hashlib.file_digest(file, self.hasher).hexdigest() == self.digits


def download(
    origin: str,
    target: Path,
    digest: Digest | None = None,
    *,
    where: str = "download",
    max_bytes: int = MAX_BYTES,
    progress: Progress | None = None,
    hint: str = "",
) -> None:
    """Fetches a file. `target` appears, or is replaced, when all of it has come and been checked.

    Args:
        origin: ``https`` address. Redirections are followed, to other ``https`` addresses only.
        target: Path of the file; its folder is made.
        digest: Fingerprint that the file must have; None leaves it unchecked.
        where: Caller, for messages.
        max_bytes: Longest file that is taken.
        progress: Called with the bytes that have come and the bytes of the file, None when the server
            does not say; first with 0.
        hint: One more thing that the user can do when the file cannot be had, as an infinitive.

    Raises:
        InvalidArgumentError: The address is no ``https`` address.
        DataUnavailableError: There is no such file, or no connection, or it broke off.
        DigestError: The file has another fingerprint.
        DataLossError: The file is too long, or the disk too small for it.
        PermissionDeniedError: The folder cannot be written.
    """
    if not origin.lower().startswith("https://"):
        raise InvalidArgumentError(
            f"[{where}] expected an https address, got {origin!r}; nobody vouches for what comes on "
            f"another way. Fetch the file by other means and put it at {target}."
        )
    temporary = _temporary_for(target, where)
    try:
        found = _fetch(origin, temporary, digest, where, max_bytes, progress)
        if digest is not None and found != digest.digits:
            raise DigestError(
                f"[{where}] expected {origin} to have the {digest.algorithm} {digest.digits}, got {found}; "
                "try again, and check what stands between this machine and the network."
            )
        temporary.chmod(0o644)
        temporary.replace(target)
    except (DataLossError, PermissionDeniedError):
        raise
    except (OSError, HTTPException) as error:  # URLError, HTTPError and TimeoutError are OSErrors
        or_else = f", or {hint}" if hint else ""
        raise DataUnavailableError(
            f"[{where}] expected {target} or a connection to fetch it from {origin}, got "
            f"{type(error).__name__}: {error}; put the file there by hand{or_else}."
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _temporary_for(target: Path, where: str) -> Path:
    """An empty file beside the target."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise PermissionDeniedError(
            f"[{where}] expected a folder to write {target.name} to, got {type(error).__name__}: {error}; "
            "give another folder."
        ) from error
    os.close(handle)
    return Path(name)


def _fetch(
    origin: str,
    temporary: Path,
    digest: Digest | None,
    where: str,
    max_bytes: int,
    progress: Progress | None,
) -> str:
    """Writes the file to `temporary` and to the disk; returns its fingerprint, "" when none is asked for."""
    hasher = digest.hasher() if digest else None
    limit = min(max_bytes, shutil.disk_usage(temporary.parent).free)
    with temporary.open("wb") as sink, _open(origin) as source:
        declared = source.headers.get("Content-Length", "")
        total = int(declared) if declared.isdecimal() else None
        size = 0
        while True:
            if max(size, total or 0) > limit:
                raise DataLossError(
                    f"[{where}] expected at most {limit} bytes from {origin} (what is allowed, or free in "
                    f"{temporary.parent}), got {total or 'more'}; fetch the file by hand if it is right."
                )
            if progress:
                progress(size, total)
            if not (block := source.read(_BLOCK)):
                break
            size += len(block)
            if hasher:
                hasher.update(block)
            sink.write(block)
        if total is not None and size != total:
            raise ConnectionError(f"the connection ended after {size} of {total} bytes")
        sink.flush()
        os.fsync(sink.fileno())
    return hasher.hexdigest() if hasher else ""


def _open(origin: str) -> Any:
    """Response to a request, from an opener that speaks nothing but https: a redirection to `http`,
    `ftp` or `file` finds nobody who could follow it.
    """
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    request = urllib.request.Request(origin, headers={"User-Agent": f"thalweg/{RELEASE}"})
    try:
        return opener.open(request, timeout=TIMEOUT_SECONDS)
    except HTTPError as error:
        error.close()  # it holds the connection
        raise
