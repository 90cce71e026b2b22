"""What a member of an archive says of itself, whatever the format."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO

from thalweg._src.base.errors import ArchiveError


class Kind(enum.Enum):
    """What a member asks for."""

    FILE = "a file"
    FOLDER = "a folder"
    HARD_LINK = "a hard link"
    SYMBOLIC_LINK = "a symbolic link"


@dataclass(frozen=True)
class Member:
    """One entry of an archive.

    Attributes:
        name: Path in the archive, as written there: nothing is checked.
        kind: What it asks for.
        size: Bytes that it says to have unpacked.
        open: Function that opens its bytes for reading.
        target: What a link leads to, as written.
    """

    name: str
    kind: Kind
    size: int = 0
    open: Callable[[], IO[bytes]] | None = None
    target: str = ""


class WrongFormatError(ArchiveError):
    """The file is not an archive of the format that it was opened as."""
