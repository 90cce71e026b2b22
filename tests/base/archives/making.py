"""Archives for tests, honest and hostile."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path


class Entry(tarfile.TarInfo):
    """A member of a tar file, with its bytes."""

    data: bytes = b""


def entry(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, target: str = "") -> Entry:
    """A member of a tar file."""
    info = Entry(name)
    info.type = kind
    info.linkname = target
    info.size = len(data)
    info.data = data
    return info


def link(name: str, target: str) -> Entry:
    """A symbolic link."""
    return entry(name, kind=tarfile.SYMTYPE, target=target)


def hard_link(name: str, target: str) -> Entry:
    """A hard link."""
    return entry(name, kind=tarfile.LNKTYPE, target=target)


def tar(path: Path, entries: Iterable[Entry], packing: str = "gz") -> Path:
    """Writes a tar file; `packing` is "", "gz", "bz2" or "xz"."""
    path.write_bytes(tar_bytes(entries, packing))
    return path


def tar_bytes(entries: Iterable[Entry], packing: str = "gz") -> bytes:
    """The bytes of a tar file."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w:{packing}") as archive:
        for info in entries:
            archive.addfile(info, io.BytesIO(info.data))
    return file.getvalue()


def zipped(path: Path, members: Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    """Writes a zip file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def tree(folder: Path) -> dict[str, bytes | None]:
    """Contents of all files below a folder, by their path; None for folders."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }
