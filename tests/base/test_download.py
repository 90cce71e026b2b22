"""Downloads from a server on this machine: whole and checked, or an error and no file."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.base.https_server import Site, serving
from thalweg._src.base import download as module
from thalweg._src.base.download import Digest, download
from thalweg._src.base.errors import (
    DataLossError,
    DataUnavailableError,
    DigestError,
    InvalidArgumentError,
    PermissionDeniedError,
)

DATA = b"some bytes" * 1000
SHA256 = hashlib.sha256(DATA).hexdigest()
MD5 = hashlib.md5(DATA, usedforsecurity=False).hexdigest()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with serving(monkeypatch) as found:
        yield found


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "data.bin"


def assert_nothing_left(target: Path) -> None:
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize(
    "digits", [SHA256, MD5, SHA256.upper(), None], ids=["sha256", "md5", "capitals", "unchecked"]
)
def test_file_is_written_and_progress_told(site: Site, target: Path, digits: str | None) -> None:
    told: list[tuple[int, int | None]] = []
    digest = Digest.parse(digits) if digits else None
    download(site.put("a", DATA), target, digest, progress=lambda *step: told.append(step))
    assert target.read_bytes() == DATA
    assert [path.name for path in target.parent.iterdir()] == ["data.bin"]
    assert target.stat().st_mode & 0o777 == 0o644
    assert told == [(0, len(DATA)), (len(DATA), len(DATA))]


def test_file_that_is_there_is_replaced(site: Site, target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(b"old")
    download(site.put("a", DATA), target)
    assert target.read_bytes() == DATA


def test_wrong_digest_keeps_the_old_file(site: Site, target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(b"old")
    with pytest.raises(DigestError, match=f"expected .*/a to have the sha256 0000.* got {SHA256}"):
        download(site.put("a", DATA), target, Digest.parse("0" * 64))
    assert target.read_bytes() == b"old"
    assert len(list(target.parent.iterdir())) == 1


def test_missing_page_says_where_to_put_the_file(site: Site, target: Path) -> None:
    address = site.address + "/none"
    with pytest.raises(DataUnavailableError) as caught:
        download(address, target, where="here", hint="do without")
    for part in ("[here]", str(target), address, "404", "put the file there by hand, or do without"):
        assert part in str(caught.value)
    assert_nothing_left(target)


def test_no_server_is_an_error(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as site:
        address = site.put("a", DATA)
    with pytest.raises(DataUnavailableError, match="URLError"):
        download(address, target)
    assert_nothing_left(target)


@pytest.mark.parametrize(
    "address", ["http://example.org/a", "file:///etc/hostname", "ftp://example.org/a", "/etc/hostname"]
)
def test_other_ways_than_https_are_refused(address: str, target: Path) -> None:
    with pytest.raises(InvalidArgumentError, match="expected an https address"):
        download(address, target)
    assert not target.parent.exists()


def redirection(address: str) -> Any:
    def answer(request: Any) -> None:
        request.send_response(302)
        request.send_header("Location", address)
        request.end_headers()

    return answer


def test_redirection_to_https_is_followed(site: Site, target: Path) -> None:
    download(site.put("moved", redirection(site.put("a", DATA))), target)
    assert target.read_bytes() == DATA


@pytest.mark.parametrize("address", ["http://localhost:9/a", "ftp://localhost:9/a", "file:///etc/hostname"])
def test_redirection_to_another_way_is_refused(site: Site, address: str, target: Path) -> None:
    with pytest.raises(DataUnavailableError):
        download(site.put("moved", redirection(address)), target)
    assert_nothing_left(target)


def test_unknown_certificate_is_refused(
    site: Site, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    with pytest.raises(DataUnavailableError, match="CERTIFICATE_VERIFY_FAILED"):
        download(site.put("a", DATA), target)
    assert_nothing_left(target)


def cut_off(request: Any) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "20000")
    request.end_headers()
    request.wfile.write(DATA)


def endless(request: Any) -> None:
    """Does not say how much will come."""
    request.send_response(200)
    request.end_headers()
    request.wfile.write(DATA)


def test_connection_that_ends_early_is_an_error(site: Site, target: Path) -> None:
    with pytest.raises(DataUnavailableError, match="after 10000 of 20000 bytes"):
        download(site.put("a", cut_off), target)
    assert_nothing_left(target)


def test_file_of_undeclared_length_is_taken(site: Site, target: Path) -> None:
    told: list[tuple[int, int | None]] = []
    download(site.put("a", endless), target, progress=lambda *step: told.append(step))
    assert target.read_bytes() == DATA
    assert told[-1] == (len(DATA), None)


@pytest.mark.parametrize("page", [DATA, endless], ids=["declared", "undeclared"])
def test_long_files_are_refused(site: Site, page: Any, target: Path) -> None:
    with pytest.raises(DataLossError, match="expected at most 9999 bytes"):
        download(site.put("a", page), target, max_bytes=len(DATA) - 1)
    assert_nothing_left(target)
    download(site.put("a", page), target, max_bytes=len(DATA))


def test_file_that_the_disk_cannot_hold_is_refused_at_once(
    site: Site, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 5}))
    with pytest.raises(DataLossError, match="free in"):
        download(site.put("a", DATA), target)
    assert_nothing_left(target)


def test_silent_server_is_given_up(
    site: Site, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.1)
    release = threading.Event()
    try:
        with pytest.raises(DataUnavailableError, match="TimeoutError"):
            download(site.put("a", lambda _: release.wait(5)), target)
    finally:
        release.set()
    assert_nothing_left(target)


def test_folder_that_cannot_be_made_is_named(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(PermissionDeniedError, match=r"folder to write data\.bin to"):
        download(site.put("a", DATA), tmp_path / "file" / "data.bin")


@pytest.mark.parametrize(
    ("digits", "algorithm", "message"),
    [
        (SHA256, "crc", "expected the algorithm"),
        (SHA256, "md5", "32 hexadecimal digits"),
        (MD5, "sha256", "64 hexadecimal digits"),
        ("abc", "auto", "32 hexadecimal digits"),
        ("g" * 64, "auto", "64 hexadecimal digits"),
    ],
)
def test_digests_of_another_form_are_refused(digits: str, algorithm: str, message: str) -> None:
    with pytest.raises(InvalidArgumentError, match=message):
        Digest.parse(digits, algorithm)


def test_digest_tells_whether_a_file_fits(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(DATA)
    assert Digest.parse(SHA256).fits(path)
    assert Digest.parse(MD5, "md5").fits(path)
    assert not Digest.parse("0" * 32).fits(path)
