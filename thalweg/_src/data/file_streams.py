"""Files as streams of bytes: decompressed on the way, and watched for changes."""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Callable
from typing import Any

from thalweg._src.base.errors import DataLossError, InvalidArgumentError
from thalweg._src.base.file_errors import explained

# Bytes read at once where the program leaves it to us.
USUAL_BUFFER = 1 << 18
# What zlib is told: the container that is around the compressed bytes.
_CONTAINERS = {"GZIP": 31, "ZLIB": 15}


def checked_compression(kind: Any, where: str) -> str:
    """Name of a compression; "" for none.

    Raises:
        InvalidArgumentError: There is no such compression.
    """
    name = kind.decode() if isinstance(kind, bytes) else kind or ""
    if name not in ("", *_CONTAINERS):
        raise InvalidArgumentError(f"[{where}] expected compression '', 'GZIP' or 'ZLIB', got {kind!r}.")
    return str(name)


def opened(path: str, compression: str = "", buffer_size: int = USUAL_BUFFER) -> io.BufferedReader:
    """The bytes of a file, decompressed.

    Args:
        path: Its path.
        compression: "", "GZIP" or "ZLIB".
        buffer_size: Bytes read at once.

    Returns:
        Reader of bytes. It raises a `DataLossError` at the end when the file was changed meanwhile, and
        when what is compressed is torn or damaged.

    Raises:
        NotFoundError: There is no such file.
        PermissionDeniedError: It may not be read.
        FailedPreconditionError: It is a folder, or cannot be read.
    """
    try:
        raw: io.RawIOBase = _Watched(path)
    except OSError as error:
        raise explained("Dataset", path, error) from None
    if compression:
        raw = _Inflated(raw, path, _CONTAINERS[compression], buffer_size)
    return io.BufferedReader(raw, buffer_size)


class _Watched(io.FileIO):
    """A file that must be the same when its end is reached as it was in the beginning."""

    def __init__(self, path: str) -> None:
        super().__init__(path, "rb")
        self._path = path
        self._before = self._stamp()

    def _stamp(self) -> tuple[int, int]:
        found = os.fstat(self.fileno())
        return found.st_size, found.st_mtime_ns

    def readinto(self, buffer: Any) -> int:
        """Reads into a buffer; the number of bytes."""
        count = super().readinto(buffer) or 0
        if not count:
            self._check()
        return count

    def readall(self) -> bytes:
        """All bytes that are left."""
        data = super().readall() or b""
        self._check()
        return data

    def _check(self) -> None:
        if self._stamp() != self._before:
            raise DataLossError(
                f"[{self._path}] expected a file that stays as it is, got one that was changed while it was "
                "read; write new data to a new file and rename it."
            )


class _Inflated(io.RawIOBase):
    """What a compressed stream holds; several compressed parts in a row are one."""

    def __init__(self, raw: io.RawIOBase, path: str, container: int, piece: int) -> None:
        self._raw = raw
        self._path = path
        self._make: Callable[[], Any] = lambda: zlib.decompressobj(container)
        self._inflate = self._make()
        self._piece = piece
        self._begun = False
        self._rest = b""

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Reads into a buffer; the number of bytes."""
        while True:
            if self._inflate.eof:
                self._rest = self._inflate.unused_data
                self._inflate, self._begun = self._make(), False
            if not self._rest:
                self._rest = self._raw.read(self._piece) or b""
            ended = not self._rest
            data = self._inflated(len(buffer))
            if data:
                buffer[: len(data)] = data
                return len(data)
            if ended and not self._inflate.eof:
                self._end()
                return 0

    def _inflated(self, size: int) -> bytes:
        """At most `size` bytes of what is there: a few compressed bytes may stand for very many."""
        self._begun = self._begun or bool(self._rest)
        try:
            data: bytes = self._inflate.decompress(self._rest, size)
        except zlib.error as error:
            raise DataLossError(
                f"[{self._path}] expected a whole compressed file, got {error}; check compression_type."
            ) from None
        self._rest = self._inflate.unconsumed_tail
        return data

    def _end(self) -> None:
        if self._begun:
            raise DataLossError(
                f"[{self._path}] expected a whole compressed file, got one that ends in the middle."
            )

    def close(self) -> None:
        """Closes the file."""
        self._raw.close()
        super().close()
