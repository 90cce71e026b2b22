"""A data set cache of the test's own, and no network."""

from __future__ import annotations

import urllib.error
from pathlib import Path
from typing import Any, NoReturn

import pytest

from thalweg._src.base import download


def _no_network(*args: Any, **kwargs: Any) -> NoReturn:
    raise urllib.error.URLError("no route to host")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder that `load_data` takes for the cache; downloads fail unless the test replaces them."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(download, "_open", _no_network)
    folder = tmp_path / "datasets"
    folder.mkdir()
    return folder
