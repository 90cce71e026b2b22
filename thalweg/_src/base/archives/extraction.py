"""Unpacking an archive into a folder, without trusting a word of it.

Members are written one by one into a new folder beside the destination, which is renamed when all are
there. No link is ever made, so no path can lead out of the folder: a link to a file of the archive
becomes a copy of that file, and every other link is refused, as are absolute names, `..`, names that
come twice, devices and archives that unpack to far more than they hold. Permissions are not taken over.
"""

from __future__ import annotations

import contextlib
import os
import posixpath
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PureWindowsPath

from thalweg._src.base.archives import tar_members, zip_members
from thalweg._src.base.archives.member import Kind, Member, WrongFormatError
from thalweg._src.base.archives.metered import BLOCK, Limits
from thalweg._src.base.errors import ArchiveError

LIMITS = Limits()

_READERS: dict[str, Callable[[Path, Limits], Iterator[Member]]] = {
    "tar": tar_members.members,
    "zip": zip_members.members,
}
FORMATS = tuple(_READERS)


def extract(path: Path, folder: Path, formats: Sequence[str] = FORMATS) -> None:
    """Unpacks an archive. A folder that is there already keeps what the archive does not have.

    Args:
        path: The archive.
        folder: Where its members go.
        formats: What the archive may be: ``"tar"``, which may be packed by gzip, bzip2 or xz, and
            ``"zip"``.

    Raises:
        ArchiveError: It is none of these, is damaged, or asks for what no archive may; nothing is
            written then.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        with _only_archive_errors(path):
            _unpack(path, temporary, formats)
        temporary.chmod(0o755)
        _place(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _unpack(path: Path, folder: Path, formats: Sequence[str]) -> None:
    for name in formats:
        unpacking = _Unpacking(folder, LIMITS, path.stat().st_size)
        with contextlib.suppress(WrongFormatError):
            for member in _READERS[name](path, LIMITS):
                unpacking.add(member)
            unpacking.finish()
            return
    raise ArchiveError(f"got no {' or '.join(formats)} file")


@contextlib.contextmanager
def _only_archive_errors(path: Path) -> Iterator[None]:
    """Names the archive, and turns what the readers raise of bad contents into `ArchiveError`."""
    try:
        yield
    except (*tar_members.ERRORS, *zip_members.ERRORS) as error:
        what = str(error) if isinstance(error, ArchiveError) else f"got {type(error).__name__}: {error}"
        raise ArchiveError(
            f"[{path}] expected an archive of plain files that stay in their folder, {what}; nothing was "
            "unpacked. Delete it and fetch it again, or unpack it by hand if you trust it."
        ) from error


class _Unpacking:
    """Writes members into a folder that is empty at first."""

    def __init__(self, folder: Path, limits: Limits, packed: int) -> None:
        self._folder = Path(os.path.realpath(folder))
        self._limits = limits
        self._room = limits.unpacked(packed)
        self._members = 0
        self._folders = {self._folder}
        self._links: list[tuple[str, Member]] = []

    def add(self, member: Member) -> None:
        """Writes one member; symbolic links wait for `finish`, as they may lead to later files."""
        self._members += 1
        if self._members > self._limits.members:
            raise ArchiveError(f"got more than {self._limits.members} members")
        name = self._checked_name(member.name)
        if member.kind is Kind.FOLDER:
            self._make_folder(self._folder / name)
        elif member.kind is Kind.FILE and member.open is not None:
            with member.open() as source:
                self._write(name, source.read, member.size)
        elif member.kind is Kind.HARD_LINK:
            self._copy(name, self._checked_name(member.target), member)
        else:
            self._links.append((name, member))

    def finish(self) -> None:
        """Copies the files that symbolic links lead to; links to links, too."""
        waiting = self._links
        while waiting:
            left = []
            for name, member in waiting:
                target = self._checked_name(posixpath.join(posixpath.dirname(name), member.target), up=True)
                if (self._folder / target).is_file():
                    self._copy(name, target, member)
                else:
                    left.append((name, member))
            if len(left) == len(waiting):
                name, member = left[0]
                raise ArchiveError(f"got {member.kind.value} {name!r} to {member.target!r}, no file of it")
            waiting = left

    def _checked_name(self, name: str, up: bool = False) -> str:
        """The name without empty parts and `.`; `up` allows `..` that stays inside."""
        parts = [part for part in name.split("/") if part not in ("", ".")]
        bad = (
            name.startswith("/")
            or PureWindowsPath(name).drive
            or any(ord(letter) < 32 or letter == "\\" for letter in name)
            or len(parts) > self._limits.depth
            or len(os.fsencode(name)) > self._limits.path
            or any(len(os.fsencode(part)) > self._limits.name for part in parts)
        )
        if up:
            parts = [part for part in posixpath.normpath("/".join(parts)).split("/") if part != "."]
        if bad or ".." in parts:
            raise ArchiveError(f"got the name {name!r}")
        return "/".join(parts)

    def _copy(self, name: str, target: str, member: Member) -> None:
        file = self._folder / target
        if not file.is_file():
            raise ArchiveError(f"got {member.kind.value} {name!r} to {member.target!r}, no file of it")
        with file.open("rb") as source:
            self._write(name, source.read, file.stat().st_size)

    def _write(self, name: str, read: Callable[[int], bytes], size: int) -> None:
        """Writes a new file of exactly `size` bytes."""
        self._room -= size
        if self._room < 0:
            raise ArchiveError(
                f"got {name!r} of {size} bytes, with which it unpacks to more than {self._limits.ratio} "
                "times its size"
            )
        path = self._folder / name
        self._make_folder(path.parent)
        try:
            with path.open("xb") as sink:
                left = size
                while left and (block := read(min(left, BLOCK))):
                    left -= len(block)
                    sink.write(block)
        except FileExistsError as error:
            raise ArchiveError(f"got the name {name!r} twice") from error
        if left or read(1):
            raise ArchiveError(f"got {name!r} with another size than the {size} bytes it declares")

    def _make_folder(self, path: Path) -> None:
        if path in self._folders:
            return
        if not Path(os.path.realpath(path)).is_relative_to(self._folder):
            raise ArchiveError(f"got a way out of the folder: {path}")
        try:
            path.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise ArchiveError(f"got {path.name!r} as a file and as a folder") from error
        self._folders.add(path)


def _place(temporary: Path, folder: Path) -> None:
    """Renames the new folder to its place; where one is, file by file."""
    try:
        temporary.rename(folder)
        return
    except OSError:
        if not folder.is_dir():
            raise
    home = Path(os.path.realpath(folder))
    for parent, _, names in os.walk(temporary):
        inside = home / Path(parent).relative_to(temporary)
        if not Path(os.path.realpath(inside)).is_relative_to(home):
            raise ArchiveError(f"[{folder}] expected plain folders, got a link: {inside}; delete it.")
        inside.mkdir(parents=True, exist_ok=True)
        for name in names:
            Path(parent, name).replace(inside / name)
