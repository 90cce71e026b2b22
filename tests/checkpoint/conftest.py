"""Each test starts and ends with no checkpoint that waits for Variables."""

from __future__ import annotations

import gc

import pytest

from thalweg._src.variables import late


@pytest.fixture(autouse=True)
def _nothing_waits():
    yield
    if late.watchers:
        gc.collect()
    for watcher in list(late.watchers):
        restoration = watcher.__self__
        restoration.silent = True
        restoration.finish()
    assert late.watchers == []
