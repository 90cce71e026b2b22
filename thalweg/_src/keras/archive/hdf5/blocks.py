"""Bytes of a file at places that the file itself names: within its bounds, and no more often than needed."""

from __future__ import annotations

from typing import Any, BinaryIO

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.failures import damaged

# An address that says: nowhere.
NOWHERE = (1 << 64) - 1
# How often the bytes of a file may be read as structure, on the whole: once or twice is enough, but not where
# structures contain each other.
_READINGS = 3
_SPARE = 1 << 16
_MOST = 1 << 28
# Arrays may take this many times their bytes in the file, as filters compress.
MAX_RATIO = 100


class Blocks:
    """A file's bytes.

    Args:
        file: The file, open for reading bytes.
        where: Its name, for messages.
        packed: Bytes of the file in which this one lies, where that may have packed it.

    Attributes:
        size: Bytes of the file.
        allowed: Bytes that its arrays may take in memory.
    """

    def __init__(self, file: BinaryIO, where: object, packed: int | None = None) -> None:
        self._file = file
        self._where = where
        self.size = file.seek(0, 2)
        self.allowed = MAX_RATIO * (self.size if packed is None else packed)
        self._left = min(_READINGS * self.size + _SPARE, _MOST)
        self._unclaimed = self.size

    def at(self, place: int, length: int) -> bytes:
        """Bytes of a structure.

        Args:
            place: First byte.
            length: How many.

        Raises:
            SavingError: They are not in the file, or too many were asked for.
        """
        self._check(place, length)
        self._left -= length
        if self._left < 0:
            raise self.refusal("structures that contain each other, or far too many")
        self._file.seek(place)
        return self._file.read(length)

    def claim(self, place: int, length: int) -> None:
        """Notes that an array has its data there, which no other one has.

        Raises:
            SavingError: They are not in the file, or arrays have more data than there is.
        """
        self._check(place, length)
        self._unclaimed -= length
        if self._unclaimed < 0:
            raise self.refusal(f"arrays of more bytes than the {self.size} of the file")

    def fill(self, place: int, array: Any) -> None:
        """Reads the data of an array, which must have been claimed.

        Args:
            place: First byte.
            array: Contiguous array that takes the bytes.

        Raises:
            SavingError: The file has become shorter.
        """
        view = memoryview(array.reshape(-1).view("u1"))
        self._file.seek(place)
        if self._file.readinto(view) != len(view):  # type: ignore[attr-defined]
            raise self.refusal("fewer bytes than when it was opened")

    def _check(self, place: int, length: int) -> None:
        if length < 0 or place < 0 or place + length > self.size:
            raise self.refusal(f"{length} bytes at {place} in a file of {self.size}")

    def refusal(self, what: str) -> SavingError:
        """Error about a file that is no good.

        Args:
            what: What is wrong with it.
        """
        return damaged(self._where, f"got {what}")

    def newer(self, what: str) -> SavingError:
        """Error about a part of HDF5 that Keras' files do not use.

        Args:
            what: What it is.
        """
        return SavingError(
            f"[{str(self._where)!r}] expected a file in the format that h5py writes by default, as Keras "
            f"does, got {what}; write it again without libver= and track_order=."
        )
