"""Members of a zip file, one after another."""

from __future__ import annotations

import functools
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from thalweg._src.base.archives.member import Kind, Member, WrongFormatError
from thalweg._src.base.archives.metered import Limits
from thalweg._src.base.errors import ArchiveError

_ENCRYPTED = 1

# What `zipfile` raises of damaged and unknown contents.
ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def members(path: Path, limits: Limits) -> Iterator[Member]:
    """Members of a zip file, in the order of its directory.

    Raises:
        WrongFormatError: It is no zip file.
        ArchiveError: It has an encrypted or special member, or members that lie over one another.
    """
    if not zipfile.is_zipfile(path):
        raise WrongFormatError(f"[{path}] expected a zip file, got another kind.")
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
        if sum(info.compress_size for info in infos) > path.stat().st_size:
            raise ArchiveError("got members that lie over one another")
        for info in infos:
            yield Member(info.filename, _kind(info), info.file_size, functools.partial(archive.open, info))


def _kind(info: zipfile.ZipInfo) -> Kind:
    mode = stat.S_IFMT(info.external_attr >> 16)
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveError(f"got the encrypted member {info.filename!r}")
    if mode not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveError(f"got a link or device as the member {info.filename!r}")
    return Kind.FOLDER if info.is_dir() else Kind.FILE
