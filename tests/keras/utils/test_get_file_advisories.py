"""Archives behind published advisories on `get_file`: each is refused, and writes nothing anywhere.

Each test builds the archive of its advisory and compares everything below the test's folder, where
a careless reader would write to, with what was there before.
"""

from __future__ import annotations

import os
import shutil
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.base.archives.making import Entry, entry, hard_link, link, tar_bytes, tree, zipped
from tests.base.https_server import Site, serving
from thalweg._src.base.archives import extraction
from thalweg._src.base.archives.metered import Limits
from thalweg._src.base.errors import ArchiveError
from thalweg.keras.utils import get_file

Refused = Callable[[bytes], None]


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with serving(monkeypatch) as found:
        yield found


@pytest.fixture
def refused(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Refused:
    """Asserts that `get_file` refuses an archive, of which the archive itself is all that is left."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "cache"))
    secret = tmp_path / "secret.txt"
    secret.write_bytes(b"secret")

    def check(archive: bytes) -> None:
        before = tree(tmp_path)
        with pytest.raises(ArchiveError, match="nothing was unpacked"):
            get_file("data", site.put("data", archive), extract=True)
        added = {"cache": None, "cache/datasets": None, "cache/datasets/data_archive": archive}
        assert tree(tmp_path) == before | added
        shutil.rmtree(tmp_path / "cache")

    return check


def test_cve_2024_55459_tar_member_that_climbs_out(refused: Refused) -> None:
    refused(tar_bytes([entry("good.txt", b"1"), entry("../../secret.txt", b"changed")]))


def test_cve_2024_55459_tar_member_with_an_absolute_name(refused: Refused, tmp_path: Path) -> None:
    refused(tar_bytes([entry(str(tmp_path / "secret.txt"), b"changed")]))


def test_cve_2025_12060_links_too_long_to_be_resolved(refused: Refused) -> None:
    """A chain of links whose expansion exceeds PATH_MAX, behind which `..` is no longer checked."""
    members: list[Entry] = []
    long, path = "d" * 120, ""
    for step in "abcdefghijklmnop":
        members.append(entry(os.path.join(path, long), kind=tarfile.DIRTYPE))
        members.append(link(os.path.join(path, step), long))
        path = os.path.join(path, long)
    chain = "/".join("abcdefghijklmnop")
    members.append(link(f"{chain}/{'l' * 200}", "../" * 16))
    members.append(link("escape", f"{chain}/{'l' * 200}/../../.."))
    members.append(entry("escape/secret.txt", b"changed"))
    refused(tar_bytes(members))


def test_cve_2025_12638_write_through_a_link(refused: Refused, tmp_path: Path) -> None:
    for target in (str(tmp_path), "../../..", "inner/../../../.."):
        refused(tar_bytes([link("way", target), entry("way/secret.txt", b"changed")]))


def test_cve_2025_12638_link_replaced_by_its_double(refused: Refused) -> None:
    refused(tar_bytes([entry("way", kind=tarfile.DIRTYPE), link("way", "../.."), entry("way/evil", b"1")]))


def test_ghsa_hqp4_2352_xf5r_name_that_stays_in_the_working_directory_only(
    refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check must be against the destination: seen from `work` this name stays inside."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    name = "../work/evil.txt"
    assert Path(os.path.realpath(name)).is_relative_to(work)
    refused(tar_bytes([entry(name, b"evil")]))
    refused(zipped(tmp_path / "a.zip", [(name, b"evil")]).read_bytes())


def test_hard_link_to_a_file_outside(refused: Refused, tmp_path: Path) -> None:
    """A hard link to an outside file, then bytes written to the link: they would land outside."""
    for target in ("../../secret.txt", str(tmp_path / "secret.txt")):
        refused(tar_bytes([hard_link("way", target)]))
        refused(tar_bytes([hard_link("way", target), entry("way", b"changed")]))


def test_hard_link_with_a_name_outside(refused: Refused) -> None:
    refused(tar_bytes([entry("a", b"1"), hard_link("../../evil", "a")]))


def test_hard_link_to_a_link(refused: Refused) -> None:
    refused(tar_bytes([link("way", "../../secret.txt"), hard_link("copy", "way")]))


def test_symbolic_link_that_is_inside_by_its_text_only(refused: Refused) -> None:
    """`deep/up` is a link to `.`, so `deep/up/../..` lies higher than its text says."""
    refused(
        tar_bytes(
            [
                entry("deep", kind=tarfile.DIRTYPE),
                link("deep/up", ".."),
                link("deep/out", "up/../.."),
                entry("deep/out/evil", b"1"),
            ]
        )
    )


def test_symbolic_links_of_a_zip_file(refused: Refused, tmp_path: Path) -> None:
    info = zipfile.ZipInfo("way")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = zipped(tmp_path / "a.zip", [(info, b"../.."), ("way/evil", b"1")])
    refused(path.read_bytes())


@pytest.mark.parametrize("names", [["../../evil"], ["a/../../../evil"], ["/evil"], ["..\\..\\evil"]], ids=str)
def test_zip_members_that_climb_out(refused: Refused, tmp_path: Path, names: Sequence[str]) -> None:
    refused(zipped(tmp_path / "a.zip", [(name, b"1") for name in names]).read_bytes())


def test_archives_that_unpack_to_far_more(
    refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extraction, "LIMITS", Limits(ratio=10, free_bytes=20_000))
    zeros = bytes(200_000)
    refused(zipped(tmp_path / "a.zip", [("x", zeros)]).read_bytes())
    refused(tar_bytes([entry("x", zeros)]))


def test_link_planted_in_the_cache_is_not_followed(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an older, careless program has unpacked must not lead a new archive out."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "cache" / "datasets" / "data"
    folder.mkdir(parents=True)
    (folder / "way").symlink_to(tmp_path)
    with pytest.raises(ArchiveError, match="got a link"):
        get_file("data", site.put("data", tar_bytes([entry("way/evil", b"1")])), extract=True)
    assert not (tmp_path / "evil").exists()
