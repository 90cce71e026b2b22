"""Where data files come from: cache, download, or an error that says what to do."""

from __future__ import annotations

import hashlib
import io
import urllib.request
from pathlib import Path

import pytest

from thalweg._src.base.errors import DataLossError, DataUnavailableError
from thalweg._src.keras.datasets import fetch

ORIGIN = "https://example.org/data.bin"
DATA = b"some bytes"
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """Serves DATA for every address; the list fills with the requests made."""
    requests: list[tuple[str, float]] = []

    def urlopen(address: str, timeout: float) -> io.BytesIO:
        requests.append((address, timeout))
        return io.BytesIO(DATA)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    return requests


def test_folder_follows_keras_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", "/somewhere")
    assert fetch.datasets_folder() == Path("/somewhere/datasets")
    monkeypatch.delenv("KERAS_HOME")
    assert fetch.datasets_folder() == Path.home() / ".keras" / "datasets"


def test_download_is_kept_and_used_again(cache: Path, served: list[tuple[str, float]]) -> None:
    first = fetch.cached_file("data.bin", ORIGIN, SHA256)
    second = fetch.cached_file("data.bin", ORIGIN, SHA256)
    assert first == second == cache / "data.bin"
    assert first.read_bytes() == DATA
    assert served == [(ORIGIN, fetch.TIMEOUT_SECONDS)]
    assert [path.name for path in cache.iterdir()] == ["data.bin"]


@pytest.mark.usefixtures("served")
def test_md5_is_told_by_its_length(cache: Path) -> None:
    digest = hashlib.md5(DATA, usedforsecurity=False).hexdigest()
    assert fetch.cached_file("data.bin", ORIGIN, digest) == cache / "data.bin"


def test_absolute_path_is_used_as_it_is(tmp_path: Path) -> None:
    own = tmp_path / "own.bin"
    own.write_bytes(b"mine")
    assert fetch.cached_file(own, ORIGIN, SHA256) == own


@pytest.mark.usefixtures("served")
def test_wrong_digest_leaves_nothing_behind(cache: Path) -> None:
    with pytest.raises(DataLossError, match="expected .* to have the digest 000"):
        fetch.cached_file("data.bin", ORIGIN, "0" * 64)
    assert list(cache.iterdir()) == []


@pytest.mark.usefixtures("served")
def test_download_has_a_size_limit(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_DOWNLOAD_BYTES", 3)
    with pytest.raises(DataLossError, match="expected at most 3 bytes"):
        fetch.cached_file("data.bin", ORIGIN, SHA256)
    assert list(cache.iterdir()) == []


def test_offline_error_names_file_address_and_remedy(cache: Path) -> None:
    with pytest.raises(DataUnavailableError) as caught:
        fetch.cached_file("data.bin", ORIGIN, SHA256, hint="do without")
    text = str(caught.value)
    for part in (str(cache / "data.bin"), ORIGIN, "no route to host", "or do without"):
        assert part in text
    assert isinstance(caught.value, OSError)
    assert list(cache.iterdir()) == []


def test_plain_http_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an https address"):
        fetch.cached_file("data.bin", "http://example.org/data.bin", SHA256)
