"""`get_file`: where files lie in the cache, what is downloaded when, and what comes back.

The layout of the cache and the paths that come back are those of Keras 3.15, as seen by running it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.base.archives.making import entry, tar_bytes, tree, zipped
from tests.base.https_server import Site, serving
from thalweg._src.base.errors import ArchiveError, DataUnavailableError, DigestError
from thalweg.keras.utils import get_file

DATA = b"hello"
SHA256 = hashlib.sha256(DATA).hexdigest()
MD5 = hashlib.md5(DATA, usedforsecurity=False).hexdigest()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Site]:
    with serving(monkeypatch) as found:
        found.put("plain.txt", DATA)
        found.put("a.tar.gz", tar_bytes([entry("a/x.txt", b"x")]))
        found.put("a.zip", zipped(tmp_path / "a.zip", [("a/x.txt", b"x")]).read_bytes())
        yield found


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("KERAS_HOME", str(folder))
    return folder


def test_file_is_downloaded_once(site: Site, home: Path) -> None:
    origin = site.address + "/plain.txt"
    assert get_file(origin=origin) == get_file(origin=origin) == str(home / "datasets" / "plain.txt")
    assert tree(home) == {"datasets": None, "datasets/plain.txt": DATA}
    assert site.requests == ["/plain.txt"]
    get_file(origin=origin, force_download=True)
    assert len(site.requests) == 2


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({}, "datasets/plain.txt"),
        ({"fname": "q.txt"}, "datasets/q.txt"),
        ({"fname": Path("q.txt")}, "datasets/q.txt"),
        ({"fname": ""}, "datasets/plain.txt"),
        ({"cache_subdir": "models/x"}, "models/x/plain.txt"),
        ({"cache_subdir": ""}, "plain.txt"),
        ({"cache_dir": "{home}/new"}, "new/datasets/plain.txt"),
        ({"cache_dir": "{home}/new", "cache_subdir": "m"}, "new/m/plain.txt"),
        ({"cache_subdir": "{home}/absolute"}, "absolute/plain.txt"),
    ],
    ids=str,
)
def test_places_in_the_cache(site: Site, home: Path, options: dict[str, Any], path: str) -> None:
    given = {k: v.format(home=home) if isinstance(v, str) else v for k, v in options.items()}
    assert get_file(origin=site.address + "/plain.txt", **given) == str(home / path)
    assert (home / path).read_bytes() == DATA


def test_query_is_no_part_of_the_name(site: Site, home: Path) -> None:
    assert get_file(origin=site.address + "/plain.txt?x=1/2") == str(home / "datasets" / "plain.txt")
    assert site.requests == ["/plain.txt?x=1/2"]


def test_home_of_the_cache(monkeypatch: pytest.MonkeyPatch, site: Site, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    monkeypatch.setenv("KERAS_HOME", "~/mine")
    assert get_file(origin=site.address + "/plain.txt") == str(tmp_path / "user/mine/datasets/plain.txt")
    monkeypatch.delenv("KERAS_HOME")
    assert get_file(origin=site.address + "/plain.txt") == str(
        tmp_path / "user/.keras/datasets/plain.txt"
    )


@pytest.mark.parametrize(
    "options",
    [
        {"file_hash": SHA256},
        {"file_hash": SHA256.upper()},
        {"file_hash": MD5},
        {"md5_hash": MD5},
        {"file_hash": SHA256, "hash_algorithm": "sha256"},
        {"file_hash": MD5, "hash_algorithm": "md5"},
        {"file_hash": SHA256, "md5_hash": "0" * 32},
    ],
    ids=["sha256", "capitals", "md5", "old name", "told sha256", "told md5", "both"],
)
def test_hashes(site: Site, home: Path, options: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    file = home / "datasets" / "plain.txt"
    origin = site.address + "/plain.txt"
    get_file(origin=origin, **options)
    get_file(origin=origin, **options)
    assert len(site.requests) == 1
    file.write_bytes(b"outdated")
    capsys.readouterr()
    assert get_file(origin=origin, **options) == str(file)
    assert file.read_bytes() == DATA
    assert f"The file {file} has another" in capsys.readouterr().out


def test_wrong_hash_is_an_error_and_keeps_nothing(site: Site, home: Path) -> None:
    with pytest.raises(DigestError, match="plain.txt to have the md5 000") as caught:
        get_file(origin=site.address + "/plain.txt", md5_hash="0" * 32)
    assert isinstance(caught.value, ValueError)
    assert tree(home) == {"datasets": None}


LAYOUTS = [
    (None, "a.tar.gz_archive", "a.tar.gz"),
    ("flowers", "flowers_archive", "flowers"),
    ("flowers.tgz", "flowers.tgz", "flowers_extracted"),
    ("flowers.v1.tar.gz", "flowers.v1.tar.gz", "flowers_extracted"),
]


@pytest.mark.parametrize("option", ["untar", "extract"])
@pytest.mark.parametrize(("fname", "archive", "folder"), LAYOUTS, ids=lambda value: str(value))
def test_places_of_archives(
    site: Site, home: Path, option: str, fname: str | None, archive: str, folder: str
) -> None:
    path = get_file(fname, site.address + "/a.tar.gz", **{option: True})
    assert path == str(home / "datasets" / folder)
    assert tree(Path(path)) == {"a": None, "a/x.txt": b"x"}
    assert sorted(p.name for p in (home / "datasets").iterdir()) == sorted([archive, folder])


@pytest.mark.parametrize(
    ("name", "archive_format"),
    [("a.zip", "auto"), ("a.zip", "zip"), ("a.zip", ["tar", "zip"]), ("a.tar.gz", "tar")],
)
def test_formats(site: Site, name: str, archive_format: Any) -> None:
    path = get_file(origin=f"{site.address}/{name}", extract=True, archive_format=archive_format)
    assert tree(Path(path)) == {"a": None, "a/x.txt": b"x"}


@pytest.mark.parametrize(
    ("name", "options", "kinds"),
    [
        ("a.zip", {"untar": True}, "tar"),
        ("a.zip", {"extract": True, "archive_format": "tar"}, "tar"),
        ("a.tar.gz", {"extract": True, "archive_format": "zip"}, "zip"),
        ("plain.txt", {"extract": True}, "tar or zip"),
    ],
)
def test_archives_of_another_kind_are_an_error(
    site: Site, home: Path, name: str, options: dict[str, Any], kinds: str
) -> None:
    with pytest.raises(ArchiveError, match=f"got no {kinds} file"):
        get_file(origin=f"{site.address}/{name}", **options)
    assert list(tree(home)) == ["datasets", f"datasets/{name}_archive"]


def test_folder_is_kept_until_the_archive_is_new(site: Site) -> None:
    def get(**options: Any) -> Path:
        return Path(get_file("a", site.address + "/a.tar.gz", extract=True, **options))

    file = get() / "a" / "x.txt"
    file.write_bytes(b"changed")
    assert get() / "a" / "x.txt" == file
    assert file.read_bytes() == b"changed"
    get(force_download=True)
    assert file.read_bytes() == b"x"
    file.unlink()
    file.parent.rmdir()
    file.parent.parent.rmdir()
    get()
    assert file.read_bytes() == b"x"
    assert site.requests == ["/a.tar.gz"] * 2


def test_offline_error_says_where_to_put_the_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as site:
        origin = site.address + "/plain.txt"
    with pytest.raises(DataUnavailableError) as caught:
        get_file(origin=origin)
    target = home / "datasets" / "plain.txt"
    for part in ("[keras.utils.get_file]", str(target), origin, "put the file there by hand"):
        assert part in str(caught.value)
    target.write_bytes(DATA)
    assert get_file(origin=origin) == str(target)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "expected `origin`"),
        ({"fname": "plain.txt"}, "expected `origin`"),
        ({"origin": "https://example.org/"}, "ends in the name of a file"),
        ({"origin": "http://example.org/plain.txt"}, "expected an https address"),
        ({"origin": "file:///etc/hostname"}, "expected an https address"),
        ({"origin": "https://example.org/.."}, "without folders"),
        ({"origin": "https://example.org/a", "fname": "sub/q.txt"}, "without folders"),
        ({"origin": "https://example.org/a", "fname": "/q.txt"}, "without folders"),
        ({"origin": "https://example.org/a", "fname": ".."}, "without folders"),
        ({"origin": "https://example.org/a", "file_hash": SHA256, "hash_algorithm": "crc"}, "'crc'"),
        ({"origin": "https://example.org/a", "file_hash": "abc"}, "hexadecimal digits"),
        ({"origin": "https://example.org/a", "extract": True, "archive_format": "rar"}, "'rar'"),
        ({"origin": "https://example.org/a", "extract": True, "archive_format": None}, "None"),
        ({"origin": "https://example.org/a", "extract": True, "archive_format": []}, r"\[\]"),
    ],
    ids=str,
)
def test_arguments_are_checked_before_anything_is_fetched(
    home: Path, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        get_file(**options)
    assert tree(home) in ({}, {"datasets": None})


def test_files_and_folders_are_not_mixed_up(site: Site) -> None:
    origin = site.address + "/a.zip"
    path = get_file(origin=origin)
    with pytest.raises(ValueError, match=f"expected a folder or nothing at {path}, got a file"):
        get_file(origin=origin, extract=True)
    folder = get_file("a", origin, extract=True)
    with pytest.raises(ValueError, match=f"expected a file or nothing at {folder}, got a folder"):
        get_file("a", origin)


def test_progress_is_shown(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    get_file(origin=site.put("big", bytes(2_500_000)))
    shown = capsys.readouterr().out
    assert f"Downloading data from {site.address}/big\n" in shown
    assert "3/3 " in shown
    assert "/MB" in shown
    get_file(origin=site.address + "/big")
    assert capsys.readouterr().out == ""
