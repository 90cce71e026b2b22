"""Reading zip files that nobody vouches for: known member names only, checked sizes, nothing on the disk."""

from __future__ import annotations

import re
import stat
import zipfile
from typing import IO, BinaryIO, cast

from thalweg._src.keras.archive.failures import damaged, only_saving_errors

CONFIG = "config.json"
METADATA = "metadata.json"
WEIGHTS = "model.weights.h5"
ASSETS = "assets/"

_MEMBERS = {CONFIG, METADATA, WEIGHTS}
_GOOD_COMPONENT = re.compile(r"[\w\-][\w\-. ]{0,254}")
_ENCRYPTED = 1
_MAX_MEMBERS = 100_000
_MAX_DEPTH = 64
# A member, and all of them, may take this many times their bytes in the file, and some more.
_MAX_RATIO = 100
_SMALL = 1 << 20
_SMALL_IN_ALL = 1 << 26
_MAX_DIRECTORY_BYTES = 1 << 24


def is_asset(name: str) -> bool:
    """Whether a member may bear this name: a path below ``assets/`` without dots in front and odd letters."""
    parts = name.split("/")
    return (
        f"{parts[0]}/" == ASSETS
        and len(parts) <= _MAX_DEPTH
        and all(_GOOD_COMPONENT.fullmatch(part) for part in parts)
    )


class ArchiveReader:
    """Members of a `.keras` file by name; all names and sizes are checked when it is opened.

    Args:
        file: The file, open for reading bytes.
        where: Its name, for messages.

    Attributes:
        size: Bytes of the file.

    Raises:
        SavingError: It is no zip file, or has a member that is refused.
    """

    def __init__(self, file: BinaryIO, where: object) -> None:
        self.where = where
        self.size = file.seek(0, 2)
        with only_saving_errors(where, "opening it as a zip file"):
            self._zip = zipfile.ZipFile(cast(IO[bytes], _Opening(file)))
            self._zip.fp = file
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in self._zip.infolist():
            self._check(member)
            self._members[member.filename] = member
        stored = sum(member.compress_size for member in self._members.values())
        unpacked = sum(member.file_size for member in self._members.values())
        if stored > self.size or len(self._members) > _MAX_MEMBERS:
            raise damaged(
                where,
                f"got {len(self._members)} members of {stored} bytes in a file of {self.size} bytes",
            )
        if unpacked > _MAX_RATIO * self.size + _SMALL_IN_ALL:
            raise damaged(where, f"got members of {unpacked} bytes in a file of {self.size} bytes")
        if missing := sorted({CONFIG, WEIGHTS} - set(self._members)):
            raise damaged(where, f"got one without {missing}")

    def _check(self, member: zipfile.ZipInfo) -> None:
        name = member.filename
        folder = name.endswith("/")
        known = name in _MEMBERS or is_asset(name.rstrip("/"))
        if not known or name != member.orig_filename or name in self._members:
            raise damaged(self.where, f"got the member {member.orig_filename!r}")
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind not in (0, stat.S_IFDIR if folder else stat.S_IFREG) or member.flag_bits & _ENCRYPTED:
            raise damaged(self.where, f"got {name!r} as a link or encrypted")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise damaged(self.where, f"got {name!r} packed by method {member.compress_type}")
        if member.file_size > _MAX_RATIO * member.compress_size + _SMALL:
            raise damaged(
                self.where, f"got {name!r} of {member.file_size} bytes in {member.compress_size}"
            )

    def read(self, name: str) -> bytes:
        """All bytes of a member; their checksum is verified.

        Raises:
            SavingError: They cannot be read.
        """
        with only_saving_errors(self.where, f"reading {name!r}"):
            return self._zip.read(self._members[name])

    def below(self, folder: str) -> list[str]:
        """Names of the files in a folder of the archive, at any depth."""
        return [n for n in self._members if n.startswith(folder + "/") and not n.endswith("/")]


class _Opening:
    """A file whose directory is read: no large pieces of it, as each entry takes memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        limit = _MAX_DIRECTORY_BYTES + 1
        found = self._file.read(limit if size < 0 else min(size, limit))
        if len(found) == limit:
            raise ValueError(f"a directory of more than {_MAX_DIRECTORY_BYTES} bytes")
        return found
