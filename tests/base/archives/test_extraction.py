"""Unpacking: honest archives of every format come out whole, hostile ones not at all."""

from __future__ import annotations

import gzip
import os
import stat
import struct
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.base.archives.making import Entry, entry, hard_link, link, tar, tar_bytes, tree, zipped
from thalweg._src.base.archives import extraction
from thalweg._src.base.archives.extraction import extract
from thalweg._src.base.archives.metered import Limits
from thalweg._src.base.errors import ArchiveError

FILES = {"a": None, "a/x.txt": b"xx", "a/deep": None, "a/deep/y.txt": b"y" * 3000, "z.txt": b""}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where archives go: below a folder that holds nothing else."""
    home = tmp_path / "home"
    home.mkdir()
    return home / "out"


def refuses(path: Path, folder: Path, message: str, **options: Any) -> None:
    """Asserts that an archive is refused, and that no trace of it is left."""
    outside = tree(folder.parent.parent)
    with pytest.raises(ArchiveError, match=message) as caught:
        extract(path, folder, **options)
    assert str(path) in str(caught.value)
    assert "nothing was unpacked" in str(caught.value)
    assert tree(folder.parent.parent) == outside


def entries() -> list[Entry]:
    return [
        entry(name, data or b"", tarfile.DIRTYPE if data is None else tarfile.REGTYPE)
        for name, data in FILES.items()
    ]


@pytest.mark.parametrize("packing", ["", "gz", "bz2", "xz"])
def test_tar(tmp_path: Path, folder: Path, packing: str) -> None:
    extract(tar(tmp_path / "a", entries(), packing), folder)
    assert tree(folder) == FILES
    assert os.listdir(folder.parent) == ["out"]
    assert folder.stat().st_mode & 0o777 == 0o755


def test_zip(tmp_path: Path, folder: Path) -> None:
    members = [(name + "/" * (data is None), data or b"") for name, data in FILES.items()]
    extract(zipped(tmp_path / "a", members), folder)
    assert tree(folder) == FILES


def test_names_may_begin_with_a_dot_and_lack_their_folders(tmp_path: Path, folder: Path) -> None:
    whole = entry(".", kind=tarfile.DIRTYPE)
    extract(tar(tmp_path / "a", [whole, entry("./b/c.txt", b"c"), entry(".hidden", b"h")]), folder)
    assert tree(folder) == {"b": None, "b/c.txt": b"c", ".hidden": b"h"}


def test_long_and_foreign_names(tmp_path: Path, folder: Path) -> None:
    name = "/".join(["n" * 120] * 4) + "/übergröße:1.txt"
    extract(tar(tmp_path / "t", [entry(name, b"t")]), folder / "t")
    extract(zipped(tmp_path / "z", [(name, b"z")]), folder / "z")
    assert (folder / "t" / name).read_bytes() + (folder / "z" / name).read_bytes() == b"tz"


def test_links_to_files_of_the_archive_become_copies(tmp_path: Path, folder: Path) -> None:
    packed = tar(
        tmp_path / "a",
        [
            link("deep/latest", "../alias"),
            link("alias", "./one.txt"),
            entry("one.txt", b"1"),
            hard_link("deep/hard", "./one.txt"),
        ],
    )
    extract(packed, folder)
    files = {name: data for name, data in tree(folder).items() if data is not None}
    assert files == dict.fromkeys(["one.txt", "alias", "deep/latest", "deep/hard"], b"1")
    assert not any(path.is_symlink() or path.stat().st_nlink > 1 for path in folder.rglob("*.*"))


def test_permissions_are_not_taken_over(tmp_path: Path, folder: Path) -> None:
    info = entry("run.sh", b"#!/bin/sh")
    info.mode = 0o6777
    extract(tar(tmp_path / "a", [info]), folder)
    assert stat.S_IMODE((folder / "run.sh").stat().st_mode) & 0o7133 == 0


def test_folder_that_is_there_keeps_what_the_archive_lacks(tmp_path: Path, folder: Path) -> None:
    (folder / "a").mkdir(parents=True)
    (folder / "own.txt").write_bytes(b"mine")
    (folder / "a" / "x.txt").write_bytes(b"old")
    extract(tar(tmp_path / "a", entries()), folder)
    assert tree(folder) == {**FILES, "own.txt": b"mine"}
    assert os.listdir(folder.parent) == ["out"]


def test_links_in_the_folder_that_is_there_are_not_followed(tmp_path: Path, folder: Path) -> None:
    folder.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (folder / "a").symlink_to(tmp_path / "elsewhere")
    (folder / "z.txt").symlink_to(tmp_path / "elsewhere" / "z")
    with pytest.raises(ArchiveError, match="expected plain folders, got a link"):
        extract(tar(tmp_path / "a", entries()), folder)
    extract(tar(tmp_path / "a", [entry("z.txt", b"new")]), folder)
    assert tree(tmp_path / "elsewhere") == {}
    assert not (folder / "z.txt").is_symlink()


BAD_NAMES = ["../evil", "a/../../evil", "a/..", "/evil", "//host/evil", "C:/evil", "C:evil"]
BAD_NAMES += ["a\\..\\evil", "a\nb"]


@pytest.mark.parametrize("name", BAD_NAMES, ids=repr)
def test_names_that_lead_out_are_refused(tmp_path: Path, folder: Path, name: str) -> None:
    refuses(tar(tmp_path / "t", [entry("good.txt", b"1"), entry(name, b"2")]), folder, "got the name")
    refuses(zipped(tmp_path / "z", [("good.txt", b"1"), (name, b"2")]), folder, "got the name")


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ([link("l", "/etc/passwd")], "got the name '/etc/passwd'"),
        ([link("l", "../../evil")], "got the name"),
        ([link("l", "missing")], "symbolic link 'l' to 'missing', no file of it"),
        ([link("l", "m"), link("m", "l")], "no file of it"),
        ([link("l", "l")], "no file of it"),
        ([entry("d", kind=tarfile.DIRTYPE), link("l", "d")], "no file of it"),
        ([link("d", "/tmp"), entry("d/x", b"1")], "got the name '/tmp'"),
        ([link("d", "e"), entry("e/x", b"1"), entry("d/x", b"1")], "no file of it"),
        ([hard_link("l", "/etc/passwd")], "got the name '/etc/passwd'"),
        ([hard_link("l", "../evil")], "got the name '../evil'"),
        ([hard_link("l", "later"), entry("later")], "hard link 'l' to 'later', no file of it"),
        ([hard_link("../evil", "x"), entry("x")], "got the name '../evil'"),
        ([entry("p", kind=tarfile.FIFOTYPE)], "special member: 'p'"),
        ([entry("p", kind=tarfile.CHRTYPE)], "special member: 'p'"),
        ([entry("p", kind=tarfile.BLKTYPE)], "special member: 'p'"),
        ([entry("p", kind=tarfile.GNUTYPE_SPARSE)], "special member: 'p'"),
        ([entry("x", b"1"), entry("x", b"2")], "got the name 'x' twice"),
        ([entry("x", b"1"), entry("./x", b"2")], "got the name 'x' twice"),
        ([entry("x", b"1"), link("x", "y"), entry("y")], "got the name 'x' twice"),
        ([entry("x", b"1"), entry("x/y", b"2")], "as a file and as a folder"),
        ([entry("x/y", b"1"), entry("x", b"2")], "got the name 'x' twice"),
        ([entry(".", b"1")], "got a way out of the folder"),
    ],
)
def test_links_devices_and_doubles_are_refused(
    tmp_path: Path, folder: Path, members: list[Entry], message: str
) -> None:
    refuses(tar(tmp_path / "a", members), folder, message)


def zip_info(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def test_links_in_zip_files_are_refused(tmp_path: Path, folder: Path) -> None:
    path = zipped(tmp_path / "a", [(zip_info("l", stat.S_IFLNK | 0o777), b"/etc/passwd")])
    refuses(path, folder, "link or device as the member 'l'")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_double_names_in_zip_files_are_refused(tmp_path: Path, folder: Path) -> None:
    refuses(zipped(tmp_path / "a", [("x", b"1"), ("x", b"2")]), folder, "got the name 'x' twice")


def test_encrypted_members_are_refused(tmp_path: Path, folder: Path) -> None:
    path = zipped(tmp_path / "a", [("x", b"1")])
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    refuses(path, folder, "encrypted member 'x'")


def test_members_over_one_another_are_refused(tmp_path: Path, folder: Path) -> None:
    path = zipped(tmp_path / "a", [("x", os.urandom(2000)), ("y", b"1")])
    data = bytearray(path.read_bytes())
    directory = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", directory + 4)
    data[second + 20 : second + 24] = data[directory + 20 : directory + 24]
    path.write_bytes(data)
    refuses(path, folder, "lie over one another")


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(members=4, ratio=10, free_bytes=20_000, depth=3, name=20, path=40)
    monkeypatch.setattr(extraction, "LIMITS", limits)


@pytest.mark.usefixtures("small_limits")
def test_bombs_are_refused(tmp_path: Path, folder: Path) -> None:
    data = bytes(100_000)
    message = "unpacks to more than"
    refuses(tar(tmp_path / "t", [entry("x", data)]), folder, message)
    refuses(tar(tmp_path / "b", [entry("x", data)], "bz2"), folder, message)
    refuses(zipped(tmp_path / "z", [("x", data)]), folder, message)
    several = [entry("x", data[:9000]), hard_link("y", "x"), hard_link("z", "x")]
    refuses(tar(tmp_path / "l", several), folder, message)
    extract(tar(tmp_path / "plain", [entry("x", data)], ""), folder)


@pytest.mark.usefixtures("small_limits")
def test_zip_that_lies_about_its_size_is_refused(tmp_path: Path, folder: Path) -> None:
    path = zipped(tmp_path / "a", [("x", bytes(100_000))])
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    path.write_bytes(data)
    refuses(path, folder, "expected an archive of plain files")


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["1", "2", "3", "4", "5"], "more than 4 members"),
        (["a/b/c/d"], "got the name"),
        (["n" * 21], "got the name"),
        (["/".join(["n" * 15] * 3)], "got the name"),
    ],
    ids=["many", "deep", "long name", "long path"],
)
def test_many_deep_and_long_names_are_refused(
    tmp_path: Path, folder: Path, names: list[str], message: str
) -> None:
    refuses(tar(tmp_path / "t", [entry(name) for name in names]), folder, message)
    refuses(zipped(tmp_path / "z", [(name, b"") for name in names]), folder, message)


def test_header_that_declares_a_huge_name_allocates_nothing(tmp_path: Path, folder: Path) -> None:
    info = entry("x")
    info.type = tarfile.XHDTYPE
    info.size = 1 << 32
    path = tmp_path / "a"
    path.write_bytes(gzip.compress(info.tobuf() + bytes(4096)))
    refuses(path, folder, "declares 4294967296 bytes")


def with_size(info: tarfile.TarInfo, field: bytes) -> bytes:
    """Header whose size is written otherwise, with the checksum that fits."""
    header = bytearray(info.tobuf())
    header[124:136] = field
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header)


def test_negative_sizes_are_refused(tmp_path: Path, folder: Path) -> None:
    negative = (256**12 - 512).to_bytes(12, "big")
    path = tmp_path / "a"
    path.write_bytes(with_size(entry("x"), negative) + bytes(1024))
    refuses(path, folder, "expected an archive of plain files")


@pytest.mark.parametrize("packing", ["", "gz", "bz2", "xz"])
def test_cut_off_tar_files_are_refused(tmp_path: Path, folder: Path, packing: str) -> None:
    data = tar_bytes([entry("x", os.urandom(5000)), entry("y", os.urandom(5000))], packing)
    path = tmp_path / "a"
    path.write_bytes(data[:7000])
    refuses(path, folder, "expected an archive of plain files")


def test_noise_between_members_is_refused(tmp_path: Path, folder: Path) -> None:
    data = bytearray(tar_bytes([entry("x", b"1"), entry("y", b"2")], ""))
    data[1024:1536] = os.urandom(512)
    path = tmp_path / "a"
    path.write_bytes(data)
    refuses(path, folder, "damaged header")


def test_changed_byte_in_a_zip_file_is_found(tmp_path: Path, folder: Path) -> None:
    path = zipped(tmp_path / "a", [("x", b"1" * 100)])
    data = bytearray(path.read_bytes())
    data[35] ^= 1
    path.write_bytes(data)
    refuses(path, folder, "expected an archive of plain files")


def test_formats_that_are_not_asked_for_are_refused(tmp_path: Path, folder: Path) -> None:
    tarred, packed = tar(tmp_path / "t", entries()), zipped(tmp_path / "z", [("x", b"1")])
    refuses(tarred, folder, "got no zip file", formats=["zip"])
    refuses(packed, folder, "got no tar file", formats=["tar"])
    text = tmp_path / "text"
    text.write_bytes(b"just text")
    refuses(text, folder, "got no tar or zip file")
    text.write_bytes(b"")
    refuses(text, folder, "got no tar or zip file")


def test_file_in_the_place_of_the_folder_stays(tmp_path: Path, folder: Path) -> None:
    folder.write_bytes(b"mine")
    with pytest.raises(OSError, match="out"):
        extract(tar(tmp_path / "a", entries()), folder)
    assert tree(folder.parent) == {"out": b"mine"}
