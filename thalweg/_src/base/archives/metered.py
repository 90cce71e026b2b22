"""How much an archive may unpack to, and a stream that counts it while it is unpacked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO

from thalweg._src.base.errors import ArchiveError

BLOCK = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What an archive may ask for.

    Attributes:
        members: Files and folders.
        ratio: Unpacked bytes for each byte of the archive. Real data sets stay below 100.
        free_bytes: Unpacked bytes below which the ratio is not asked.
        depth: Folders in folders.
        name: Bytes of the name of a file or folder, as file systems have it.
        path: Bytes of the names of a file and all its folders.
    """

    members: int = 5_000_000
    ratio: int = 200
    free_bytes: int = 64 << 20
    depth: int = 64
    name: int = 255
    path: int = 1024

    def unpacked(self, packed: int) -> int:
        """Bytes that an archive of `packed` bytes may unpack to."""
        return max(self.free_bytes, self.ratio * packed)


class MeteredStream:
    """A stream that is read forwards, in small pieces, and not beyond a number of bytes.

    The reader of tar files takes sizes from headers that it believes: it would read a name of many
    gigabytes at once, or go backwards for ever.

    Args:
        source: Stream to read.
        limit: Bytes that may be read.
    """

    def __init__(self, source: IO[bytes], limit: int) -> None:
        self._source = source
        self._limit = limit
        self._position = 0
        self.last = b""

    def tell(self) -> int:
        """Bytes that were read or skipped."""
        return self._position

    def read(self, size: int = -1) -> bytes:
        """The next bytes; fewer at the end."""
        if not 0 <= size <= BLOCK:
            raise ArchiveError(f"got a header that declares {size} bytes")
        self.last = self._source.read(size)
        self._position += len(self.last)
        if self._position > self._limit:
            raise ArchiveError(f"got one that unpacks to more than {self._limit} bytes")
        return self.last

    def seek(self, position: int) -> int:
        """Skips to a position further on, or to the end."""
        if position < self._position:
            raise ArchiveError("got a header that leads backwards")
        while self._position < position and self.read(min(BLOCK, position - self._position)):
            pass
        return self._position
