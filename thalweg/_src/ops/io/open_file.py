"""`GFile`: a file that is opened when it is first used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from thalweg._src.base.errors import (
    InvalidArgumentError,
    OutOfRangeError,
    PermissionDeniedError,
)
from thalweg._src.base.file_errors import explained
from thalweg._src.ops.io.gfile import local_path

_MODES = ("r", "w", "a", "r+", "w+", "a+")
_WHERE = "GFile"


class GFile:
    """File for reading or writing, of text in UTF-8 or of bytes.

    Args:
        name: Path.
        mode: ``"r"``, ``"w"``, ``"a"``, ``"r+"``, ``"w+"`` or ``"a+"``, for bytes with a ``"b"``.

    Raises:
        InvalidArgumentError: There is no such mode.

    Example:
        >>> import os, tempfile
        >>> import thalweg as tf
        >>> path = os.path.join(tempfile.mkdtemp(), "note.txt")
        >>> with tf.io.gfile.GFile(path, "w") as file:
        ...     file.write("first line")
        >>> tf.io.gfile.GFile(path).read()
        'first line'

    Source: `tf.io.gfile.GFile`. Positions and sizes count bytes. The file is opened when it is first used,
    and again after `close`.
    """

    def __init__(self, name: Any, mode: str = "r") -> None:
        self._file: Any = None
        plain = mode.replace("b", "")
        if plain not in _MODES:
            raise InvalidArgumentError(
                f"[{_WHERE}] expected mode among {list(_MODES)}, with or without b, got {mode!r}."
            )
        self._name = name
        self._mode = mode
        self._plain = plain
        self._path = local_path(_WHERE, name)

    @property
    def name(self) -> Any:
        """The path."""
        return self._name

    @property
    def mode(self) -> str:
        """How it is used."""
        return self._mode

    def _opened(self) -> Any:
        if self._file is None:
            try:
                self._file = open(self._path, f"{self._plain}b")  # noqa: SIM115 closed by `close`
            except OSError as error:
                raise explained(_WHERE, self._path, error) from None
            if self._plain == "a+":
                # Reading begins at the beginning, and writing goes to the end in any case.
                self._file.seek(0)
        return self._file

    def _readable(self) -> Any:
        if self._plain in ("w", "a"):
            raise PermissionDeniedError(
                f"[{_WHERE}] expected a file that is open for reading, got mode {self._mode!r}."
            )
        return self._opened()

    def _shown(self, data: bytes) -> Any:
        return data if "b" in self._mode else data.decode()

    def size(self) -> int:
        """Number of bytes, those included that were written but not flushed."""
        if self._file is not None:
            self._file.flush()
        try:
            return os.stat(self._path).st_size
        except OSError as error:
            raise explained(_WHERE, self._path, error) from None

    def read(self, n: int = -1) -> Any:
        """The next `n` bytes, or all that are left.

        Args:
            n: Number of bytes; all when negative.

        Returns:
            Text, or bytes where the mode has a ``b``.

        Raises:
            NotFoundError: There is no such file.
            PermissionDeniedError: The file is not open for reading.
        """
        return self._shown(self._readable().read(n))

    def readline(self) -> Any:
        """The next line with its end; empty at the end of the file."""
        return self._shown(self._readable().readline())

    def readlines(self) -> list[Any]:
        """All lines that are left, with their ends."""
        return [self._shown(line) for line in self._readable().readlines()]

    def next(self) -> Any:
        """The next line with its end.

        Raises:
            StopIteration: There is none.
        """
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    __next__ = next

    def __iter__(self) -> Iterator[Any]:
        return self

    def write(self, file_content: Any) -> None:
        """Writes text or bytes.

        Args:
            file_content: What to write; text is written in UTF-8.

        Raises:
            PermissionDeniedError: The file is not open for writing.
        """
        if self._plain == "r":
            raise PermissionDeniedError(
                f"[{_WHERE}] expected a file that is open for writing, got mode {self._mode!r}."
            )
        data = file_content.encode() if isinstance(file_content, str) else bytes(file_content)
        self._opened().write(data)

    def seek(self, offset: int | None = None, whence: int = 0, position: int | None = None) -> None:
        """Goes to a place.

        Args:
            offset: Number of bytes from there.
            whence: 0 for the beginning of the file, 1 for the present place, 2 for the end.
            position: Older name of `offset`.

        Raises:
            OutOfRangeError: The place lies behind the end of the file.
        """
        if offset is None:
            offset = position
        if offset is None:
            raise TypeError("[GFile.seek] expected offset, got none; name a place.")
        if whence not in (0, 1, 2):
            raise InvalidArgumentError(f"[{_WHERE}] expected whence 0, 1 or 2, got {whence}.")
        file = self._readable()
        start = {0: 0, 1: file.tell(), 2: self.size()}[whence]
        if not 0 <= start + offset <= self.size():
            raise OutOfRangeError(
                f"[{_WHERE}] expected a place from 0 to {self.size()}, the size of the file, got "
                f"{start + offset}."
            )
        file.seek(start + offset)

    def tell(self) -> int:
        """Present place, in bytes."""
        place: int = self._opened().tell()
        return place

    def seekable(self) -> bool:
        """True."""
        return True

    def flush(self) -> None:
        """Hands what was written to the file system."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Finishes the file; does nothing where it is not open."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> GFile:
        return self

    def __exit__(
        self,
        unused_type: type[BaseException] | None,
        unused_value: BaseException | None,
        unused_traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()
