"""Where data files come from: cache, download, or an error that says what to do."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.base.https_server import serving
from thalweg._src.base import download
from thalweg._src.base.errors import DataLossError, DataUnavailableError
from thalweg._src.keras.datasets import fetch

ORIGIN = "https://example.org/data.bin"
DATA = b"some bytes"
SHA256 = hashlib.sha256(DATA).hexdigest()
_OPEN = download._open


def test_folder_follows_keras_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_HOME", "/somewhere")
    assert fetch.datasets_folder() == Path("/somewhere/datasets")
    monkeypatch.delenv("KERAS_HOME")
    assert fetch.datasets_folder() == Path.home() / ".keras" / "datasets"


def test_download_is_kept_and_used_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "_open", _OPEN)
    with serving(monkeypatch) as site:
        origin = site.put("data.bin", DATA)
        first = fetch.cached_file("sub/data.bin", origin, SHA256)
        second = fetch.cached_file("sub/data.bin", origin, SHA256)
        assert first == second == cache / "sub" / "data.bin"
        assert first.read_bytes() == DATA
        assert site.requests == ["/data.bin"]
        monkeypatch.setattr(fetch, "MAX_BYTES", 3)
        with pytest.raises(DataLossError, match="expected at most 3 bytes"):
            fetch.cached_file("long.bin", origin, SHA256)
        assert [path.name for path in cache.iterdir()] == ["sub"]


def test_absolute_path_is_used_as_it_is_whatever_its_digest(tmp_path: Path) -> None:
    own = tmp_path / "own.bin"
    own.write_bytes(b"mine")
    assert fetch.cached_file(own, ORIGIN, SHA256) == own


def test_offline_error_names_file_address_and_remedy(cache: Path) -> None:
    with pytest.raises(DataUnavailableError) as caught:
        fetch.cached_file("data.bin", ORIGIN, SHA256, hint="do without")
    text = str(caught.value)
    for part in (str(cache / "data.bin"), ORIGIN, "no route to host", "or do without"):
        assert part in text
    assert isinstance(caught.value, OSError)
    assert list(cache.iterdir()) == []
