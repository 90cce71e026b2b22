"""Members of a tar file, packed by gzip, bzip2, xz or not at all, one after another."""

from __future__ import annotations

import bz2
import functools
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, cast

from thalweg._src.base.archives.member import Kind, Member, WrongFormatError
from thalweg._src.base.archives.metered import Limits, MeteredStream
from thalweg._src.base.errors import ArchiveError

_OPENERS: dict[bytes, Callable[[Path], IO[bytes]]] = {
    b"\x1f\x8b": cast(Any, gzip.open),
    b"BZh": cast(Any, bz2.open),
    b"\xfd7zXZ\0": cast(Any, lzma.open),
}
_KINDS = {
    tarfile.REGTYPE: Kind.FILE,
    tarfile.AREGTYPE: Kind.FILE,
    tarfile.CONTTYPE: Kind.FILE,
    tarfile.DIRTYPE: Kind.FOLDER,
    tarfile.LNKTYPE: Kind.HARD_LINK,
    tarfile.SYMTYPE: Kind.SYMBOLIC_LINK,
}

# What `tarfile` and the unpackers raise of damaged contents.
ERRORS = (tarfile.TarError, gzip.BadGzipFile, lzma.LZMAError, zlib.error, EOFError, ValueError)


def members(path: Path, limits: Limits) -> Iterator[Member]:
    """Members of a tar file, in order; each must be read, if at all, before the next is asked for.

    Raises:
        WrongFormatError: It is no tar file.
        ArchiveError: It has a special member, or is damaged between members.
    """
    with path.open("rb") as file:
        start = file.read(8)
    opener = next((o for magic, o in _OPENERS.items() if start.startswith(magic)), _open_plain)
    with opener(path) as unpacked:
        stream = MeteredStream(unpacked, limits.unpacked(path.stat().st_size))
        archive = _open_tar(path, stream)
        while info := archive.next():
            archive.members.clear()  # else each of millions is kept
            yield _member(archive, info)
        if stream.last.strip(b"\0"):
            raise ArchiveError(f"got a damaged header at byte {stream.tell()}")


def _open_plain(path: Path) -> IO[bytes]:
    return path.open("rb")


def _open_tar(path: Path, stream: MeteredStream) -> Any:
    try:
        return tarfile.TarFile(fileobj=cast(Any, stream), mode="r")
    except ArchiveError:
        raise
    except ERRORS as error:
        raise WrongFormatError(f"[{path}] expected a tar file, got {error}.") from error


def _member(archive: Any, info: tarfile.TarInfo) -> Member:
    kind = _KINDS.get(info.type)
    if kind is None or info.issparse() or info.size < 0:
        raise ArchiveError(f"got a device, a sparse file or another special member: {info.name!r}")
    size = info.size if kind is Kind.FILE else 0
    return Member(info.name, kind, size, functools.partial(archive.extractfile, info), info.linkname)
